import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Problem, Reading, RecordingWriter } from "@playhead/recording";
import { afterAll, beforeAll, expect } from "vitest";
import type { OpenOptions } from "./mcap-file.ts";
import { createMcapWriter, type McapWriterOptions } from "./mcap-writer.ts";
import { openMcap } from "./open-mcap.ts";

export const SAMPLE_START_NS = 1_700_000_000_000_000_000n;

/** A folder for the files of one test file; `path` gives a new name in it. */
export function sampleFolder(): { path(): string } {
  let folder = "";
  let files = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "playhead-mcap-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return { path: () => join(folder, `${files++}.mcap`) };
}

export const SAMPLE_MESSAGES = 300;

/** 300 messages of 100 bytes on two topics, 1 ms apart, in chunks of about 20 messages. */
export async function writeSample(path: string, options: McapWriterOptions = {}): Promise<void> {
  await writeSampleTo(await createMcapWriter(path, { chunkBytes: 2500, ...options }));
}

/** The same calls from a message on; `wait` is given the promise of each. */
export async function writeSampleTo(
  writer: RecordingWriter,
  wait: (call: Promise<unknown>) => unknown = (call) => call,
  from = 0,
): Promise<void> {
  const schema = { name: "test/Bytes", encoding: "ros2msg", data: new TextEncoder().encode("uint8[] data") };
  const channels = [
    await writer.addChannel({ topic: "/a", messageEncoding: "bytes", schema, metadata: { side: "left" } }),
    await writer.addChannel({ topic: "/b", messageEncoding: "bytes", schema: undefined }),
  ];
  for (let index = from; index < SAMPLE_MESSAGES; index++) {
    const time = SAMPLE_START_NS + BigInt(index) * 1_000_000n;
    const data = new Uint8Array(100).fill(index);
    await wait(writer.write(channels[index % 3 === 0 ? 1 : 0] as number, time, time, data));
  }
  await wait(writer.addMetadata("origin", { made: "by a test" }));
  await writer.close();
}

export interface Outcome {
  readonly readings: readonly Reading[];
  readonly problems: readonly Problem[];
}

/** Opens a file and reads it whole, with readings that are kept; those that are borrowed must be the same. */
export async function readWhole(path: string, options: OpenOptions = {}): Promise<Outcome> {
  const recording = await openMcap(path, options);
  try {
    const readings: Reading[] = [];
    for await (const batch of recording.read()) readings.push(...batch);
    const kept = { readings, problems: recording.problems };
    expect(await readBorrowed(path, options)).toEqual({ ...kept, readings: readings.map(row) });
    return kept;
  } finally {
    await recording.close();
  }
}

async function readBorrowed(path: string, options: OpenOptions): Promise<unknown> {
  const recording = await openMcap(path, options);
  try {
    const readings: unknown[] = [];
    for await (const batch of recording.read({ borrow: true })) {
      readings.push(...batch.map(row));
      for (const { raw } of batch) raw.fill(0xee);
    }
    return { readings, problems: recording.problems };
  } finally {
    await recording.close();
  }
}

/** What a reading says, as a copy. */
function row({ raw, sensor, timeUs, remainderNs, publishTimeNs, sequence, position }: Reading): string {
  const bytes = Buffer.from(raw).toString("base64");
  return [sensor, timeUs, remainderNs, publishTimeNs, sequence, position, bytes].join(" ");
}

/** The same for bytes that are put into a file first. */
export async function readBytes(
  path: string,
  bytes: Uint8Array,
  options: OpenOptions = {},
): Promise<Outcome> {
  await writeFile(path, bytes);
  return readWhole(path, options);
}
