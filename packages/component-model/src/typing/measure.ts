import type { ExternType, ValueType } from "../types.ts";
import { rootType } from "./named-types.ts";

/** What is known of a value type without walking it again. */
export interface Measure {
  /** Nodes of the type written out as a tree. */
  readonly nodes: number;
  readonly depth: number;
  /** Bytes that an element takes in memory, with pointers of 8 bytes: the measure that validation uses. */
  readonly size: number;
  readonly alignment: number;
  /** Whether a borrow occurs in it. */
  readonly borrows: boolean;
  /** Whether part of it lies elsewhere in memory: strings, lists of any length. */
  readonly pointers: boolean;
}

const primitiveSizes: Record<string, number> = {
  bool: 1,
  s8: 1,
  u8: 1,
  s16: 2,
  u16: 2,
  s32: 4,
  u32: 4,
  s64: 8,
  u64: 8,
  f32: 4,
  f64: 8,
  char: 4,
};

const pair: Measure = { nodes: 1, depth: 1, size: 16, alignment: 8, borrows: false, pointers: true };
const known = new WeakMap<ValueType, Measure>();

/** Sizes by CanonicalABI.md, "Alignment" and "Element Size". */
export function measure(type: ValueType): Measure {
  const root = rootType(type);
  let result = known.get(root);
  if (result === undefined) {
    result = compute(root);
    known.set(root, result);
  }
  return result;
}

function compute(type: ValueType): Measure {
  switch (type.kind) {
    case "string":
      return pair;
    case "record":
      return sequence(type.fields.map((field) => measure(field.type)));
    case "tuple":
      return sequence(type.types.map(measure));
    case "variant":
      return choice(type.cases.map((item) => item.type && measure(item.type)));
    case "option":
      return choice([undefined, measure(type.type)]);
    case "result":
      return choice([type.ok && measure(type.ok), type.err && measure(type.err)]);
    case "enum":
      return choice(type.labels.map(() => undefined));
    case "flags": {
      const size = type.labels.length <= 8 ? 1 : type.labels.length <= 16 ? 2 : 4;
      return { ...scalar(size), nodes: 1 + type.labels.length };
    }
    case "list":
      return list(measure(type.element), type.length);
    case "own":
      return scalar(4);
    case "borrow":
      return { ...scalar(4), borrows: true };
    default:
      return scalar(primitiveSizes[type.kind] ?? 4);
  }
}

function scalar(size: number): Measure {
  return { nodes: 1, depth: 1, size, alignment: size, borrows: false, pointers: false };
}

function list(element: Measure, length: number | undefined): Measure {
  const outer = { depth: element.depth + 1, nodes: element.nodes + 1 };
  if (length === undefined) return { ...pair, ...outer, borrows: element.borrows };
  return { ...element, ...outer, size: element.size * length };
}

function sequence(parts: readonly Measure[]): Measure {
  let size = 0;
  for (const part of parts) size = align(size, part.alignment) + part.size;
  const outer = around(parts);
  return { ...outer, size: align(size, outer.alignment) };
}

function choice(cases: readonly (Measure | undefined)[]): Measure {
  const payloads = cases.filter((item) => item !== undefined);
  const discriminant = cases.length <= 256 ? 1 : cases.length <= 65536 ? 2 : 4;
  const outer = around(payloads);
  const payloadAlignment = outer.alignment;
  const alignment = Math.max(discriminant, payloadAlignment);
  let payload = 0;
  for (const item of payloads) payload = Math.max(payload, item.size);
  return {
    ...outer,
    nodes: outer.nodes + cases.length,
    alignment,
    size: align(align(discriminant, payloadAlignment) + payload, alignment),
  };
}

function around(parts: readonly Measure[]): Measure {
  let nodes = 1;
  let depth = 0;
  let alignment = 1;
  let borrows = false;
  let pointers = false;
  for (const part of parts) {
    nodes += part.nodes;
    depth = Math.max(depth, part.depth);
    alignment = Math.max(alignment, part.alignment);
    borrows ||= part.borrows;
    pointers ||= part.pointers;
  }
  return { nodes, depth: depth + 1, size: 0, alignment, borrows, pointers };
}

function align(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}

const externSizes = new WeakMap<object, number>();

/** Nodes of an import's or export's type written out as a tree. */
export function externSize(type: ExternType): number {
  switch (type.kind) {
    case "func":
      return once(type.type, () => {
        let size = 1 + (type.type.result ? measure(type.type.result).nodes : 0);
        for (const param of type.type.params) size += measure(param.type).nodes;
        return size;
      });
    case "instance":
      return once(type.type, () => sizeOf(type.type.exports));
    case "component":
      return once(type.type, () => sizeOf(type.type.imports) + sizeOf(type.type.exports));
    case "module":
      return 1 + type.type.imports.length + type.type.exports.size;
    case "type":
      if (type.type.kind === "resource") return 1;
      return type.type.kind === "value" ? measure(type.type.type).nodes : externSize(type.type);
  }
}

function sizeOf(externs: ReadonlyMap<string, ExternType>): number {
  let size = 1;
  for (const extern of externs.values()) size += 1 + externSize(extern);
  return size;
}

function once(type: object, compute: () => number): number {
  let size = externSizes.get(type);
  if (size === undefined) {
    size = compute();
    externSizes.set(type, size);
  }
  return size;
}
