/**
 * Runs a script: every directive is done by this host, and every assertion compared with what came of it.
 */
import { isDeepStrictEqual } from "node:util";
import { type Component, decodeComponent } from "../component.ts";
import { ComponentError, ComponentModelError } from "../errors.ts";
import { ComponentInstance, instantiate } from "../instantiate.ts";
import { type Extern, externType, type FuncExtern, type InstanceExtern } from "../link/externs.ts";
import type { Imports } from "../link/imports.ts";
import { type Constant, toValue } from "./constants.ts";
import { explanation, isExpected, type Refusal } from "./match-reason.ts";
import type { ComponentSource, Directive, Invocation } from "./script.ts";

/**
 * - `out of scope`: it needs a feature that the host refuses by name.
 * - `explained`: the host does something else, for a reason that stands among the exceptions.
 * - `not encodable`: the text assembler itself refuses the text, so that the host never sees bytes.
 */
export type Outcome = "passed" | "failed" | "out of scope" | "explained" | "not encodable";

export interface Verdict {
  readonly line: number;
  readonly kind: Directive["kind"];
  readonly outcome: Outcome;
  /** What went wrong, the feature that is missing, or what the assembler says. */
  readonly detail: string;
}

export interface ScriptOptions {
  /** Turns the text format into bytes. */
  readonly assemble: (text: string) => Promise<Uint8Array>;
  /** What components may import, besides what the script registers. Made anew for every script. */
  readonly imports: Imports;
}

export async function runScript(
  directives: readonly Directive[],
  options: ScriptOptions,
): Promise<Verdict[]> {
  const run = new ScriptRun(options);
  const verdicts: Verdict[] = [];
  for (const directive of directives) verdicts.push(await run.judge(directive));
  return verdicts;
}

/** A directive that cannot be judged, or whose result is not the expected one. */
class Verdicted extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome, detail: string) {
    super(detail);
    this.outcome = outcome;
  }
}

const failed = (detail: string) => new Verdicted("failed", detail);

/** A named thing of the script, or why it could not be made: what depends on it shares its fate. */
type Made<T> = T | Verdicted;

class ScriptRun {
  readonly #options: ScriptOptions;
  readonly #registered: Record<string, Extern>;
  readonly #instances = new Map<string | undefined, Made<ComponentInstance>>();
  readonly #definitions = new Map<string | undefined, Made<Component>>();

  constructor(options: ScriptOptions) {
    this.#options = options;
    this.#registered = {};
  }

  async judge(directive: Directive): Promise<Verdict> {
    const { line, kind } = directive;
    try {
      await this.#run(directive);
      return { line, kind, outcome: "passed", detail: "" };
    } catch (error) {
      if (error instanceof Verdicted) return { line, kind, outcome: error.outcome, detail: error.message };
      return { line, kind, outcome: "failed", detail: describe(error) };
    }
  }

  async #run(directive: Directive): Promise<void> {
    switch (directive.kind) {
      case "component definition":
        await this.#make(this.#definitions, directive.id, async () => this.#decode(directive.source));
        break;
      case "component":
        await this.#make(this.#instances, directive.id, async () =>
          this.#instantiate(await this.#decode(directive.source), directive.id),
        );
        this.#register(directive.id?.slice(1), directive.id);
        break;
      case "component instance":
        await this.#make(this.#instances, directive.id, async () =>
          this.#instantiate(made(this.#definitions, directive.definition), directive.id),
        );
        this.#register(directive.id?.slice(1), directive.id);
        break;
      case "register":
        this.#register(directive.name, directive.instance);
        break;
      case "invoke":
        this.#expect(directive.action, []);
        break;
      case "assert_return":
        this.#expect(directive.action, directive.results);
        break;
      case "assert_trap":
      case "assert_exhaustion":
        await this.#expectTrap(directive);
        break;
      default:
        await this.#expectRefusal(directive);
    }
  }

  /** Makes an instance something that later ones can import. Instances with a name are, under it. */
  #register(name: string | undefined, instance: string | undefined): void {
    if (name !== undefined) this.#registered[name] = wholeInstance(made(this.#instances, instance));
  }

  async #make<T>(
    things: Map<string | undefined, Made<T>>,
    id: string | undefined,
    make: () => Promise<T>,
  ): Promise<void> {
    let thing: Made<T>;
    try {
      thing = await make();
    } catch (error) {
      thing = error instanceof Verdicted ? error : (outOfScope(error) ?? failed(describe(error)));
    }
    things.set(id, thing);
    // The latest is also what directives without a name mean.
    things.set(undefined, thing);
    if (thing instanceof Verdicted) throw thing;
  }

  async #decode(source: ComponentSource): Promise<Component> {
    return decodeComponent(await this.#bytes(source));
  }

  async #bytes(source: ComponentSource): Promise<Uint8Array> {
    if (source.form === "binary") return source.bytes;
    try {
      return await this.#options.assemble(source.text);
    } catch (error) {
      throw new Verdicted("not encodable", firstLines(error));
    }
  }

  #instantiate(component: Component, id: string | undefined): ComponentInstance {
    const path = id?.slice(1) ?? "main";
    return instantiate(component, { path, imports: { ...this.#options.imports, ...this.#registered } });
  }

  #expect(action: Invocation, expected: readonly Constant[]): void {
    const { type, call } = this.#function(action);
    const args = this.#arguments(action, type);
    const results = outcomeOf(() => call(...args), type);
    const wanted = expected.map((constant) => type.result && toValue(constant, type.result));
    if (!isDeepStrictEqual(results, wanted)) throw failed(`expected ${show(wanted)}, got ${show(results)}`);
  }

  #function({ instance, name }: Invocation): {
    type: FuncExtern["type"];
    call: (...args: unknown[]) => unknown;
  } {
    const extern = made(this.#instances, instance).externs.get(name);
    if (extern?.kind !== "func") throw failed(`the instance exports no function ${name}`);
    return { type: extern.type, call: extern.target.call };
  }

  #arguments({ args }: Invocation, { params }: FuncExtern["type"]): unknown[] {
    if (args.length !== params.length)
      throw failed(`${args.length} arguments for ${params.length} parameters`);
    return params.map((param, index) => toValue(args[index] as (typeof args)[number], param.type));
  }

  async #expectTrap({
    kind,
    subject,
    reason,
  }: Directive & { kind: "assert_trap" | "assert_exhaustion" }): Promise<void> {
    let run: () => unknown;
    if ("form" in subject) {
      const component = await this.#decodeInScope(subject);
      run = () => this.#instantiate(component, undefined);
    } else {
      const { type, call } = this.#function(subject);
      const args = this.#arguments(subject, type);
      run = () => call(...args);
    }
    this.#expectError(kind, run, reason);
  }

  async #expectRefusal(
    directive: Directive & { kind: "assert_invalid" | "assert_malformed" | "assert_unlinkable" },
  ): Promise<void> {
    const { kind, source, reason } = directive;
    if (kind === "assert_unlinkable") {
      const component = await this.#decodeInScope(source);
      this.#expectError(kind, () => this.#instantiate(component, undefined), reason);
      return;
    }
    const bytes = await this.#bytes(source);
    this.#expectError(kind, () => decodeComponent(bytes), reason);
  }

  async #decodeInScope(source: ComponentSource): Promise<Component> {
    const bytes = await this.#bytes(source);
    try {
      return decodeComponent(bytes);
    } catch (error) {
      throw outOfScope(error) ?? error;
    }
  }

  #expectError(refusal: Refusal, run: () => unknown, expected: string): void {
    let result: unknown;
    try {
      result = run();
    } catch (error) {
      if (!(error instanceof ComponentModelError)) throw error;
      if (isExpected(refusal, expected, error)) return;
      const refused = outOfScope(error) ?? explained(expected, error.message);
      throw refused ?? failed(`expected "${expected}", refused because of ${describe(error)}`);
    }
    const got = result instanceof ComponentInstance || result === undefined ? "" : `: ${show(result)}`;
    const accepted = explained(expected, undefined);
    throw accepted ?? failed(`expected "${expected}", but nothing was refused${got}`);
  }
}

function explained(expected: string, found: string | undefined): Verdicted | undefined {
  const because = explanation(expected, found);
  return because === undefined ? undefined : new Verdicted("explained", because);
}

function made<T>(things: ReadonlyMap<string | undefined, Made<T>>, id: string | undefined): T {
  const thing = things.get(id);
  if (thing === undefined) throw failed(`there is nothing called ${id ?? "(the latest)"}`);
  if (thing instanceof Verdicted) throw new Verdicted(thing.outcome, thing.message);
  return thing;
}

/** The results of a call: none or one. An `error` comes as a thrown `ComponentError`. */
function outcomeOf(call: () => unknown, { result }: FuncExtern["type"]): unknown[] {
  if (result === undefined) {
    call();
    return [];
  }
  if (result.kind !== "result") return [call()];
  try {
    const val = call();
    return [result.ok === undefined ? { tag: "ok" } : { tag: "ok", val }];
  } catch (error) {
    if (!(error instanceof ComponentError)) throw error;
    return [result.err === undefined ? { tag: "err" } : { tag: "err", val: error.payload }];
  }
}

function outOfScope(error: unknown): Verdicted | undefined {
  const isRefused = error instanceof ComponentModelError && error.code === "unsupported";
  return isRefused
    ? new Verdicted("out of scope", error.message.replace(/ at byte \d+.*| \(byte \d+\).*/, ""))
    : undefined;
}

/** All that an instance exports, as one import of another. */
function wholeInstance({ externs, path }: ComponentInstance): InstanceExtern {
  const types = [...externs].map(([name, extern]) => [name, externType(extern)] as const);
  return { kind: "instance", type: { exports: new Map(types) }, exports: externs, origin: path };
}

function describe(error: unknown): string {
  if (error instanceof ComponentModelError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function firstLines(error: unknown): string {
  const message =
    error instanceof Error ? error.message : String((error as { payload?: unknown }).payload ?? error);
  return message.split("\n").slice(0, 2).join(" ").trim();
}

function show(value: unknown): string {
  return (
    JSON.stringify(value, (_, item) =>
      typeof item === "bigint" ? `${item}n` : ArrayBuffer.isView(item) ? [...(item as Uint8Array)] : item,
    ) ?? "nothing"
  );
}
