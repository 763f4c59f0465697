import { McapIndexedReader } from "@mcap/core";
import type { FileBytes } from "./file-bytes.ts";
import { INDEX_ENTRY_BYTES, OPCODE, parseRecordHeader, RECORD_HEADER_BYTES } from "./records.ts";
import type { McapIndex, Segment } from "./segment.ts";
import { SegmentBuilder } from "./segment-builder.ts";

type ChunkIndex = McapIndexedReader["chunkIndexes"][number];

/**
 * The index that a file carries: its summary, through `@mcap/core`, and the message indexes behind its chunks, which give each channel's
 * count and times. Throws an Error with the reason where the file has none, or one that does not cover all messages.
 */
export async function readSummary(file: FileBytes): Promise<McapIndex> {
  const reader = await McapIndexedReader.Initialize({ readable: file });
  if (reader.statistics === undefined && reader.chunkIndexes.length === 0) {
    throw new Error("expected an index of chunks or a count of messages, found neither");
  }
  const segments: Segment[] = [];
  let count = 0;
  for (const chunk of reader.chunkIndexes) {
    const segment = await readMessageIndexes(file, chunk);
    if (segment === undefined) continue;
    for (const channel of segment.channels) {
      if (!reader.channelsById.has(channel.channelId)) {
        throw new Error(`expected channel ${channel.channelId} in the summary, found messages of it only`);
      }
      count += channel.count;
    }
    segments.push(segment);
  }
  const expected = Number(reader.statistics?.messageCount ?? count);
  if (expected !== count) throw new Error(`expected ${expected} messages in the index, found ${count}`);
  segments.sort((a, b) => a.offset - b.offset);
  return { schemas: reader.schemasById, channels: reader.channelsById, segments };
}

async function readMessageIndexes(file: FileBytes, chunk: ChunkIndex): Promise<Segment | undefined> {
  const offset = Number(chunk.chunkStartOffset);
  if (chunk.messageIndexOffsets.size === 0) {
    if (chunk.uncompressedSize === 0n || chunk.messageEndTime === 0n) return undefined;
    throw new Error(`expected message indexes behind the chunk at byte ${offset}, found none`);
  }
  const start = [...chunk.messageIndexOffsets.values()].map(Number).reduce((a, b) => Math.min(a, b));
  const bytes = await file.readAt(start, Number(chunk.messageIndexLength));
  const builder = new SegmentBuilder();
  readMessageIndexRecords(bytes, builder);
  return builder.build("chunk", offset, Number(chunk.chunkLength));
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
