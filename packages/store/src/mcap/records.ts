import { RecordCursor } from "./record-cursor.ts";

/** Operation codes of the MCAP specification, as far as we need them. */
export const OPCODE = {
  header: 0x01,
  footer: 0x02,
  schema: 0x03,
  channel: 0x04,
  message: 0x05,
  chunk: 0x06,
  messageIndex: 0x07,
  chunkIndex: 0x08,
  statistics: 0x0b,
  metadata: 0x0c,
  metadataIndex: 0x0d,
  summaryOffset: 0x0e,
  dataEnd: 0x0f,
} as const;

/** Before each record: its operation code and the length of what follows. */
export const RECORD_HEADER_BYTES = 9;

/** Before a message's data: channel u16, sequence u32, log time u64, publish time u64. */
export const MESSAGE_HEAD_BYTES = 22;
export const MESSAGE_TIME_OFFSET = 6;

/** In a message index: log time u64, place in the chunk's records u64. */
export const INDEX_ENTRY_BYTES = 16;

export const MAGIC = Uint8Array.of(0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a);

export interface McapSchema {
  readonly id: number;
  readonly name: string;
  readonly encoding: string;
  readonly data: Uint8Array;
}

export interface McapChannel {
  readonly id: number;
  /** 0 for none. */
  readonly schemaId: number;
  readonly topic: string;
  readonly messageEncoding: string;
  readonly metadata: ReadonlyMap<string, string>;
}

/** A chunk's record without what it holds. */
export interface ChunkHead {
  readonly uncompressedBytes: number;
  /** 0 where there is none. */
  readonly uncompressedCrc: number;
  readonly compression: string;
  /** Of the compressed records, from the start of the record's content. */
  readonly recordsOffset: number;
  readonly recordsBytes: number;
}

export function parseSchema(content: Uint8Array): McapSchema {
  const cursor = new RecordCursor(content);
  const id = cursor.u16();
  const name = cursor.text();
  const encoding = cursor.text();
  return { id, name, encoding, data: cursor.bytes(cursor.u32()).slice() };
}

export function parseChannel(content: Uint8Array): McapChannel {
  const cursor = new RecordCursor(content);
  const id = cursor.u16();
  const schemaId = cursor.u16();
  const topic = cursor.text();
  return { id, schemaId, topic, messageEncoding: cursor.text(), metadata: cursor.texts() };
}

/** A named set of strings. */
export function parseMetadata(content: Uint8Array): { name: string; entries: Record<string, string> } {
  const cursor = new RecordCursor(content);
  return { name: cursor.text(), entries: Object.fromEntries(cursor.texts()) };
}

/** `content` needs to have the first bytes only. */
export function parseChunkHead(content: Uint8Array): ChunkHead {
  const cursor = new RecordCursor(content);
  cursor.u64(); // times of the first and the last message: the messages say them too
  cursor.u64();
  const uncompressedBytes = cursor.length();
  const uncompressedCrc = cursor.u32();
  const compressionBytes = cursor.u32();
  const compression = new TextDecoder().decode(cursor.bytes(compressionBytes));
  const recordsBytes = cursor.length();
  const recordsOffset = 8 + 8 + 8 + 4 + 4 + compressionBytes + 8;
  return { uncompressedBytes, uncompressedCrc, compression, recordsOffset, recordsBytes };
}

/** Operation code and content length of the record at an offset; undefined where no whole record header is left. */
export function parseRecordHeader(
  view: DataView,
  offset: number,
): { opcode: number; length: number } | undefined {
  if (offset + RECORD_HEADER_BYTES > view.byteLength) return undefined;
  const length = view.getUint32(offset + 1, true) + view.getUint32(offset + 5, true) * 2 ** 32;
  return { opcode: view.getUint8(offset), length };
}
