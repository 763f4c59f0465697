import type { RecordedChannels } from "../readings/channel-sensors.ts";
import type { ProblemLog } from "../readings/problem-log.ts";
import { openChunk } from "./chunk.ts";
import type { FileBytes } from "./file-bytes.ts";
import { FileWindow } from "./file-window.ts";
import {
  MAGIC,
  type McapChannel,
  type McapSchema,
  MESSAGE_HEAD_BYTES,
  MESSAGE_TIME_OFFSET,
  OPCODE,
  parseChannel,
  parseChunkHead,
  parseRecordHeader,
  parseSchema,
  RECORD_HEADER_BYTES,
} from "./records.ts";
import type { Segment } from "./segment.ts";
import { SegmentBuilder } from "./segment-builder.ts";

/** Records outside of chunks are read in runs of about this size. */
const RUN_BYTES = 1024 * 1024;

/**
 * Makes the index of a file that has none: reads it once, record by record, up to its end or to damage that hides where the next record begins.
 * What is lost goes to the problems, with its byte offset.
 */
export async function scanFile(
  file: FileBytes,
  sink: SegmentSink,
  problems: ProblemLog,
  maxChunkBytes: number,
  signal?: AbortSignal,
): Promise<RecordedChannels> {
  const scan = new Scan(file, sink, problems, maxChunkBytes);
  await scan.run(signal);
  return scan;
}

/** Takes the segments of a file in its order. */
export interface SegmentSink {
  add(segment: Segment): void;
}

/** Reads a file record by record. */
export class Scan implements RecordedChannels {
  readonly schemas = new Map<number, McapSchema>();
  readonly channels = new Map<number, McapChannel>();
  readonly #file: FileBytes;
  readonly #sink: SegmentSink;
  readonly #problems: ProblemLog;
  readonly #maxChunkBytes: number;
  readonly #window: FileWindow;
  #run = new SegmentBuilder();
  #runStart = MAGIC.length;
  #offset = MAGIC.length;

  constructor(file: FileBytes, sink: SegmentSink, problems: ProblemLog, maxChunkBytes: number) {
    this.#file = file;
    this.#sink = sink;
    this.#problems = problems;
    this.#maxChunkBytes = maxChunkBytes;
    this.#window = new FileWindow(file);
  }

  async run(signal: AbortSignal | undefined): Promise<void> {
    if (await this.advance(signal)) return;
    if (this.#offset < this.#file.sizeBytes) {
      await this.#endAtDamage(this.#offset, await this.#headerAt(this.#offset));
      return;
    }
    this.#problems.addForFile(
      "end",
      "truncated",
      `expected a footer at byte ${this.#offset}, found the end of the file`,
    );
  }

  /** Reads the records that are whole, from where it was. Returns whether the last one has been read, the footer. */
  async advance(signal?: AbortSignal): Promise<boolean> {
    let ended = false;
    while (!ended && this.#offset < this.#file.sizeBytes) {
      signal?.throwIfAborted();
      const header = await this.#headerAt(this.#offset);
      const end = this.#offset + RECORD_HEADER_BYTES + (header?.length ?? 0);
      if (header === undefined || header.opcode === 0 || end > this.#file.sizeBytes) break;
      await this.#readRecord(this.#window, header.opcode, this.#offset, end);
      ended = header.opcode === OPCODE.footer;
      this.#offset = end;
      if (end - this.#runStart >= RUN_BYTES) this.#closeRun(end);
    }
    this.#closeRun(this.#offset);
    return ended;
  }

  async #headerAt(offset: number): Promise<{ opcode: number; length: number } | undefined> {
    await this.#window.cover(offset, RECORD_HEADER_BYTES + MESSAGE_HEAD_BYTES);
    return parseRecordHeader(this.#window.view, offset - this.#window.start);
  }

  async #readRecord(window: FileWindow, opcode: number, offset: number, end: number): Promise<void> {
    const content = offset + RECORD_HEADER_BYTES;
    if (opcode !== OPCODE.message && end - offset > RUN_BYTES) this.#closeRun(offset, end);
    if (opcode === OPCODE.message && end - content >= MESSAGE_HEAD_BYTES) {
      const start = content - window.start;
      this.#run.add(window.view.getUint16(start, true), window.view, start + MESSAGE_TIME_OFFSET);
    } else if (opcode === OPCODE.schema || opcode === OPCODE.channel) {
      await this.#guard(offset, "malformed-record", async () => {
        this.#define(opcode, await this.#file.readAt(content, end - content));
      });
    } else if (opcode === OPCODE.chunk) {
      this.#closeRun(offset, end);
      await this.#guard(offset, "damaged-chunk", async () => {
        const records = openChunk(await this.#file.readAt(offset, end - offset), this.#maxChunkBytes);
        const builder = new SegmentBuilder();
        this.#readRecords(records, builder);
        this.#keep(builder.build("chunk", offset, end - offset));
      });
    }
  }

  /** Counts the messages among records in memory, and takes up what they define. Stops at a record that is not whole. */
  #readRecords(records: Uint8Array, builder: SegmentBuilder): number {
    const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
    let offset = 0;
    for (;;) {
      const header = parseRecordHeader(view, offset);
      const content = offset + RECORD_HEADER_BYTES;
      if (header === undefined || header.opcode === 0 || content + header.length > records.length)
        return offset;
      const { opcode, length } = header;
      if (opcode === OPCODE.message && length >= MESSAGE_HEAD_BYTES) {
        builder.add(view.getUint16(content, true), view, content + MESSAGE_TIME_OFFSET);
      } else if (opcode === OPCODE.schema || opcode === OPCODE.channel) {
        this.#define(opcode, records.subarray(content, content + length));
      }
      offset = content + length;
    }
  }

  /** A channel or schema that is defined again must be the same, so the first one stays. */
  #define(opcode: number, content: Uint8Array): void {
    if (opcode === OPCODE.schema) {
      const schema = parseSchema(content);
      if (!this.schemas.has(schema.id)) this.schemas.set(schema.id, schema);
    } else {
      const channel = parseChannel(content);
      if (!this.channels.has(channel.id)) this.channels.set(channel.id, channel);
    }
  }

  /** The last record is not whole. Of an uncompressed chunk, what is there of its records still counts. */
  async #endAtDamage(offset: number, header: { opcode: number; length: number } | undefined): Promise<void> {
    this.#closeRun(offset);
    const left = this.#file.sizeBytes - offset;
    const what =
      header === undefined || header.opcode === 0
        ? `expected a record at byte ${offset}, found ${left} bytes that are none`
        : `expected a record of ${header.length} bytes at byte ${offset}, found ${left - RECORD_HEADER_BYTES} before the end of the file`;
    const saved = header?.opcode === OPCODE.chunk ? await this.#readPartOfChunk(offset) : 0;
    const lost =
      saved > 0
        ? `the first ${saved} messages of that chunk are kept, the rest is lost`
        : "what follows is lost";
    this.#problems.addForFile(`${offset}`, "truncated", `${what}; ${lost}`);
  }

  async #readPartOfChunk(offset: number): Promise<number> {
    try {
      const content = offset + RECORD_HEADER_BYTES;
      const head = parseChunkHead(
        await this.#file.readAt(content, Math.min(64, this.#file.sizeBytes - content)),
      );
      if (head.compression !== "") return 0;
      const start = content + head.recordsOffset;
      const length = Math.min(this.#file.sizeBytes - start, head.recordsBytes);
      const builder = new SegmentBuilder();
      const whole = this.#readRecords(await this.#file.readAt(start, length), builder);
      const segment = builder.build("records", start, whole);
      this.#keep(segment);
      return segment?.channels.reduce((sum, channel) => sum + channel.count, 0) ?? 0;
    } catch {
      return 0; // not even its head is whole
    }
  }

  /** The run of records ends at `end`; the next one begins at `next`. */
  #closeRun(end: number, next = end): void {
    this.#keep(this.#run.build("records", this.#runStart, end - this.#runStart));
    this.#run = new SegmentBuilder();
    this.#runStart = next;
  }

  #keep(segment: Segment | undefined): void {
    if (segment !== undefined) this.#sink.add(segment);
  }

  async #guard(offset: number, code: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (cause) {
      this.#problems.addForFile(
        `${offset}`,
        code,
        `byte ${offset}: ${(cause as Error).message}; it is left out`,
      );
    }
  }
}
