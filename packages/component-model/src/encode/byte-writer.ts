const utf8 = new TextEncoder();

/** Writes the primitives of the binary format; grows as bytes come. */
export class ByteWriter {
  #bytes = new Uint8Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  u8(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  /** Unsigned LEB128. */
  u32(value: number): void {
    for (let rest = value; ; ) {
      const low = rest % 128;
      rest = Math.floor(rest / 128);
      this.u8(rest === 0 ? low : low | 0x80);
      if (rest === 0) return;
    }
  }

  /** A type index where opcodes of types could stand too: signed LEB128 of a number that is not negative. */
  typeIndex(index: number): void {
    for (let rest = index; ; ) {
      const low = rest % 128;
      rest = Math.floor(rest / 128);
      const last = rest === 0 && low < 0x40;
      this.u8(last ? low : low | 0x80);
      if (last) return;
    }
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A length and so many bytes of UTF-8. */
  name(text: string): void {
    this.sized(utf8.encode(text));
  }

  /** A length and so many bytes. */
  sized(bytes: Uint8Array): void {
    this.u32(bytes.length);
    this.bytes(bytes);
  }

  /** A length, then each item by `write`. */
  vector<T>(items: readonly T[], write: (item: T) => void): void {
    this.u32(items.length);
    for (const item of items) write(item);
  }

  /** 0x00 for nothing, or 0x01 and the item. */
  optional<T>(item: T | undefined, write: (item: T) => void): void {
    this.u8(item === undefined ? 0 : 1);
    if (item !== undefined) write(item);
  }

  /** A view of what is written so far, valid until the next write. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.written());
    this.#bytes = grown;
  }
}
