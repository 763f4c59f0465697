import { type FileHandle, open } from "node:fs/promises";
import { type IWritable, McapWriter } from "@mcap/core";
import { RecordingError } from "@playhead/recording";
import { type Compression, compress, compressionReady } from "../mcap/compression.ts";
import type { PostgresStore, StoredMessages } from "./postgres-store.ts";

const CHUNK_BYTES = 1024 * 1024;

export interface ExportOptions {
  /** `none` without. */
  readonly compression?: Compression;
  readonly signal?: AbortSignal;
  /** Told how many messages are done. */
  readonly onProgress?: (messages: number, ofMessages: number) => void;
}

export interface ExportSummary {
  readonly messages: number;
  /** Whether the recording is finished; of one that grows, what there was is written. */
  readonly sealed: boolean;
}

/**
 * Writes a recording as an MCAP file with the same content as the one that it was made of: messages with both times and their sequence, channels, schemas,
 * metadata. Channels and schemas are numbered anew. Throws the signal's reason where it is ended early.
 */
export async function exportMcap(
  store: PostgresStore,
  name: string,
  path: string,
  { compression = "none", signal, onProgress }: ExportOptions = {},
): Promise<ExportSummary> {
  await compressionReady();
  const stored = await store.openMessages(name);
  try {
    const handle = await open(path, "w").catch((cause: unknown) => {
      throw writeError(path, cause);
    });
    try {
      const writer = new McapWriter({
        writable: new HandleWritable(handle, path),
        chunkSize: CHUNK_BYTES,
        compressChunk: (chunk) => {
          const { name, bytes } = compress(compression, chunk);
          return { compression: name, compressedData: bytes };
        },
      });
      await writer.start({ profile: stored.profile, library: "playhead" });
      await writeMessages(writer, stored, signal, onProgress);
      for (const { name, entries } of stored.metadata)
        await writer.addMetadata({ name, metadata: new Map(Object.entries(entries)) });
      await writer.end();
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { messages: stored.messageCount, sealed: stored.sealed };
  } finally {
    await stored.close();
  }
}

async function writeMessages(
  writer: McapWriter,
  stored: StoredMessages,
  signal: AbortSignal | undefined,
  onProgress: ExportOptions["onProgress"],
): Promise<void> {
  const ids: number[] = [];
  const schemaIds = new Map<string, number>();
  for (const { topic, messageEncoding, schema, metadata = {} } of stored.channels) {
    let schemaId = 0;
    if (schema !== undefined) {
      const key = JSON.stringify([schema.name, schema.encoding, Buffer.from(schema.data).toString("latin1")]);
      schemaId = schemaIds.get(key) ?? (await writer.registerSchema(schema));
      schemaIds.set(key, schemaId);
    }
    const entries = new Map(Object.entries(metadata));
    ids.push(await writer.registerChannel({ schemaId, topic, messageEncoding, metadata: entries }));
  }
  let done = 0;
  for await (const page of stored.messages(signal)) {
    for (let row = 0; row < page.count; row++) {
      await writer.addMessage({
        channelId: ids[page.channelId[row] as number] as number,
        sequence: page.sequence(row),
        logTime: page.logTimeNs(row),
        publishTime: page.publishTimeNs(row),
        data: page.data(row),
      });
    }
    done += page.count;
    onProgress?.(done, stored.messageCount);
  }
}

class HandleWritable implements IWritable {
  readonly #handle: FileHandle;
  readonly #path: string;
  #position = 0n;

  constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  position(): bigint {
    return this.#position;
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; )
        done += (await this.#handle.write(bytes, done, bytes.length - done)).bytesWritten;
    } catch (cause) {
      throw writeError(this.#path, cause);
    }
    this.#position += BigInt(bytes.length);
  }
}

function writeError(path: string, cause: unknown): RecordingError {
  const found = (cause as Error).message;
  return new RecordingError("write-failed", {
    expected: "a file that can be written",
    found,
    where: path,
    cause,
  });
}
