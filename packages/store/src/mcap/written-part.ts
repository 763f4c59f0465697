import { RecordingError } from "@playhead/recording";
import { openChunk } from "./chunk.ts";
import type { FileBytes } from "./file-bytes.ts";
import { FileWindow } from "./file-window.ts";
import { RecordCursor } from "./record-cursor.ts";
import {
  INDEX_ENTRY_BYTES,
  MAGIC,
  OPCODE,
  parseChunkHead,
  parseRecordHeader,
  RECORD_HEADER_BYTES,
} from "./records.ts";

/** Enough for the head of a chunk, and for the head of a message index. */
const HEAD_BYTES = 64;

/** A whole chunk in a file that was written by `createMcapWriter`. */
export interface WrittenChunk {
  readonly offset: number;
  /** Of the chunk's record. */
  readonly chunkBytes: number;
  /** Where its message indexes end. */
  readonly end: number;
  readonly firstTimeNs: bigint;
  readonly lastTimeNs: bigint;
  readonly compression: string;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
  /** Where the message index of each channel begins, counted from the start of the chunk, and how many messages it has. */
  readonly indexes: readonly {
    readonly channelId: number;
    readonly offset: number;
    readonly count: number;
  }[];
  /** How many messages there are. */
  readonly count: number;
}

/** A record between chunks. */
export interface RecordBetween {
  readonly opcode: number;
  readonly offset: number;
  /** All of it, with its head. */
  readonly bytes: Uint8Array;
}

/** What a file has up to its summary, or up to where its writer was interrupted. */
export interface WrittenPart {
  /** In the order of the file. */
  readonly chunks: readonly WrittenChunk[];
  /** Schemas, channels and metadata. */
  readonly others: readonly RecordBetween[];
  /** Where the walk ended, and whether that is the end of all messages and metadata. */
  readonly end: number;
  readonly isWhole: boolean;
}

/** Walks over the chunks of a file without reading what they hold. Stops at the first record that is not whole. */
export async function readWrittenPart(file: FileBytes, maxChunkBytes: number): Promise<WrittenPart> {
  const walk = new Walk(file);
  await walk.run();
  await walk.repairLast(maxChunkBytes);
  return walk;
}

class Walk implements WrittenPart {
  readonly chunks: WrittenChunk[] = [];
  readonly others: RecordBetween[] = [];
  readonly #file: FileBytes;
  readonly #window: FileWindow;
  end = MAGIC.length;
  isWhole = false;

  constructor(file: FileBytes) {
    this.#file = file;
    this.#window = new FileWindow(file);
  }

  async run(): Promise<void> {
    try {
      await this.#walk();
    } catch (cause) {
      // What cannot be read of the file is told; a record that is none ends what is whole.
      if (cause instanceof RecordingError || (cause as NodeJS.ErrnoException).code !== undefined) throw cause;
    }
  }

  async #walk(): Promise<void> {
    for (;;) {
      const record = await this.#recordAt(this.end);
      this.isWhole = record?.opcode === OPCODE.dataEnd;
      if (record === undefined || this.isWhole) return;
      const end = this.end + RECORD_HEADER_BYTES + record.length;
      if (record.opcode === OPCODE.chunk) this.#addChunk(this.end, end);
      else if (record.opcode === OPCODE.messageIndex) this.#addIndex(this.end, end);
      else await this.#addOther(record.opcode, this.end, end);
      this.end = end;
    }
  }

  /** What stands behind the last chunk is not whole, perhaps: its messages are counted instead. */
  async repairLast(maxChunkBytes: number): Promise<void> {
    const last = this.chunks.at(-1);
    if (last === undefined || (await this.#recordAt(last.end)) !== undefined) return;
    this.chunks.pop();
    try {
      const records = openChunk(await this.#file.readAt(last.offset, last.chunkBytes), maxChunkBytes);
      this.chunks.push({ ...last, count: countMessages(records) });
    } catch {
      // a chunk that is damaged has no messages that could be kept
    }
  }

  /** Undefined where no whole record is left. */
  async #recordAt(offset: number): Promise<{ opcode: number; length: number } | undefined> {
    if (offset >= this.#file.sizeBytes) return undefined;
    await this.#window.cover(offset, RECORD_HEADER_BYTES + HEAD_BYTES);
    const header = parseRecordHeader(this.#window.view, offset - this.#window.start);
    if (header === undefined || header.opcode === 0) return undefined;
    return offset + RECORD_HEADER_BYTES + header.length > this.#file.sizeBytes ? undefined : header;
  }

  #addChunk(offset: number, end: number): void {
    const content = offset + RECORD_HEADER_BYTES;
    const head = this.#bytes(content, Math.min(HEAD_BYTES, end - content));
    const cursor = new RecordCursor(head);
    const [firstTimeNs, lastTimeNs] = [cursor.u64(), cursor.u64()];
    const { compression, recordsBytes, uncompressedBytes } = parseChunkHead(head);
    this.chunks.push({
      offset,
      chunkBytes: end - offset,
      end,
      firstTimeNs,
      lastTimeNs,
      compression,
      compressedBytes: recordsBytes,
      uncompressedBytes,
      indexes: [],
      count: 0,
    });
  }

  #addIndex(offset: number, end: number): void {
    const chunk = this.chunks.pop();
    if (chunk === undefined) return;
    const cursor = new RecordCursor(this.#bytes(offset + RECORD_HEADER_BYTES, 6));
    const channelId = cursor.u16();
    const count = cursor.u32() / INDEX_ENTRY_BYTES;
    if (!Number.isInteger(count))
      throw new Error("expected a message index of whole entries, found another length");
    const index = { channelId, offset: offset - chunk.offset, count };
    this.chunks.push({ ...chunk, end, indexes: [...chunk.indexes, index], count: chunk.count + count });
  }

  async #addOther(opcode: number, offset: number, end: number): Promise<void> {
    if (opcode !== OPCODE.schema && opcode !== OPCODE.channel && opcode !== OPCODE.metadata) return;
    this.others.push({ opcode, offset, bytes: await this.#file.readAt(offset, end - offset) });
  }

  #bytes(offset: number, length: number): Uint8Array {
    const { view, start } = this.#window;
    return new Uint8Array(view.buffer, view.byteOffset + offset - start, length);
  }
}

function countMessages(records: Uint8Array): number {
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  let count = 0;
  for (let offset = 0; ; ) {
    const header = parseRecordHeader(view, offset);
    if (header === undefined) return count;
    if (header.opcode === OPCODE.message) count++;
    offset += RECORD_HEADER_BYTES + header.length;
  }
}
