/**
 * The directives of a `.wast` script about components. Source: the core specification's interpreter ("Scripts"), and what the
 * component model's own tests add: definitions, instances of definitions, constants of component types.
 */
import { type Constant, readConstant } from "./constants.ts";
import {
  headOf,
  isList,
  type List,
  lineOf,
  type Node,
  parseLists,
  ScriptError,
  textOf,
} from "./s-expression.ts";

/** A component as a script gives it. */
export type ComponentSource =
  | { readonly form: "text"; readonly text: string }
  /** Text that only need be text once the script is run: what cannot be read is the point of it. */
  | { readonly form: "quote"; readonly text: string }
  | { readonly form: "binary"; readonly bytes: Uint8Array };

export interface Invocation {
  readonly instance: string | undefined;
  readonly name: string;
  readonly args: readonly Constant[];
}

export type Directive = { readonly line: number } & (
  | {
      readonly kind: "component" | "component definition";
      readonly id: string | undefined;
      readonly source: ComponentSource;
    }
  | {
      readonly kind: "component instance";
      readonly id: string | undefined;
      readonly definition: string | undefined;
    }
  | { readonly kind: "register"; readonly name: string; readonly instance: string | undefined }
  | { readonly kind: "invoke"; readonly action: Invocation }
  | { readonly kind: "assert_return"; readonly action: Invocation; readonly results: readonly Constant[] }
  | {
      readonly kind: "assert_trap" | "assert_exhaustion";
      readonly subject: Invocation | ComponentSource;
      readonly reason: string;
    }
  | {
      readonly kind: "assert_invalid" | "assert_malformed" | "assert_unlinkable";
      readonly source: ComponentSource;
      readonly reason: string;
    }
);

/** Reads a script. Throws `ScriptError` for what is no directive about components. */
export function readScript(source: string): Directive[] {
  return parseLists(source).map((list) => new DirectiveReader(source, list).read());
}

class DirectiveReader {
  readonly #source: string;
  readonly #list: List;
  /** What follows the first word. */
  readonly #rest: readonly Node[];
  readonly #line: number;

  constructor(source: string, list: List) {
    this.#source = source;
    this.#list = list;
    this.#rest = list.items.slice(1);
    this.#line = lineOf(source, list.start);
  }

  read(): Directive {
    const line = this.#line;
    const kind = headOf(this.#list);
    switch (kind) {
      case "component":
        return this.#component();
      case "register": {
        const [name, instance] = this.#rest;
        return { line, kind, name: this.#text(name), instance: idOf(instance) };
      }
      case "invoke":
        return { line, kind, action: this.#invocation(this.#list) };
      case "assert_return": {
        const results = this.#rest.slice(1).map((node) => this.#constant(node));
        return { line, kind, action: this.#invocation(this.#rest[0]), results };
      }
      case "assert_trap":
      case "assert_exhaustion": {
        const [subject, reason] = this.#rest;
        const what = isList(subject, "component")
          ? this.#componentSource(subject)
          : this.#invocation(subject);
        return { line, kind, subject: what, reason: this.#text(reason) };
      }
      case "assert_invalid":
      case "assert_malformed":
      case "assert_unlinkable": {
        const [component, reason] = this.#rest;
        return { line, kind, source: this.#componentSource(component), reason: this.#text(reason) };
      }
      default:
        throw this.#unexpected(`directive ${kind}`, this.#list);
    }
  }

  #component(): Directive {
    const line = this.#line;
    const [word, ...ids] = this.#rest;
    const form = word?.kind === "atom" ? word.text : "";
    if (form === "instance") {
      const [id, definition] = ids.map(idOf);
      return { line, kind: "component instance", id, definition: definition ?? undefined };
    }
    const id = form === "definition" ? idOf(ids[0]) : idOf(word);
    const kind = form === "definition" ? "component definition" : "component";
    return { line, kind, id, source: this.#componentSource(this.#list) };
  }

  #componentSource(list: Node | undefined): ComponentSource {
    if (!isList(list, "component")) throw this.#unexpected("a component", list);
    const words = list.items.slice(1, 4).filter((node) => node.kind === "atom");
    const form = words.find((word) => word.text === "binary" || word.text === "quote")?.text;
    if (form !== undefined) {
      const strings = list.items.filter((node) => node.kind === "string");
      const bytes = Uint8Array.from(strings.flatMap((string) => [...string.bytes]));
      if (form === "binary") return { form, bytes };
      return { form: "quote", text: `(component ${new TextDecoder().decode(bytes)})` };
    }
    const definition = words.find((word) => word.text === "definition");
    const text = (start: number, end: number) => this.#source.slice(start, end);
    return {
      form: "text",
      text:
        definition === undefined
          ? text(list.start, list.end)
          : text(list.start, definition.start) + text(definition.end, list.end),
    };
  }

  #invocation(list: Node | undefined): Invocation {
    if (!isList(list, "invoke")) throw this.#unexpected("an invocation", list);
    const [, first] = list.items;
    const instance = idOf(first);
    const [name, ...args] = list.items.slice(instance === undefined ? 1 : 2);
    return { instance, name: this.#text(name), args: args.map((arg) => this.#constant(arg)) };
  }

  #constant(node: Node): Constant {
    if (node.kind !== "list") throw this.#unexpected("a constant", node);
    return readConstant(node, this.#source);
  }

  #text(node: Node | undefined): string {
    return textOf(node, this.#source, this.#list.start);
  }

  #unexpected(what: string, node: Node | undefined): ScriptError {
    return new ScriptError(`cannot read ${what}`, this.#source, node?.start ?? this.#list.start);
  }
}

function idOf(node: Node | undefined): string | undefined {
  return node?.kind === "atom" && node.text.startsWith("$") ? node.text : undefined;
}
