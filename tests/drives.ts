import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
