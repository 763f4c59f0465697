import { appendFile, readFile, writeFile } from "node:fs/promises";
import type { Reading, RecordingWriter } from "@playhead/recording";
import { describe, expect, test } from "vitest";
import { summary } from "../recording.case.ts";
import { createMcapWriter } from "./mcap-writer.ts";
import { openMcap } from "./open-mcap.ts";
import { readWhole, sampleFolder, writeSample, writeSampleTo } from "./sample.case.ts";

const folder = sampleFolder();
const STEP_NS = 300_000_000n;

/** Writes messages 0.3 s apart: every fourth one closes a chunk. */
async function writeSome(writer: RecordingWriter, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++)
    await writer.write(0, BigInt(index) * STEP_NS, 7n, new Uint8Array(10).fill(index));
}

async function startWriting(path: string): Promise<RecordingWriter> {
  const writer = await createMcapWriter(path);
  await writer.addChannel({ topic: "/a", messageEncoding: "x", schema: undefined });
  await writer.addChannel({ topic: "/quiet", messageEncoding: "x", schema: undefined });
  return writer;
}

describe("a recording that grows", () => {
  test("gives its readings as chunks are closed, and ends when it is finished", async () => {
    const path = folder.path();
    const writer = await startWriting(path);
    const opening = openMcap(path, { follow: true });
    await writeSome(writer, 0, 5);
    const recording = await opening;
    expect(recording.growing).toBe(true);
    expect(recording.fingerprint).toBeUndefined();
    expect(recording.sensors.map(({ name }) => name)).toEqual(["/a", "/quiet"]);
    const batches = recording.read()[Symbol.asyncIterator]();
    const others = recording.read({ toUs: 2_000_000 })[Symbol.asyncIterator]();
    const seen: Reading[] = [];
    for (let message = 5; seen.length < 40; message += 4) {
      await writeSome(writer, message, message + 4);
      const { value } = (await batches.next()) as { value: readonly Reading[] };
      seen.push(...value);
      expect(recording.endUs).toBeGreaterThanOrEqual(seen.at(-1)?.timeUs ?? 0);
      expect(recording.sensors[0]?.count).toBeGreaterThanOrEqual(seen.length);
      const latest = await recording.latestAtOrBefore(recording.endUs);
      expect(latest.get(0)?.timeUs).toBeGreaterThanOrEqual(seen.at(-1)?.timeUs ?? 0);
    }
    await writer.flush();
    await writer.close();
    for (;;) {
      const { value, done } = (await batches.next()) as IteratorResult<readonly Reading[]>;
      if (done === true) break;
      seen.push(...value);
    }
    expect(recording.growing).toBe(false);
    const whole = await readWhole(path);
    expect(seen.map(summary)).toEqual(whole.readings.map(summary));
    const rest: number[] = [];
    for (let next = await others.next(); next.done === false; next = await others.next())
      rest.push(...next.value.map(({ timeUs }: Reading) => timeUs));
    expect(rest).toEqual([0, 1, 2, 3, 4, 5, 6].map((step) => step * 300_000));
    expect(recording.problems).toEqual([]);
    await recording.close();
  });

  test("of many chunks can be read from any time on, while it grows", async () => {
    const path = folder.path();
    const writer = await createMcapWriter(path, { chunkBytes: 1 });
    await writer.addChannel({ topic: "/a", messageEncoding: "x", schema: undefined });
    await writeSome(writer, 0, 700);
    const recording = await openMcap(path, { follow: true });
    await expect.poll(() => recording.sensors[0]?.count).toBe(700);
    for (const from of [0, 255, 256, 257, 511, 512, 699]) {
      const times: number[] = [];
      for await (const batch of recording.read({ fromUs: from * 300_000, toUs: 699 * 300_000 - 1 }))
        times.push(...batch.map(({ timeUs }) => timeUs / 300_000));
      expect(times).toEqual(Array.from({ length: 699 - from }, (_, index) => from + index));
      const latest = await recording.latestAtOrBefore(from * 300_000 + 1);
      expect(latest.get(0)).toMatchObject({ sequence: from, position: from, timeUs: from * 300_000 });
    }
    await recording.close();
    await writer.close();
  });

  test("is not waited for where a camera is silent", async () => {
    const path = folder.path();
    const writer = await startWriting(path);
    const schema = { name: "foxglove.RawImage", encoding: "jsonschema", data: new Uint8Array(0) };
    await writer.addChannel({ topic: "/silent", messageEncoding: "json", schema });
    await writeSome(writer, 0, 5);
    const recording = await openMcap(path, { follow: true });
    expect(recording.sensors[2]).toMatchObject({ name: "/silent", kind: "camera", count: 0 });
    await recording.close();
    await writer.close();
  });

  test("that is finished already is opened as it is", async () => {
    const path = folder.path();
    await writeSample(path);
    const recording = await openMcap(path, { follow: true });
    expect(recording.growing).toBe(false);
    expect(recording.sensors[0]?.count).toBe(200);
    await recording.close();
  });

  test("is left when the one who follows it stops, or closes it", async () => {
    const path = folder.path();
    const writer = await startWriting(path);
    await writeSome(writer, 0, 9);
    const enough = new Error("enough");
    const stop = new AbortController();
    const recording = await openMcap(path, { follow: true, signal: stop.signal });
    const reading = new AbortController();
    const seen: number[] = [];
    const first = (async () => {
      for await (const batch of recording.read({ signal: reading.signal })) seen.push(batch.length);
    })();
    await expect.poll(() => seen.length).toBe(2);
    reading.abort(enough);
    await expect(first).rejects.toBe(enough);
    const second = (async () => {
      for await (const batch of recording.read()) seen.push(batch.length);
    })();
    await expect.poll(() => seen.length).toBe(4);
    stop.abort();
    await second;
    expect(recording.growing).toBe(false);
    await recording.close();

    const other = await openMcap(path, { follow: true });
    const third = (async () => {
      for await (const batch of other.read()) seen.push(batch.length);
    })();
    await expect.poll(() => seen.length).toBe(6);
    const closed = expect(third).rejects.toMatchObject({ code: "closed" });
    await other.close();
    await closed;
    await writer.close();
    const never = folder.path();
    const silent = await startWriting(never);
    await expect(openMcap(never, { follow: true, signal: AbortSignal.abort(enough) })).rejects.toBe(enough);
    await silent.close();
  });

  test("grows by any number of bytes at a time", async () => {
    const [whole, path] = [folder.path(), folder.path()];
    await writeSampleTo(await createMcapWriter(whole, { chunkBytes: 2500, compression: "zstd" }));
    const bytes = await readFile(whole);
    await writeFile(path, bytes.subarray(0, 500));
    const opening = openMcap(path, { follow: true });
    const writing = (async () => {
      for (let from = 500; from < bytes.length; from += 333)
        await appendFile(path, bytes.subarray(from, from + 333));
    })();
    const recording = await opening;
    const lines: string[] = [];
    for await (const batch of recording.read()) lines.push(...batch.map(summary));
    await writing;
    expect(lines).toEqual((await readWhole(whole)).readings.map(summary));
    expect(recording.problems).toEqual([]);
    await recording.close();
  });

  test("says what it leaves out: messages that come late, and channels", async () => {
    const [early, late] = [folder.path(), folder.path()];
    const first = await startWriting(early);
    await writeSome(first, 100, 109);
    const second = await createMcapWriter(late);
    for (const topic of ["/a", "/quiet", "/new"])
      await second.addChannel({ topic, messageEncoding: "x", schema: undefined });
    await writeSome(second, 0, 5);
    await second.write(2, 200n * STEP_NS, 0n, new Uint8Array(1));
    await second.flush();
    const recording = await openMcap(early, { follow: true });
    const tail = await readFile(late);
    await appendFile(early, tail.subarray(33));
    const seen: Reading[] = [];
    const batches = recording.read()[Symbol.asyncIterator]();
    for (const _ of [0, 1]) seen.push(...((await batches.next()).value as Reading[]));
    await expect
      .poll(() => recording.problems.map(({ code }) => code))
      .toEqual(["out-of-order", "out-of-order"]);
    expect(seen.length).toBe(8);
    await recording.close();
    await first.close();
    await second.close();
  });
});
