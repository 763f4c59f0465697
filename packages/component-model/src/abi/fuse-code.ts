/**
 * Generates code that copies values from one guest to another without making JavaScript values of them: lifting and lowering
 * (CanonicalABI.md, "Loading" and "Storing") in one.
 *
 * Each part is checked where it is read, by the side that reads. As in `lower-code.ts`, no typed array is kept across a call that
 * may grow a memory.
 */
import type { ValueType } from "../types.ts";
import { rejoin, unjoin, zero } from "./bits.ts";
import { type Bulk, bulkOf } from "./bulk.ts";
import { canonicalNaN } from "./conversions.ts";
import { type FlatType, flatten } from "./flatten.ts";
import { liftBorrow, liftOwn, lowerBorrow, lowerOwn } from "./handles.ts";
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
import { canonicalize32, canonicalize64 } from "./scan.ts";
import type { Side } from "./side.ts";
import type { Source } from "./source.ts";
import { copierOf } from "./transcode.ts";

type Of<K extends ValueType["kind"]> = Extract<ValueType, { kind: K }>;

export class FuseCode {
  readonly #source: Source;
  readonly #from: Side;
  readonly #to: Side;
  /** Whether strings and lists count against the budget of the call. */
  readonly #metered: boolean;

  constructor(source: Source, from: Side, to: Side, metered: boolean) {
    this.#source = source;
    this.#from = from;
    this.#to = to;
    this.#metered = metered;
  }

  /** Statements that copy the value at `source + offset` to `target + offset`; both are aligned and within bounds. */
  copy(type: ValueType, source: string, target: string, offset: number): string {
    const p = offset === 0 ? source : `${source} + ${offset}`;
    const q = offset === 0 ? target : `${target} + ${offset}`;
    const [from, to] = [this.#from.views, this.#to.views];
    switch (type.kind) {
      case "u8":
      case "s8":
        return `${to}.u8[${q}] = ${from}.u8[${p}];`;
      case "u16":
      case "s16":
        return `${to}.u16[${q} >>> 1] = ${from}.u16[${p} >>> 1];`;
      case "u32":
      case "s32":
        return `${to}.i32[${q} >>> 2] = ${from}.i32[${p} >>> 2];`;
      case "u64":
      case "s64":
        return `${to}.i32[${q} >>> 2] = ${from}.i32[${p} >>> 2]; ${to}.i32[${q} + 4 >>> 2] = ${from}.i32[${p} + 4 >>> 2];`;
      case "f64":
        return `${to}.f64[${q} >>> 3] = ${this.#scalar(type, `${from}.f64[${p} >>> 3]`)};`;
      case "f32":
        return `${to}.f32[${q} >>> 2] = ${this.#scalar(type, `${from}.f32[${p} >>> 2]`)};`;
      case "bool":
        return this.#put(1, q, this.#scalar(type, this.#get(1, p)));
      case "char":
      case "own":
      case "borrow":
        return this.#put(4, q, this.#scalar(type, this.#get(4, p)));
      case "enum": {
        const size = discriminantSize(type.labels.length);
        return this.#put(size, q, this.#scalar(type, this.#get(size, p)));
      }
      case "flags": {
        const size = flagsSize(type.labels.length);
        return this.#put(size, q, this.#scalar(type, this.#get(size, p)));
      }
      case "string":
        return this.#copyPair(this.#string(), p, q);
      case "list":
        if (type.length !== undefined) return `${this.#elements(type)}(${p}, ${q}, ${type.length});`;
        return this.#copyPair(this.#list(type), p, q);
      default:
        return `${this.#copier(type)}(${p}, ${q});`;
    }
  }

  /** Statements that make flat values for one side (variables that hold zeros) of those of the other (expressions). */
  flat(type: ValueType, flats: readonly string[], targets: readonly string[]): string {
    const [first = "", second = ""] = flats;
    switch (type.kind) {
      case "string":
        return `${targets[0]} = ${this.#string()}(${first} >>> 0, ${second} >>> 0); ${targets[1]} = ${this.#to.views}.count;`;
      case "list":
        if (type.length !== undefined) {
          return this.flatAll(new Array<ValueType>(type.length).fill(type.element), flats, targets);
        }
        return `${targets[0]} = ${this.#list(type)}(${first} >>> 0, ${second} >>> 0); ${targets[1]} = ${this.#to.views}.count;`;
      case "record":
        return this.flatAll(
          type.fields.map((field) => field.type),
          flats,
          targets,
        );
      case "tuple":
        return this.flatAll(type.types, flats, targets);
      case "variant":
      case "option":
      case "result":
        return this.#flatVariant(type, flats, targets);
      default:
        return `${targets[0]} = ${this.#scalar(type, first)};`;
    }
  }

  /** The same for several values in a row. */
  flatAll(types: readonly ValueType[], flats: readonly string[], targets: readonly string[]): string {
    let used = 0;
    const lines = types.map((type) => {
      const start = used;
      used += flatten(type)?.length ?? 0;
      return this.flat(type, flats.slice(start, used), targets.slice(start, used));
    });
    return lines.join("\n");
  }

  /** Statements that copy several values in a row, as a tuple. */
  copyAll(types: readonly ValueType[], source: string, target: string): string {
    const offsets = fieldOffsets(types);
    return types.map((type, index) => this.copy(type, source, target, offsets[index] as number)).join("\n");
  }

  /** An expression for a value that is one flat value, as the receiving side gets it. */
  #scalar(type: ValueType, value: string): string {
    switch (type.kind) {
      case "bool":
        return `(${value} !== 0 ? 1 : 0)`;
      case "u8":
        return `(${value} & 255)`;
      case "s8":
        return `(${value} << 24 >> 24)`;
      case "u16":
        return `(${value} & 65535)`;
      case "s16":
        return `(${value} << 16 >> 16)`;
      case "f32":
      case "f64":
        return `${this.#source.constant("canonicalNaN", canonicalNaN)}(${value})`;
      case "char":
        return `${this.#char()}(${value})`;
      case "enum":
        return `${this.#checkCase()}(${value}, ${type.labels.length})`;
      case "flags":
        return type.labels.length === 32 ? value : `(${value} & ${2 ** type.labels.length - 1})`;
      case "own":
      case "borrow":
        return this.#handle(type, value);
      default:
        return value;
    }
  }

  #char(): string {
    return this.#source.define(
      "checkChar",
      this,
      (name) => `function ${name}(c) {
  const point = c >>> 0;
  if (point >= 0x110000 || (point >= 0xd800 && point <= 0xdfff)) ${this.#from.fail}("invalid \`char\` bit pattern " + point);
  return c;
}`,
    );
  }

  #checkCase(): string {
    return this.#source.define(
      "checkCase",
      this,
      (name) => `function ${name}(d, n) {
  if (d >>> 0 >= n) ${this.#from.fail}("invalid variant discriminant " + (d >>> 0));
  return d;
}`,
    );
  }

  #handle(type: Of<"own" | "borrow">, index: string): string {
    const source = this.#source;
    const resource = this.#from.resource(type.resource);
    const scoped = type.kind === "borrow" ? "scope, " : "";
    const lift =
      type.kind === "own" ? source.constant("liftOwn", liftOwn) : source.constant("liftBorrow", liftBorrow);
    const lower =
      type.kind === "own"
        ? source.constant("lowerOwn", lowerOwn)
        : source.constant("lowerBorrow", lowerBorrow);
    const rep = `${lift}(${this.#from.state}, ${resource}, ${index}, ${scoped}${this.#from.label})`;
    return `${lower}(${this.#to.state}, ${resource}, ${rep}, ${scoped}${this.#to.label})`;
  }

  #get(size: 1 | 2 | 4, at: string): string {
    const from = this.#from.views;
    return size === 1
      ? `${from}.u8[${at}]`
      : size === 2
        ? `${from}.u16[${at} >>> 1]`
        : `${from}.i32[${at} >>> 2]`;
  }

  #put(size: 1 | 2 | 4, at: string, value: string): string {
    const to = this.#to.views;
    const place = size === 1 ? `u8[${at}]` : size === 2 ? `u16[${at} >>> 1]` : `i32[${at} >>> 2]`;
    const result = this.#source.fresh("r");
    return `const ${result} = ${value}; ${to}.${place} = ${result};`;
  }

  /** Copies what an address and a length in memory tell of. */
  #copyPair(copy: string, p: string, q: string): string {
    const [from, to] = [this.#from.views, this.#to.views];
    const address = this.#source.fresh("r");
    return `const ${address} = ${copy}(${from}.u32[${p} >>> 2], ${from}.u32[${p} + 4 >>> 2]);
${to}.i32[${q} >>> 2] = ${address}; ${to}.i32[${q} + 4 >>> 2] = ${to}.count;`;
  }

  /** A function (address, length) that copies a string and returns its new address. */
  #string(): string {
    const [from, to] = [this.#from, this.#to];
    return this.#source.define("copyString", this, (name) => {
      const copy = this.#source.constant(`${name}As`, copierOf(from.encoding, to.encoding));
      return `function ${name}(at, n) {
  ${this.#metered ? from.charge("1 + (n & 0x7fffffff)") : ""}
  return ${copy}(${from.views}, at, n, ${from.fail}, ${to.views}, ${to.allocate});
}`;
    });
  }

  /** A function (address, length) that copies a list and returns its new address. */
  #list(type: Of<"list">): string {
    const [from, to] = [this.#from, this.#to];
    const { size, align } = layoutOf(type.element);
    return this.#source.define(
      `${from.role}List`,
      type,
      (name) => `function ${name}(at, n) {
  if (n > ${Math.floor(MAX_LIST_BYTES / size)}) ${from.fail}("list of " + n + " elements is too long");
  ${from.checkRange("at", `n * ${size}`, align, "list pointer/length")}
  ${this.#metered ? from.charge(`1 + n * ${size}`) : ""}
  const target = ${to.allocate}(0, 0, ${align}, n * ${size});
  ${this.#elements(type)}(at, target, n);
  ${to.views}.count = n;
  return target;
}`,
    );
  }

  /** A function (from, to, length) that copies the elements of a list. */
  #elements(type: Of<"list">): string {
    const { size } = layoutOf(type.element);
    const bulk = bulkOf(type.element);
    return this.#source.define(`${this.#from.role}Elements`, type, (name) => {
      if (bulk !== undefined) return this.#bulk(name, bulk, size);
      return `function ${name}(at, target, n) {
  for (let i = 0, p = at, q = target; i < n; i++, p += ${size}, q += ${size}) {
    ${this.copy(type.element, "p", "q", 0)}
  }
}`;
    });
  }

  #bulk(name: string, bulk: Bulk, size: number): string {
    const [from, to] = [this.#from.views, this.#to.views];
    const copy = `${to}.u8.set(${from}.u8.subarray(at, at + n * ${size}), target);`;
    if (bulk === "bytes") return `function ${name}(at, target, n) { ${copy} }`;
    const [canonicalize, shift] =
      bulk === "f32"
        ? [this.#source.constant("canonicalize32", canonicalize32), 2]
        : [this.#source.constant("canonicalize64", canonicalize64), 3];
    return `function ${name}(at, target, n) {
  ${copy}
  ${canonicalize}(${to}, target, n * ${size / 2 ** shift});
}`;
  }

  /** A function (from, to) that copies a record, tuple or variant. */
  #copier(type: ValueType): string {
    return this.#source.define(
      `${this.#from.role}Copy`,
      type,
      (name) => `function ${name}(at, target) {\n${this.#copierBody(type)}\n}`,
    );
  }

  #copierBody(type: ValueType): string {
    if (type.kind === "tuple") return this.copyAll(type.types, "at", "target");
    if (type.kind === "record") {
      return this.copyAll(
        type.fields.map((field) => field.type),
        "at",
        "target",
      );
    }
    const cases = casesOf(type as VariantLike);
    const offset = payloadOffset(cases);
    const size = discriminantSize(cases.length);
    const branches = cases.map(({ type: part }, index) => {
      const payload = part === undefined ? "" : this.copy(part, "at", "target", offset);
      return `case ${index}: {\n${payload}\nbreak;\n}`;
    });
    return `const d = ${this.#get(size, "at")};
${this.#put(size, "target", "d")}
switch (d) {
${branches.join("\n")}
default: ${this.#from.fail}("invalid variant discriminant " + (d >>> 0));
}`;
  }

  #flatVariant(type: VariantLike, flats: readonly string[], targets: readonly string[]): string {
    const joined = flatten(type) as readonly FlatType[];
    const branches = casesOf(type).map(({ type: part }, index) => {
      const payload = part === undefined ? "" : this.#flatPayload(part, joined, flats, targets);
      return `case ${index}: {\n${payload}\nbreak;\n}`;
    });
    return `${targets[0]} = ${flats[0]};
switch (${flats[0]} >>> 0) {
${branches.join("\n")}
default: ${this.#from.fail}("invalid variant discriminant " + (${flats[0]} >>> 0));
}`;
  }

  #flatPayload(
    part: ValueType,
    joined: readonly FlatType[],
    flats: readonly string[],
    targets: readonly string[],
  ): string {
    const wanted = flatten(part) as readonly FlatType[];
    const sources = wanted.map((flat, i) =>
      unjoin(this.#source, joined[i + 1] as FlatType, flat, flats[i + 1] as string),
    );
    const names = wanted.map(() => this.#source.fresh("j"));
    const zeros = wanted.map((flat, i) => `let ${names[i]} = ${zero(flat)};`);
    const results = wanted.map(
      (flat, i) =>
        `${targets[i + 1]} = ${rejoin(this.#source, flat, joined[i + 1] as FlatType, names[i] as string)};`,
    );
    return [...zeros, this.flat(part, sources, names), ...results].join("\n");
  }
}
