/**
 * Reinterpretation of the bits of core values, for variants whose cases share a flat value (CanonicalABI.md, "Flat Lifting").
 */
import type { FlatType } from "./flatten.ts";
import type { Source } from "./source.ts";

const i32 = new Int32Array(1);
const f32 = new Float32Array(i32.buffer);
const i64 = new BigInt64Array(1);
const f64 = new Float64Array(i64.buffer);

function f32FromBits(bits: number): number {
  i32[0] = bits;
  return f32[0] as number;
}

function f32ToBits(value: number): number {
  f32[0] = value;
  return i32[0] as number;
}

function f64FromBits(bits: bigint): number {
  i64[0] = bits;
  return f64[0] as number;
}

function f64ToBits(value: number): bigint {
  f64[0] = value;
  return i64[0] as bigint;
}

/** Code that takes a value of type `to` out of a shared flat value of type `from`. */
export function unjoin(source: Source, from: FlatType, to: FlatType, value: string): string {
  if (from === to) return value;
  const low = from === "i64" ? `Number(BigInt.asIntN(32, ${value}))` : value;
  if (to === "i32") return low;
  if (to === "f32") return `${source.constant("f32FromBits", f32FromBits)}(${low})`;
  return `${source.constant("f64FromBits", f64FromBits)}(${value})`;
}

/** Code that puts a value of type `from` into a shared flat value of type `to`. */
export function rejoin(source: Source, from: FlatType, to: FlatType, value: string): string {
  if (from === to) return value;
  if (from === "f64") return `${source.constant("f64ToBits", f64ToBits)}(${value})`;
  const bits = from === "f32" ? `${source.constant("f32ToBits", f32ToBits)}(${value})` : value;
  return to === "i64" ? `BigInt(${bits} >>> 0)` : bits;
}

/** The zero of a core type, as JavaScript has it. */
export function zero(type: FlatType): string {
  return type === "i64" ? "0n" : "0";
}
