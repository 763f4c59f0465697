import { ComponentModelError } from "../errors.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads the primitives of the binary format from a range of bytes. Offsets are those of the whole binary, so errors name
 * the place in the file. Never reads past `end`, and no count that it returns exceeds the bytes that are left.
 */
export class Reader {
  readonly bytes: Uint8Array;
  readonly end: number;
  offset: number;

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  get done(): boolean {
    return this.offset >= this.end;
  }

  malformed(message: string, offset = this.offset): ComponentModelError {
    return new ComponentModelError("malformed", `${message} at byte ${offset}`, { offset });
  }

  u8(): number {
    if (this.offset >= this.end) throw this.malformed("unexpected end: a byte is missing");
    return this.bytes[this.offset++] as number;
  }

  peek(): number {
    if (this.offset >= this.end) throw this.malformed("unexpected end: a byte is missing");
    return this.bytes[this.offset] as number;
  }

  /** Unsigned LEB128 of at most 32 bits. */
  u32(): number {
    const start = this.offset;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      if (shift === 28 && byte > 0x0f) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw this.malformed("invalid LEB128: more than 32 bits", start);
  }

  /** Signed LEB128 of at most 33 bits: a type index (not negative) or the opcode of a type (negative). */
  s33(): number {
    const start = this.offset;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte >= 0x80) continue;
      if (shift === 28 && byte > 0x0f && byte < 0x70) break;
      return byte & 0x40 ? value - 2 ** (shift + 7) : value;
    }
    throw this.malformed("invalid LEB128: more than 33 bits", start);
  }

  /** Skips a LEB128 number of at most `bits` bits. */
  skipLeb(bits: 32 | 64): void {
    const start = this.offset;
    const limit = Math.ceil(bits / 7);
    for (let count = 0; count < limit; count++) if (this.u8() < 0x80) return;
    throw this.malformed(`invalid LEB128: more than ${bits} bits`, start);
  }

  /** The length of a vector whose items take one byte at least. */
  count(what: string): number {
    const start = this.offset;
    const count = this.u32();
    if (count > this.end - this.offset) {
      throw this.malformed(
        `${count} ${what} announced, but only ${this.end - this.offset} bytes are left`,
        start,
      );
    }
    return count;
  }

  /** Reads a vector: its length, then each item by `item`. */
  vector<T>(what: string, item: (index: number) => T): T[] {
    const count = this.count(what);
    const items: T[] = [];
    for (let index = 0; index < count; index++) items.push(item(index));
    return items;
  }

  /** A length and so many bytes of UTF-8. */
  name(): string {
    const start = this.offset;
    const length = this.count("bytes of a name");
    const raw = this.bytes.subarray(this.offset, this.offset + length);
    try {
      const text = utf8.decode(raw);
      this.offset += length;
      return text;
    } catch (cause) {
      throw new ComponentModelError("malformed", `invalid UTF-8 in a name at byte ${start}`, {
        offset: start,
        cause,
      });
    }
  }

  skip(length: number): void {
    if (length > this.end - this.offset) {
      throw this.malformed(`unexpected end: ${length} bytes expected, ${this.end - this.offset} left`);
    }
    this.offset += length;
  }

  /** A reader of the next `length` bytes, which this one skips. */
  part(length: number): Reader {
    const start = this.offset;
    this.skip(length);
    return new Reader(this.bytes, start, start + length);
  }

  expect(byte: number, what: string): void {
    const start = this.offset;
    const found = this.u8();
    if (found !== byte) throw this.malformed(`${what}: expected ${hex(byte)}, found ${hex(found)}`, start);
  }

  finish(what: string): void {
    if (!this.done) throw this.malformed(`${this.end - this.offset} bytes too many at the end of ${what}`);
  }
}

export function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
