import { crc32 } from "node:zlib";
import type { RecordedChannel, RecordedChannels, RecordedSchema } from "../readings/channel-sensors.ts";
import type { FileBytes } from "./file-bytes.ts";
import { FileWindow } from "./file-window.ts";
import type { IndexBuilder } from "./index-builder.ts";
import { RecordCursor } from "./record-cursor.ts";
import {
  INDEX_ENTRY_BYTES,
  MAGIC,
  OPCODE,
  parseChannel,
  parseRecordHeader,
  parseSchema,
  RECORD_HEADER_BYTES,
} from "./records.ts";
import type { Segment } from "./segment.ts";
import { SegmentBuilder } from "./segment-builder.ts";

const FOOTER_BYTES = RECORD_HEADER_BYTES + 8 + 8 + 4;
/** Message indexes of so many chunks are read at once. */
const READS_AT_ONCE = 16;
const CRC_STEP_BYTES = 1024 * 1024;

/** What a chunk index says, as far as it counts here. */
interface ChunkIndex {
  readonly offset: number;
  readonly length: number;
  readonly endTimeNs: bigint;
  readonly uncompressedBytes: number;
  /** Where the message indexes of the chunk are; none where there are 0 bytes. */
  readonly indexOffset: number;
  readonly indexBytes: number;
}

/**
 * The index that a file carries: its summary, and the message indexes behind its chunks, which give each channel's count and times. Neither is
 * in memory as a whole. Throws an Error with the reason where the file has none, or one that does not cover all messages.
 */
export async function readSummary(file: FileBytes, builder: IndexBuilder): Promise<RecordedChannels> {
  const summary = new Summary(file);
  await summary.read(await readFooter(file));
  const count = await summary.readMessageIndexes(builder);
  const expected = summary.messageCount ?? count;
  if (expected !== count) throw new Error(`expected ${expected} messages in the index, found ${count}`);
  return summary;
}

/** Whether a file has a footer, which is written last. */
export async function isFinished(file: FileBytes): Promise<boolean> {
  const end = file.sizeBytes - MAGIC.length;
  if (end < MAGIC.length) return false;
  const bytes = await file.readAt(end, MAGIC.length);
  return MAGIC.every((byte, index) => byte === bytes[index]);
}

interface Footer {
  readonly summaryStart: number;
  /** Where the footer begins. */
  readonly summaryEnd: number;
}

async function readFooter(file: FileBytes): Promise<Footer> {
  const summaryEnd = file.sizeBytes - MAGIC.length - FOOTER_BYTES;
  if (summaryEnd < MAGIC.length) throw new Error("expected a footer, found the end of the file");
  const bytes = await file.readAt(summaryEnd, FOOTER_BYTES + MAGIC.length);
  const isWhole = MAGIC.every((byte, index) => byte === bytes[FOOTER_BYTES + index]);
  const header = parseRecordHeader(new DataView(bytes.buffer), 0);
  if (!isWhole || header?.opcode !== OPCODE.footer || header.length !== FOOTER_BYTES - RECORD_HEADER_BYTES)
    throw new Error("expected a footer at the end of the file, found none");
  const cursor = new RecordCursor(bytes.subarray(RECORD_HEADER_BYTES));
  const summaryStart = cursor.length();
  cursor.length();
  const crc = cursor.u32();
  if (summaryStart === 0) throw new Error("expected a summary, found none");
  if (summaryStart < MAGIC.length || summaryStart > summaryEnd)
    throw new Error(`expected a summary within the file, found one that begins at byte ${summaryStart}`);
  if (crc !== 0) await compareCrc(file, summaryStart, file.sizeBytes - MAGIC.length - 4, crc);
  return { summaryStart, summaryEnd };
}

/** The CRC of a summary is that of all bytes up to itself. */
async function compareCrc(file: FileBytes, start: number, end: number, expected: number): Promise<void> {
  let crc = 0;
  for (let offset = start; offset < end; offset += CRC_STEP_BYTES)
    crc = crc32(await file.readAt(offset, Math.min(CRC_STEP_BYTES, end - offset)), crc);
  if (crc !== expected) throw new Error("expected a summary with its CRC, found another CRC");
}

class Summary implements RecordedChannels {
  readonly schemas = new Map<number, RecordedSchema>();
  readonly channels = new Map<number, RecordedChannel>();
  messageCount: number | undefined;
  readonly #file: FileBytes;
  readonly #chunks: ChunkIndex[] = [];

  constructor(file: FileBytes) {
    this.#file = file;
  }

  async read({ summaryStart, summaryEnd }: Footer): Promise<void> {
    const window = new FileWindow(this.#file);
    for (let offset = summaryStart; offset < summaryEnd; ) {
      await window.cover(offset, RECORD_HEADER_BYTES);
      const header = parseRecordHeader(window.view, offset - window.start);
      const content = offset + RECORD_HEADER_BYTES;
      const end = content + (header?.length ?? Number.POSITIVE_INFINITY);
      if (header === undefined || end > summaryEnd)
        throw new Error(`expected a whole record in the summary at byte ${offset}, found a part of one`);
      this.#take(header.opcode, await window.bytes(content, header.length));
      offset = end;
    }
    if (this.messageCount === undefined && this.#chunks.length === 0)
      throw new Error("expected an index of chunks or a count of messages, found neither");
    this.#chunks.sort((a, b) => a.offset - b.offset);
  }

  /** Gives the segments to the builder in the order of the file. Returns how many messages there are. */
  async readMessageIndexes(builder: IndexBuilder): Promise<number> {
    let count = 0;
    for (let from = 0; from < this.#chunks.length; from += READS_AT_ONCE) {
      const chunks = this.#chunks.slice(from, from + READS_AT_ONCE);
      const segments = await Promise.all(chunks.map((chunk) => this.#segment(chunk)));
      for (const segment of segments) {
        if (segment === undefined) continue;
        builder.add(segment);
        for (const channel of segment.channels) count += channel.count;
      }
    }
    return count;
  }

  #take(opcode: number, content: Uint8Array): void {
    if (opcode === OPCODE.schema) {
      const schema = parseSchema(content);
      this.schemas.set(schema.id, schema);
    } else if (opcode === OPCODE.channel) {
      const channel = parseChannel(content);
      this.channels.set(channel.id, channel);
    } else if (opcode === OPCODE.statistics) {
      this.messageCount = new RecordCursor(content).length();
    } else if (opcode === OPCODE.chunkIndex) {
      this.#chunks.push(parseChunkIndex(content));
    }
  }

  async #segment(chunk: ChunkIndex): Promise<Segment | undefined> {
    const { offset, length, indexOffset, indexBytes } = chunk;
    if (indexBytes === 0) {
      if (chunk.uncompressedBytes === 0 || chunk.endTimeNs === 0n) return undefined;
      throw new Error(`expected message indexes behind the chunk at byte ${offset}, found none`);
    }
    const builder = new SegmentBuilder();
    readMessageIndexRecords(await this.#file.readAt(indexOffset, indexBytes), builder);
    const segment = builder.build("chunk", offset, length);
    for (const { channelId } of segment?.channels ?? []) {
      if (!this.channels.has(channelId))
        throw new Error(`expected channel ${channelId} in the summary, found messages of it only`);
    }
    return segment;
  }
}

function parseChunkIndex(content: Uint8Array): ChunkIndex {
  const cursor = new RecordCursor(content);
  cursor.u64(); // time of the first message: the message indexes say it too
  const endTimeNs = cursor.u64();
  const [offset, length] = [cursor.length(), cursor.length()];
  const entries = cursor.u32() / 10;
  let indexOffset = Number.POSITIVE_INFINITY;
  for (let entry = 0; entry < entries; entry++) {
    cursor.u16();
    indexOffset = Math.min(indexOffset, cursor.length());
  }
  const indexBytes = entries === 0 ? 0 : cursor.length();
  if (entries === 0) cursor.length();
  cursor.text();
  cursor.length();
  return { offset, length, endTimeNs, uncompressedBytes: cursor.length(), indexOffset, indexBytes };
}

/** Each record has a channel, the length of its entries in bytes, and entries of log time and place in the chunk. */
function readMessageIndexRecords(bytes: Uint8Array, builder: SegmentBuilder): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  while (offset < bytes.length) {
    const header = parseRecordHeader(view, offset);
    const content = offset + RECORD_HEADER_BYTES;
    const end = content + (header?.length ?? Number.POSITIVE_INFINITY);
    if (header === undefined || end > bytes.length)
      throw new Error("expected whole message indexes, found a part of one");
    if (header.opcode === OPCODE.messageIndex) readEntries(view, content, end, builder);
    offset = end;
  }
}

function readEntries(view: DataView, content: number, end: number, builder: SegmentBuilder): void {
  const first = content + 6;
  const length = first > end ? -1 : view.getUint32(content + 2, true);
  if (length < 0 || length % INDEX_ENTRY_BYTES !== 0 || first + length > end) {
    throw new Error("expected a message index of whole entries, found another length");
  }
  const channelId = view.getUint16(content, true);
  for (let entry = first; entry < first + length; entry += INDEX_ENTRY_BYTES)
    builder.add(channelId, view, entry);
}
