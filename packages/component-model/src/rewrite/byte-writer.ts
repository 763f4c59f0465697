const text = new TextEncoder();

/** Builds a core binary: grows as needed, and fills in lengths once what they measure is written. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  u8(...values: readonly number[]): this {
    this.#reserve(values.length);
    for (const value of values) this.#bytes[this.#length++] = value;
    return this;
  }

  /** Unsigned LEB128 of a number below 2³². */
  u32(value: number): this {
    this.#reserve(5);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest = rest > 0x7fffffff ? Math.floor(rest / 128) : rest >>> 7;
    }
    this.#bytes[this.#length++] = rest;
    return this;
  }

  /** Signed LEB128 of a safe integer. */
  signed(value: number): this {
    this.#reserve(10);
    let rest = value;
    for (;;) {
      const low = ((rest % 128) + 128) % 128;
      rest = (rest - low) / 128;
      if ((rest === 0 && low < 64) || (rest === -1 && low >= 64)) {
        this.#bytes[this.#length++] = low;
        return this;
      }
      this.#bytes[this.#length++] = low | 0x80;
    }
  }

  /** Signed LEB128 of a 64-bit integer. */
  s64(value: bigint): this {
    let rest = value;
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      if ((rest === 0n && low < 64) || (rest === -1n && low >= 64)) return this.u8(low);
      this.u8(low | 0x80);
    }
  }

  name(value: string): this {
    const bytes = text.encode(value);
    return this.u32(bytes.length).raw(bytes);
  }

  raw(bytes: Uint8Array, start = 0, end = bytes.length): this {
    const count = end - start;
    this.#reserve(count);
    if (count < 64) {
      for (let index = start; index < end; index++) this.#bytes[this.#length++] = bytes[index] as number;
      return this;
    }
    this.#bytes.set(bytes.subarray(start, end), this.#length);
    this.#length += count;
    return this;
  }

  /** What `fill` writes, after its length in bytes. */
  sized(fill: () => void): this {
    this.#reserve(5);
    const at = this.#length;
    this.#length += 5;
    fill();
    let rest = this.#length - at - 5;
    for (let index = 0; index < 5; index++) {
      this.#bytes[at + index] = (rest & 0x7f) | (index < 4 ? 0x80 : 0);
      rest >>>= 7;
    }
    return this;
  }

  section(id: number, fill: () => void): this {
    return this.u8(id).sized(fill);
  }

  /** The bytes written so far, copied. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
