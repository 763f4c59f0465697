import type { RecordedMessage } from "../recording-store.ts";

// Binary COPY: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format". All numbers are big-endian.
const HEADER = Uint8Array.of(
  ...[0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00],
  ...[0, 0, 0, 0],
  ...[0, 0, 0, 0],
);
const TRAILER = Uint8Array.of(0xff, 0xff);
const SLAB_BYTES = 1024 * 1024;
const LOW_64_BITS = 0xffff_ffff_ffff_ffffn;

/** The columns that a row is written with, in this order. */
export const COPY_COLUMNS =
  "recording_id, channel, log_time_ns, position, publish_time_ns, ordinal, sequence, data";
const COLUMN_COUNT = 8;
/** A row without its data: the count of columns, each column's length, two numbers of 4 bytes and five of 8. */
const ROW_HEAD_BYTES = 2 + COLUMN_COUNT * 4 + 2 * 4 + 5 * 8;

/** What a store keeps of a message beside what it is. */
export interface RowNumbers {
  readonly recordingId: number;
  /** Place among the messages of the recording, and of its sensor, as they were appended. */
  readonly position: number;
  readonly ordinal: number;
  readonly sequence: number;
}

/** Rows for `COPY … FROM STDIN (FORMAT binary)`. Copies the data. */
export class CopyRows {
  #slabs: Uint8Array[] = [];
  #slab = new Uint8Array(0);
  #view = new DataView(this.#slab.buffer);
  #used = 0;
  #full = 0;
  rowCount = 0;

  get sizeBytes(): number {
    return this.#full + this.#used;
  }

  add(message: RecordedMessage, { recordingId, position, ordinal, sequence }: RowNumbers): void {
    const { data } = message;
    this.#reserve(ROW_HEAD_BYTES);
    this.#view.setInt16(this.#take(2), COLUMN_COUNT);
    this.#int4(recordingId);
    this.#int4(message.channel);
    this.#int8(message.logTimeNs);
    this.#int8(BigInt(position));
    this.#int8(message.publishTimeNs);
    this.#int8(BigInt(ordinal));
    this.#int8(BigInt(sequence));
    this.#view.setInt32(this.#take(4), data.length);
    this.#bytes(data);
    this.rowCount++;
  }

  /** What is sent, and begins anew. */
  take(): readonly Uint8Array[] {
    this.#close();
    const chunks = [HEADER, ...this.#slabs, TRAILER];
    this.#slabs = [];
    this.#full = 0;
    this.rowCount = 0;
    return chunks;
  }

  #int4(value: number): void {
    const at = this.#take(8);
    this.#view.setInt32(at, 4);
    this.#view.setInt32(at + 4, value);
  }

  /** The low 64 bits: an unsigned number beyond 2⁶³ becomes a negative one, and is read back as it was. */
  #int8(value: bigint): void {
    const at = this.#take(12);
    this.#view.setInt32(at, 8);
    this.#view.setBigUint64(at + 4, value & LOW_64_BITS);
  }

  #bytes(data: Uint8Array): void {
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
    this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    this.#view = new DataView(this.#slab.buffer);
  }

  #close(): void {
    if (this.#used > 0) this.#slabs.push(this.#slab.subarray(0, this.#used));
    this.#full += this.#used;
    this.#used = 0;
    this.#slab = new Uint8Array(0);
  }
}
