// Binary COPY: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format". All numbers are big-endian.
const HEADER = Uint8Array.of(
  ...[0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00],
  ...[0, 0, 0, 0],
  ...[0, 0, 0, 0],
);
const TRAILER = Uint8Array.of(0xff, 0xff);
const LOW_64_BITS = 0xffff_ffff_ffff_ffffn;

/** Memory that rows are written into, used again once it is sent: new memory costs more than what is written into it. */
export class Slabs {
  readonly #free: Uint8Array[] = [];

  take(): Uint8Array {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);
  }

  /** Parts of slabs that nobody needs any more. */
  giveBack(parts: readonly Uint8Array[]): void {
    for (const { buffer } of parts)
      if (buffer.byteLength === SLAB_BYTES && this.#free.length < MOST_FREE)
        this.#free.push(new Uint8Array(buffer));
  }
}

const SLAB_BYTES = 1024 * 1024;
const MOST_FREE = 32;

/** Rows for `COPY … FROM STDIN (FORMAT binary)`, written value by value. */
export class CopyBuffer {
  readonly #from: Slabs;
  #slabs: Uint8Array[] = [];
  #slab: Uint8Array = new Uint8Array(0);
  #view = new DataView(this.#slab.buffer);
  #used = 0;
  #full = 0;
  #rowCount = 0;

  constructor(from: Slabs) {
    this.#from = from;
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  get sizeBytes(): number {
    return this.#full + this.#used;
  }

  /** What is sent, and begins anew. The slabs get it back when it is sent. */
  take(): readonly Uint8Array[] {
    this.#close();
    const chunks = [HEADER, ...this.#slabs, TRAILER];
    this.#slabs = [];
    this.#full = 0;
    this.#rowCount = 0;
    return chunks;
  }

  /** Begins a row of as many columns. `fixedBytes` is what it has before its bytes of any length: see `FIELD_BYTES`. */
  protected row(columns: number, fixedBytes: number): void {
    this.#reserve(2 + fixedBytes);
    this.#view.setInt16(this.#take(2), columns);
    this.#rowCount++;
  }

  protected int4(value: number): void {
    const at = this.#take(FIELD_BYTES.int4);
    this.#view.setInt32(at, 4);
    this.#view.setInt32(at + 4, value);
  }

  /** The low 64 bits: an unsigned number beyond 2⁶³ becomes a negative one, and is read back as it was. */
  protected int8(value: bigint): void {
    const at = this.#take(FIELD_BYTES.int8);
    this.#view.setInt32(at, 8);
    this.#view.setBigUint64(at + 4, value & LOW_64_BITS);
  }

  protected float8(value: number): void {
    const at = this.#take(FIELD_BYTES.float8);
    this.#view.setInt32(at, 8);
    this.#view.setFloat64(at + 4, value);
  }

  /** Copies them. The last column of a row. */
  protected bytes(data: Uint8Array): void {
    this.#view.setInt32(this.#take(FIELD_BYTES.bytes), data.length);
    let done = 0;
    while (done < data.length) {
      this.#reserve(1);
      const part = Math.min(data.length - done, this.#slab.length - this.#used);
      this.#slab.set(data.subarray(done, done + part), this.#take(part));
      done += part;
    }
  }

  #take(bytes: number): number {
    const at = this.#used;
    this.#used += bytes;
    return at;
  }

  /** Makes sure that as many bytes lie in one piece. */
  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#slab.length) return;
    this.#close();
    this.#slab = this.#from.take();
    this.#view = new DataView(this.#slab.buffer);
  }

  #close(): void {
    if (this.#used > 0) this.#slabs.push(this.#slab.subarray(0, this.#used));
    this.#full += this.#used;
    this.#used = 0;
    this.#slab = new Uint8Array(0);
  }
}

/** What a value takes with its length; of bytes, the length alone. */
export const FIELD_BYTES = { int4: 8, int8: 12, float8: 12, bytes: 4 } as const;
