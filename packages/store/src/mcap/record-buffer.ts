const encoder = new TextEncoder();

const FIRST_BYTES = 4096;

/** Bytes of an MCAP file in the making, little-endian: grows as it is written to. */
export class RecordBuffer {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacityBytes = FIRST_BYTES) {
    this.#bytes = Buffer.allocUnsafeSlow(capacityBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** What is written so far: a view, valid until more is written. */
  borrow(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  u8(value: number): void {
    const offset = this.#take(1);
    this.#view.setUint8(offset, value);
  }

  u16(value: number): void {
    const offset = this.#take(2);
    this.#view.setUint16(offset, value, true);
  }

  u32(value: number): void {
    const offset = this.#take(4);
    this.#view.setUint32(offset, value, true);
  }

  u64(value: bigint): void {
    const offset = this.#take(8);
    this.#view.setBigUint64(offset, value, true);
  }

  /** A length or an offset: a whole number that is exact. */
  length64(value: number): void {
    const offset = this.#take(8);
    this.#view.setUint32(offset, value >>> 0, true);
    this.#view.setUint32(offset + 4, Math.floor(value / 2 ** 32), true);
  }

  raw(bytes: Uint8Array): void {
    const offset = this.#take(bytes.length);
    this.#bytes.set(bytes, offset);
  }

  text(value: string): void {
    const bytes = encoder.encode(value);
    this.u32(bytes.length);
    this.raw(bytes);
  }

  texts(values: Iterable<readonly [string, string]>): void {
    const start = this.#take(4);
    for (const [key, value] of values) {
      this.text(key);
      this.text(value);
    }
    this.#view.setUint32(start, this.#length - start - 4, true);
  }

  /** A whole record: its operation code, its length, and what `fill` writes. */
  record(opcode: number, fill: () => void): void {
    this.u8(opcode);
    const start = this.#take(8);
    fill();
    const bytes = this.#length - start - 8;
    this.#view.setUint32(start, bytes >>> 0, true);
    this.#view.setUint32(start + 4, Math.floor(bytes / 2 ** 32), true);
  }

  /** May replace the view: callers take it afterwards. */
  #take(bytes: number): number {
    const start = this.#length;
    const end = start + bytes;
    if (end > this.#bytes.length) this.#grow(end);
    this.#length = end;
    return start;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
