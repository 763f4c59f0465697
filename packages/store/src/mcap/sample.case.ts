import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Problem, Reading, RecordingWriter } from "@playhead/recording";
import { afterAll, beforeAll } from "vitest";
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

/** Opens a file and reads it whole. */
export async function readWhole(path: string, options: OpenOptions = {}): Promise<Outcome> {
  const recording = await openMcap(path, options);
  try {
    const readings: Reading[] = [];
    for await (const batch of recording.read()) readings.push(...batch);
    return { readings, problems: recording.problems };
  } finally {
    await recording.close();
  }
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
