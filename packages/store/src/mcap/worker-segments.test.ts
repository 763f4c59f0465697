import { existsSync } from "node:fs";
import { readFile, truncate, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Reading, Recording, RecordingError } from "@playhead/recording";
import { describe, expect, test } from "vitest";
import { openMcap } from "./open-mcap.ts";
import { readWhole, sampleFolder, writeSample } from "./sample.case.ts";

const BUILT = fileURLToPath(new URL("../../dist/mcap/segment-worker.js", import.meta.url));
const folder = sampleFolder();

async function readAll(recording: Recording): Promise<number> {
  let count = 0;
  for await (const batch of recording.read()) count += batch.length;
  return count;
}

describe.skipIf(!existsSync(BUILT))("a thread that reads", () => {
  test.each(["none", "lz4", "zstd"] as const)(
    "gives the same readings and problems, of a damaged file too: %s",
    async (compression) => {
      const path = folder.path();
      await writeSample(path, { compression });
      const bytes = await readFile(path);
      for (const place of [undefined, 1000, 2000]) {
        const changed = Buffer.from(bytes);
        if (place !== undefined) changed[place] = (changed[place] as number) ^ 0x55;
        await writeFile(path, changed);
        expect(await readWhole(path, { worker: true })).toEqual(await readWhole(path, { worker: false }));
      }
    },
  );

  test("ends with its recording, whatever is under way", async () => {
    const path = folder.path();
    await writeSample(path);
    const recording = await openMcap(path, { worker: true });
    const batches = recording.read()[Symbol.asyncIterator]();
    const first = (await batches.next()).value as readonly Reading[];
    expect(first.length).toBe(300);
    const again = readAll(recording).catch((error: unknown) => error);
    await recording.close();
    const outcome = await again;
    expect(outcome === 300 || (outcome as RecordingError).code === "closed").toBe(true);
    expect(first[299]?.raw.length).toBe(100);
    await expect(recording.latestAtOrBefore(recording.endUs)).rejects.toMatchObject({ code: "closed" });
  });

  test("says what it cannot read", async () => {
    const path = folder.path();
    await writeSample(path);
    const recording = await openMcap(path, { worker: true });
    await truncate(path, 9000);
    const readings: Reading[] = [];
    for await (const batch of recording.read()) readings.push(...batch);
    expect(readings.length).toBeLessThan(300);
    expect(recording.problems[0]?.message).toMatch("the file has shrunk");
    await recording.close();
  });
});
