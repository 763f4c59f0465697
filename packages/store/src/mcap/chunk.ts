import { crc32 } from "node:zlib";
import { decompress } from "./compression.ts";
import { type ChunkHead, OPCODE, parseChunkHead, parseRecordHeader, RECORD_HEADER_BYTES } from "./records.ts";

/** A chunk that claims to hold more is refused, whatever it really holds. */
export const DEFAULT_MAX_CHUNK_BYTES = 256 * 1024 * 1024;

/** Gives the records in a chunk. `record` is the whole chunk record. Throws an Error that says what is damaged. */
export function openChunk(record: Uint8Array, maxChunkBytes: number, checkCrc = true): Uint8Array {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const header = parseRecordHeader(view, 0);
  if (header?.opcode !== OPCODE.chunk || header.length !== record.length - RECORD_HEADER_BYTES) {
    const found = header === undefined ? "nothing" : `record type ${header.opcode} of ${header.length} bytes`;
    throw new Error(`expected a chunk of ${record.length - RECORD_HEADER_BYTES} bytes, found ${found}`);
  }
  const content = record.subarray(RECORD_HEADER_BYTES);
  const head = parseChunkHead(content);
  checkSize(head, maxChunkBytes);
  const compressed = content.subarray(head.recordsOffset, head.recordsOffset + head.recordsBytes);
  if (compressed.length !== head.recordsBytes) {
    throw new Error(`expected ${head.recordsBytes} bytes of records, found ${compressed.length}`);
  }
  const records = decompress(head.compression, compressed, head.uncompressedBytes);
  if (records.length !== head.uncompressedBytes) {
    throw new Error(`expected ${head.uncompressedBytes} bytes of records, found ${records.length}`);
  }
  if (checkCrc) compareCrc(head, records);
  return records;
}

function checkSize(head: ChunkHead, maxChunkBytes: number): void {
  if (head.uncompressedBytes > maxChunkBytes) {
    throw new Error(
      `expected at most ${maxChunkBytes} bytes of records, found a claim of ${head.uncompressedBytes}`,
    );
  }
}

function compareCrc(head: ChunkHead, records: Uint8Array): void {
  if (head.uncompressedCrc === 0) return;
  const found = crc32(records);
  if (found !== head.uncompressedCrc) {
    throw new Error(`expected CRC ${hex(head.uncompressedCrc)}, found ${hex(found)}`);
  }
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}
