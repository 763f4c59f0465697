/**
 * Which core values a value becomes when it travels in parameters and results (CanonicalABI.md, "Flattening").
 */
import type { CoreFuncType, FuncType, ValueType, VariantCase } from "../types.ts";
import { casesOf } from "./layout.ts";
import { MAX_FLAT_PARAMS, MAX_FLAT_RESULTS } from "./limits.ts";

export type FlatType = "i32" | "i64" | "f32" | "f64";

const known = new WeakMap<ValueType, readonly FlatType[] | "many">();

/** The flat types of a value, or undefined when there are more than `MAX_FLAT_PARAMS`: such values travel in memory. */
export function flatten(type: ValueType): readonly FlatType[] | undefined {
  let flats = known.get(type);
  if (flats === undefined) {
    flats = flattenNow(type) ?? "many";
    known.set(type, flats);
  }
  return flats === "many" ? undefined : flats;
}

/** The flat types of several values in a row, or undefined when there are more than `limit`. */
function flattenAll(types: readonly ValueType[], limit: number): readonly FlatType[] | undefined {
  const all: FlatType[] = [];
  for (const type of types) {
    const flats = flatten(type);
    if (flats === undefined || all.length + flats.length > limit) return undefined;
    all.push(...flats);
  }
  return all;
}

function flattenNow(type: ValueType): readonly FlatType[] | undefined {
  switch (type.kind) {
    case "s64":
    case "u64":
      return ["i64"];
    case "f32":
      return ["f32"];
    case "f64":
      return ["f64"];
    case "string":
      return ["i32", "i32"];
    case "list":
      if (type.length === undefined) return ["i32", "i32"];
      if (type.length > MAX_FLAT_PARAMS) return undefined;
      return flattenAll(new Array<ValueType>(type.length).fill(type.element), MAX_FLAT_PARAMS);
    case "record":
      return flattenAll(
        type.fields.map((field) => field.type),
        MAX_FLAT_PARAMS,
      );
    case "tuple":
      return flattenAll(type.types, MAX_FLAT_PARAMS);
    case "variant":
    case "option":
    case "result":
      return flattenCases(casesOf(type));
    default:
      return ["i32"];
  }
}

function flattenCases(cases: readonly VariantCase[]): readonly FlatType[] | undefined {
  const joined: FlatType[] = ["i32"];
  for (const { type } of cases) {
    const flats = type === undefined ? [] : flatten(type);
    if (flats === undefined) return undefined;
    for (const [index, flat] of flats.entries()) {
      const before = joined[index + 1];
      joined[index + 1] = before === undefined ? flat : join(before, flat);
    }
  }
  return joined.length > MAX_FLAT_PARAMS ? undefined : joined;
}

/** The tightest core type that holds the bits of both. */
function join(a: FlatType, b: FlatType): FlatType {
  if (a === b) return a;
  return (a === "i32" && b === "f32") || (a === "f32" && b === "i32") ? "i32" : "i64";
}

/** How the parameters and the result of a function travel. */
export interface FlatSignature {
  /** Flat types of the parameters; undefined when they travel as one pointer. */
  readonly params: readonly FlatType[] | undefined;
  /** Flat types of the result (none or one); undefined when it travels through memory. */
  readonly results: readonly FlatType[] | undefined;
}

export function flatSignature(type: FuncType): FlatSignature {
  return {
    params: flattenAll(
      type.params.map((param) => param.type),
      MAX_FLAT_PARAMS,
    ),
    results: flattenAll(type.result === undefined ? [] : [type.result], MAX_FLAT_RESULTS),
  };
}

/** The type that a core function must have to be lifted to `type`, or that `type` has when it is lowered. */
export function coreFuncType(type: FuncType, context: "lift" | "lower"): CoreFuncType {
  const { params, results } = flatSignature(type);
  const flatParams = params ?? ["i32"];
  if (results !== undefined) return { params: flatParams, results };
  return context === "lift"
    ? { params: flatParams, results: ["i32"] }
    : { params: [...flatParams, "i32"], results: [] };
}
