import { TextDecoder } from "node:util";
import { DatabaseError } from "./database-error.ts";

export type Value = null | bigint | number | string | Uint8Array;

/** Reads the columns of a row from its record: a header of types, then the values. Source: SQLite's file format, section 2.1. */
export class RowReader {
  readonly #decoder: TextDecoder;

  constructor(textEncoding: string) {
    this.#decoder = new TextDecoder(textEncoding);
  }

  /**
   * The wanted columns, by their numbers; null for those that the row is too short for. `offset` is the row's place, for errors. Throws a
   * DatabaseError where the record ends within a wanted column.
   */
  read(record: Uint8Array, wanted: readonly number[], offset: number): Value[] {
    const size = readVarint(record, 0, offset);
    const headerBytes = Number(size.value);
    const values = new Array<Value>(wanted.length).fill(null);
    let place = size.end;
    let start = headerBytes;
    for (let column = 0; place < headerBytes; column++) {
      const type = readVarint(record, place, offset);
      place = type.end;
      const length = lengthOf(Number(type.value));
      const slot = wanted.indexOf(column);
      if (slot >= 0) values[slot] = this.#value(record, Number(type.value), start, length, offset);
      start += length;
    }
    return values;
  }

  #value(record: Uint8Array, type: number, start: number, length: number, offset: number): Value {
    if (start + length > record.length) {
      const found = `${Math.max(record.length - start, 0)}`;
      throw new DatabaseError(`${length} bytes of a column`, found, offset);
    }
    if (type === 0) return null;
    if (type === 8) return 0n;
    if (type === 9) return 1n;
    const bytes = record.subarray(start, start + length);
    if (type < 7) return integer(bytes);
    if (type === 7) return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0);
    if (type < 12) throw new DatabaseError("a type of column", `${type}`, offset);
    return type % 2 === 0 ? bytes : this.#decoder.decode(bytes);
  }
}

const LENGTHS = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0];

function lengthOf(type: number): number {
  return LENGTHS[type] ?? (type - (type % 2 === 0 ? 12 : 13)) / 2;
}

/** Big-endian, two's complement. */
function integer(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(8 * bytes.length, value);
}

/** A number of 1 to 9 bytes with its end. Throws a DatabaseError where the bytes end too early. */
export function readVarint(bytes: Uint8Array, start: number, offset: number): { value: bigint; end: number } {
  let value = 0;
  for (let index = 0; index < 4; index++) {
    const byte = bytes[start + index];
    if (byte === undefined) throw new DatabaseError("a number", "the end of the row", offset);
    value = value * 128 + (byte & 127);
    if (byte < 128) return { value: BigInt(value), end: start + index + 1 };
  }
  return readLongVarint(bytes, start, offset);
}

function readLongVarint(bytes: Uint8Array, start: number, offset: number): { value: bigint; end: number } {
  let value = 0n;
  for (let index = 0; index < 9; index++) {
    const byte = bytes[start + index];
    if (byte === undefined) throw new DatabaseError("a number", "the end of the row", offset);
    if (index === 8) return { value: BigInt.asIntN(64, (value << 8n) | BigInt(byte)), end: start + 9 };
    value = (value << 7n) | BigInt(byte & 127);
    if (byte < 128) return { value, end: start + index + 1 };
  }
  throw new Error("Invariant: a number has at most nine bytes");
}
