import { unsupported } from "../binary/core-types.ts";
import { hex, Reader } from "../binary/reader.ts";
import { ComponentModelError } from "../errors.ts";
import {
  FIRST_RELAXED_VECTOR_CODE,
  Immediate,
  immediates,
  miscImmediates,
  PREFIX_MISC,
  PREFIX_VECTOR,
  vectorImmediate,
} from "./opcodes.ts";

/** Opcodes outside the scope, by the name of the feature that they belong to. */
const refused = new Map<number, string>([
  [0x0a, "exception references"],
  [0x1f, "exception references"],
  [0x14, "typed function references"],
  [0x15, "typed function references"],
  [0xd3, "GC types"],
  [0xd4, "typed function references"],
  [0xd5, "typed function references"],
  [0xd6, "typed function references"],
  [0xfb, "GC types"],
  [0xfe, "threads (atomic instructions)"],
]);

/**
 * Reads instructions one by one: where each starts and ends, its opcode, and its first two immediates where these are indices,
 * labels or block types. Instructions outside the scope are refused by name.
 */
export class InstructionReader {
  readonly bytes: Uint8Array;
  end: number;
  /** Offset after the instruction that was read last. */
  at: number;
  /** Offset of that instruction. */
  start = 0;
  /** Its opcode, see `opcodes.ts`. */
  op = 0;
  first = 0;
  second = 0;
  /** Offset of its immediates. */
  immediates = 0;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  next(): void {
    this.start = this.at;
    const code = this.#u8();
    if (code === PREFIX_MISC || code === PREFIX_VECTOR) {
      this.#prefixed(code);
      return;
    }
    this.op = code;
    this.immediates = this.at;
    const immediate = immediates[code] as number;
    if (immediate === Immediate.none) return;
    if (immediate === Immediate.index) this.first = this.u32();
    else if (immediate === Immediate.invalid) this.#refuse(code);
    else this.#skip(immediate);
  }

  /** Calls `each` with every label of the `br_table` that was read last, the default one included. */
  labels(each: (label: number) => void): void {
    const end = this.at;
    this.at = this.immediates;
    const count = this.u32();
    for (let index = 0; index <= count; index++) each(this.u32());
    this.at = end;
  }

  malformed(message: string, offset = this.start): ComponentModelError {
    return new ComponentModelError("malformed", `${message} at byte ${offset}`, { offset });
  }

  u32(): number {
    const first = this.#u8();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      const byte = this.#u8();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    const last = this.#u8();
    if (last > 0x0f) throw this.malformed("invalid LEB128: more than 32 bits", this.at - 5);
    return value + last * 2 ** 28;
  }

  #u8(): number {
    if (this.at >= this.end) throw this.malformed("unexpected end of code", this.end);
    return this.bytes[this.at++] as number;
  }

  #prefixed(prefix: number): void {
    const code = this.u32();
    this.op = (prefix << 16) | code;
    this.immediates = this.at;
    if (prefix === PREFIX_VECTOR) {
      if (code >= FIRST_RELAXED_VECTOR_CODE) throw unsupported("relaxed SIMD", this.start);
      this.#skip(vectorImmediate(code));
      return;
    }
    const immediate = miscImmediates[code];
    if (immediate === undefined) throw this.malformed(`invalid instruction 0xfc ${hex(code)}`);
    this.#skip(immediate);
  }

  #skip(immediate: number): void {
    switch (immediate) {
      case Immediate.none:
        return;
      case Immediate.index:
        this.first = this.u32();
        return;
      case Immediate.twoIndices:
        this.first = this.u32();
        this.second = this.u32();
        return;
      case Immediate.blockType:
      case Immediate.heapType:
        this.first = this.#s33();
        return;
      case Immediate.brTable: {
        const count = this.u32();
        for (let index = 0; index <= count; index++) this.u32();
        return;
      }
      case Immediate.valueTypes: {
        const count = this.u32();
        for (let index = 0; index < count; index++) this.#s33();
        return;
      }
      case Immediate.memory:
        this.#memory();
        return;
      case Immediate.memoryLane:
        this.#memory();
        this.#bytes(1);
        return;
      case Immediate.lane:
        this.#bytes(1);
        return;
      case Immediate.i32:
        this.#leb(32);
        return;
      case Immediate.i64:
        this.#leb(64);
        return;
      case Immediate.bytes4:
        this.#bytes(4);
        return;
      case Immediate.bytes8:
        this.#bytes(8);
        return;
      case Immediate.bytes16:
        this.#bytes(16);
        return;
    }
  }

  /** Alignment, perhaps with a memory's index, and offset. */
  #memory(): void {
    if (this.u32() & 0x40) this.u32();
    this.u32();
  }

  #s33(): number {
    const byte = this.#u8();
    if (byte < 0x40) return byte;
    if (byte < 0x80) return byte - 0x80;
    const reader = new Reader(this.bytes, this.at - 1, this.end);
    const value = reader.s33();
    this.at = reader.offset;
    return value;
  }

  #leb(bits: 32 | 64): void {
    const limit = Math.ceil(bits / 7);
    for (let count = 0; count < limit; count++) if (this.#u8() < 0x80) return;
    throw this.malformed(`invalid LEB128: more than ${bits} bits`);
  }

  #bytes(count: number): void {
    if (count > this.end - this.at) throw this.malformed("unexpected end of code", this.end);
    this.at += count;
  }

  #refuse(code: number): never {
    const feature = refused.get(code);
    if (feature !== undefined) throw unsupported(feature, this.start);
    throw this.malformed(`invalid instruction ${hex(code)}`);
  }
}
