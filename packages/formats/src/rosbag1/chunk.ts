import Bzip2 from "@foxglove/wasm-bz2";
import { decompressLz4 } from "@playhead/recording";
import type { SourceMessage } from "../source.ts";
import type { Connections } from "./connections.ts";
import { numberOf, Op, RecordError, readRecord, textOf, timeOf } from "./record.ts";

/** A chunk that claims to hold more is not read: rosbag makes them of 768 KiB. */
export const MOST_CHUNK_BYTES = 256 * 1024 * 1024;

let bzip2: Promise<Bzip2> | undefined;

/** The content of a chunk record. Throws an error that says what is wrong. */
export async function decompressChunk(
  header: ReadonlyMap<string, Uint8Array>,
  data: Uint8Array,
  offset: number,
): Promise<Uint8Array> {
  const compression = textOf(header, "compression") ?? "";
  const sizeBytes = numberOf(header, "size", offset);
  if (sizeBytes > MOST_CHUNK_BYTES) {
    throw new RecordError(`a chunk of at most ${MOST_CHUNK_BYTES} bytes`, `one of ${sizeBytes}`, offset);
  }
  if (compression === "none") return data;
  if (compression === "lz4") return decompressLz4(data, sizeBytes);
  if (compression !== "bz2") {
    const found = JSON.stringify(compression.slice(0, 40));
    throw new RecordError("a compression of none, lz4 or bz2", found, offset);
  }
  bzip2 ??= Bzip2.init();
  const content = (await bzip2).decompress(data, sizeBytes);
  if (content.length === sizeBytes) return content;
  throw new RecordError(`${sizeBytes} bytes from bzip2`, `${content.length}`, offset);
}

/** What lies in a chunk. */
export interface ChunkContent {
  /** In the order of the chunk. Their data are views on its content. */
  readonly messages: readonly SourceMessage[];
  /** How many belong to a connection that the bag does not define; they are left out. */
  readonly unknown: number;
  /** Where the content is damaged: what lies behind is not among the messages. */
  readonly damage: RecordError | undefined;
}

/** Reads the records of a chunk's content, up to the damage where there is any. Connections in it are added to those that are known. */
export function readChunkContent(content: Uint8Array, connections: Connections): ChunkContent {
  const messages: SourceMessage[] = [];
  let unknown = 0;
  for (let offset = 0; offset < content.length; ) {
    try {
      const record = readRecord(content, offset);
      if (record.op === Op.connection) connections.add(record, offset);
      if (record.op === Op.message) {
        const channel = connections.channelOf(numberOf(record.header, "conn", offset));
        const timeNs = timeOf(record.header, "time", offset);
        if (channel === undefined) unknown++;
        else messages.push({ channel, logTimeNs: timeNs, publishTimeNs: timeNs, data: record.data });
      }
      offset = record.end;
    } catch (error) {
      if (error instanceof RecordError) return { messages, unknown, damage: error };
      throw error;
    }
  }
  return { messages, unknown, damage: undefined };
}
