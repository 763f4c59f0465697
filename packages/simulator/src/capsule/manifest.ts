import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { messageOf, SimulationError } from "../errors.ts";

/** Name of the file that says what a capsule is. */
export const MANIFEST = "capsule.json";

const MOST_SENSORS = 100_000;
const count = z.number().int().nonnegative();
const timeUs = z.number().int();

/** A file of the capsule, and SHA-256 of its bytes. */
const file = z.strictObject({
  file: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  sha256: z.string().length(64),
});

const action = z.enum(["isolate", "restart"]);
const kind = z.enum(["trap", "fuel", "stack-depth", "memory", "error-result", "time-out"]);

const place = z.strictObject({
  unit: z.string(),
  instance: z.string(),
  call: z.string(),
  kind,
  timeUs: timeUs.optional(),
  event: count.optional(),
  inputs: z.array(z.strictObject({ sensor: z.string(), count, arrived: count, lastUs: timeUs })),
});

const sensor = z.strictObject({
  handle: count,
  name: z.string(),
  kind: z.enum(["camera", "radar", "lidar", "ultrasonic", "imu", "gps", "can", "other"]),
  role: z.enum(["input", "reference"]),
  encoding: z.string(),
  schema: z.string(),
  count,
  firstUs: timeUs.optional(),
  lastUs: timeUs.optional(),
  rateHz: z.number(),
  metadata: z.record(z.string(), z.string()),
});

/** What `capsule.json` says. Everything that a run needs, but for the bytes of the other files. */
const manifest = z.strictObject({
  format: z.literal(1),
  /** What is to happen again. */
  failure: z.strictObject({ message: z.string(), place }),
  /** Version of Node.js that it happened on: words of errors may differ from one to the next. */
  node: z.string(),
  range: z.strictObject({ startUs: timeUs, endUs: timeUs }),
  config: z.record(z.string(), z.unknown()),
  decisions: z.array(z.strictObject({ timeUs, event: count, unit: z.string(), action })),
  composition: z.strictObject({
    name: z.string(),
    soleName: z.string(),
    text: file.optional(),
    packages: z.array(z.strictObject({ name: z.string(), component: file })),
  }),
  /** Files that the configuration gives to units, by the name that it calls them. */
  files: z.array(z.strictObject({ name: z.string(), content: file })),
  recording: z.strictObject({
    name: z.string(),
    startUs: timeUs,
    endUs: timeUs,
    sensors: z.array(sensor).max(MOST_SENSORS),
    readings: file,
    particulars: file,
  }),
  /** Where the run begins; without, at its start. */
  state: file.optional(),
});

export type CapsuleManifest = z.infer<typeof manifest>;
export type CapsuleFile = z.infer<typeof file>;

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** @throws SimulationError `bad-capsule`, or the file system's error where there is nothing */
export async function readManifest(folder: string): Promise<CapsuleManifest> {
  const path = join(folder, MANIFEST);
  const text = await readFile(path, "utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SimulationError("bad-capsule", `${path}: ${messageOf(cause)}`, { cause });
  }
  const result = manifest.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join(".") ?? "";
  throw new SimulationError("bad-capsule", `${path}: ${where}: ${issue?.message ?? "not valid"}`);
}

/** @throws SimulationError `bad-capsule` where the file is not the one that was written */
export async function readCapsuleFile(
  folder: string,
  { file: name, sha256: expected }: CapsuleFile,
): Promise<Uint8Array> {
  const path = join(folder, name);
  const bytes = await readFile(path);
  const found = sha256(bytes);
  if (found === expected) return bytes;
  throw new SimulationError("bad-capsule", `${path}: expected SHA-256 ${expected}, found ${found}`);
}
