import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { summary } from "../recording.case.ts";
import { cacheFolder, trimFolder } from "./cache-folder.ts";
import { FileBytes } from "./file-bytes.ts";
import { openMcap } from "./open-mcap.ts";
import { sampleFolder, writeSample } from "./sample.case.ts";

const folder = sampleFolder();

interface Opened {
  readonly lines: readonly string[];
  readonly problems: readonly string[];
  /** Bytes that were read of the recording to open it. */
  readonly bytes: number;
  readonly latest: readonly string[];
}

/** Opens a file, counting what is read of it, and reads it whole. */
async function openCounting(path: string, indexes: string): Promise<Opened> {
  const { readAt } = FileBytes.prototype;
  let bytes = 0;
  FileBytes.prototype.readAt = function (offset, length) {
    bytes += length;
    return readAt.call(this, offset, length);
  };
  try {
    const recording = await openMcap(path, { savedIndex: { folder: indexes, fromBytes: 0 } });
    const read = bytes;
    const lines: string[] = [];
    for await (const batch of recording.read()) lines.push(...batch.map(summary));
    const middleUs = (recording.startUs + recording.endUs) / 2;
    const latest = [...(await recording.latestAtOrBefore(middleUs)).values()].map(summary);
    const problems = recording.problems.map(({ code, message }) => `${code} ${message}`);
    await recording.close();
    return { lines, problems, bytes: read, latest };
  } finally {
    FileBytes.prototype.readAt = readAt;
  }
}

async function onlyFile(indexes: string): Promise<string> {
  const names = await readdir(indexes);
  expect(names.length).toBe(1);
  return join(indexes, names[0] ?? "");
}

describe("a saved index", () => {
  test("makes the second opening read the file's two ends only, and gives the same", async () => {
    const [path, indexes] = [folder.path(), folder.path()];
    await writeSample(path);
    const first = await openCounting(path, indexes);
    const second = await openCounting(path, indexes);
    expect(second.bytes).toBeLessThan(4096 + 100);
    expect(first.bytes).toBeGreaterThan(second.bytes * 2);
    expect({ ...second, bytes: 0 }).toEqual({ ...first, bytes: 0 });
    expect(second.lines.length).toBe(300);
    expect(second.latest.length).toBe(2);
  });

  test("keeps what is wrong with the file", async () => {
    const [path, indexes] = [folder.path(), folder.path()];
    await writeSample(path);
    await writeFile(path, (await readFile(path)).subarray(0, 20_000));
    const first = await openCounting(path, indexes);
    expect(first.problems.map((problem) => problem.split(" ")[0])).toEqual(["no-index", "truncated"]);
    const second = await openCounting(path, indexes);
    expect(second.bytes).toBeLessThan(first.bytes / 2);
    expect({ ...second, bytes: 0 }).toEqual({ ...first, bytes: 0 });
  });

  test("is made anew when the file has changed", async () => {
    const [path, indexes] = [folder.path(), folder.path()];
    await writeSample(path);
    const first = await openCounting(path, indexes);
    await writeSample(path, { chunkBytes: 5000 });
    const second = await openCounting(path, indexes);
    expect(second.lines).toEqual(first.lines);
    const bytes = await readFile(path);
    await writeFile(path, bytes);
    expect((await openCounting(path, indexes)).bytes).toBeGreaterThan(5000);
    await utimes(path, 1, 1);
    expect((await openCounting(path, indexes)).bytes).toBeGreaterThan(5000);
    expect((await openCounting(path, indexes)).bytes).toBeLessThan(5000);
    await onlyFile(indexes);
  });

  test("that is damaged in any place is not believed, and replaced", async () => {
    const [path, indexes] = [folder.path(), folder.path()];
    await writeSample(path);
    const whole = await openCounting(path, indexes);
    const index = await onlyFile(indexes);
    const bytes = await readFile(index);
    for (const place of [0, 3, 9, 13, 40, 200, 700, bytes.length - 300]) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] as number) ^ 4;
      await writeFile(index, changed);
      const opened = await openCounting(path, indexes);
      expect({ ...opened, bytes: 0 }).toEqual({ ...whole, bytes: 0 });
      expect(opened.bytes).toBeGreaterThan(5000);
    }
    for (const length of [0, 10, 100, bytes.length - 1]) {
      await writeFile(index, bytes.subarray(0, length));
      expect({ ...(await openCounting(path, indexes)), bytes: 0 }).toEqual({ ...whole, bytes: 0 });
    }
  });

  test("of another recording, or where nothing can be written, is done without", async () => {
    const [path, other, indexes] = [folder.path(), folder.path(), folder.path()];
    await writeSample(path);
    await writeSample(other, { chunkBytes: 9000 });
    await openCounting(other, indexes);
    const foreign = await onlyFile(indexes);
    const kept = await readFile(foreign);
    await rm(foreign);
    const whole = await openCounting(path, indexes);
    await writeFile(await onlyFile(indexes), kept);
    expect(await openCounting(path, indexes)).toEqual(whole);
    const taken = folder.path();
    await writeFile(taken, "a file where the folder should be");
    expect(await openCounting(path, taken)).toEqual(whole);
  });

  test("remembers which chunks are whole", async () => {
    const [path, indexes] = [folder.path(), folder.path()];
    await writeSample(path);
    await openCounting(path, indexes);
    const marks = (await readFile(await onlyFile(indexes))).subarray(-15);
    expect([...marks]).toEqual(new Array(15).fill(0xa5));
  });

  test("is not made for small files, nor beside the recording", async () => {
    const path = folder.path();
    await writeSample(path);
    const indexes = folder.path();
    const recording = await openMcap(path, { savedIndex: { folder: indexes } });
    await recording.close();
    await expect(stat(indexes)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("the cache folder", () => {
  test("is the user's", () => {
    const before = process.env.XDG_CACHE_HOME;
    process.env.XDG_CACHE_HOME = "/somewhere";
    expect(cacheFolder()).toBe(join("/somewhere", "playhead"));
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  });

  test("keeps the files that were used last", async () => {
    const path = folder.path();
    await mkdir(path);
    for (let index = 0; index < 6; index++) {
      await writeFile(join(path, `${index}`), new Uint8Array(100));
      await utimes(join(path, `${index}`), index, index);
    }
    await trimFolder(path, 420, 10);
    expect((await readdir(path)).sort()).toEqual(["2", "3", "4", "5"]);
    await trimFolder(path, 420, 3);
    expect((await readdir(path)).sort()).toEqual(["3", "4", "5"]);
  });
});
