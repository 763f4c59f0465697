import { existsSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { McapIndexedReader } from "@mcap/core";
import { describe, expect, test } from "vitest";
import { decompress } from "./compression.ts";
import { FileSink } from "./file-sink.ts";
import { createMcapWriter } from "./mcap-writer.ts";
import { readWhole, SAMPLE_START_NS, sampleFolder, writeSample, writeSampleTo } from "./sample.case.ts";

const folder = sampleFolder();

describe("a written file", () => {
  test.each(["none", "lz4", "zstd"] as const)(
    "has the same bytes for the same calls: %s",
    async (compression) => {
      const [first, second] = [folder.path(), folder.path()];
      await writeSample(first, { compression });
      await writeSample(second, { compression });
      const [a, b] = [await readFile(first), await readFile(second)];
      expect(Buffer.compare(a, b)).toBe(0);
      expect(a.length > 33_000).toBe(compression === "none");
    },
  );

  test.each(["none", "lz4", "zstd"] as const)(
    "opens with the reference reader, CRCs and all: %s",
    async (compression) => {
      const path = folder.path();
      await writeSample(path, { compression, profile: "ros2" });
      const reader = await openWithReference(path);
      expect(reader.header).toMatchObject({ profile: "ros2", library: "playhead" });
      expect(reader.statistics).toMatchObject({
        messageCount: 300n,
        channelCount: 2,
        schemaCount: 1,
        metadataCount: 1,
      });
      expect(reader.chunkIndexes.length).toBeGreaterThan(10);
      const topics = [...reader.channelsById.values()].map(({ topic, schemaId, metadata }) => [
        topic,
        schemaId,
        [...metadata],
      ]);
      expect(topics).toEqual([
        ["/a", 1, [["side", "left"]]],
        ["/b", 0, []],
      ]);
      let count = 0;
      for await (const message of reader.readMessages({ validateCrcs: true })) {
        expect(message.logTime).toBe(SAMPLE_START_NS + BigInt(count) * 1_000_000n);
        expect(message.data[99]).toBe(count & 255);
        expect(message.sequence).toBe(count % 3 === 0 ? count / 3 : count - Math.floor(count / 3) - 1);
        count++;
      }
      expect(count).toBe(300);
      for await (const { name, metadata } of reader.readMetadata()) {
        expect([name, ...metadata]).toEqual(["origin", ["made", "by a test"]]);
      }
    },
  );

  test("shares schemas that are equal", async () => {
    const path = folder.path();
    const writer = await createMcapWriter(path);
    const schema = () => ({ name: "a/B", encoding: "x", data: Uint8Array.of(1, 2) });
    for (const topic of ["/1", "/2", "/3"])
      await writer.addChannel({ topic, messageEncoding: "x", schema: schema() });
    await writer.addChannel({
      topic: "/4",
      messageEncoding: "x",
      schema: { ...schema(), data: Uint8Array.of(1, 3) },
    });
    await writer.close();
    const reader = await openWithReference(path);
    expect([...reader.channelsById.values()].map(({ schemaId }) => schemaId)).toEqual([1, 1, 1, 2]);
  });

  test("whose writer was interrupted gives all chunks that were closed, and says so", async () => {
    const path = folder.path();
    const writer = await createMcapWriter(path, { chunkBytes: 2500 });
    const channel = await writer.addChannel({ topic: "/a", messageEncoding: "x", schema: undefined });
    for (let index = 0n; index < 109n; index++)
      await writer.write(channel, index, index, new Uint8Array(100));
    const { readings, problems } = await readWhole(path);
    expect(readings.length).toBe(100);
    expect(problems.map(({ code }) => code)).toEqual(["no-index", "truncated"]);
    await writer.close();
    expect((await readWhole(path)).readings.length).toBe(109);
  });

  test("closes chunks by log time: no more than a second is open", async () => {
    const path = folder.path();
    const writer = await createMcapWriter(path);
    const channel = await writer.addChannel({ topic: "/a", messageEncoding: "x", schema: undefined });
    const times = [0, 999_999_999, 1_000_000_000, 1_999_999_999, 2_000_000_001, 9_000_000_000].map(BigInt);
    const found: number[] = [];
    for (const time of times) {
      await writer.write(channel, time, time, new Uint8Array(1));
      found.push((await readWhole(path)).readings.length);
    }
    expect(found).toEqual([0, 0, 2, 2, 4, 5]);
    await writer.flush();
    expect((await readWhole(path)).readings.length).toBe(6);
    await writer.close();
    const { readings, problems } = await readWhole(path);
    expect([readings.length, problems]).toEqual([6, []]);
  });

  test("takes calls that nobody waits for, in order", async () => {
    const [waited, hurried] = [folder.path(), folder.path()];
    await writeSample(waited, {});
    const writer = await createMcapWriter(hurried, { chunkBytes: 2500 });
    await writeSampleTo(writer, (call) => void call);
    expect(Buffer.compare(await readFile(waited), await readFile(hurried))).toBe(0);
  });
});

describe("a call that cannot be served", () => {
  test("is refused with its reason, and the file goes on", async () => {
    const path = folder.path();
    const writer = await createMcapWriter(path);
    const channel = await writer.addChannel({ topic: "/a", messageEncoding: "x", schema: undefined });
    const again = writer.addChannel({ topic: "/a", messageEncoding: "x", schema: undefined });
    await expect(again).rejects.toMatchObject({ code: "duplicate-topic", found: "/a again" });
    await expect(writer.write(7, 1n, 1n, new Uint8Array(0))).rejects.toMatchObject({
      code: "unknown-channel",
    });
    await writer.write(channel, 5n, 5n, new Uint8Array(0));
    await writer.write(channel, 5n, 4n, new Uint8Array(0));
    await expect(writer.write(channel, 4n, 4n, new Uint8Array(0))).rejects.toMatchObject({
      code: "out-of-order",
      expected: "a log time of at least 5 ns",
      found: "4",
      where: path,
    });
    await writer.close();
    await writer.close();
    await expect(writer.write(channel, 6n, 6n, new Uint8Array(0))).rejects.toMatchObject({ code: "closed" });
    const { readings, problems } = await readWhole(path);
    expect([readings.length, problems]).toEqual([2, []]);
  });

  test("a place that cannot be written to", async () => {
    await expect(createMcapWriter(`${folder.path()}/no/such/folder.mcap`)).rejects.toMatchObject({
      name: "RecordingError",
      code: "write-failed",
      found: "that its folder does not exist",
    });
  });

  test.runIf(existsSync("/dev/full"))("a full disk", async () => {
    const full = {
      code: "write-failed",
      expected: "a file that can be written",
      found: "a full disk",
      where: "/dev/full",
    };
    await expect(createMcapWriter("/dev/full")).rejects.toMatchObject(full);
    const sink = await FileSink.create("/dev/full");
    await sink.run(async () => undefined);
    await expect(sink.run(() => sink.write(new Uint8Array(10)))).rejects.toMatchObject(full);
    await expect(sink.run(async () => undefined)).rejects.toMatchObject(full);
    await expect(sink.finish(async () => undefined)).rejects.toMatchObject(full);
  });
});

async function openWithReference(path: string): Promise<McapIndexedReader> {
  const handle = await open(path);
  const bytes = new Uint8Array(await handle.readFile());
  await handle.close();
  const readable = {
    size: async () => BigInt(bytes.length),
    read: async (offset: bigint, size: bigint) => bytes.slice(Number(offset), Number(offset + size)),
  };
  const handler = (name: string) => (source: Uint8Array, size: bigint) =>
    decompress(name, source, Number(size));
  return McapIndexedReader.Initialize({
    readable,
    decompressHandlers: { lz4: handler("lz4"), zstd: handler("zstd") },
  });
}
