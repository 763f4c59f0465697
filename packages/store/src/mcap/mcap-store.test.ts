import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { McapWriter } from "@mcap/core";
import type { Recording } from "@playhead/recording";
import { afterAll, beforeAll, describe } from "vitest";
import { type Content, describeStore } from "../recording.case.ts";
import { type Compression, compress, compressionReady } from "./compression.ts";
import { FileSink } from "./file-sink.ts";
import type { OpenOptions } from "./mcap-file.ts";
import { createMcapWriter } from "./mcap-writer.ts";
import { openMcap } from "./open-mcap.ts";

/** A thread runs what is built: it cannot run the sources. */
const BUILT_WORKER = fileURLToPath(new URL("../../dist/mcap/segment-worker.js", import.meta.url));

let folder: string;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-store-"));
});
afterAll(() => rm(folder, { recursive: true }));

for (const compression of ["none", "lz4", "zstd"] as const) {
  describeStore({
    name: `MCAP, ${compression}, our writer`,
    takesLateMessages: false,
    problems: [],
    keep: (content) => keepWithOurWriter(content, compression),
  });
}

for (const compression of ["none", "zstd"] as const) {
  describe.skipIf(!existsSync(BUILT_WORKER))("through a thread of its own", () => {
    describeStore({
      name: `MCAP, ${compression}, in a thread`,
      takesLateMessages: false,
      problems: [],
      keep: (content) => keepWithOurWriter(content, compression, { worker: true }),
    });
  });
}

describeStore({
  name: "MCAP, a chunk for each message, its index kept",
  takesLateMessages: false,
  problems: [],
  async keep(content) {
    const savedIndex = { folder: join(folder, "indexes"), fromBytes: 0 };
    const first = await keepWithOurWriter(content, "none", { savedIndex }, 1);
    await first.close();
    return openMcap(join(folder, first.name), { savedIndex });
  },
});

describeStore({
  name: "MCAP, chunks",
  takesLateMessages: true,
  problems: [],
  keep: (content) => keepWithCore(content, {}),
});

describeStore({
  name: "MCAP, chunks without an index",
  takesLateMessages: true,
  problems: ["no-index"],
  keep: (content) =>
    keepWithCore(content, { useMessageIndex: false, useChunkIndex: false, useStatistics: false }),
});

describeStore({
  name: "MCAP, no chunks",
  takesLateMessages: true,
  problems: ["no-index"],
  keep: (content) => keepWithCore(content, { useChunks: false }),
});

async function keepWithOurWriter(
  content: Content,
  compression: Compression,
  options: OpenOptions = {},
  chunkBytes = 16_384,
): Promise<Recording> {
  const path = join(folder, `${files++}.mcap`);
  const writer = await createMcapWriter(path, { compression, chunkBytes });
  const channels: number[] = [];
  for (const channel of content.channels) channels.push(await writer.addChannel(channel));
  for (const { channel, logTimeNs, publishTimeNs, data } of content.messages) {
    await writer.write(channels[channel] as number, logTimeNs, publishTimeNs, data);
  }
  await writer.close();
  return openMcap(path, options);
}

/** The library's writer takes messages in any order, and can leave out the index. */
async function keepWithCore(
  content: Content,
  options: Partial<ConstructorParameters<typeof McapWriter>[0]>,
): Promise<Recording> {
  await compressionReady();
  const path = join(folder, `${files++}.mcap`);
  const sink = await FileSink.create(path);
  const compressChunk = (chunk: Uint8Array) => {
    const { name, bytes } = compress("lz4", chunk);
    return { compression: name, compressedData: bytes };
  };
  const writable = {
    position: () => BigInt(sink.sizeBytes),
    write: (bytes: Uint8Array) => sink.write(bytes),
  };
  const writer = new McapWriter({ writable, chunkSize: 16_384, compressChunk, ...options });
  await writer.start({ profile: "", library: "test" });
  const ids: number[] = [];
  for (const { topic, messageEncoding, schema, metadata = {} } of content.channels) {
    const entries = new Map(Object.entries(metadata));
    const schemaId = schema === undefined ? 0 : await writer.registerSchema(schema);
    ids.push(await writer.registerChannel({ schemaId, topic, messageEncoding, metadata: entries }));
  }
  for (const [sequence, { channel, logTimeNs, publishTimeNs, data }] of content.messages.entries()) {
    const channelId = ids[channel] as number;
    await writer.addMessage({ channelId, sequence, logTime: logTimeNs, publishTime: publishTimeNs, data });
  }
  await writer.end();
  await sink.abandon();
  return openMcap(path);
}
