import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Recording } from "@playhead/recording";
import { createMcapWriter, openRecording } from "@playhead/store";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openAnyRecording } from "../open-any-recording.ts";
import { runMain } from "../run-main.case.ts";

let folder: string;
let drive: string;
const at = (name: string): string => join(folder, name);

const LOG_S = 1_700_000_000;
/** The sensors' clock is two days behind. */
const STAMP_S = LOG_S - 2 * 86_400;

/** Positions come 0.2 s late, every second one in the wrong order; the speed has no stamp. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-clock-"));
  vi.stubEnv("XDG_CACHE_HOME", at("cache"));
  drive = at("drive.mcap");
  const writer = await createMcapWriter(drive);
  const channel = (topic: string, name: string) => ({
    ...{ topic, messageEncoding: "json" },
    schema: { name, encoding: "jsonschema", data: new Uint8Array() },
  });
  const fix = await writer.addChannel(channel("/gps", "foxglove.LocationFix"));
  const speed = await writer.addChannel(channel("/speed", "Speed"));
  for (let count = 0; count < 10; count++) {
    const logNs = BigInt(LOG_S + count) * 1_000_000_000n;
    const sec = STAMP_S + (count ^ 1);
    const position = { timestamp: { sec, nsec: 5 }, frame_id: "gps", latitude: count, longitude: 8 };
    await writer.write(fix, logNs, logNs, Buffer.from(JSON.stringify(position)));
    await writer.write(speed, logNs, logNs, Buffer.from(JSON.stringify({ count })));
  }
  await writer.close();
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Topic, seconds since the sensors' start, and what the message says. */
async function readingsOf(recording: Recording): Promise<unknown[]> {
  const found: unknown[] = [];
  try {
    for await (const batch of recording.read())
      for (const { sensor, timeUs, remainderNs, raw } of batch) {
        const { latitude, count } = JSON.parse(Buffer.from(raw).toString()) as Record<string, number>;
        const name = recording.sensors[sensor]?.name;
        found.push([name, Math.round(timeUs / 1e5) / 10 - STAMP_S, remainderNs, latitude ?? count]);
      }
    return found;
  } finally {
    await recording.close();
  }
}

describe("--time header", () => {
  test("imports by the stamps, and says so", async () => {
    const ran = await runMain("import", drive, "--time", "header", "-o", at("by-header.mcap"));
    expect(ran).toMatchObject({ exitCode: 0, errors: "", text: expect.stringMatching(/by header stamps/) });
    const found = await readingsOf(await openRecording(at("by-header.mcap")));
    expect(found.slice(0, 6)).toEqual([
      ["/gps", 0, 5, 1],
      ["/gps", 1, 5, 0],
      ["/speed", 1, 5, 0],
      ["/speed", 2, 5, 1],
      ["/gps", 2, 5, 3],
      ["/gps", 3, 5, 2],
    ]);
    expect(found).toHaveLength(20);
    const log = await runMain("import", drive, "--time", "log", "-o", at("by-log.mcap"), "--json");
    expect(JSON.parse(log.text)).toMatchObject({ time: "log", problems: [] });
    expect((await runMain("import", drive, "--time", "sun", "-o", at("none.mcap"))).exitCode).toBe(2);
  });

  test("opens any recording by the stamps, by way of the cache, under a name that says so", async () => {
    const recording = await openAnyRecording(drive, { time: "header" });
    expect(recording).toMatchObject({ name: "drive.mcap (header time)", startUs: STAMP_S * 1e6 });
    const found = await readingsOf(recording);
    expect(found).toEqual(await readingsOf(await openRecording(at("by-header.mcap"))));
    await readingsOf(await openAnyRecording(drive, { time: "header" }));
    const kept = await readdir(at("cache/playhead/imports"));
    expect(kept.filter((name) => name.endsWith(".mcap"))).toHaveLength(1);
    for (const reading of [{}, { time: "log" }] as const) {
      const plain = await openAnyRecording(drive, reading);
      expect(plain).toMatchObject({ name: "drive.mcap", startUs: LOG_S * 1e6 });
      await plain.close();
    }
    const again = await openAnyRecording(at("by-header.mcap"), { time: "header" });
    expect(again.name).toBe("by-header.mcap (header time)");
    expect(await readingsOf(again)).toEqual(found);
  });
});

describe("inspect", () => {
  test("tells of clocks that lie apart", async () => {
    expect((await runMain("inspect", drive)).text).toMatch(
      /Time {8}by log times; header stamps lie 2\.0 days before them \(--time header/,
    );
    expect((await runMain("inspect", drive, "--time", "header")).text).toMatch(
      /Time {8}by header stamps, which lie 2\.0 days before the log times/,
    );
    const json = JSON.parse((await runMain("inspect", drive, "--json")).text) as object;
    expect(json).toMatchObject({ time: "log" });
    const [offsetUs, headerOffsetUs] = [
      (STAMP_S - LOG_S) * 1e6,
      Reflect.get(json, "headerOffsetUs") as number,
    ];
    expect(Math.abs(headerOffsetUs - offsetUs)).toBeLessThanOrEqual(1e6);
  });

  test("says nothing of clocks where no message has a stamp", async () => {
    const writer = await createMcapWriter(at("plain.mcap"));
    const plain = await writer.addChannel({ topic: "/x", messageEncoding: "json", schema: undefined });
    await writer.write(plain, 1n, 1n, Buffer.from("{}"));
    await writer.close();
    expect((await runMain("inspect", at("plain.mcap"))).text).not.toMatch(/Time/);
    const ran = await runMain("import", at("plain.mcap"), "--time", "header", "-o", at("x.mcap"), "--json");
    expect(JSON.parse(ran.text)).toMatchObject({ time: "log", problems: [{ code: "no-stamps" }] });
  });
});

const real = join(
  process.env.PLAYHEAD_DATA ?? join(import.meta.dirname, "../../../../../shared/data"),
  "drives/reductstore_demo.mcap",
);

test.skipIf(!existsSync(real))(
  "a drive that was recorded anew years later has the times of its drive (skipped where it is not there)",
  async () => {
    const ran = await runMain("import", real, "--time", "header", "--json", "-o", at("first.mcap"));
    expect(JSON.parse(ran.text)).toMatchObject({ messages: 3513, time: "header", problems: [] });
    const [before, after] = [await openRecording(real), await openRecording(at("first.mcap"))];
    expect(new Date(before.startUs / 1000).getUTCFullYear()).toBe(2026);
    expect(new Date(after.startUs / 1000).toISOString()).toMatch(/^2023-10-06T07:44:2/);
    // Its speed has no stamps: it keeps its rate, and its place among the others.
    const rates = ({ sensors }: Recording): number[] => sensors.map(({ rateHz }) => Math.round(rateHz));
    expect(rates(after)).toEqual(rates(before));
    let departing = 0;
    for await (const batch of after.read())
      for (const { metadata = "{}", timeUs } of batch) {
        const { stamp_us: stampUs = timeUs } = JSON.parse(metadata) as { stamp_us?: number };
        if (stampUs !== timeUs) departing++;
      }
    expect(departing).toBe(0);
    await before.close();
    await after.close();
  },
);
