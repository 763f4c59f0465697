/** Collects bytes, and bits of entropy-coded data with the zero byte that follows each 0xFF. */
export class BitWriter {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;
  #pending = 0;
  #pendingBits = 0;

  /** Starts anew. */
  reset(): void {
    this.#length = 0;
    this.#pending = 0;
    this.#pendingBits = 0;
  }

  /** Appends bytes as they are. */
  bytes(values: ArrayLike<number>): void {
    this.#reserve(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  /** Appends the lowest `count` bits (at most 16) of a value. */
  bits(value: number, count: number): void {
    this.#pending = (this.#pending << count) | (value & ((1 << count) - 1));
    this.#pendingBits += count;
    while (this.#pendingBits >= 8) {
      this.#pendingBits -= 8;
      this.#entropyByte((this.#pending >> this.#pendingBits) & 0xff);
    }
    this.#pending &= (1 << this.#pendingBits) - 1;
  }

  /** Fills the last byte with ones. */
  flush(): void {
    if (this.#pendingBits > 0) this.bits(0x7f, 8 - this.#pendingBits);
  }

  /** A copy of what was written. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #entropyByte(byte: number): void {
    if (this.#length + 2 > this.#bytes.length) this.#reserve(2);
    this.#bytes[this.#length++] = byte;
    if (byte === 0xff) this.#bytes[this.#length++] = 0;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + count));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
