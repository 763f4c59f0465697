import { crc32 } from "node:zlib";
import { RecordingError } from "@playhead/recording";
import { DEFAULT_MAX_CHUNK_BYTES, openChunk } from "./chunk.ts";
import { compressionReady } from "./compression.ts";
import type { FileBytes } from "./file-bytes.ts";
import { FileDirectory } from "./file-directory.ts";
import { FileSink } from "./file-sink.ts";
import { KeptMessages } from "./kept-part.ts";
import { openFileBytes } from "./mcap-file.ts";
import {
  createMcapWriter,
  fileStart,
  McapFileWriter,
  type McapWriter,
  type McapWriterOptions,
  newChunk,
  type WriterState,
} from "./mcap-writer.ts";
import { RecordCursor } from "./record-cursor.ts";
import { MESSAGE_TIME_OFFSET, OPCODE, parseRecordHeader, RECORD_HEADER_BYTES } from "./records.ts";
import { type RecordBetween, readWrittenPart, type WrittenChunk, type WrittenPart } from "./written-part.ts";

const CRC_STEP_BYTES = 4 * 1024 * 1024;

export interface ResumeMcapOptions extends McapWriterOptions {
  /** How many messages stay: the first ones, in the order in which they were written. */
  readonly keep: number;
}

/**
 * How many messages stand in whole chunks of a file whose writer may have been interrupted: as many `resumeMcapWriter` can keep. 0 where the file
 * has no such chunk. Throws a RecordingError where it cannot be read.
 */
export async function countWrittenMessages(path: string): Promise<number> {
  await compressionReady();
  return withFile(path, async (file) => {
    return totalOf(await readWrittenPart(file, DEFAULT_MAX_CHUNK_BYTES));
  });
}

/**
 * Goes on with a file of `createMcapWriter`, finished or not: keeps its first messages and takes away all that stands behind them. With the options of
 * the first writer, the finished file equals that of a writer that never stopped, to the byte.
 *
 * All that was called after the last kept message is undone (channels, metadata, flushes, the end), and can be called again. The channels that
 * were declared before it must be declared again first, in the same order: they get the same numbers.
 *
 * Until the first chunk closes, the file holds the kept messages still (and those behind them in the same chunk): a writer that is killed
 * again can be resumed again, at the same place.
 *
 * Throws a RecordingError `not-resumable` where whole chunks have fewer messages (`found` tells how many), where the file is not one of
 * `createMcapWriter` with these options, or, when declared, where a channel is not that of the kept messages.
 */
export async function resumeMcapWriter(path: string, options: ResumeMcapOptions): Promise<McapWriter> {
  const { keep } = options;
  if (keep === 0) return createMcapWriter(path, options);
  await compressionReady();
  return new McapFileWriter(path, await withFile(path, (file) => restore(file, options)));
}

async function restore(file: FileBytes, options: ResumeMcapOptions): Promise<WriterState> {
  await checkStart(file, options);
  const part = await readWrittenPart(file, DEFAULT_MAX_CHUNK_BYTES);
  const { before, last, lastMessages } = splitAt(file, part, options);
  const directory = new FileDirectory();
  const kept = new KeptMessages(file.path);
  const chunk = newChunk(options);
  for (const other of part.others) {
    if (other.offset > last.offset) break;
    kept.addDefinition(other);
    if (other.opcode === OPCODE.metadata)
      directory.addMetadata(nameOf(other), other.offset, other.bytes.length);
  }
  for (const whole of before) {
    for (const { channelId, count } of whole.indexes) kept.addMessages(channelId, count, whole.lastTimeNs);
    restoreChunk(directory, whole);
  }
  for (const message of firstMessages(await recordsOf(file, last), lastMessages)) {
    chunk.restoreMessage(message.record);
    kept.addMessages(message.channelId, 1, message.logTimeNs);
    directory.countMessages(1, message.logTimeNs, message.logTimeNs);
  }
  const rest = { sizeBytes: last.offset, crc: await crcUpTo(file, last.offset), endBytes: last.end };
  return { sink: await FileSink.continue(file.path, rest), directory, chunk, kept };
}

function nameOf({ bytes }: RecordBetween): string {
  return new RecordCursor(bytes.subarray(RECORD_HEADER_BYTES)).text();
}

function* firstMessages(
  records: Uint8Array,
  messages: number,
): Generator<{ channelId: number; logTimeNs: bigint; record: Uint8Array }> {
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  for (let offset = 0, count = 0; count < messages; ) {
    const header = parseRecordHeader(view, offset);
    if (header === undefined) return;
    const content = offset + RECORD_HEADER_BYTES;
    const end = content + header.length;
    if (header.opcode === OPCODE.message) {
      count++;
      const logTimeNs = view.getBigUint64(content + MESSAGE_TIME_OFFSET, true);
      yield { channelId: view.getUint16(content, true), logTimeNs, record: records.subarray(offset, end) };
    }
    offset = end;
  }
}

function restoreChunk(directory: FileDirectory, chunk: WrittenChunk): void {
  const indexOffsets = chunk.indexes.map(({ channelId, offset }) => [channelId, offset] as const);
  directory.addChunk({ ...chunk, indexOffsets }, chunk.end - chunk.offset - chunk.chunkBytes, chunk.offset);
  directory.countMessages(chunk.count, chunk.firstTimeNs, chunk.lastTimeNs);
}

interface Split {
  /** Chunks that stay whole. */
  readonly before: readonly WrittenChunk[];
  /** The chunk with the last message that stays. It is opened again, because what closed it comes behind that message. */
  readonly last: WrittenChunk;
  /** How many of its messages stay, at least 1. */
  readonly lastMessages: number;
}

function splitAt(
  file: FileBytes,
  part: WrittenPart,
  { keep, compression = "none" }: ResumeMcapOptions,
): Split {
  let count = 0;
  for (const [index, last] of part.chunks.entries()) {
    const name = compression === "none" ? "" : compression;
    if (last.compression !== name)
      throw refusal(file, `chunks compressed with "${name}"`, `"${last.compression}"`);
    if (count + last.count >= keep) {
      return { before: part.chunks.slice(0, index), last, lastMessages: keep - count };
    }
    count += last.count;
  }
  throw refusal(file, `at least ${keep} messages in whole chunks`, `${count}`);
}

function totalOf(part: WrittenPart): number {
  return part.chunks.reduce((sum, { count }) => sum + count, 0);
}

async function recordsOf(file: FileBytes, chunk: WrittenChunk): Promise<Uint8Array> {
  try {
    return openChunk(await file.readAt(chunk.offset, chunk.chunkBytes), DEFAULT_MAX_CHUNK_BYTES);
  } catch (cause) {
    throw refusal(
      file,
      `a chunk without damage at byte ${chunk.offset}`,
      `that: ${(cause as Error).message}`,
      cause,
    );
  }
}

async function crcUpTo(file: FileBytes, end: number): Promise<number> {
  let crc = 0;
  for (let offset = 0; offset < end; offset += CRC_STEP_BYTES) {
    crc = crc32(await file.readAt(offset, Math.min(CRC_STEP_BYTES, end - offset)), crc);
  }
  return crc;
}

async function checkStart(file: FileBytes, options: McapWriterOptions): Promise<void> {
  const expected = fileStart(options);
  const found = await file.readAt(0, Math.min(expected.length, file.sizeBytes));
  if (Buffer.compare(expected, found) === 0) return;
  const profile = options.profile ?? "";
  throw refusal(file, `an MCAP file that Playhead has begun, of profile "${profile}"`, "another start");
}

function refusal(file: FileBytes, expected: string, found: string, cause?: unknown): RecordingError {
  return new RecordingError("not-resumable", { expected, found, where: file.path, cause });
}

async function withFile<T>(path: string, action: (file: FileBytes) => Promise<T>): Promise<T> {
  const file = await openFileBytes(path, {});
  try {
    return await action(file);
  } finally {
    await file.close();
  }
}
