/**
 * Strings from one guest's memory to another's (CanonicalABI.md, "Storing"). Which calls of `realloc` are made, and with which
 * sizes, is part of the specification.
 */
import type { MemoryViews } from "./memory-views.ts";
import { isUtf16, utf8Problem } from "./scan.ts";
import {
  type Allocate,
  checkString,
  type Fail,
  isLatin1,
  readers,
  type StringEncoding,
  UTF16_TAG,
  writeLatin1,
  writeUtf16,
} from "./strings.ts";

/**
 * Copies the string of `length` code units (with tag) at `address` in `from` to memory of `to` and returns its address there; the
 * length to pass with it is then in `to.count`.
 */
export type CopyString = (
  from: MemoryViews,
  address: number,
  length: number,
  fail: Fail,
  to: MemoryViews,
  allocate: Allocate,
) => number;

/** The function that copies strings from one encoding to another. */
export function copierOf(from: StringEncoding, to: StringEncoding): CopyString {
  if (from !== "latin1+utf16") return copiers[from][to];
  const latin1 = copiers.latin1[to];
  const utf16 = to === "latin1+utf16" ? taggedToLatin1OrUtf16 : copiers.utf16[to];
  return (source, address, length, ...rest) =>
    length >= UTF16_TAG
      ? utf16(source, address, length - UTF16_TAG, ...rest)
      : latin1(source, address, length, ...rest);
}

const copiers: {
  readonly [from in "utf8" | "utf16" | "latin1"]: { readonly [to in StringEncoding]: CopyString };
} = {
  utf8: {
    utf8: copyUtf8,
    utf16: utf8ToUtf16,
    "latin1+utf16": (from, address, length, fail, to, allocate) =>
      putLatin1OrUtf16(to, readers.utf8(from, address, length, fail), length, allocate),
  },
  utf16: {
    utf8: (from, address, length, fail, to, allocate) =>
      putUtf8(to, readers.utf16(from, address, length, fail), 3 * length, allocate),
    utf16: copyUtf16,
    "latin1+utf16": (from, address, length, fail, to, allocate) =>
      putLatin1OrUtf16(to, readers.utf16(from, address, length, fail), length, allocate),
  },
  latin1: {
    utf8: (from, address, length, fail, to, allocate) =>
      putUtf8(to, readers["latin1+utf16"](from, address, length, fail), 2 * length, allocate),
    utf16: latin1ToUtf16,
    "latin1+utf16": copyLatin1,
  },
};

function copyBytes(from: MemoryViews, source: number, bytes: number, to: MemoryViews, target: number): void {
  to.u8.set(from.u8.subarray(source, source + bytes), target);
}

// The copies below ask for memory first and check afterwards, so that no guest code runs between check and copy.

function copyUtf8(
  from: MemoryViews,
  address: number,
  length: number,
  fail: Fail,
  to: MemoryViews,
  allocate: Allocate,
): number {
  checkString(from, address, length, 1, fail);
  const target = allocate(0, 0, 1, length);
  const problem = utf8Problem(from, address, length);
  if (problem !== undefined) fail(problem);
  copyBytes(from, address, length, to, target);
  to.count = length;
  return target;
}

function copyUtf16(
  from: MemoryViews,
  address: number,
  units: number,
  fail: Fail,
  to: MemoryViews,
  allocate: Allocate,
): number {
  checkString(from, address, 2 * units, 2, fail);
  const target = allocate(0, 0, 2, 2 * units);
  if (!isUtf16(from, address, units)) fail("invalid utf-16: lone surrogate");
  copyBytes(from, address, 2 * units, to, target);
  to.count = units;
  return target;
}

function copyLatin1(
  from: MemoryViews,
  address: number,
  length: number,
  fail: Fail,
  to: MemoryViews,
  allocate: Allocate,
): number {
  checkString(from, address, length, 2, fail);
  const target = allocate(0, 0, 2, length);
  copyBytes(from, address, length, to, target);
  to.count = length;
  return target;
}

function latin1ToUtf16(
  from: MemoryViews,
  address: number,
  length: number,
  fail: Fail,
  to: MemoryViews,
  allocate: Allocate,
): number {
  const string = readers["latin1+utf16"](from, address, length, fail);
  const target = allocate(0, 0, 2, 2 * length);
  writeUtf16(to, target, string);
  to.count = length;
  return target;
}

function utf8ToUtf16(
  from: MemoryViews,
  address: number,
  length: number,
  fail: Fail,
  to: MemoryViews,
  allocate: Allocate,
): number {
  const string = readers.utf8(from, address, length, fail);
  const worst = 2 * length;
  let target = allocate(0, 0, 2, worst);
  writeUtf16(to, target, string);
  const size = 2 * string.length;
  if (size < worst) target = allocate(target, worst, 2, size);
  to.count = string.length;
  return target;
}

/** From an encoding with `string.length` code units: hopes for ASCII, then takes the worst case and shrinks. */
function putUtf8(to: MemoryViews, string: string, worst: number, allocate: Allocate): number {
  const units = string.length;
  let target = allocate(0, 0, 1, units);
  const ascii = prefixBelow(string, 0x80);
  writeLatin1(to, target, string.slice(0, ascii));
  to.count = units;
  if (ascii === units) return target;
  target = allocate(target, units, 1, worst);
  const { written } = new TextEncoder().encodeInto(
    string.slice(ascii),
    to.u8.subarray(target + ascii, target + worst),
  );
  const size = ascii + written;
  if (worst > size) target = allocate(target, worst, 1, size);
  to.count = size;
  return target;
}

/** Hopes for Latin-1, then inflates what is written and takes UTF-16. `units` are those of the source. */
function putLatin1OrUtf16(to: MemoryViews, string: string, units: number, allocate: Allocate): number {
  let target = allocate(0, 0, 2, units);
  const latin1 = prefixBelow(string, 0x100);
  writeLatin1(to, target, string.slice(0, latin1));
  if (latin1 === string.length) {
    if (latin1 < units) target = allocate(target, units, 2, latin1);
    to.count = latin1;
    return target;
  }
  const worst = 2 * units;
  target = allocate(target, units, 2, worst);
  inflate(to.u8, target, latin1);
  writeUtf16(to, target + 2 * latin1, string.slice(latin1));
  const size = 2 * string.length;
  if (worst > size) target = allocate(target, worst, 2, size);
  to.count = string.length + UTF16_TAG;
  return target;
}

/** Who tags a string as UTF-16 probably needs it: takes UTF-16 and shrinks when Latin-1 was enough. */
function taggedToLatin1OrUtf16(
  from: MemoryViews,
  address: number,
  units: number,
  fail: Fail,
  to: MemoryViews,
  allocate: Allocate,
): number {
  const string = readers.utf16(from, address, units, fail);
  const target = allocate(0, 0, 2, 2 * units);
  writeUtf16(to, target, string);
  to.count = units + UTF16_TAG;
  if (!isLatin1(string)) return target;
  writeLatin1(to, target, string);
  to.count = units;
  return allocate(target, 2 * units, 1, units);
}

/** Length of the start of the string in which all code units are below `limit`. */
function prefixBelow(string: string, limit: number): number {
  let length = 0;
  while (length < string.length && string.charCodeAt(length) < limit) length++;
  return length;
}

/** Makes UTF-16 of Latin-1 in place. */
function inflate(u8: Uint8Array, address: number, length: number): void {
  for (let i = length - 1; i >= 0; i--) {
    u8[address + 2 * i] = u8[address + i] as number;
    u8[address + 2 * i + 1] = 0;
  }
}
