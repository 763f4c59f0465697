import { crc32 } from "node:zlib";
import { type Compression, compress } from "./compression.ts";
import { RecordBuffer } from "./record-buffer.ts";
import {
  INDEX_ENTRY_BYTES,
  MESSAGE_HEAD_BYTES,
  MESSAGE_TIME_OFFSET,
  OPCODE,
  RECORD_HEADER_BYTES,
} from "./records.ts";

const INDEX_CAPACITY_BYTES = 64 * INDEX_ENTRY_BYTES;

/** When a chunk is closed. */
export interface ChunkLimits {
  /** By the message that takes its records beyond this size. */
  readonly sizeBytes: number;
  /** Before the message whose log time is this much, or more, after that of its first, ns. */
  readonly spanNs: bigint;
}

/** A closed chunk as it stands in the file. */
export interface ClosedChunk {
  /** The record of the chunk, and behind it its message indexes. */
  readonly bytes: Uint8Array;
  readonly chunkBytes: number;
  readonly firstTimeNs: bigint;
  readonly lastTimeNs: bigint;
  readonly compression: string;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
  /** Where the message index of each channel begins, counted from the start of `bytes`. */
  readonly indexOffsets: readonly (readonly [channelId: number, offset: number])[];
}

/** The chunk that is open. */
export class ChunkBuilder {
  readonly #compression: Compression;
  readonly #limits: ChunkLimits;
  readonly #records: RecordBuffer;
  /** By channel: an entry of log time and place for each message. */
  readonly #indexes = new Map<number, RecordBuffer>();
  #firstTimeNs = 0n;
  #lastTimeNs = 0n;
  #messages = 0;

  constructor(compression: Compression, limits: ChunkLimits) {
    this.#compression = compression;
    this.#limits = limits;
    this.#records = new RecordBuffer(Math.min(limits.sizeBytes, 2 ** 20) + 4096);
  }

  get isEmpty(): boolean {
    return this.#messages === 0;
  }

  get isFull(): boolean {
    return this.#records.length > this.#limits.sizeBytes;
  }

  /** Whether a message of this time belongs into the next chunk. */
  endsBefore(logTimeNs: bigint): boolean {
    return this.#messages > 0 && logTimeNs - this.#firstTimeNs >= this.#limits.spanNs;
  }

  addMessage(
    channelId: number,
    sequence: number,
    logTimeNs: bigint,
    publishTimeNs: bigint,
    data: Uint8Array,
  ): void {
    const records = this.#records;
    const offset = records.length;
    records.u8(OPCODE.message);
    records.length64(MESSAGE_HEAD_BYTES + data.length);
    records.u16(channelId);
    records.u32(sequence);
    records.u64(logTimeNs);
    records.u64(publishTimeNs);
    records.raw(data);
    this.#note(channelId, logTimeNs, offset);
  }

  /** Closes the chunk; the next one is empty. */
  take(): ClosedChunk {
    const records = this.#records.borrow();
    const { name, bytes } = compress(this.#compression, records);
    const out = new RecordBuffer(bytes.length + 1024 + this.#messages * INDEX_ENTRY_BYTES);
    out.record(OPCODE.chunk, () => {
      out.u64(this.#firstTimeNs);
      out.u64(this.#lastTimeNs);
      out.length64(records.length);
      out.u32(crc32(records));
      out.text(name);
      out.length64(bytes.length);
      out.raw(bytes);
    });
    const chunkBytes = out.length;
    const indexOffsets = this.#writeIndexes(out);
    const closed = {
      bytes: out.borrow(),
      chunkBytes,
      firstTimeNs: this.#firstTimeNs,
      lastTimeNs: this.#lastTimeNs,
      compression: name,
      compressedBytes: bytes.length,
      uncompressedBytes: records.length,
      indexOffsets,
    };
    this.#records.clear();
    this.#indexes.clear();
    this.#messages = 0;
    return closed;
  }

  /** Adds a message as it stands in a chunk, with the head of its record. */
  restoreMessage(record: Uint8Array): void {
    const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
    const offset = this.#records.length;
    this.#records.raw(record);
    const logTimeNs = view.getBigUint64(RECORD_HEADER_BYTES + MESSAGE_TIME_OFFSET, true);
    this.#note(view.getUint16(RECORD_HEADER_BYTES, true), logTimeNs, offset);
  }

  #note(channelId: number, logTimeNs: bigint, offset: number): void {
    let index = this.#indexes.get(channelId);
    if (index === undefined) {
      index = new RecordBuffer(INDEX_CAPACITY_BYTES);
      this.#indexes.set(channelId, index);
    }
    index.u64(logTimeNs);
    index.length64(offset);
    const isFirst = this.#messages++ === 0;
    if (isFirst || logTimeNs < this.#firstTimeNs) this.#firstTimeNs = logTimeNs;
    if (isFirst || logTimeNs > this.#lastTimeNs) this.#lastTimeNs = logTimeNs;
  }

  #writeIndexes(out: RecordBuffer): [number, number][] {
    const offsets: [number, number][] = [];
    for (const [channelId, index] of this.#indexes) {
      offsets.push([channelId, out.length]);
      out.record(OPCODE.messageIndex, () => {
        out.u16(channelId);
        out.u32(index.length);
        out.raw(index.borrow());
      });
    }
    return offsets;
  }
}
