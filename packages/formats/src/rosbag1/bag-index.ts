import type { ProblemList } from "../problem-list.ts";
import type { BagFile, RecordHead } from "./bag-file.ts";
import { decompressChunk, MOST_CHUNK_BYTES, readChunkContent } from "./chunk.ts";
import { Connections } from "./connections.ts";
import { MAGIC, numberOf, Op, RecordError, timeOf } from "./record.ts";

/** A definition of a message with all that it contains has some ten KiB. */
const MOST_CONNECTION_BYTES = 16 * 1024 * 1024;

/** Where a chunk lies and what it holds. */
export interface ChunkPlace {
  readonly offset: number;
  /** Times of its first and last message, ns, both inclusive. */
  readonly firstNs: bigint;
  readonly lastNs: bigint;
  /** How many messages there should be. */
  readonly messages: number;
}

export interface BagIndex {
  readonly connections: Connections;
  /** In the order of the file. */
  readonly chunks: readonly ChunkPlace[];
}

/**
 * Finds the chunks: by the bag's own index, or where that is missing or damaged (its writer was interrupted: the bag is "not indexed") by
 * reading the file through, up to the damage. Throws a RecordError where not even the bag's header can be read.
 */
export async function findChunks(
  bag: BagFile,
  problems: ProblemList,
  signal?: AbortSignal,
): Promise<BagIndex> {
  const head = await bag.head(MAGIC.length);
  if (head.op !== Op.bagHeader) throw new RecordError("the bag's header", `a record ${head.op}`, head.offset);
  try {
    return await readIndex(bag, head);
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    const reason = `${bag.file.path}, byte ${error.offset}: ${error.message}`;
    problems.add("no-index", `${reason}; the bag is read through to make an index`);
    return scan(bag, head.end, problems, signal);
  }
}

async function readIndex(bag: BagFile, head: RecordHead): Promise<BagIndex> {
  const { header, offset } = head;
  const indexOffset = numberOf(header, "index_pos", offset);
  const counts = {
    connections: numberOf(header, "conn_count", offset),
    chunks: numberOf(header, "chunk_count", offset),
  };
  if (indexOffset === 0) throw new RecordError("an index", "a bag that was not closed", offset);
  if (indexOffset < head.end || indexOffset > bag.file.sizeBytes) {
    throw new RecordError(
      `an index within ${bag.file.sizeBytes} bytes`,
      `one at byte ${indexOffset}`,
      offset,
    );
  }
  const connections = new Connections();
  const chunks: ChunkPlace[] = [];
  let connectionRecords = 0;
  for (let at = indexOffset; at < bag.file.sizeBytes; ) {
    const entry = await bag.head(at);
    if (entry.op === Op.connection) {
      connections.add(await bag.record(entry, MOST_CONNECTION_BYTES), at);
      connectionRecords++;
    }
    if (entry.op === Op.chunkInfo) chunks.push(await chunkInfo(bag, entry));
    at = entry.end;
  }
  if (chunks.length < counts.chunks || connectionRecords < counts.connections) {
    const expected = `an index of ${counts.chunks} chunks and ${counts.connections} connections`;
    throw new RecordError(expected, `${chunks.length} and ${connectionRecords}`, indexOffset);
  }
  return { connections, chunks: chunks.sort((a, b) => a.offset - b.offset) };
}

async function chunkInfo(bag: BagFile, head: RecordHead): Promise<ChunkPlace> {
  const { data } = await bag.record(head, MOST_CONNECTION_BYTES);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let messages = 0;
  for (let place = 4; place + 4 <= data.length; place += 8) messages += view.getUint32(place, true);
  const chunk = {
    offset: numberOf(head.header, "chunk_pos", head.offset),
    firstNs: timeOf(head.header, "start_time", head.offset),
    lastNs: timeOf(head.header, "end_time", head.offset),
    messages,
  };
  if (chunk.offset < bag.file.sizeBytes && chunk.firstNs <= chunk.lastNs) return chunk;
  throw new RecordError("a chunk within the file", `one at byte ${chunk.offset}`, head.offset);
}

async function scan(
  bag: BagFile,
  start: number,
  problems: ProblemList,
  signal: AbortSignal | undefined,
): Promise<BagIndex> {
  const connections = new Connections();
  const chunks: ChunkPlace[] = [];
  let at = start;
  try {
    while (at < bag.file.sizeBytes) {
      signal?.throwIfAborted();
      const head = await bag.head(at);
      if (head.op === Op.connection) connections.add(await bag.record(head, MOST_CONNECTION_BYTES), at);
      if (head.op === Op.chunk) {
        const place = await scanChunk(bag, head, connections);
        if (place !== undefined) chunks.push(place);
      }
      if (head.end > bag.file.sizeBytes) break;
      at = head.end;
    }
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    const left = bag.file.sizeBytes - at;
    const reason = `${bag.file.path}, byte ${error.offset}: ${error.message}`;
    problems.add("truncated", `${reason}; the ${left} bytes from byte ${at} on are left out`);
  }
  return { connections, chunks };
}

/** What a chunk holds; undefined where nothing of it can be read, which reading it as a segment would tell. */
async function scanChunk(
  bag: BagFile,
  head: RecordHead,
  connections: Connections,
): Promise<ChunkPlace | undefined> {
  const content = await contentOf(bag, head).catch(() => undefined);
  if (content === undefined) return { offset: head.offset, firstNs: 0n, lastNs: 0n, messages: 0 };
  const { messages } = readChunkContent(content, connections);
  let firstNs = messages[0]?.logTimeNs ?? 0n;
  let lastNs = firstNs;
  for (const { logTimeNs } of messages) {
    if (logTimeNs < firstNs) firstNs = logTimeNs;
    if (logTimeNs > lastNs) lastNs = logTimeNs;
  }
  return { offset: head.offset, firstNs, lastNs, messages: messages.length };
}

/** The content of a chunk: of an uncompressed one that the end of the file cuts off, what there is. Throws an error with the reason. */
export async function contentOf(bag: BagFile, head: RecordHead): Promise<Uint8Array> {
  if (head.op !== Op.chunk) throw new RecordError("a chunk", `a record ${head.op}`, head.offset);
  return decompressChunk(head.header, await bag.data(head, MOST_CHUNK_BYTES), head.offset);
}
