/**
 * Which AssemblyScript type stands for which value type, and in which generated module it is declared.
 */

import { type ResourceType, rootType, type ValueType } from "@playhead/component-model";
import { GuestError } from "../errors.ts";
import { flagsSize } from "./layout.ts";
import { pascalCase } from "./names.ts";

/** How a value is handled in generated code. */
export type Look =
  /** A number, bool or code point. */
  | "scalar"
  /** An enum or flags: an AssemblyScript enum, narrower in memory. */
  | "enum"
  | "string"
  /** A resource: a class whose pointer is the handle. */
  | "handle"
  /** An option of something that is an object in AssemblyScript: that or null. */
  | "nullable"
  /** Anything else: a pointer to where the value lies. */
  | "view";

interface Declared {
  readonly module: string;
  readonly name: string;
}

/** An unnamed type (tuple, result, option) that needs a class in a module. */
export interface Unnamed {
  readonly name: string;
  readonly type: ValueType;
}

/** Where a type is written. */
export interface Place {
  readonly module: string;
  /** The module that declares the classes of unnamed types. */
  readonly owner: string;
  /** The name by which the module refers to another one. */
  use(module: string): string;
}

/** The AssemblyScript names of scalars. */
const SCALARS: Readonly<Record<string, string>> = {
  bool: "bool",
  s8: "i8",
  u8: "u8",
  s16: "i16",
  u16: "u16",
  s32: "i32",
  u32: "u32",
  s64: "i64",
  u64: "u64",
  f32: "f32",
  f64: "f64",
  char: "u32",
};

export function lookOf(type: ValueType): Look {
  if (type.kind in SCALARS) return "scalar";
  if (type.kind === "enum" || type.kind === "flags") return "enum";
  if (type.kind === "string") return "string";
  if (type.kind === "own" || type.kind === "borrow") return "handle";
  if (type.kind !== "option") return "view";
  const inner = lookOf(type.type);
  return inner === "view" || inner === "string" || inner === "handle" ? "nullable" : "view";
}

/** The AssemblyScript type of a scalar. */
export function scalarName(type: ValueType): string {
  return SCALARS[type.kind] ?? "i32";
}

/** The AssemblyScript types of one world. */
export class TypeNames {
  readonly #named = new Map<ValueType | ResourceType, Declared>();
  readonly #byText = new Map<string, Declared>();
  readonly #resources = new Map<ResourceType, number>();
  readonly #unnamed = new Map<string, Unnamed[]>();
  readonly #taken = new Set<Unnamed>();

  /**
   * Notes that a module declares a type under a name. The answer says where it was declared before, if it was: then
   * this name is an alias.
   */
  declare(module: string, witName: string, type: ValueType | ResourceType): Declared | undefined {
    const name = pascalCase(witName);
    const text = `${witName}=${this.#print(type)}`;
    const root = type.kind === "resource" ? type : rootType(type);
    const known = this.#named.get(root) ?? this.#byText.get(text);
    const declared = known ?? { module, name };
    this.#named.set(root, declared);
    if (known === undefined) {
      this.#byText.set(text, declared);
      // A second way to find the type, for decoders that make several objects of one type.
      if (!this.#byText.has(this.#print(type))) this.#byText.set(this.#print(type), declared);
    }
    return known;
  }

  /** The unnamed types of a module that were used since the last call. */
  takeUnnamed(module: string): Unnamed[] {
    const rest = this.#unnamed.get(module)?.filter((each) => !this.#taken.has(each)) ?? [];
    for (const each of rest) this.#taken.add(each);
    return rest;
  }

  /** The type of parameters, results and properties. */
  value(type: ValueType, place: Place): string {
    if (type.kind === "option" && lookOf(type) === "nullable")
      return `${this.value(type.type, place)} | null`;
    return this.element(type, place);
  }

  /** The type of elements of a `List`, and the class of a view. */
  element(type: ValueType, place: Place): string {
    if (type.kind in SCALARS) return scalarName(type);
    if (type.kind === "string") return "string";
    if (type.kind === "list") return this.#list(type, place);
    const declared = this.#find(type) ?? this.#nameUnnamed(type, place.owner);
    return declared.module === place.module
      ? declared.name
      : `${place.use(declared.module)}.${declared.name}`;
  }

  #list(type: ValueType & { kind: "list" }, place: Place): string {
    if (type.length !== undefined) {
      throw new GuestError("unsupported-type", "The bindings do not know lists of a fixed length.");
    }
    const runtime = place.use("runtime");
    if (type.element.kind === "u8") return `${runtime}.Bytes`;
    if (type.element.kind === "f32") return `${runtime}.Floats`;
    if (type.element.kind === "enum") return `${runtime}.List<u8>`;
    if (type.element.kind === "flags")
      return `${runtime}.List<u${8 * flagsSize(type.element.labels.length)}>`;
    if (type.element.kind === "own" || type.element.kind === "borrow") return `${runtime}.List<u32>`;
    return `${runtime}.List<${this.element(type.element, place)}>`;
  }

  #find(type: ValueType): Declared | undefined {
    if (type.kind === "own" || type.kind === "borrow") return this.#named.get(type.resource);
    return (
      this.#named.get(rootType(type)) ?? (isNominal(type) ? this.#byText.get(this.#print(type)) : undefined)
    );
  }

  #nameUnnamed(type: ValueType, module: string): Declared {
    const known = this.#unnamed.get(module) ?? [];
    const text = this.#print(type);
    let found = known.find((each) => this.#print(each.type) === text);
    if (found === undefined) {
      const base = this.#compose(type);
      const taken = known.filter((each) => each.name.replace(/_\d+$/, "") === base).length;
      found = { name: taken === 0 ? base : `${base}_${taken + 1}`, type };
      this.#unnamed.set(module, [...known, found]);
    }
    return { module, name: found.name };
  }

  /** A name made of the parts of the type: `TupleStringString`, `ReadingOrSampleError`, `MaybeS64`. */
  #compose(type: ValueType): string {
    const found = this.#find(type);
    if (found !== undefined) return found.name;
    switch (type.kind) {
      case "tuple":
        return `Tuple${type.types.map((each) => this.#compose(each)).join("")}`;
      case "option":
        return `Maybe${this.#compose(type.type)}`;
      case "result": {
        const ok = type.ok === undefined ? "Ok" : this.#compose(type.ok);
        return `${ok}Or${type.err === undefined ? "Error" : this.#compose(type.err)}`;
      }
      case "list":
        return `List${this.#compose(type.element)}`;
      default:
        return pascalCase(type.kind);
    }
  }

  /** The type's structure as text, equal for equal types. */
  #print(type: ValueType | ResourceType): string {
    const print = (each: ValueType | undefined) => (each === undefined ? "_" : this.#print(each));
    switch (type.kind) {
      case "resource":
        return `resource#${this.#resourceNumber(type)}`;
      case "own":
      case "borrow":
        return `${type.kind}<${this.#print(type.resource)}>`;
      case "record":
        return `record{${type.fields.map((field) => `${field.name}:${print(field.type)}`).join()}}`;
      case "tuple":
        return `tuple<${type.types.map(print).join()}>`;
      case "variant":
        return `variant{${type.cases.map((each) => `${each.name}(${print(each.type)})`).join()}}`;
      case "enum":
      case "flags":
        return `${type.kind}{${type.labels.join()}}`;
      case "option":
        return `option<${print(type.type)}>`;
      case "result":
        return `result<${print(type.ok)},${print(type.err)}>`;
      case "list":
        return `list<${print(type.element)}${type.length === undefined ? "" : `;${type.length}`}>`;
      default:
        return type.kind;
    }
  }

  #resourceNumber(resource: ResourceType): number {
    const number = this.#resources.get(resource) ?? this.#resources.size;
    this.#resources.set(resource, number);
    return number;
  }
}

/** Types that WIT cannot express without a name. */
function isNominal(type: ValueType): boolean {
  return type.kind === "record" || type.kind === "variant" || type.kind === "enum" || type.kind === "flags";
}
