/** Huffman coding of blocks for the tests' JPEGs (ITU-T T.81, Annexes F and G). */

import type { ScanRange } from "./jpeg-writer.ts";

/** The bits of a scan, with stuffing. */
export class BitWriter {
  readonly #bytes: number[] = [];
  #bits = 0;
  #count = 0;

  /** Appends the low bits of a value. */
  put(value: number, count: number): void {
    for (let i = count - 1; i >= 0; i--) {
      this.#bits = (this.#bits << 1) | ((value >> i) & 1);
      if (++this.#count < 8) continue;
      this.#bytes.push(this.#bits);
      if (this.#bits === 0xff) this.#bytes.push(0);
      this.#bits = 0;
      this.#count = 0;
    }
  }

  restart(number: number): void {
    this.#pad();
    this.#bytes.push(0xff, 0xd0 + number);
  }

  finish(): number[] {
    this.#pad();
    return this.#bytes;
  }

  /** Fills up the byte with ones. */
  #pad(): void {
    if (this.#count > 0) this.put(0xff, 8 - this.#count);
  }
}

/** How many codes of each length: short ones and long ones, for all 256 symbols. */
const LENGTHS = [0, 0, 0, 0, 2, 4, 8, 20, 40, 40, 40, 40, 40, 22, 0, 0];

/** The standard's table for DC differences of luminance (Annex K.3), which the tests use for all components. */
const STANDARD_DC = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];

interface Code {
  readonly value: number;
  readonly length: number;
}

/** Codes for symbols in the given order. */
function codesOf(lengths: readonly number[], symbols: readonly number[]): Map<number, Code> {
  const codes = new Map<number, Code>();
  let value = 0;
  let next = 0;
  lengths.forEach((count, i) => {
    for (let k = 0; k < count; k++) codes.set(symbols[next++] ?? 0, { value: value++, length: i + 1 });
    value <<= 1;
  });
  return codes;
}

/** Symbols in an order that gives the usual ones the short codes. */
const SYMBOLS = Array.from({ length: 256 }, (_, i) => i).sort((a, b) => cost(a) - cost(b) || a - b);

function cost(symbol: number): number {
  return (symbol >> 4) + 2 * (symbol & 15);
}

export class EntropyWriter {
  readonly #dc: Map<number, Code>;
  readonly #ac: Map<number, Code>;
  readonly #previous = new Map<number, number>();
  #emptyBlocks = 0;
  /** Bits that refine coefficients of blocks without new ones; they follow the code for those blocks. */
  #pending: number[] = [];

  /** @param standard the codes of the standard's DC table, and end-of-block only for AC: then blocks have to be flat */
  constructor(standard: boolean) {
    this.#dc = standard ? codesOf(STANDARD_DC, SYMBOLS.slice(0, 12).map((_, i) => i)) : codesOf(LENGTHS, SYMBOLS);
    this.#ac = standard ? new Map([[0, { value: 0b1010, length: 4 }]]) : codesOf(LENGTHS, SYMBOLS);
  }

  tablesSegment(): number[] {
    return [0x00, ...LENGTHS, ...SYMBOLS, 0x10, ...LENGTHS, ...SYMBOLS];
  }

  beginInterval(): void {
    this.#previous.clear();
  }

  endInterval(bits: BitWriter, scan: ScanRange): void {
    this.#flushEmptyBlocks(bits, scan);
  }

  writeBlock(bits: BitWriter, scan: ScanRange, plane: number, block: Int16Array): void {
    if (scan.first === 0 && scan.high === 0) this.#writeDc(bits, scan, plane, block[0] ?? 0);
    else if (scan.first === 0) bits.put(((block[0] ?? 0) >> scan.low) & 1, 1);
    if (scan.last === 0) return;
    if (scan.first === 0) this.#writeAc(bits, block);
    else if (scan.high === 0) this.#writeFirstAc(bits, scan, block);
    else this.#refineAc(bits, scan, block);
  }

  #symbol(bits: BitWriter, codes: Map<number, Code>, symbol: number): void {
    const code = codes.get(symbol);
    if (code === undefined) throw new Error(`no code for symbol ${symbol}`);
    bits.put(code.value, code.length);
  }

  #writeDc(bits: BitWriter, scan: ScanRange, plane: number, value: number): void {
    const shifted = value >> scan.low;
    const difference = shifted - (this.#previous.get(plane) ?? 0);
    this.#previous.set(plane, shifted);
    const size = sizeOf(difference);
    this.#symbol(bits, this.#dc, size);
    bits.put(difference < 0 ? difference - 1 : difference, size);
  }

  #writeAc(bits: BitWriter, block: Int16Array): void {
    let run = 0;
    for (let k = 1; k < 64; k++) {
      const value = block[k] ?? 0;
      if (value === 0) {
        run++;
        continue;
      }
      for (; run > 15; run -= 16) this.#symbol(bits, this.#ac, 0xf0);
      const size = sizeOf(value);
      this.#symbol(bits, this.#ac, (run << 4) | size);
      bits.put(value < 0 ? value - 1 : value, size);
      run = 0;
    }
    if (run > 0) this.#symbol(bits, this.#ac, 0);
  }

  #writeFirstAc(bits: BitWriter, scan: ScanRange, block: Int16Array): void {
    let run = 0;
    for (let k = scan.first; k <= scan.last; k++) {
      const value = shiftTowardsZero(block[k] ?? 0, scan.low);
      if (value === 0) {
        run++;
        continue;
      }
      this.#flushEmptyBlocks(bits, scan);
      for (; run > 15; run -= 16) this.#symbol(bits, this.#ac, 0xf0);
      const size = sizeOf(value);
      this.#symbol(bits, this.#ac, (run << 4) | size);
      bits.put(value < 0 ? value - 1 : value, size);
      run = 0;
    }
    if (run > 0) this.#addEmptyBlock(bits, scan);
  }

  #refineAc(bits: BitWriter, scan: ScanRange, block: Int16Array): void {
    const value = (k: number) => shiftTowardsZero(block[k] ?? 0, scan.low);
    let lastNew = scan.first - 1;
    for (let k = scan.first; k <= scan.last; k++) if (Math.abs(value(k)) === 1) lastNew = k;
    let run = 0;
    let refinements: number[] = [];
    let k = scan.first;
    for (; k <= lastNew; k++) {
      const size = Math.abs(value(k));
      if (size > 1) {
        refinements.push(size & 1);
        continue;
      }
      if (size === 0 && run < 15) {
        run++;
        continue;
      }
      this.#flushEmptyBlocks(bits, scan);
      // A new coefficient after `run` zeros, or sixteen zeros in a row.
      this.#symbol(bits, this.#ac, (run << 4) | size);
      if (size === 1) bits.put(value(k) > 0 ? 1 : 0, 1);
      for (const bit of refinements) bits.put(bit, 1);
      refinements = [];
      run = 0;
    }
    for (; k <= scan.last; k++) if (Math.abs(value(k)) > 1) refinements.push(Math.abs(value(k)) & 1);
    if (lastNew < scan.last) this.#addEmptyBlock(bits, scan, refinements);
    else for (const bit of refinements) bits.put(bit, 1);
  }

  /** Counts a block whose rest is empty. */
  #addEmptyBlock(bits: BitWriter, scan: ScanRange, refinements: readonly number[] = []): void {
    this.#emptyBlocks++;
    this.#pending.push(...refinements);
    if (this.#emptyBlocks === 0x7fff) this.#flushEmptyBlocks(bits, scan);
  }

  #flushEmptyBlocks(bits: BitWriter, scan: ScanRange): void {
    if (this.#emptyBlocks === 0 || scan.first === 0) return;
    const size = sizeOf(this.#emptyBlocks) - 1;
    this.#symbol(bits, this.#ac, size << 4);
    bits.put(this.#emptyBlocks, size);
    for (const bit of this.#pending) bits.put(bit, 1);
    this.#emptyBlocks = 0;
    this.#pending = [];
  }
}

/** Bits that a value takes. */
function sizeOf(value: number): number {
  return value === 0 ? 0 : 32 - Math.clz32(Math.abs(value));
}

function shiftTowardsZero(value: number, low: number): number {
  return value < 0 ? -(-value >> low) : value >> low;
}
