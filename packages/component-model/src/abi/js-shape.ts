/**
 * How types look in JavaScript, where generated code and messages must agree (jco's mapping).
 */
import type { PrimitiveKind, ValueType } from "../types.ts";

/**
 * Whether an option is `undefined` or the value itself. An option of such an option could not tell its two empty values apart,
 * and is `{ tag: "none" }` or `{ tag: "some", val }`.
 */
export function isNullable(type: ValueType): boolean {
  return type.kind === "option" && !isNullable(type.type);
}

/** A kind of number whose lists are typed arrays in JavaScript. */
type NumericKind = Exclude<PrimitiveKind, "bool" | "char" | "string">;

export interface NumericArray {
  /** Name of the field of `MemoryViews`. */
  readonly view: "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "u64" | "i64" | "f32" | "f64";
  /** Name of the constructor. */
  readonly constructorName: string;
  /** log2 of the bytes of an element. */
  readonly shift: 0 | 1 | 2 | 3;
}

const arrays: { readonly [kind in NumericKind]: NumericArray } = {
  s8: { view: "i8", constructorName: "Int8Array", shift: 0 },
  u8: { view: "u8", constructorName: "Uint8Array", shift: 0 },
  s16: { view: "i16", constructorName: "Int16Array", shift: 1 },
  u16: { view: "u16", constructorName: "Uint16Array", shift: 1 },
  s32: { view: "i32", constructorName: "Int32Array", shift: 2 },
  u32: { view: "u32", constructorName: "Uint32Array", shift: 2 },
  s64: { view: "i64", constructorName: "BigInt64Array", shift: 3 },
  u64: { view: "u64", constructorName: "BigUint64Array", shift: 3 },
  f32: { view: "f32", constructorName: "Float32Array", shift: 2 },
  f64: { view: "f64", constructorName: "Float64Array", shift: 3 },
};

/** The typed array for lists of a type, or undefined when they are plain arrays. */
export function numericArray(type: ValueType): NumericArray | undefined {
  return Object.hasOwn(arrays, type.kind) ? arrays[type.kind as NumericKind] : undefined;
}
