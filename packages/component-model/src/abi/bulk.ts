/**
 * Which types can be copied between memories as plain bytes.
 */
import type { ValueType } from "../types.ts";
import { layoutOf } from "./layout.ts";

/**
 * - `bytes`: every bit pattern is a value, and there is no padding;
 * - `f32`, `f64`: nothing but floats, of which NaNs are canonicalized after the copy.
 */
export type Bulk = "bytes" | "f32" | "f64";

const known = new WeakMap<ValueType, Bulk | "no">();

/** How elements of a type are copied, or undefined when each part needs a look. */
export function bulkOf(type: ValueType): Bulk | undefined {
  let bulk = known.get(type);
  if (bulk === undefined) {
    bulk = find(type) ?? "no";
    known.set(type, bulk);
  }
  return bulk === "no" ? undefined : bulk;
}

function find(type: ValueType): Bulk | undefined {
  switch (type.kind) {
    case "u8":
    case "s8":
    case "u16":
    case "s16":
    case "u32":
    case "s32":
    case "u64":
    case "s64":
      return "bytes";
    case "f32":
    case "f64":
      return type.kind;
    case "flags":
      return type.labels.length === 8 * layoutOf(type).size ? "bytes" : undefined;
    case "record":
      return ofParts(
        type,
        type.fields.map((field) => field.type),
      );
    case "tuple":
      return ofParts(type, type.types);
    case "list":
      return type.length === undefined ? undefined : bulkOf(type.element);
    default:
      return undefined;
  }
}

function ofParts(type: ValueType, parts: readonly ValueType[]): Bulk | undefined {
  const [first, ...rest] = parts.map(bulkOf);
  if (first === undefined || rest.some((bulk) => bulk !== first)) return undefined;
  const filled = parts.reduce((size, part) => size + layoutOf(part).size, 0);
  return filled === layoutOf(type).size ? first : undefined;
}
