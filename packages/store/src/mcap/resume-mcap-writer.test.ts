import { copyFile, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { createMcapWriter } from "./mcap-writer.ts";
import { countWrittenMessages, resumeMcapWriter } from "./resume-mcap-writer.ts";
import { readWhole, SAMPLE_MESSAGES, sampleFolder, writeSample, writeSampleTo } from "./sample.case.ts";

const folder = sampleFolder();

describe.each(["none", "lz4", "zstd"] as const)(
  "a file that is written on, compression %s",
  (compression) => {
    const options = { compression, chunkBytes: 2500, profile: "test" };
    let whole: Buffer;
    beforeAll(async () => {
      const path = folder.path();
      await writeSample(path, options);
      whole = await readFile(path);
    });

    test("equals one whose writer never stopped, wherever it is cut and however much is kept", async () => {
      const path = folder.path();
      for (let bytes = 300; bytes < whole.length; bytes += 1117) {
        await writeFile(path, whole.subarray(0, bytes));
        const written = await countWrittenMessages(path);
        expect((await readWhole(path)).readings.length).toBeGreaterThanOrEqual(written);
        const keep = (bytes * 7919) % (written + 1);
        await writeSampleTo(await resumeMcapWriter(path, { ...options, keep }), undefined, keep);
        expect(Buffer.compare(await readFile(path), whole)).toBe(0);
      }
    });

    test("keeps any number of messages of a finished file, also all", async () => {
      const path = folder.path();
      await writeFile(path, whole);
      expect(await countWrittenMessages(path)).toBe(SAMPLE_MESSAGES);
      for (const keep of [300, 299, 281, 280, 21, 20, 19, 1, 0]) {
        await writeSampleTo(await resumeMcapWriter(path, { ...options, keep }), undefined, keep);
        expect(Buffer.compare(await readFile(path), whole)).toBe(0);
      }
    });

    test("has the kept messages still when the second writer is interrupted at once", async () => {
      const path = folder.path();
      await writeFile(path, whole.subarray(0, whole.length / 2));
      const keep = (await countWrittenMessages(path)) - 3;
      const copy = folder.path();
      for (let round = 0; round < 3; round++) {
        const writer = await resumeMcapWriter(path, { ...options, keep });
        await copyFile(path, copy);
        expect(await countWrittenMessages(copy)).toBeGreaterThanOrEqual(keep);
        await writeSampleTo(writer, undefined, keep);
        expect(Buffer.compare(await readFile(path), whole)).toBe(0);
        await copyFile(copy, path);
      }
    });

    test("may go on otherwise than before", async () => {
      const [path, plain] = [folder.path(), folder.path()];
      const write = async (file: string, messages: number, from = 0) => {
        const writer = await (from === 0
          ? createMcapWriter(file, options)
          : resumeMcapWriter(file, { ...options, keep: from }));
        const channel = await writer.addChannel({ topic: "/x", messageEncoding: "x", schema: undefined });
        for (let time = from; time < messages; time++)
          await writer.write(channel, BigInt(time) * 1_000_000n, 0n, new Uint8Array(time));
        await writer.close();
      };
      await write(path, 200);
      await write(path, 101, 97);
      await write(plain, 101);
      expect(Buffer.compare(await readFile(path), await readFile(plain))).toBe(0);
    });
  },
);

describe("a file that cannot be written on", () => {
  const refusal = { name: "RecordingError", code: "not-resumable" };

  test("says how many messages there are", async () => {
    const path = folder.path();
    await writeSample(path);
    await truncate(path, Math.floor((await stat(path)).size / 2));
    const written = await countWrittenMessages(path);
    await expect(resumeMcapWriter(path, { keep: written + 1 })).rejects.toMatchObject({
      ...refusal,
      expected: `at least ${written + 1} messages in whole chunks`,
      found: `${written}`,
      where: path,
    });
    await truncate(path, 20);
    expect(await countWrittenMessages(path)).toBe(0);
    await expect(resumeMcapWriter(path, { keep: 1 })).rejects.toMatchObject(refusal);
  });

  test("is one of other options, or no recording of ours, or is not there", async () => {
    const path = folder.path();
    await writeSample(path, { compression: "lz4" });
    await expect(resumeMcapWriter(path, { keep: 1 })).rejects.toMatchObject(refusal);
    await expect(resumeMcapWriter(path, { keep: 1, compression: "lz4", profile: "x" })).rejects.toMatchObject(
      refusal,
    );
    await writeFile(path, "hello");
    await expect(resumeMcapWriter(path, { keep: 1 })).rejects.toMatchObject(refusal);
    await expect(resumeMcapWriter(`${path}.missing`, { keep: 1 })).rejects.toMatchObject({
      code: "not-found",
    });
  });

  test("has a damaged chunk where the messages end", async () => {
    const path = folder.path();
    await writeSample(path);
    const bytes = await readFile(path);
    bytes[4000] = (bytes[4000] as number) ^ 1;
    await writeFile(path, bytes);
    await expect(resumeMcapWriter(path, { keep: 25 })).rejects.toMatchObject({
      ...refusal,
      found: /expected CRC/,
    });
  });

  test("whatever bytes it has, is refused by name or written on", async () => {
    const path = folder.path();
    await writeSample(path, { compression: "lz4" });
    const bytes = await readFile(path);
    const outcomes = { refused: 0, resumed: 0 };
    for (let round = 0; round < 200; round++) {
      const changed = Buffer.from(bytes);
      for (let flip = 0; flip <= round % 3; flip++)
        changed[(round * 7919 + flip * 104_729) % 9000] = (round * 31 + flip) & 255;
      await writeFile(path, changed);
      try {
        const keep = Math.min(25, await countWrittenMessages(path));
        await (await resumeMcapWriter(path, { keep, compression: "lz4" })).abandon();
        outcomes.resumed++;
      } catch (error) {
        expect(error).toMatchObject({ name: "RecordingError" });
        outcomes.refused++;
      }
    }
    expect(outcomes.refused).toBeGreaterThan(5);
    expect(outcomes.resumed).toBeGreaterThan(5);
  });

  test("when its channels are declared otherwise, or are missing", async () => {
    const path = folder.path();
    await writeSample(path);
    const bytes = await readFile(path);
    const others = [
      { topic: "/other", messageEncoding: "bytes", schema: undefined },
      { topic: "/a", messageEncoding: "json", schema: undefined },
      { topic: "/a", messageEncoding: "bytes", schema: undefined },
    ];
    for (const other of others) {
      await writeFile(path, bytes);
      const writer = await resumeMcapWriter(path, { keep: 25 });
      await expect(writer.addChannel(other)).rejects.toMatchObject(refusal);
      await expect(writer.close()).rejects.toMatchObject(refusal);
    }
    await writeFile(path, bytes);
    const writer = await resumeMcapWriter(path, { keep: 25 });
    await expect(writer.flush()).rejects.toMatchObject({ ...refusal, found: "none for channel 0, 1" });
    await expect(writer.close()).rejects.toMatchObject(refusal);
  });
});
