const decoder = new TextDecoder();

/** Reads the values of one record of an MCAP file, little-endian. Throws an Error where the record is too short. */
export class RecordCursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  /** A length or an offset. Those that no file can have are refused. */
  length(): number {
    const value = this.u64();
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      throw new Error(`expected a length within a file, found ${value}`);
    return Number(value);
  }

  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(): string {
    return decoder.decode(this.bytes(this.u32()));
  }

  texts(): Map<string, string> {
    const end = this.u32() + this.#offset;
    if (end > this.#bytes.length) throw tooShort(end, this.#bytes.length);
    const map = new Map<string, string>();
    while (this.#offset < end) map.set(this.text(), this.text());
    return map;
  }

  #take(length: number): number {
    const start = this.#offset;
    if (start + length > this.#bytes.length) throw tooShort(start + length, this.#bytes.length);
    this.#offset = start + length;
    return start;
  }
}

function tooShort(expected: number, found: number): Error {
  return new Error(`expected a record of at least ${expected} bytes, found ${found}`);
}
