import { readFile, writeFile } from "node:fs/promises";
import { RecordingError } from "@playhead/recording";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openMcap } from "./open-mcap.ts";
import { OPCODE, RECORD_HEADER_BYTES } from "./records.ts";
import { sampleFolder, writeSample } from "./sample.case.ts";

const folder = sampleFolder();
const RUNS = 100;
const MAX_CHUNK_BYTES = 1024 * 1024;

/** What can happen to a file on its way. */
const change = fc.oneof(
  fc.record({ kind: fc.constant("flip" as const), place: fc.nat(), value: fc.integer({ min: 1, max: 255 }) }),
  fc.record({
    kind: fc.constant("fill" as const),
    place: fc.nat(),
    value: fc.constantFrom(0, 255),
    length: fc.nat(12),
  }),
  fc.record({ kind: fc.constant("remove" as const), place: fc.nat(), length: fc.nat(300) }),
  fc.record({ kind: fc.constant("repeat" as const), place: fc.nat(), length: fc.nat(3000) }),
  fc.record({ kind: fc.constant("cut" as const), place: fc.nat() }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function apply(bytes: Uint8Array, { place: anywhere, ...made }: Change): Uint8Array {
  if (bytes.length === 0) return bytes;
  const place = anywhere % bytes.length;
  switch (made.kind) {
    case "flip":
      return bytes.with(place, (bytes[place] as number) ^ made.value) as Uint8Array;
    case "fill":
      return bytes.slice().fill(made.value, place, place + made.length);
    case "remove":
      return joined(bytes.subarray(0, place), bytes.subarray(place + made.length));
    case "repeat":
      return joined(bytes.subarray(0, place + made.length), bytes.subarray(place));
    case "cut":
      return bytes.slice(0, place);
  }
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** Without CRCs, changes reach what lies behind them. */
function withoutCrcs(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (let offset = 8; offset + RECORD_HEADER_BYTES < copy.length; ) {
    const content = offset + RECORD_HEADER_BYTES;
    if (copy[offset] === OPCODE.chunk) view.setUint32(content + 24, 0, true);
    if (copy[offset] === OPCODE.footer) view.setUint32(content + 16, 0, true);
    offset = content + Number(view.getBigUint64(offset + 1, true));
  }
  return copy;
}

describe.each(["none", "lz4", "zstd"] as const)("any change to a file: %s", (compression) => {
  test.each([true, false])(
    "gives readings in order, problems, or a RecordingError; CRCs: %s",
    async (crcs) => {
      const sample = folder.path();
      await writeSample(sample, { compression });
      const whole = new Uint8Array(await readFile(sample));
      const original = crcs ? whole : withoutCrcs(whole);
      const path = folder.path();
      let opened = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
          await writeFile(path, changes.reduce(apply, original));
          if (await survives(path)) opened++;
        }),
        { numRuns: RUNS, seed: 5 },
      );
      expect(opened).toBeGreaterThan(RUNS / 2);
    },
  );
});

/** Reads all that a file has, in every way. Returns whether it could be opened; fails where anything else than a RecordingError comes out. */
async function survives(path: string): Promise<boolean> {
  try {
    const recording = await openMcap(path, { maxChunkBytes: MAX_CHUNK_BYTES });
    let lastUs = 0;
    let position = -1;
    for await (const batch of recording.read()) {
      for (const reading of batch) {
        expect(reading.timeUs).toBeGreaterThanOrEqual(lastUs);
        expect(reading.sensor).toBeLessThan(recording.sensors.length);
        lastUs = reading.timeUs;
        position = reading.position;
      }
    }
    expect(position).toBeLessThan(100_000);
    await recording.latestAtOrBefore((recording.startUs + recording.endUs) / 2);
    expect(recording.problems.length).toBeLessThanOrEqual(1001);
    await recording.close();
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(RecordingError);
    return false;
  }
}
