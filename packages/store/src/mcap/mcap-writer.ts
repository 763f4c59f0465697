import { type ChannelDeclaration, RecordingError, type RecordingWriter } from "@playhead/recording";
import { ChunkBuilder } from "./chunk-builder.ts";
import { type Compression, compressionReady } from "./compression.ts";
import { FileDirectory, recordOf, type WrittenChannel } from "./file-directory.ts";
import { writeFileEnd } from "./file-end.ts";
import { FileSink } from "./file-sink.ts";
import { MAGIC, OPCODE } from "./records.ts";

// Constant, so that the same calls give the same bytes.
const LIBRARY = "playhead";
const DEFAULT_CHUNK_BYTES = 1024 * 1024;
const DEFAULT_CHUNK_SPAN_US = 1_000_000;
const MAX_CHANNELS = 65_535;

export interface McapWriterOptions {
  /** `none` without. */
  readonly compression?: Compression;
  /** A chunk is closed by the message that takes it beyond this size; 1 MiB without. */
  readonly chunkBytes?: number;
  /** A chunk is closed before a message that is this much later, or more, than its first; a second without. µs of log time. */
  readonly chunkSpanUs?: number;
  /** What the channels have in common, such as `ros2`; empty without. */
  readonly profile?: string;
}

/**
 * Creates an MCAP file and writes to it: chunks with CRCs and message indexes, and a summary. An existing file is replaced.
 *
 * A chunk is in the file as soon as it is closed: by size, by log time, by `flush`, by metadata or a channel, at the end. So when the process is killed, the
 * messages that are missing lie within the last second of log time (`chunkSpanUs`), and `resumeMcapWriter` can go on behind those that are there.
 *
 * The same calls give the same bytes: no clock has a say. A flush is such a call; one that is made by a wall clock changes where chunks end, and
 * so the bytes, but never what they hold.
 *
 * Where the disk is full or the like, the call and all that follow throw a RecordingError `write-failed`; the file then has no summary, and
 * reading it says so.
 */
export async function createMcapWriter(path: string, options: McapWriterOptions = {}): Promise<McapWriter> {
  await compressionReady();
  const sink = await FileSink.create(path);
  try {
    await sink.run(() => sink.write(fileStart(options)));
  } catch (error) {
    await sink.abandon();
    throw error;
  }
  return new McapFileWriter(path, { sink, directory: new FileDirectory(), chunk: newChunk(options) });
}

/** What stands before the first chunk. */
export function fileStart({ profile = "" }: McapWriterOptions): Uint8Array {
  const header = recordOf(OPCODE.header, (out) => {
    out.text(profile);
    out.text(LIBRARY);
  });
  return Buffer.concat([MAGIC, header]);
}

export function newChunk(options: McapWriterOptions): ChunkBuilder {
  const { compression = "none", chunkBytes = DEFAULT_CHUNK_BYTES, chunkSpanUs } = options;
  const spanNs = BigInt(Math.max(1, Math.round((chunkSpanUs ?? DEFAULT_CHUNK_SPAN_US) * 1000)));
  return new ChunkBuilder(compression, { sizeBytes: chunkBytes, spanNs });
}

/** A file that is being written, as far as it is. */
export interface WriterState {
  readonly sink: FileSink;
  readonly directory: FileDirectory;
  readonly chunk: ChunkBuilder;
  /** What a file that is written on has; nothing without. */
  readonly kept?: KeptPart;
}

/** What a file has already. */
export interface KeptPart {
  readonly lastTimeNs: bigint;
  /**
   * Takes a channel that is declared again: `records` are those that the file must have. Gives how many messages it has; undefined where the file
   * does not have it. Throws where it is not the one that the file has.
   */
  takeChannel(id: number, records: readonly Uint8Array[]): number | undefined;
  /** Throws where a channel is not declared yet. */
  checkChannels(): void;
}

/** Writes an MCAP file, which can be left unfinished. */
export interface McapWriter extends RecordingWriter {
  /** Closes the file as it is, without what makes it a finished one. A second call does nothing. */
  abandon(): Promise<void>;
}

export class McapFileWriter implements McapWriter {
  readonly #path: string;
  readonly #sink: FileSink;
  readonly #directory: FileDirectory;
  readonly #chunk: ChunkBuilder;
  readonly #kept: KeptPart | undefined;
  readonly #topics = new Set<string>();
  #lastTimeNs: bigint;

  constructor(path: string, { sink, directory, chunk, kept }: WriterState) {
    this.#path = path;
    this.#sink = sink;
    this.#directory = directory;
    this.#chunk = chunk;
    this.#kept = kept;
    this.#lastTimeNs = kept?.lastTimeNs ?? 0n;
  }

  async addChannel(channel: ChannelDeclaration): Promise<number> {
    const { topic } = channel;
    this.#sink.check();
    if (this.#topics.has(topic)) throw this.#refusal("duplicate-topic", "a topic once", `${topic} again`);
    if (this.#topics.size === MAX_CHANNELS) {
      throw this.#refusal("invalid-argument", `at most ${MAX_CHANNELS} channels`, "another one");
    }
    const id = this.#directory.channels.length;
    const records = this.#directory.addChannel(channel);
    this.#topics.add(topic);
    const keptMessages = this.#kept?.takeChannel(id, records);
    if (keptMessages === undefined) await this.#writeBetweenChunks(Buffer.concat(records));
    else (this.#directory.channels[id] as WrittenChannel).count = keptMessages;
    return id;
  }

  async write(
    channel: number,
    logTimeNs: bigint,
    publishTimeNs: bigint,
    data: Uint8Array,
    sequence?: number,
  ): Promise<void> {
    const written = this.#directory.channels[channel];
    if (written === undefined) throw this.#refusal("unknown-channel", "a declared channel", `${channel}`);
    if (logTimeNs < this.#lastTimeNs) {
      throw this.#refusal("out-of-order", `a log time of at least ${this.#lastTimeNs} ns`, `${logTimeNs}`);
    }
    this.#kept?.checkChannels();
    this.#sink.check();
    const chunk = this.#chunk;
    // Full before a message: the last one that a resumed writer kept had filled it.
    const closing = chunk.isFull || chunk.endsBefore(logTimeNs) ? this.#closeChunk() : undefined;
    chunk.addMessage(channel, (sequence ?? written.count) >>> 0, logTimeNs, publishTimeNs, data);
    written.count++;
    this.#directory.countMessages(1, logTimeNs, logTimeNs);
    this.#lastTimeNs = logTimeNs;
    await (chunk.isFull ? this.#closeChunk() : closing);
  }

  async addMetadata(name: string, entries: Readonly<Record<string, string>>): Promise<void> {
    this.#sink.check();
    this.#kept?.checkChannels();
    const record = recordOf(OPCODE.metadata, (out) => {
      out.text(name);
      out.texts(Object.entries(entries));
    });
    await this.#writeBetweenChunks(record, () => {
      this.#directory.addMetadata(name, this.#sink.sizeBytes, record.length);
    });
  }

  async flush(): Promise<void> {
    this.#sink.check();
    this.#kept?.checkChannels();
    this.#closeChunk();
    await this.#sink.sync();
  }

  async close(): Promise<void> {
    try {
      this.#kept?.checkChannels();
    } catch (error) {
      await this.#sink.abandon();
      throw error;
    }
    this.#closeChunk();
    await this.#sink.finish(() => writeFileEnd(this.#sink, this.#directory));
  }

  async abandon(): Promise<void> {
    await this.#sink.abandon();
  }

  async #writeBetweenChunks(bytes: Uint8Array, before?: () => void): Promise<void> {
    this.#closeChunk();
    await this.#sink.run(async () => {
      before?.();
      await this.#sink.write(bytes);
    });
  }

  /** What is written later stands behind the chunk, whether or not it is waited for. Its failure is also that of all later calls. */
  #closeChunk(): Promise<void> | undefined {
    if (this.#chunk.isEmpty) return undefined;
    const chunk = this.#chunk.take();
    const writing = this.#sink.run(async () => {
      this.#directory.addChunk(chunk, chunk.bytes.length - chunk.chunkBytes, this.#sink.sizeBytes);
      await this.#sink.write(chunk.bytes);
    });
    writing.catch(() => undefined); // the sink keeps it
    return writing;
  }

  #refusal(
    code: "duplicate-topic" | "invalid-argument" | "unknown-channel" | "out-of-order",
    expected: string,
    found: string,
  ): RecordingError {
    return new RecordingError(code, { expected, found, where: this.#path });
  }
}
