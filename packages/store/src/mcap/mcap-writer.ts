import { McapWriter } from "@mcap/core";
import { type ChannelDeclaration, RecordingError, type RecordingWriter } from "@playhead/recording";
import { type Compression, compress, compressionReady } from "./compression.ts";
import { FileSink } from "./file-sink.ts";

// Constant, so that the same calls give the same bytes.
const LIBRARY = "playhead";
const DEFAULT_CHUNK_BYTES = 1024 * 1024;
const MAX_CHANNELS = 65_535;

export interface McapWriterOptions {
  /** `none` without. */
  readonly compression?: Compression;
  /** A chunk is closed by the message that takes it beyond this size; 1 MiB without. */
  readonly chunkBytes?: number;
  /** What the channels have in common, such as `ros2`; empty without. */
  readonly profile?: string;
}

/**
 * Creates an MCAP file and writes to it: chunks with CRCs and message indexes, and a summary. The same calls give the same bytes. An existing file
 * is replaced. Where the disk is full or the like, the call and all that follow throw a RecordingError `write-failed`; the file then has no
 * summary, and reading it says so.
 */
export async function createMcapWriter(
  path: string,
  options: McapWriterOptions = {},
): Promise<RecordingWriter> {
  const { compression = "none", chunkBytes = DEFAULT_CHUNK_BYTES, profile = "" } = options;
  await compressionReady();
  const sink = await FileSink.create(path);
  const writer = new McapWriter({
    writable: sink,
    chunkSize: chunkBytes,
    compressChunk: (chunk) => {
      const { name, bytes } = compress(compression, chunk);
      return { compression: name, compressedData: bytes };
    },
  });
  try {
    await sink.run(() => writer.start({ profile, library: LIBRARY }));
  } catch (error) {
    await sink.abandon();
    throw error;
  }
  return new McapFileWriter(path, sink, writer);
}

class McapFileWriter implements RecordingWriter {
  readonly #path: string;
  readonly #sink: FileSink;
  readonly #writer: McapWriter;
  readonly #topics = new Set<string>();
  /** Ids of the schemas by their content. */
  readonly #schemaIds = new Map<string, number>();
  /** How many messages each channel has. */
  readonly #counts: number[] = [];
  #lastTimeNs = 0n;

  constructor(path: string, sink: FileSink, writer: McapWriter) {
    this.#path = path;
    this.#sink = sink;
    this.#writer = writer;
  }

  async addChannel(channel: ChannelDeclaration): Promise<number> {
    const { topic, messageEncoding, metadata = {} } = channel;
    if (this.#topics.has(topic)) throw this.#refusal("duplicate-topic", "a topic once", `${topic} again`);
    if (this.#topics.size === MAX_CHANNELS) {
      throw this.#refusal("invalid-argument", `at most ${MAX_CHANNELS} channels`, "another one");
    }
    return this.#sink.run(async () => {
      this.#topics.add(topic);
      const schemaId = await this.#schemaId(channel.schema);
      const entries = new Map(Object.entries(metadata));
      const id = await this.#writer.registerChannel({ schemaId, topic, messageEncoding, metadata: entries });
      this.#counts[id] = 0;
      return id;
    });
  }

  async write(channel: number, logTimeNs: bigint, publishTimeNs: bigint, data: Uint8Array): Promise<void> {
    const sequence = this.#counts[channel];
    if (sequence === undefined) throw this.#refusal("unknown-channel", "a declared channel", `${channel}`);
    if (logTimeNs < this.#lastTimeNs) {
      throw this.#refusal("out-of-order", `a log time of at least ${this.#lastTimeNs} ns`, `${logTimeNs}`);
    }
    await this.#sink.run(() =>
      this.#writer.addMessage({
        channelId: channel,
        sequence: sequence >>> 0,
        logTime: logTimeNs,
        publishTime: publishTimeNs,
        data,
      }),
    );
    this.#counts[channel] = sequence + 1;
    this.#lastTimeNs = logTimeNs;
  }

  async addMetadata(name: string, entries: Readonly<Record<string, string>>): Promise<void> {
    await this.#sink.run(() =>
      this.#writer.addMetadata({ name, metadata: new Map(Object.entries(entries)) }),
    );
  }

  async close(): Promise<void> {
    await this.#sink.finish(() => this.#writer.end());
  }

  async #schemaId(schema: ChannelDeclaration["schema"]): Promise<number> {
    if (schema === undefined) return 0;
    const key = JSON.stringify([schema.name, schema.encoding, Buffer.from(schema.data).toString("latin1")]);
    const known = this.#schemaIds.get(key);
    if (known !== undefined) return known;
    const id = await this.#writer.registerSchema(schema);
    this.#schemaIds.set(key, id);
    return id;
  }

  #refusal(
    code: "duplicate-topic" | "invalid-argument" | "unknown-channel" | "out-of-order",
    expected: string,
    found: string,
  ): RecordingError {
    return new RecordingError(code, { expected, found, where: this.#path });
  }
}
