/**
 * Generates code that makes a guest's values of JavaScript values (CanonicalABI.md, "Storing" and "Flat Lowering").
 *
 * A statement never takes a typed array before it calls something that may grow the memory: the array would be stale.
 */
import type { ValueType } from "../types.ts";
import { bad } from "./bad-value.ts";
import { rejoin, zero } from "./bits.ts";
import {
  canonicalNaN,
  lengthOf,
  toBigInt,
  toBoolean,
  toCodePoint,
  toNumber,
  toObject,
  toText,
} from "./conversions.ts";
import { type FlatType, flatten } from "./flatten.ts";
import { lowerBorrow, lowerOwn } from "./handles.ts";
import { isNullable, type NumericArray, numericArray } from "./js-shape.ts";
import {
  casesOf,
  discriminantSize,
  fieldOffsets,
  flagsSize,
  layoutOf,
  payloadOffset,
  type VariantLike,
} from "./layout.ts";
import { MAX_LIST_BYTES } from "./limits.ts";
import { camelCase } from "./names.ts";
import { canonicalize32, canonicalize64 } from "./scan.ts";
import type { Side } from "./side.ts";
import type { Source } from "./source.ts";
import { writers } from "./strings.ts";

type Of<K extends ValueType["kind"]> = Extract<ValueType, { kind: K }>;

export class LowerCode {
  readonly #source: Source;
  readonly #side: Side;

  constructor(source: Source, side: Side) {
    this.#source = source;
    this.#side = side;
  }

  /** Statements that store `value` (a name) at `base + offset`, which is aligned and within bounds. */
  store(type: ValueType, value: string, base: string, offset: number): string {
    const at = offset === 0 ? base : `${base} + ${offset}`;
    switch (type.kind) {
      case "bool":
      case "u8":
      case "s8":
        return this.#put(1, at, this.#scalar(type, value));
      case "u16":
      case "s16":
        return this.#put(2, at, this.#scalar(type, value));
      case "u32":
      case "s32":
      case "char":
      case "own":
      case "borrow":
        return this.#put(4, at, this.#scalar(type, value));
      case "enum":
        return this.#put(discriminantSize(type.labels.length), at, this.#scalar(type, value));
      case "flags":
        return this.#put(flagsSize(type.labels.length), at, this.#scalar(type, value));
      case "u64":
      case "s64":
        return this.#assign("i64", `${at} >>> 3`, this.#scalar(type, value));
      case "f32":
        return this.#assign("f32", `${at} >>> 2`, this.#scalar(type, value));
      case "f64":
        return this.#assign("f64", `${at} >>> 3`, this.#scalar(type, value));
      case "string":
        return this.#storePair(`${this.#text()}(${value})`, at);
      case "list":
        if (type.length === undefined) return this.#storePair(`${this.#list(type)}(${value})`, at);
        return `${this.#elements(type)}(${this.#fixed(value, type.length)}, ${at}, ${type.length});`;
      default:
        return `${this.#storer(type)}(${value}, ${at});`;
    }
  }

  /** Statements that store several values in a row (expressions) as a tuple at `base`. */
  storeAll(types: readonly ValueType[], places: readonly string[], base: string): string {
    const offsets = fieldOffsets(types);
    const lines = types.map((type, index) => {
      const part = this.#source.fresh("p");
      return `const ${part} = ${places[index]};\n${this.store(type, part, base, offsets[index] as number)}`;
    });
    return lines.join("\n");
  }

  /** Statements that assign the flat values of `value` (a name) to variables, which hold zeros. */
  flat(type: ValueType, value: string, targets: readonly string[]): string {
    const [first, second] = targets;
    switch (type.kind) {
      case "string":
        return `${first} = ${this.#text()}(${value}); ${second} = ${this.#side.views}.count;`;
      case "list":
        if (type.length !== undefined) return this.#flatArray(type.element, type.length, value, targets);
        return `${first} = ${this.#list(type)}(${value}); ${second} = ${this.#side.views}.count;`;
      case "record":
        return `${this.#object(value, "an object (record)")}\n${this.flatAll(
          type.fields.map((field) => field.type),
          type.fields.map((field) => member(value, field.name)),
          targets,
        )}`;
      case "tuple":
        return `${this.#fixed(value, type.types.length)};\n${this.flatAll(
          type.types,
          type.types.map((_, index) => `${value}[${index}]`),
          targets,
        )}`;
      case "variant":
      case "option":
      case "result":
        return this.#cases(type, value, (index, payload) => this.flatCase(type, index, payload, targets));
      default:
        return `${first} = ${this.#scalar(type, value)};`;
    }
  }

  /** Statements that assign the flat values of several values in a row (expressions) to variables, which hold zeros. */
  flatAll(types: readonly ValueType[], places: readonly string[], targets: readonly string[]): string {
    let used = 0;
    const lines = types.map((type, index) => {
      const part = this.#source.fresh("p");
      const start = used;
      used += flatten(type)?.length ?? 0;
      return `const ${part} = ${places[index]};\n${this.flat(type, part, targets.slice(start, used))}`;
    });
    return lines.join("\n");
  }

  /** Statements that assign one case of a variant, with its payload (a name), to variables, which hold zeros. */
  flatCase(type: VariantLike, index: number, payload: string, targets: readonly string[]): string {
    const joined = flatten(type) as readonly FlatType[];
    const part = casesOf(type)[index]?.type;
    const tag = `${targets[0]} = ${index};`;
    const flats = part === undefined ? undefined : flatten(part);
    if (part === undefined || flats === undefined) return tag;
    const names = flats.map((flat, i) =>
      flat === joined[i + 1] ? (targets[i + 1] as string) : this.#source.fresh("j"),
    );
    const lines = [tag];
    for (const [i, flat] of flats.entries())
      if (flat !== joined[i + 1]) lines.push(`let ${names[i]} = ${zero(flat)};`);
    lines.push(this.flat(part, payload, names));
    for (const [i, flat] of flats.entries()) {
      const wanted = joined[i + 1] as FlatType;
      if (flat !== wanted)
        lines.push(`${targets[i + 1]} = ${rejoin(this.#source, flat, wanted, names[i] as string)};`);
    }
    return lines.join("\n");
  }

  /** Statements that store one case of a variant, with its payload (a name). */
  storeCase(type: VariantLike, index: number, payload: string, base: string): string {
    const cases = casesOf(type);
    const part = cases[index]?.type;
    const tag = this.#put(discriminantSize(cases.length), base, String(index));
    return part === undefined ? tag : `${tag}\n${this.store(part, payload, base, payloadOffset(cases))}`;
  }

  /** An expression for a value that is one flat value. */
  #scalar(type: ValueType, value: string): string {
    const source = this.#source;
    switch (type.kind) {
      case "bool":
        return `(${source.constant("toBoolean", toBoolean)}(${value}) ? 1 : 0)`;
      case "u8":
        return `(${this.#number(value)} & 255)`;
      case "s8":
        return `(${this.#number(value)} << 24 >> 24)`;
      case "u16":
        return `(${this.#number(value)} & 65535)`;
      case "s16":
        return `(${this.#number(value)} << 16 >> 16)`;
      case "u64":
      case "s64":
        return `${source.constant("toBigInt", toBigInt)}(${value})`;
      case "f32":
      case "f64":
        return `${source.constant("canonicalNaN", canonicalNaN)}(${this.#number(value)})`;
      case "char":
        return `${source.constant("toCodePoint", toCodePoint)}(${value})`;
      case "enum":
        return `${this.#enum(type)}(${value})`;
      case "flags":
        return `${this.#flags(type)}(${value})`;
      case "own":
      case "borrow":
        return this.#handle(type, value);
      default:
        return `(${this.#number(value)} | 0)`;
    }
  }

  #number(value: string): string {
    return `${this.#source.constant("toNumber", toNumber)}(${value})`;
  }

  #handle(type: Of<"own" | "borrow">, value: string): string {
    const { state, label } = this.#side;
    const resource = this.#side.resource(type.resource);
    if (type.kind === "own") {
      const lower = this.#source.constant("lowerOwn", lowerOwn);
      return `${lower}(${state}, ${resource}, ${resource}.fromHost(${value}, undefined), ${label})`;
    }
    const lower = this.#source.constant("lowerBorrow", lowerBorrow);
    return `${lower}(${state}, ${resource}, ${resource}.fromHost(${value}, scope), scope, ${label})`;
  }

  #enum(type: Of<"enum">): string {
    return this.#source.define("enumIndex", type, (name) => {
      const indices = new Map(type.labels.map((label, index) => [label, index]));
      const known = this.#source.constant(`${name}Of`, indices);
      const fail = this.#source.constant("bad", bad);
      return `function ${name}(v) {
  const index = ${known}.get(v);
  return index === undefined ? ${fail}("a case of the enum", v) : index;
}`;
    });
  }

  #flags(type: Of<"flags">): string {
    return this.#source.define("flagBits", type, (name) => {
      const bits = type.labels.map((label, bit) => `(${member("v", label)} ? ${1 << bit} : 0)`);
      return `function ${name}(v) {\n${this.#object("v", "an object of booleans (flags)")}\nreturn ${bits.join(" | ")};\n}`;
    });
  }

  /** A statement that stores an unsigned or signed integer of that many bytes. */
  #put(size: 1 | 2 | 4, at: string, value: string): string {
    if (size === 1) return this.#assign("u8", at, value);
    return size === 2 ? this.#assign("u16", `${at} >>> 1`, value) : this.#assign("i32", `${at} >>> 2`, value);
  }

  #assign(view: string, index: string, value: string): string {
    const result = this.#source.fresh("r");
    return `const ${result} = ${value}; ${this.#side.views}.${view}[${index}] = ${result};`;
  }

  /** Stores the address that `put` returns and the length that it leaves. */
  #storePair(put: string, at: string): string {
    const m = this.#side.views;
    const address = this.#source.fresh("r");
    return `const ${address} = ${put}; ${m}.i32[${at} >>> 2] = ${address}; ${m}.i32[${at} + 4 >>> 2] = ${m}.count;`;
  }

  /** A function that puts a string into memory. */
  #text(): string {
    const { views, allocate, encoding } = this.#side;
    return this.#source.define("text", this, (name) => {
      const write = this.#source.constant(`write_${encoding.replace("+", "_")}`, writers[encoding]);
      const check = this.#source.constant("toText", toText);
      return `function ${name}(v) { return ${write}(${views}, ${check}(v), ${allocate}); }`;
    });
  }

  /** A function that puts a list into memory. */
  #list(type: Of<"list">): string {
    const { size, align } = layoutOf(type.element);
    const { views, allocate } = this.#side;
    const longest = Math.floor(MAX_LIST_BYTES / size);
    return this.#source.define("putList", type, (name) => {
      const fail = this.#source.constant("bad", bad);
      return `function ${name}(v) {
  const n = ${this.#source.constant("lengthOf", lengthOf)}(v);
  if (n > ${longest}) ${fail}("a list of at most ${longest} elements", v);
  const at = ${allocate}(0, 0, ${align}, n * ${size});
  ${this.#elements(type)}(v, at, n);
  ${views}.count = n;
  return at;
}`;
    });
  }

  /** A function (value, address, length) that stores the elements of a list. */
  #elements(type: Of<"list">): string {
    const array = numericArray(type.element);
    return this.#source.define("putElements", type, (name) => {
      const element = this.#source.fresh("e");
      const loop = `for (let i = 0, p = at; i < n; i++, p += ${layoutOf(type.element).size}) {
  const ${element} = v[i];
  ${this.store(type.element, element, "p", 0)}
}`;
      return `function ${name}(v, at, n) {\n${array === undefined ? "" : this.#copyTyped(array)}\n${loop}\n}`;
    });
  }

  #copyTyped({ view, constructorName, shift }: NumericArray): string {
    const start = shift === 0 ? "at" : `at >>> ${shift}`;
    const fail = this.#source.constant("bad", bad);
    return `if (v instanceof ${constructorName}) {
  if (v.length !== n) ${fail}("a list that keeps its length during the call", v);
  ${this.#side.views}.${view}.set(v, ${start});
  ${this.#canonicalize(view)}
  return;
}`;
  }

  #canonicalize(view: string): string {
    if (view !== "f32" && view !== "f64") return "";
    const canonicalize =
      view === "f32"
        ? this.#source.constant("canonicalize32", canonicalize32)
        : this.#source.constant("canonicalize64", canonicalize64);
    return `${canonicalize}(${this.#side.views}, at, n);`;
  }

  #flatArray(element: ValueType, length: number, value: string, targets: readonly string[]): string {
    const places = Array.from({ length }, (_, index) => `${value}[${index}]`);
    const types = new Array<ValueType>(length).fill(element);
    return `${this.#fixed(value, length)};\n${this.flatAll(types, places, targets)}`;
  }

  /** An expression for `value` that checks that it is an array of that length. */
  #fixed(value: string, length: number): string {
    const check = this.#source.define("fixed", fixedArray, (name) => {
      const fail = this.#source.constant("bad", bad);
      return `function ${name}(v, n) {
  return ${this.#source.constant("lengthOf", lengthOf)}(v) === n ? v : ${fail}("an array of length " + n, v);
}`;
    });
    return `${check}(${value}, ${length})`;
  }

  #object(value: string, what: string): string {
    return `${this.#source.constant("toObject", toObject)}(${value}, ${JSON.stringify(what)});`;
  }

  /** A function (value, address) that stores a record, tuple or variant. */
  #storer(type: ValueType): string {
    return this.#source.define(
      "store",
      type,
      (name) => `function ${name}(v, at) {\n${this.#storerBody(type)}\n}`,
    );
  }

  #storerBody(type: ValueType): string {
    if (type.kind === "record") {
      const types = type.fields.map((field) => field.type);
      const places = type.fields.map((field) => member("v", field.name));
      return `${this.#object("v", "an object (record)")}\n${this.storeAll(types, places, "at")}`;
    }
    if (type.kind === "tuple") {
      const places = type.types.map((_, index) => `v[${index}]`);
      return `${this.#fixed("v", type.types.length)};\n${this.storeAll(type.types, places, "at")}`;
    }
    const variant = type as VariantLike;
    return this.#cases(variant, "v", (index, payload) => this.storeCase(variant, index, payload, "at"));
  }

  /** Statements that tell the case of a JavaScript value and go on with its payload. */
  #cases(type: VariantLike, value: string, body: (index: number, payload: string) => string): string {
    if (isNullable(type)) {
      return `if (${value} === undefined || ${value} === null) {\n${body(0, value)}\n} else {\n${body(1, value)}\n}`;
    }
    const fail = this.#source.constant("bad", bad);
    const branches = casesOf(type).map(({ name }, index) => {
      const payload = this.#source.fresh("p");
      return `case ${JSON.stringify(name)}: {\nconst ${payload} = ${value}.val;\n${body(index, payload)}\nbreak;\n}`;
    });
    return `${this.#object(value, "an object { tag, val }")}
switch (${value}.tag) {
${branches.join("\n")}
default: ${fail}("an object { tag, val } with a known tag", ${value});
}`;
  }
}

/** Subject of the helper for arrays of a fixed length. */
const fixedArray = {};

function member(value: string, name: string): string {
  return `${value}[${JSON.stringify(camelCase(name))}]`;
}
