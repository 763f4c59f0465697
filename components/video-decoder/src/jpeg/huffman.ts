/**
 * Huffman tables, made for decoding by look-up: the next 10 bits of the stream give the symbol, and where code and value fit
 * into 10 bits together, the value with its sign as well. Longer codes are found by comparison (ITU-T T.81, Annex C and F.2.2.3).
 */

import { Problem } from "../problem";

export const LOOKUP_BITS = 10;

/** Bits of an entry: how many bits of the stream it stands for. 0 means that the code is longer than the look-up. */
export const LENGTH_MASK = 31;
/** From here the symbol (8 bits); of an entry with its value, the run (4 bits). */
export const SYMBOL_SHIFT = 5;
/** The value is in the upper 16 bits, and the length is that of code and value. */
export const HAS_VALUE = 1 << 13;

/** A second look-up, of 16-bit entries that have the symbol in every case: for progressive scans. */
const CODES = 4 << LOOKUP_BITS;
/** For codes of each length: the first 16 bits that are beyond them, and what to add to find the symbol. */
const LIMITS = CODES + (2 << LOOKUP_BITS);
const OFFSETS = LIMITS + 17 * 4;
const SYMBOLS = OFFSETS + 17 * 4;
const DEFINED = SYMBOLS + 256;
const TABLE_SIZE = DEFINED + 8;

const tables = memory.data(8 * TABLE_SIZE, 16);

/** The table of a class (0 DC, 1 AC) with a number (0 … 3). */
export function huffmanTable(tableClass: i32, id: i32): usize {
  return tables + (tableClass * 4 + id) * TABLE_SIZE;
}

export function isDefined(table: usize): bool { return load<bool>(table, DEFINED); }

export function forgetTables(): void {
  for (let i = 0; i < 8; i++) store<bool>(tables + i * TABLE_SIZE, false, DEFINED);
}

/**
 * @param counts address of 16 bytes: how many codes of each length there are
 * @param symbols address of the symbols, by code
 */
export function defineTable(tableClass: i32, id: i32, counts: usize, symbols: usize): Problem {
  const table = huffmanTable(tableClass, id);
  memory.fill(table, 0, LIMITS);
  let code: u32 = 0;
  let index = 0;
  for (let length = 1; length <= 16; length++) {
    const count = load<u8>(counts + length - 1);
    if (code + count > <u32>1 << length) return Problem.BadHuffmanTable;
    store<i32>(table + (length << 2), index - <i32>code, OFFSETS);
    for (let i = 0; i < <i32>count; i++, code++, index++) {
      const symbol = load<u8>(symbols + index);
      store<u8>(table + index, symbol, SYMBOLS);
      if (length <= LOOKUP_BITS) fill(table, tableClass, code, length, symbol);
    }
    store<u32>(table + (length << 2), code << (16 - length), LIMITS);
    code <<= 1;
  }
  store<bool>(table, true, DEFINED);
  return Problem.None;
}

/** Enters a short code for all continuations of it. */
function fill(table: usize, tableClass: i32, code: u32, length: i32, symbol: i32): void {
  const rest = LOOKUP_BITS - length;
  const size = symbol & 15;
  // Sizes of DC differences go to 11 (16 in theory): the run bits belong to the size there.
  const takesValue = tableClass == 0 ? symbol <= rest : size > 0 && size <= rest;
  for (let next: u32 = 0; next < <u32>1 << rest; next++) {
    const at = (code << rest) + next;
    let entry = length | (symbol << SYMBOL_SHIFT);
    store<u16>(table + (<usize>at << 1), <u16>entry, CODES);
    if (takesValue) {
      const value = extend(<i32>(next >> (rest - size)), size);
      const run = tableClass == 0 ? 0 : symbol >> 4;
      entry = (length + size) | (run << SYMBOL_SHIFT) | HAS_VALUE | (value << 16);
    }
    store<i32>(table + (<usize>at << 2), entry);
  }
}

/** The signed value that `size` bits stand for (T.81, Figure F.12). */
// @ts-ignore: decorator
@inline
export function extend(bits: i32, size: i32): i32 {
  // The top bit says the sign: 1 for positive. Without bits the value is 0.
  return bits < (1 << size) >> 1 ? bits + 1 - (1 << size) : bits;
}

/** Length and symbol of the code at the front of some bits, as an entry without value; 0 for a code that there is not. */
// @ts-ignore: decorator
@inline
export function codeEntry(table: usize, bits: u64): i32 {
  const entry = <i32>load<u16>(table + (<usize>(bits >> (64 - LOOKUP_BITS)) << 1), CODES);
  return entry != 0 ? entry : longCode(table, bits);
}

/** Length and symbol of a code that is longer than the look-up, as an entry without value; 0 for a code that there is not. */
export function longCode(table: usize, bits: u64): i32 {
  const next = <u32>(bits >> 48);
  for (let length = LOOKUP_BITS + 1; length <= 16; length++) {
    if (next < load<u32>(table + (length << 2), LIMITS)) {
      const index = <i32>(next >> (16 - length)) + load<i32>(table + (length << 2), OFFSETS);
      return length | (<i32>load<u8>(table + (index & 255), SYMBOLS) << SYMBOL_SHIFT);
    }
  }
  return 0;
}
