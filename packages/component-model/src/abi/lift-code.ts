/**
 * Generates code that makes JavaScript values of a guest's values (CanonicalABI.md, "Loading" and "Flat Lifting").
 */
import type { ValueType } from "../types.ts";
import { unjoin } from "./bits.ts";
import { type ListTransfer, lend } from "./borrowed-lists.ts";
import { canonicalNaN } from "./conversions.ts";
import { type FlatType, flatten } from "./flatten.ts";
import { liftBorrow, liftOwn } from "./handles.ts";
import { isNullable, type NumericArray, numericArray } from "./js-shape.ts";
import {
  casesOf,
  discriminantSize,
  fieldOffsets,
  layoutOf,
  payloadOffset,
  type VariantLike,
} from "./layout.ts";
import { HOST_ELEMENT_BYTES, MAX_LIST_BYTES } from "./limits.ts";
import { camelCase } from "./names.ts";
import { canonicalizeFloats, hasNaN32, hasNaN64 } from "./scan.ts";
import type { Side } from "./side.ts";
import type { Source } from "./source.ts";
import { readers } from "./strings.ts";

type Of<K extends ValueType["kind"]> = Extract<ValueType, { kind: K }>;

export class LiftCode {
  readonly #source: Source;
  readonly #side: Side;
  /** Whether strings and lists count against the budget of the call. */
  readonly #metered: boolean;
  readonly #lists: ListTransfer;

  constructor(source: Source, side: Side, metered: boolean, lists: ListTransfer = "copied") {
    this.#source = source;
    this.#side = side;
    this.#metered = metered;
    this.#lists = lists;
  }

  /** An expression for the value at `base + offset`, which is aligned and within bounds. */
  load(type: ValueType, base: string, offset: number): string {
    const at = offset === 0 ? base : `${base} + ${offset}`;
    const m = this.#side.views;
    switch (type.kind) {
      case "bool":
        return `(${m}.u8[${at}] !== 0)`;
      case "u8":
        return `${m}.u8[${at}]`;
      case "s8":
        return `${m}.i8[${at}]`;
      case "u16":
        return `${m}.u16[${at} >>> 1]`;
      case "s16":
        return `${m}.i16[${at} >>> 1]`;
      case "u32":
        return `${m}.u32[${at} >>> 2]`;
      case "s32":
        return `${m}.i32[${at} >>> 2]`;
      case "u64":
        return `${m}.u64[${at} >>> 3]`;
      case "s64":
        return `${m}.i64[${at} >>> 3]`;
      case "f32":
        return this.#float(`${m}.f32[${at} >>> 2]`);
      case "f64":
        return this.#float(`${m}.f64[${at} >>> 3]`);
      case "char":
        return `${this.#char()}(${m}.u32[${at} >>> 2])`;
      case "string":
        return this.#string(`${m}.u32[${at} >>> 2]`, `${m}.u32[${at} + 4 >>> 2]`);
      case "own":
      case "borrow":
        return this.#handle(type, `${m}.i32[${at} >>> 2]`);
      case "enum":
        return `${this.#enum(type)}(${this.#discriminant(at, type.labels.length)})`;
      case "flags":
        return `${this.#flags(type)}(${this.#discriminant(at, type.labels.length > 16 ? 2 ** 32 : 2 ** type.labels.length)})`;
      case "list":
        if (type.length !== undefined) return `${this.#elements(type)}(${at}, ${type.length})`;
        return `${this.#list(type)}(${m}.u32[${at} >>> 2], ${m}.u32[${at} + 4 >>> 2])`;
      default:
        return `${this.#loader(type)}(${at})`;
    }
  }

  /** An expression for the value that flat values (names) stand for. */
  flat(type: ValueType, flats: readonly string[]): string {
    const [first = "", second = ""] = flats;
    switch (type.kind) {
      case "bool":
        return `(${first} !== 0)`;
      case "u8":
        return `(${first} & 255)`;
      case "s8":
        return `(${first} << 24 >> 24)`;
      case "u16":
        return `(${first} & 65535)`;
      case "s16":
        return `(${first} << 16 >> 16)`;
      case "u32":
        return `(${first} >>> 0)`;
      case "s32":
        return `(${first} | 0)`;
      case "u64":
        return `BigInt.asUintN(64, ${first})`;
      case "s64":
        return `BigInt.asIntN(64, ${first})`;
      case "f32":
      case "f64":
        return this.#float(first);
      case "char":
        return `${this.#char()}(${first} >>> 0)`;
      case "string":
        return this.#string(`${first} >>> 0`, `${second} >>> 0`);
      case "own":
      case "borrow":
        return this.#handle(type, first);
      case "enum":
        return `${this.#enum(type)}(${first} >>> 0)`;
      case "flags":
        return `${this.#flags(type)}(${first})`;
      case "list":
        if (type.length === undefined) return `${this.#list(type)}(${first} >>> 0, ${second} >>> 0)`;
        return this.#flatArray(type, type.length, flats);
      case "record":
        return this.#object(type, this.flatAll(partTypes(type), flats));
      case "tuple":
        return `[${this.flatAll(type.types, flats).join(", ")}]`;
      default:
        return `${this.#flatVariant(type, flats.length)}(${flats.join(", ")})`;
    }
  }

  /** Expressions for several values in a row. */
  flatAll(types: readonly ValueType[], flats: readonly string[]): string[] {
    let used = 0;
    return types.map((type) => {
      const start = used;
      used += flatten(type)?.length ?? 0;
      return this.flat(type, flats.slice(start, used));
    });
  }

  /** The discriminant and the payloads (by case) of a variant in flat values, as expressions. */
  flatCases(
    type: VariantLike,
    flats: readonly string[],
  ): { discriminant: string; payloads: (string | undefined)[] } {
    const joined = flatten(type) as readonly FlatType[];
    const payloads = casesOf(type).map(({ type: part }) => {
      const wanted = part === undefined ? undefined : flatten(part);
      if (part === undefined || wanted === undefined) return undefined;
      const unjoined = wanted.map((flat, index) =>
        unjoin(this.#source, joined[index + 1] as FlatType, flat, flats[index + 1] as string),
      );
      return this.flat(part, unjoined);
    });
    return { discriminant: `${flats[0]} >>> 0`, payloads };
  }

  /** The discriminant and the payloads (by case) of the variant at an address (a name), as expressions. */
  loadCases(type: VariantLike, base: string): { discriminant: string; payloads: (string | undefined)[] } {
    const cases = casesOf(type);
    const offset = payloadOffset(cases);
    return {
      discriminant: this.#discriminant(base, cases.length),
      payloads: cases.map(({ type: part }) =>
        part === undefined ? undefined : this.load(part, base, offset),
      ),
    };
  }

  #float(value: string): string {
    return `${this.#source.constant("canonicalNaN", canonicalNaN)}(${value})`;
  }

  #char(): string {
    return this.#source.define(
      "char",
      this,
      (name) => `function ${name}(c) {
  if (c >= 0x110000 || (c >= 0xd800 && c <= 0xdfff)) ${this.#side.fail}("invalid \`char\` bit pattern " + c);
  return String.fromCodePoint(c);
}`,
    );
  }

  #string(address: string, length: string): string {
    const { views, fail, encoding } = this.#side;
    const read = this.#source.constant(`read_${encoding.replace("+", "_")}`, readers[encoding]);
    const lift = this.#source.define(
      "string",
      this,
      (name) => `function ${name}(at, n) {
  ${this.#metered ? this.#side.charge(`${HOST_ELEMENT_BYTES} + (n & 0x7fffffff)`) : ""}
  ${this.#side.pay("(n & 0x7fffffff)")}
  return ${read}(${views}, at, n, ${fail});
}`,
    );
    return `${lift}(${address}, ${length})`;
  }

  #handle(type: Of<"own" | "borrow">, index: string): string {
    const { state, label } = this.#side;
    const resource = this.#side.resource(type.resource);
    if (type.kind === "own") {
      const lift = this.#source.constant("liftOwn", liftOwn);
      return `${resource}.toHost(${lift}(${state}, ${resource}, ${index}, ${label}), undefined)`;
    }
    const lift = this.#source.constant("liftBorrow", liftBorrow);
    return `${resource}.toHost(${lift}(${state}, ${resource}, ${index}, scope, ${label}), scope)`;
  }

  /** An expression for the unsigned integer, as large as `cases` need, at an address. */
  #discriminant(at: string, cases: number): string {
    const size = discriminantSize(cases);
    const m = this.#side.views;
    return size === 1 ? `${m}.u8[${at}]` : size === 2 ? `${m}.u16[${at} >>> 1]` : `${m}.u32[${at} >>> 2]`;
  }

  #enum(type: Of<"enum">): string {
    return this.#source.define("enumeration", type, (name) => {
      const labels = this.#source.constant(`${name}Labels`, type.labels);
      return `function ${name}(d) {
  if (d >= ${type.labels.length}) ${this.#side.fail}("invalid variant discriminant " + d);
  return ${labels}[d];
}`;
    });
  }

  #flags(type: Of<"flags">): string {
    return this.#source.define("flags", type, (name) => {
      const fields = type.labels.map((label, bit) => `${key(label)}: (bits & ${1 << bit}) !== 0`);
      return `function ${name}(bits) { return { ${fields.join(", ")} }; }`;
    });
  }

  /** A function (address, length) for a list anywhere in memory, which it checks. */
  #list(type: Of<"list">): string {
    const { size, align } = layoutOf(type.element);
    return this.#source.define(
      "list",
      type,
      (name) => `function ${name}(at, n) {
  if (n > ${Math.floor(MAX_LIST_BYTES / size)}) ${this.#side.fail}("list of " + n + " elements is too long");
  ${this.#side.checkRange("at", `n * ${size}`, align, "list pointer/length")}
  ${this.#side.pay(`n * ${size}`)}
  return ${this.#elements(type)}(at, n);
}`,
    );
  }

  /** A function (address, length) for elements that are aligned and within bounds. Lists of fixed length are plain arrays. */
  #elements(type: Of<"list">): string {
    const array = type.length === undefined ? numericArray(type.element) : undefined;
    return this.#source.define("elements", type, (name) =>
      array === undefined ? this.#plainArray(name, type.element) : this.#typedArray(name, array),
    );
  }

  /** Floats of which some are NaN are always copied, since the copy gets canonical ones. */
  #typedArray(name: string, { view, shift }: NumericArray): string {
    const start = shift === 0 ? "at" : `at >>> ${shift}`;
    const array = `${this.#side.views}.${view}`;
    const slice = `${array}.slice(start, start + n)`;
    const copy = this.#lists === "poisoned" ? this.#lend(slice) : slice;
    const value = this.#lists === "borrowed" ? `${array}.subarray(start, start + n)` : copy;
    return `function ${name}(at, n) {
  ${this.#metered ? this.#side.charge(`${HOST_ELEMENT_BYTES} + n * ${1 << shift}`) : ""}
  const start = ${start};
  ${view === "f32" || view === "f64" ? this.#ifNaN(view, copy) : ""}
  return ${value};
}`;
  }

  #ifNaN(view: "f32" | "f64", copy: string): string {
    const hasNaN =
      view === "f32"
        ? this.#source.constant("hasNaN32", hasNaN32)
        : this.#source.constant("hasNaN64", hasNaN64);
    return `if (${hasNaN}(${this.#side.views}, at, n)) {
    const values = ${copy};
    ${this.#source.constant("canonicalizeFloats", canonicalizeFloats)}(values, 0, n);
    return values;
  }`;
  }

  #lend(list: string): string {
    const lent = this.#source.bind("lent", () => []);
    return `${this.#source.constant("lend", lend)}(${lent}, ${list})`;
  }

  /** Long arrays grow as they fill, so that a lying length does not reserve memory at once. */
  #plainArray(name: string, element: ValueType): string {
    const { size } = layoutOf(element);
    return `function ${name}(at, n) {
  ${this.#metered ? this.#side.charge(`n * ${Math.max(size, HOST_ELEMENT_BYTES)}`) : ""}
  const values = n < 65536 ? new Array(n) : [];
  for (let i = 0, p = at; i < n; i++, p += ${size}) values[i] = ${this.load(element, "p", 0)};
  return values;
}`;
  }

  #flatArray(type: Of<"list">, length: number, flats: readonly string[]): string {
    return `[${this.flatAll(new Array<ValueType>(length).fill(type.element), flats).join(", ")}]`;
  }

  #loader(type: Exclude<ValueType, Of<"enum" | "list">>): string {
    return this.#source.define(
      "load",
      type,
      (name) => `function ${name}(at) {\n${this.#loaderBody(type)}\n}`,
    );
  }

  #loaderBody(type: ValueType): string {
    if (type.kind === "record" || type.kind === "tuple") {
      const types = partTypes(type);
      const offsets = fieldOffsets(types);
      const parts = types.map((part, index) => this.load(part, "at", offsets[index] as number));
      return `  return ${type.kind === "record" ? this.#object(type, parts) : `[${parts.join(", ")}]`};`;
    }
    const variant = type as VariantLike;
    return this.#switch(variant, this.loadCases(variant, "at"));
  }

  #object(type: Of<"record">, parts: readonly string[]): string {
    return `{ ${type.fields.map((field, index) => `${key(field.name)}: ${parts[index]}`).join(", ")} }`;
  }

  #flatVariant(type: VariantLike, count: number): string {
    return this.#source.define("flatVariant", type, (name) => {
      const flats = Array.from({ length: count }, (_, index) => `f${index}`);
      return `function ${name}(${flats.join(", ")}) {\n${this.#switch(type, this.flatCases(type, flats))}\n}`;
    });
  }

  #switch(
    type: VariantLike,
    parts: { discriminant: string; payloads: readonly (string | undefined)[] },
  ): string {
    const branches = casesOf(type).map(
      ({ name }, index) => `    case ${index}: return ${caseValue(type, name, parts.payloads[index])};`,
    );
    return `  const d = ${parts.discriminant};
  switch (d) {
${branches.join("\n")}
    default: return ${this.#side.fail}("invalid variant discriminant " + d);
  }`;
  }
}

/** The JavaScript value of a case. */
function caseValue(type: VariantLike, name: string, payload: string | undefined): string {
  if (isNullable(type)) return payload ?? "undefined";
  const tag = `tag: ${JSON.stringify(name)}`;
  if (payload === undefined && type.kind !== "result") return `{ ${tag} }`;
  return `{ ${tag}, val: ${payload ?? "undefined"} }`;
}

function partTypes(type: Of<"record" | "tuple">): readonly ValueType[] {
  return type.kind === "tuple" ? type.types : type.fields.map((field) => field.type);
}

/** A property name in an object literal; names come from outside. */
function key(name: string): string {
  const text = JSON.stringify(camelCase(name));
  return text === '"__proto__"' ? `[${text}]` : text;
}
