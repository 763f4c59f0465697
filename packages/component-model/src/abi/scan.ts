/**
 * Checks over ranges of memory: well-formed text, and floats without odd NaNs. All ranges are within bounds and aligned.
 */
import type { MemoryViews } from "./memory-views.ts";

/** Below these lengths a loop in JavaScript beats a call into WebAssembly. */
const WIDE_BYTES = 16;
const WIDE_UNITS = 16;
const WIDE_FLOATS = 16;

/** `String.prototype.isWellFormed` and `toWellFormed` of ES2024, which Node 20 has. */
export interface WellFormed {
  isWellFormed(): boolean;
  toWellFormed(): string;
}

/** Whether bytes are ASCII. */
export function isAscii(views: MemoryViews, address: number, length: number): boolean {
  if (length >= WIDE_BYTES && views.wide !== undefined) return views.wide.ascii(address, length) !== 0;
  const { u8 } = views;
  for (let at = address; at < address + length; at++) if ((u8[at] as number) >= 0x80) return false;
  return true;
}

/** Why bytes are not UTF-8, or undefined when they are. */
export function utf8Problem(views: MemoryViews, address: number, length: number): string | undefined {
  if (length >= WIDE_BYTES && views.wide?.utf8(address, length) === 1) return undefined;
  return firstUtf8Problem(views.u8, address, address + length);
}

function firstUtf8Problem(bytes: Uint8Array, start: number, end: number): string | undefined {
  let at = start;
  while (at < end) {
    const lead = bytes[at] as number;
    if (lead < 0x80) {
      at++;
      continue;
    }
    const size = utf8SequenceSize(lead);
    if (size === 0) return `invalid utf-8 at byte ${at - start} of the string`;
    for (let i = 1; i < size; i++) {
      if (at + i >= end) return "incomplete utf-8 byte sequence at the end of the string";
      if (!isContinuation(lead, i, bytes[at + i] as number)) {
        return `invalid utf-8 at byte ${at - start} of the string`;
      }
    }
    at += size;
  }
  return undefined;
}

/** Bytes of the sequence that a byte from 0x80 on leads; 0 when none may start so (Unicode 15, table 3-7). */
function utf8SequenceSize(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

function isContinuation(lead: number, position: number, byte: number): boolean {
  if (position === 1) {
    if (lead === 0xe0) return byte >= 0xa0 && byte <= 0xbf;
    if (lead === 0xed) return byte >= 0x80 && byte <= 0x9f;
    if (lead === 0xf0) return byte >= 0x90 && byte <= 0xbf;
    if (lead === 0xf4) return byte >= 0x80 && byte <= 0x8f;
  }
  return byte >= 0x80 && byte <= 0xbf;
}

/** Whether the code units at an even address have no surrogate without its partner. */
export function isUtf16(views: MemoryViews, address: number, units: number): boolean {
  if (units >= WIDE_UNITS && views.wide !== undefined) return views.wide.utf16(address, units) !== 0;
  return isUtf16Loop(views.u16, address >>> 1, (address >>> 1) + units);
}

function isUtf16Loop(all: Uint16Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const unit = all[i] as number;
    if ((unit & 0xf800) !== 0xd800) continue;
    if (unit >= 0xdc00 || i + 1 === end || ((all[i + 1] as number) & 0xfc00) !== 0xdc00) return false;
    i++;
  }
  return true;
}

/** Whether one of the floats at an address is NaN. */
export function hasNaN32(views: MemoryViews, address: number, count: number): boolean {
  if (count >= WIDE_FLOATS && views.wide !== undefined) return views.wide.nan32(address, count) !== 0;
  const start = address >>> 2;
  return firstNaN(views.f32, start, start + count) >= 0;
}

export function hasNaN64(views: MemoryViews, address: number, count: number): boolean {
  if (count >= WIDE_FLOATS && views.wide !== undefined) return views.wide.nan64(address, count) !== 0;
  const start = address >>> 3;
  return firstNaN(views.f64, start, start + count) >= 0;
}

/** Replaces every NaN among the floats at an address by the canonical one. */
export function canonicalize32(views: MemoryViews, address: number, count: number): void {
  const start = address >>> 2;
  if (count >= WIDE_FLOATS && views.wide !== undefined) views.wide.canonical32(address, count);
  else canonicalizeFloats(views.f32, start, start + count);
}

export function canonicalize64(views: MemoryViews, address: number, count: number): void {
  const start = address >>> 3;
  if (count >= WIDE_FLOATS && views.wide !== undefined) views.wide.canonical64(address, count);
  else canonicalizeFloats(views.f64, start, start + count);
}

/** Replaces every NaN from `start` to `end` by the canonical one. */
export function canonicalizeFloats(floats: Float32Array | Float64Array, start: number, end: number): void {
  for (let at = start; at < end; at++) if (Number.isNaN(floats[at])) floats[at] = Number.NaN;
}

function firstNaN(floats: Float32Array | Float64Array, start: number, end: number): number {
  for (let at = start; at < end; at++) if (Number.isNaN(floats[at])) return at;
  return -1;
}
