/**
 * Generated JavaScript. A function type and its canonical options give a source text once; each component instance links that
 * text with its own core functions, memories and resources. Instances share the compiled code.
 */
import type { ResourceType } from "../types.ts";
import type { InstanceState } from "./instance-state.ts";
import type { RuntimeResource } from "./resources.ts";
import type { StringEncoding } from "./strings.ts";

/** A core WebAssembly function, or a JavaScript function that stands for one. */
export type CoreFunction = (...args: never[]) => unknown;

/** The canonical options of a `canon lift` or `canon lower`. */
export interface CanonOptions {
  readonly encoding: StringEncoding;
  readonly memory?: WebAssembly.Memory | undefined;
  readonly realloc?: CoreFunction | undefined;
  readonly postReturn?: CoreFunction | undefined;
}

/** A component instance at one side of a boundary. */
export interface Party {
  readonly state: InstanceState;
  readonly options: CanonOptions;
  readonly resources: (type: ResourceType) => RuntimeResource;
  /** The function that is called, for messages. */
  readonly name: string;
}

/** Which side a component instance is on: it called (`canon lower`) or is called (`canon lift`). */
export type Role = "caller" | "callee";

/** What one instance of generated code is linked with. */
export interface Linkage {
  readonly caller?: Party;
  readonly callee?: Party;
  /** The function that generated code calls. */
  readonly target: CoreFunction;
  /** More values by name, of the kind of code that is linked. */
  readonly extra: { readonly [name: string]: unknown };
}

type Resolve = (link: Linkage) => unknown;

/** A text under construction: helper functions, and names that stand for values given when it is linked. */
export class Source {
  readonly #bindings = new Map<string, Resolve>();
  readonly #functions: string[] = [];
  readonly #defined = new Map<string, Map<object, string>>();
  #count = 0;

  /** A name for a value that every linkage has its own of. */
  bind(name: string, resolve: Resolve): string {
    if (!this.#bindings.has(name)) this.#bindings.set(name, resolve);
    return name;
  }

  /** A name for a value that is the same for every linkage. */
  constant(name: string, value: unknown): string {
    return this.bind(name, () => value);
  }

  has(name: string): boolean {
    return this.#bindings.has(name);
  }

  /** A name that is not in use yet. */
  fresh(prefix: string): string {
    return `${prefix}${this.#count++}`;
  }

  /** The name of a helper function, made once for each purpose and subject (a type, for example). */
  define(purpose: string, subject: object, code: (name: string) => string): string {
    let names = this.#defined.get(purpose);
    if (names === undefined) {
      names = new Map();
      this.#defined.set(purpose, names);
    }
    const known = names.get(subject);
    if (known !== undefined) return known;
    const name = this.fresh(purpose);
    names.set(subject, name);
    this.#functions.push(code(name));
    return name;
  }

  /** Compiles the text whose last expression is `main`, a function. */
  finish(main: string): Template {
    const names = [...this.#bindings.keys()];
    const text = `"use strict";\nlet scope;\n${this.#functions.join("\n")}\nreturn ${main};`;
    return new Template(new Function(...names, text), [...this.#bindings.values()]);
  }
}

/** A compiled text that is yet to be linked. */
export class Template {
  readonly #factory: (...values: unknown[]) => unknown;
  readonly #bindings: readonly Resolve[];

  constructor(factory: unknown, bindings: readonly Resolve[]) {
    this.#factory = factory as (...values: unknown[]) => unknown;
    this.#bindings = bindings;
  }

  link(link: Linkage): (...args: unknown[]) => unknown {
    const values = this.#bindings.map((resolve) => resolve(link));
    return this.#factory(...values) as (...args: unknown[]) => unknown;
  }
}

/** Templates by subject (a function type that a component owns) and variant; they live as long as the subject. */
export class TemplateCache {
  readonly #templates = new WeakMap<object, Map<string, Template>>();

  get(subject: object, variant: string, make: () => Template): Template {
    let variants = this.#templates.get(subject);
    if (variants === undefined) {
      variants = new Map();
      this.#templates.set(subject, variants);
    }
    let template = variants.get(variant);
    if (template === undefined) {
      template = make();
      variants.set(variant, template);
    }
    return template;
  }
}
