import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "@playhead/exact-math";
import { createMcapWriter } from "@playhead/store";
import { playhead } from "./playhead.ts";

/** A folder of its own for a test file, and the way to be rid of it. */
export async function scratchFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "playhead-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Makes a drive with `playhead synth`. */
export async function makeDrive(
  file: string,
  options: { seed?: number; durationS?: number; scenario?: "braking" | "cruising" } = {},
): Promise<string> {
  const { seed = 11, durationS = 3, scenario = "braking" } = options;
  const ran = await playhead([
    "synth",
    "-o",
    file,
    "--seed",
    String(seed),
    "--duration",
    String(durationS),
    "--scenario",
    scenario,
  ]);
  if (ran.exitCode !== 0) throw new Error(`synth: exit code ${ran.exitCode}\n${ran.stderr}`);
  return file;
}

/** Topics and readings per second of a small drive: none divides another. */
const SMALL = [
  ["/imu", 100],
  ["/wheel", 47],
  ["/can", 211],
  ["/gps", 9.7],
] as const;

/** Makes a drive of messages of a few hundred random bytes, which mean nothing. */
export async function makeSmallDrive(file: string, seed: number, durationS: number): Promise<string> {
  const random = Random.fromSeed(seed);
  const writer = await createMcapWriter(file);
  const messages: { readonly channel: number; readonly timeUs: number }[] = [];
  for (const [topic, rateHz] of SMALL) {
    const channel = await writer.addChannel({ topic, messageEncoding: "bytes", schema: undefined });
    for (let k = 0; k <= durationS * rateHz; k++)
      messages.push({ channel, timeUs: 1_700_000_000_000_000 + Math.round((k * 1e6) / rateHz) });
  }
  messages.sort((a, b) => a.timeUs - b.timeUs || a.channel - b.channel);
  for (const { channel, timeUs } of messages) {
    const data = Uint8Array.from({ length: 8 + Math.floor(random.uniform(0, 400)) }, () => random.nextU32());
    await writer.write(channel, BigInt(timeUs) * 1000n, BigInt(timeUs) * 1000n, data);
  }
  await writer.close();
  return file;
}
