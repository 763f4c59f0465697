import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect, summary } from "../recording.case.ts";
import { describeRecordingStore } from "../recording-store.case.ts";
import { openFolderStore } from "./folder-store.ts";

let folder: string;
let folders = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-folder-"));
});
afterAll(() => rm(folder, { recursive: true }));

for (const compression of ["none", "zstd"] as const) {
  describeRecordingStore({
    name: `a folder of MCAP files, ${compression}`,
    takesLateMessages: false,
    open: async () => openFolderStore(join(folder, `${folders++}`), { compression }),
  });
}

const CHANNEL = { topic: "/a", messageEncoding: "x", schema: undefined };
const message = (index: number) => ({
  channel: 0,
  logTimeNs: BigInt(index) * 1_000_000n,
  publishTimeNs: 0n,
  sequence: index + 7,
  data: new Uint8Array(3),
});

describe("a folder", () => {
  test("that is not there is empty, and made when it is written to", async () => {
    const store = openFolderStore(join(folder, "new", "deep"));
    expect(await store.list()).toEqual([]);
    await (await store.append("one")).seal();
    expect((await store.list()).map(({ name }) => name)).toEqual(["one"]);
  });

  test("lists recordings only, whatever else lies there, and takes no name that leads out of it", async () => {
    const path = join(folder, "mixed");
    const store = openFolderStore(path);
    await (await store.append("drive")).seal();
    await writeFile(join(path, "notes.txt"), "hello");
    await writeFile(join(path, "broken.mcap"), "hello");
    expect((await store.list()).map(({ name }) => name)).toEqual(["drive"]);
    for (const name of ["../drive", "a/b", "a\\b", ".hidden", ".."]) {
      await expect(store.append(name)).rejects.toMatchObject({ code: "invalid-argument" });
      expect(await store.find(name)).toBeUndefined();
    }
  });

  test("takes over from a writer whose process has died, with its metadata", async () => {
    const path = join(folder, "left");
    const store = openFolderStore(path);
    const first = await store.append("drive");
    await first.addChannel(CHANNEL);
    await first.append([message(0), message(1)]);
    await first.addMetadata("weather", { rain: "no" });
    await first.addChannel({ ...CHANNEL, topic: "/b" });
    await first.flush();
    await first.close();
    await writeFile(join(path, "drive.mcap.lock"), "999999999");
    const second = await store.append("drive");
    expect(second.channels.map(({ topic }) => topic)).toEqual(["/a", "/b"]);
    await second.append([message(2)]);
    await second.seal();
    expect(await store.find("drive")).toMatchObject({
      messageCount: 3,
      metadata: [{ name: "weather", entries: { rain: "no" } }],
    });
    const recording = await store.open("drive");
    expect((await collect(recording)).map(summary).length).toBe(3);
    await recording.close();
  });
});
