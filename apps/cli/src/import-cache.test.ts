import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RecordingError } from "@playhead/recording";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openImported } from "./import-cache.ts";

let root = "";
let folder = "";
let bag = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "playhead-imports-"));
  folder = join(root, "cache");
  bag = join(root, "some.bag");
  await writeFile(bag, emptyBag(0));
});

afterEach(() => rm(root, { recursive: true }));

/** A ROS 1 bag without messages that was not closed, with some bytes behind that are no record. */
function emptyBag(tail: number): Buffer {
  const field = (name: string, ...value: number[]): Buffer => {
    const bytes = Buffer.concat([Buffer.from(`${name}=`), Buffer.from(value)]);
    return Buffer.concat([Buffer.from([bytes.length, 0, 0, 0]), bytes]);
  };
  const header = Buffer.concat([
    field("op", 3),
    field("index_pos", 0, 0, 0, 0, 0, 0, 0, 0),
    field("conn_count", 0, 0, 0, 0),
    field("chunk_count", 0, 0, 0, 0),
  ]);
  const lengths = [header.length, 0].map((length) => Buffer.from([length, 0, 0, 0]));
  const parts = [lengths[0] as Buffer, header, lengths[1] as Buffer, Buffer.alloc(tail)];
  return Buffer.concat([Buffer.from("#ROSBAG V2.0\n"), ...parts]);
}

async function open(options: Parameters<typeof openImported>[2] = {}): Promise<{ imports: number }> {
  let imports = 0;
  const recording = await openImported(bag, {}, { folder, ...options, onProgress: () => imports++ });
  expect(recording.name).toBe("some.bag");
  expect(recording.problems[0]).toMatchObject({ code: "no-index" });
  await recording.close();
  return { imports };
}

async function kept(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".mcap")).sort();
}

test("is imported once, and again when it has changed", async () => {
  await open();
  const [first] = await kept();
  await open();
  expect(await kept()).toEqual([first]);
  await writeFile(bag, emptyBag(3));
  await open();
  expect(await kept()).toHaveLength(2);
  await utimes(bag, 5, 5);
  await open();
  expect(await kept()).toHaveLength(3);
  await writeFile(`${bag}-wal`, "what a database has not taken in yet");
  await open();
  expect(await kept()).toHaveLength(4);
});

test("an import of which a part is missing is made again", async () => {
  await open();
  for (const name of await readdir(folder)) {
    await rm(join(folder, name));
    await open();
    expect(await readdir(folder)).toHaveLength(2);
  }
});

test("what was not used for the longest time goes when there is too much, also what others left half done", async () => {
  await mkdir(folder);
  for (const [name, usedS] of [
    ["old.mcap", 10],
    ["torn.mcap.partial", 20],
    ["recent.mcap", 30],
  ] as const) {
    await writeFile(join(folder, name), Buffer.alloc(10_000));
    await utimes(join(folder, name), usedS, usedS);
  }
  await open({ mostBytes: 15_000 });
  expect(await kept()).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.mcap$/), "recent.mcap"]);
  expect(await readdir(folder)).toHaveLength(3);
});

test("a source that cannot be read leaves nothing behind", async () => {
  await writeFile(bag, "#ROSBAG V2.0\n");
  await expect(openImported(bag, {}, { folder })).rejects.toThrow(RecordingError);
  expect(await readdir(folder)).toEqual([]);
});

test("a place that cannot be written is told, with what names another", async () => {
  await writeFile(folder, "a file");
  await expect(openImported(bag, {}, { folder })).rejects.toThrow(
    `${folder}: expected a folder that can be written, where recordings in other formats are kept as MCAP; XDG_CACHE_HOME`,
  );
});

test("ended early it leaves nothing behind", async () => {
  await expect(openImported(bag, {}, { folder, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  expect(await readdir(folder)).toEqual([]);
});
