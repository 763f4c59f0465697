import type { CoreValueType } from "../types.ts";
import type { Additions } from "./additions.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { op } from "./opcodes.ts";

/** A mutable number of a module: one of its globals, or a flag that the rewriter added. */
export interface StateGlobal {
  readonly index: number;
  readonly type: CoreValueType;
}

/** Words of 32 bits that one pair of functions gives access to. */
export const WORDS_PER_ACCESSOR = 256;

const I32_WRAP = 0xa7;
const I64_EXTEND_U = 0xad;
const I32_REINTERPRET_F32 = 0xbc;
const I64_REINTERPRET_F64 = 0xbd;
const F32_REINTERPRET_I32 = 0xbe;
const F64_REINTERPRET_I64 = 0xbf;
const I64_AND = 0x83;
const I64_OR = 0x84;
const I64_SHL = 0x86;
const I64_SHR_U = 0x88;
const EMPTY = 0x40;
const extractI32Lane = [0xfd, 0x1b];
const replaceI32Lane = [0xfd, 0x1c];
const LOW_MASK = 0xffffffff;

interface Word extends StateGlobal {
  /** Which 32 bits of the global, the lowest being 0. */
  readonly part: number;
}

/**
 * Functions that read and write mutable globals by words of 32 bits, to the bit: JavaScript numbers would lose those of NaNs, and it
 * cannot see vectors at all. Returns how many words there are.
 */
export function addStateWords(additions: Additions, globals: readonly StateGlobal[]): number {
  const words = globals.flatMap((global) => partsOf(global));
  for (let first = 0; first < words.length; first += WORDS_PER_ACCESSOR) {
    const group = words.slice(first, first + WORDS_PER_ACCESSOR);
    const number = first / WORDS_PER_ACCESSOR;
    const get = additions.function(["i32"], ["i32"], [], (writer) => select(writer, group, readWord));
    const set = additions.function(["i32", "i32"], [], [], (writer) => select(writer, group, writeWord));
    additions.export(`get${number}`, 0, get);
    additions.export(`set${number}`, 0, set);
  }
  return words.length;
}

function partsOf(global: StateGlobal): Word[] {
  const counts: Partial<Record<CoreValueType, number>> = { i32: 1, f32: 1, i64: 2, f64: 2, v128: 4 };
  return Array.from({ length: counts[global.type] ?? 0 }, (_, part) => ({ ...global, part }));
}

/** Code that does what `each` writes for the word whose number is the first parameter. */
function select(
  writer: ByteWriter,
  words: readonly Word[],
  each: (writer: ByteWriter, word: Word) => void,
): void {
  for (let index = 0; index < words.length; index++) writer.u8(op.block, EMPTY);
  writer.u8(op.localGet, 0, op.brTable).u32(words.length - 1);
  for (let index = 0; index < words.length; index++) writer.u32(index);
  for (const word of words) {
    writer.u8(op.end);
    each(writer, word);
    writer.u8(op.return);
  }
  writer.u8(op.unreachable);
}

function readWord(writer: ByteWriter, { index, type, part }: Word): void {
  writer.u8(op.globalGet).u32(index);
  if (type === "v128") writer.u8(...extractI32Lane, part);
  else if (type === "f32") writer.u8(I32_REINTERPRET_F32);
  else if (type !== "i32") {
    if (type === "f64") writer.u8(I64_REINTERPRET_F64);
    if (part === 1) writer.u8(op.i64Const, 32, I64_SHR_U);
    writer.u8(I32_WRAP);
  }
}

function writeWord(writer: ByteWriter, { index, type, part }: Word): void {
  const value = [op.localGet, 1];
  switch (type) {
    case "i32":
      writer.u8(...value);
      break;
    case "f32":
      writer.u8(...value, F32_REINTERPRET_I32);
      break;
    case "v128":
      writer
        .u8(op.globalGet)
        .u32(index)
        .u8(...value, ...replaceI32Lane, part);
      break;
    default:
      writer.u8(op.globalGet).u32(index);
      if (type === "f64") writer.u8(I64_REINTERPRET_F64);
      writer
        .u8(op.i64Const)
        .signed(part === 0 ? -LOW_MASK - 1 : LOW_MASK)
        .u8(I64_AND, ...value, I64_EXTEND_U);
      if (part === 1) writer.u8(op.i64Const, 32, I64_SHL);
      writer.u8(I64_OR);
      if (type === "f64") writer.u8(F64_REINTERPRET_I64);
  }
  writer.u8(op.globalSet).u32(index);
}
