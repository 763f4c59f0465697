/**
 * Checks over ranges of memory: well-formed text, and floats without odd NaNs. All ranges are within bounds.
 */
import type { MemoryViews } from "./memory-views.ts";

/** Up to here a loop in JavaScript beats a call into the engine. */
const SHORT_UTF8 = 64;
const SHORT_UTF16 = 32;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** `String.prototype.isWellFormed` and `toWellFormed` of ES2024, which Node 20 has. */
export interface WellFormed {
  isWellFormed(): boolean;
  toWellFormed(): string;
}

/** Why the bytes are not UTF-8, or undefined when they are. */
export function utf8Problem(bytes: Uint8Array, address: number, length: number): string | undefined {
  if (length > SHORT_UTF8) {
    try {
      decoder.decode(bytes.subarray(address, address + length));
      return undefined;
    } catch {
      // The loop below finds the place.
    }
  }
  return firstUtf8Problem(bytes, address, address + length);
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
  const { text } = views;
  if (units > SHORT_UTF16 && text !== undefined) {
    const string = text.toString("utf16le", address, address + 2 * units);
    return (string as unknown as WellFormed).isWellFormed();
  }
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

/** Replaces every NaN among the elements by the canonical one. */
export function canonicalizeF32(floats: Float32Array, start: number, end: number): void {
  if (!mayHoldNaN(floats, start, end)) return;
  for (let at = start; at < end; at++) {
    if (Number.isNaN(floats[at])) floats[at] = Number.NaN;
  }
}

/** A sum is NaN when a part is (or when infinities cancel): four adders at once find that there is nothing to do. */
function mayHoldNaN(floats: Float32Array, start: number, end: number): boolean {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let at = start;
  for (const last = end - 3; at < last; at += 4) {
    a += floats[at] as number;
    b += floats[at + 1] as number;
    c += floats[at + 2] as number;
    d += floats[at + 3] as number;
  }
  for (; at < end; at++) a += floats[at] as number;
  return Number.isNaN(a + b + c + d);
}

/** Replaces every NaN among the elements by the canonical one. */
export function canonicalizeF64(floats: Float64Array, start: number, end: number): void {
  for (let at = start; at < end; at++) {
    if (Number.isNaN(floats[at])) floats[at] = Number.NaN;
  }
}
