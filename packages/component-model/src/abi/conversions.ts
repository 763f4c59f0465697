/**
 * JavaScript values to core values, for the primitive types. Numbers out of range wrap as in jco; values of another JavaScript
 * type are refused.
 */
import { bad } from "./bad-value.ts";

export function toBoolean(value: unknown): boolean {
  return typeof value === "boolean" ? value : bad("a boolean", value);
}

export function toNumber(value: unknown): number {
  return typeof value === "number" ? value : bad("a number", value);
}

/** Of s64 and u64; whole numbers are taken as well. */
export function toBigInt(value: unknown): bigint {
  if (typeof value === "bigint") return value;
  return Number.isInteger(value) ? BigInt(value as number) : bad("a bigint", value);
}

/** The one NaN that crosses boundaries. */
export function canonicalNaN(value: number): number {
  // biome-ignore lint/suspicious/noSelfCompare: the fastest test for NaN
  return value === value ? value : Number.NaN;
}

/** The code point of a char. */
export function toCodePoint(value: unknown): number {
  if (typeof value !== "string") return bad("a string of one character", value);
  const point = value.codePointAt(0) ?? -1;
  const isOne = value.length === (point > 0xffff ? 2 : 1);
  if (!isOne || (point >= 0xd800 && point <= 0xdfff)) return bad("a string of one character", value);
  return point;
}

export function toText(value: unknown): string {
  return typeof value === "string" ? value : bad("a string", value);
}

/** The length of an array or typed array. */
export function lengthOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (ArrayBuffer.isView(value) && "length" in value) return (value as Uint8Array).length;
  return bad("an array or typed array", value);
}

export function toObject(value: unknown, what: string): object {
  return typeof value === "object" && value !== null ? value : bad(what, value);
}
