/**
 * Strings between a guest's memory and JavaScript, in the three encodings of the canonical ABI (CanonicalABI.md, "Loading"). What
 * JavaScript calls a string may hold lone surrogates, which a string of the component model may not: they become U+FFFD.
 */
import { bad } from "./bad-value.ts";
import { MAX_STRING_BYTES } from "./limits.ts";
import type { MemoryViews } from "./memory-views.ts";
import { isAscii, isUtf16, utf8Problem, type WellFormed } from "./scan.ts";

export type StringEncoding = "utf8" | "utf16" | "latin1+utf16";

/** Throws a trap for the reason given. */
export type Fail = (reason: string) => never;

/** In `latin1+utf16`, the bit of the length that says UTF-16. */
export const UTF16_TAG = 0x8000_0000;

/** Up to these lengths a loop in JavaScript beats a call into the engine. */
const SHORT_READ = 8;
const SHORT_WRITE = 12;
/** Most arguments given to `String.fromCharCode` at once. */
const CHUNK = 4096;

const utf8Decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const utf8Encoder = new TextEncoder();

/** Checks that `bytes` at `address` may be a string: its size, its alignment, and that it lies in memory. */
export function checkString(
  views: MemoryViews,
  address: number,
  bytes: number,
  align: number,
  fail: Fail,
): void {
  if (bytes > MAX_STRING_BYTES) fail(`string of ${bytes} bytes is longer than ${MAX_STRING_BYTES}`);
  if ((address & (align - 1)) !== 0) fail("unaligned pointer of a string");
  if (address + bytes > views.u8.length) fail("string pointer/length out of bounds of memory");
}

/** Reads a string; `length` is in the encoding's code units, with the tag of `latin1+utf16`. */
export type ReadString = (views: MemoryViews, address: number, length: number, fail: Fail) => string;

export const readers: { readonly [encoding in StringEncoding]: ReadString } = {
  utf8: readUtf8,
  utf16: readUtf16,
  "latin1+utf16": (views, address, length, fail) =>
    length >= UTF16_TAG
      ? readUtf16(views, address, length - UTF16_TAG, fail)
      : readLatin1(views, address, length, fail),
};

function readUtf8(views: MemoryViews, address: number, length: number, fail: Fail): string {
  checkString(views, address, length, 1, fail);
  const { u8, text } = views;
  if (isAscii(views, address, length)) {
    if (length <= SHORT_READ) return readUnits(u8, address, length);
    if (text !== undefined) return text.toString("latin1", address, address + length);
  }
  try {
    return utf8Decoder.decode(u8.subarray(address, address + length));
  } catch {
    return fail(utf8Problem(views, address, length) ?? "string cannot be decoded");
  }
}

function readUtf16(views: MemoryViews, address: number, units: number, fail: Fail): string {
  checkString(views, address, 2 * units, 2, fail);
  if (units <= SHORT_READ) {
    if (!isUtf16(views, address, units)) fail("invalid utf-16: lone surrogate");
    return readUnits(views.u16, address >>> 1, units);
  }
  const string =
    views.text?.toString("utf16le", address, address + 2 * units) ??
    readChunks(views.u16, address >>> 1, units);
  if (!(string as unknown as WellFormed).isWellFormed()) fail("invalid utf-16: lone surrogate");
  return string;
}

function readLatin1(views: MemoryViews, address: number, length: number, fail: Fail): string {
  checkString(views, address, length, 2, fail);
  if (length <= SHORT_READ) return readUnits(views.u8, address, length);
  return views.text?.toString("latin1", address, address + length) ?? readChunks(views.u8, address, length);
}

function readUnits(units: Uint8Array | Uint16Array, start: number, length: number): string {
  let string = "";
  for (let i = start; i < start + length; i++) string += String.fromCharCode(units[i] as number);
  return string;
}

function readChunks(units: Uint8Array | Uint16Array, start: number, length: number): string {
  let string = "";
  const end = start + length;
  for (let at = start; at < end; at += CHUNK) {
    string += String.fromCharCode(...units.subarray(at, Math.min(at + CHUNK, end)));
  }
  return string;
}

/** Gets memory of a guest; checks what its `realloc` returns. */
export type Allocate = (oldAddress: number, oldSize: number, align: number, size: number) => number;

/** Puts a string into memory and returns its address; the length to pass with it is then in `views.count`. */
export type PutString = (views: MemoryViews, string: string, allocate: Allocate) => number;

export const writers: { readonly [encoding in StringEncoding]: PutString } = {
  utf8(views, string, allocate) {
    const size = utf8Size(string);
    const address = allocate(0, 0, 1, checkedSize(size));
    writeUtf8(views, address, string, size);
    views.count = size;
    return address;
  },
  utf16(views, string, allocate) {
    const address = allocate(0, 0, 2, checkedSize(2 * string.length));
    writeUtf16(views, address, string);
    views.count = string.length;
    return address;
  },
  "latin1+utf16"(views, string, allocate) {
    if (!isLatin1(string)) {
      const address = writers.utf16(views, string, allocate);
      views.count += UTF16_TAG;
      return address;
    }
    const address = allocate(0, 0, 2, checkedSize(string.length));
    writeLatin1(views, address, string);
    views.count = string.length;
    return address;
  },
};

function checkedSize(bytes: number): number {
  return bytes > MAX_STRING_BYTES
    ? bad(`a string of at most ${MAX_STRING_BYTES} bytes`, `${bytes} bytes`)
    : bytes;
}

/** Bytes of a string in UTF-8; a lone surrogate takes the three of U+FFFD. */
function utf8Size(string: string): number {
  const { length } = string;
  if (length > SHORT_WRITE && globalThis.Buffer !== undefined) return Buffer.byteLength(string);
  let size = length;
  for (let i = 0; i < length; i++) {
    const unit = string.charCodeAt(i);
    if (unit < 0x80) continue;
    size += unit < 0x800 ? 1 : 2;
    if ((unit & 0xfc00) === 0xd800 && (string.charCodeAt(i + 1) & 0xfc00) === 0xdc00) i++;
  }
  return size;
}

function writeUtf8(views: MemoryViews, address: number, string: string, size: number): void {
  const isAscii = size === string.length;
  if (isAscii) writeLatin1(views, address, string);
  else utf8Encoder.encodeInto(string, views.u8.subarray(address, address + size));
}

/** Writes the code units of a string to an even address. */
export function writeUtf16(views: MemoryViews, address: number, string: string): void {
  const wellFormed = (string as unknown as WellFormed).isWellFormed()
    ? string
    : (string as unknown as WellFormed).toWellFormed();
  const { text, u16 } = views;
  if (text !== undefined && string.length > SHORT_WRITE) {
    text.write(wellFormed, address, 2 * wellFormed.length, "utf16le");
    return;
  }
  for (let i = 0, at = address >>> 1; i < wellFormed.length; i++) u16[at + i] = wellFormed.charCodeAt(i);
}

/** Writes a string of which all code units are below 256. */
export function writeLatin1({ u8, text }: MemoryViews, address: number, string: string): void {
  if (text !== undefined && string.length > SHORT_WRITE) {
    text.write(string, address, string.length, "latin1");
    return;
  }
  for (let i = 0; i < string.length; i++) u8[address + i] = string.charCodeAt(i);
}

/** Whether all code units are below 256. */
export function isLatin1(string: string): boolean {
  for (let i = 0; i < string.length; i++) if (string.charCodeAt(i) > 0xff) return false;
  return true;
}
