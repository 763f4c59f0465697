import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Reading, Recording } from "@playhead/recording";
import { createMcapWriter, makeFolders } from "@playhead/store";
import type { Decision } from "../engine/decision.ts";
import type { EngineState } from "../engine/engine-state.ts";
import type { RunPlan } from "../engine/run-plan.ts";
import { readingAt, references } from "../engine/saved-readings.ts";
import type { FaultPlace, SimulationError } from "../errors.ts";
import { isOffered } from "../sensors/offered.ts";
import { writeReadings } from "./capsule-readings.ts";
import { type CapsuleFile, type CapsuleManifest, MANIFEST, sha256 } from "./manifest.ts";
import { encodeState } from "./state-file.ts";

/** A call that failed, and what the run was before. */
export interface CapsuleContent {
  readonly plan: RunPlan;
  readonly failure: SimulationError;
  readonly place: FaultPlace;
  /** A state before the event that failed; the start of the run without. */
  readonly state: EngineState | undefined;
  /** What was decided before. */
  readonly decisions: readonly Decision[];
}

/**
 * Writes all that is needed to run to a failing call again into a folder, which is replaced: state, readings, components, configuration.
 * It is there whole or not at all.
 *
 * @throws Error where the pipeline says nothing of what it is made of; what the recording or the file system throws
 */
export async function writeCapsule(folder: string, content: CapsuleContent): Promise<void> {
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  makeFolders(partial);
  try {
    const manifest = await writeParts(partial, content);
    await writeFile(join(partial, MANIFEST), `${JSON.stringify(manifest, undefined, 1)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function writeParts(folder: string, content: CapsuleContent): Promise<CapsuleManifest> {
  const { plan, failure, place, state, decisions } = content;
  const { recording, pipeline, config, startUs, endUs } = plan;
  const { source } = pipeline;
  if (source === undefined) throw new Error(`${pipeline.name}: nobody knows what it is made of`);
  const put = async (file: string, bytes: Uint8Array): Promise<CapsuleFile> => {
    await writeFile(join(folder, file), bytes);
    return { file, sha256: sha256(bytes) };
  };
  const packages: CapsuleManifest["composition"]["packages"] = [];
  for (const [name, bytes] of source.packages)
    packages.push({ name, component: await put(`component-${packages.length}.wasm`, bytes) });
  const files: CapsuleManifest["files"] = [];
  for (const [name, bytes] of plan.files)
    files.push({ name, content: await put(`file-${files.length}`, bytes) });
  const text =
    source.text === undefined ? {} : { text: await put("composition.wac", Buffer.from(source.text)) };
  return {
    format: 1,
    failure: { message: failure.message, place: { ...place, inputs: [...place.inputs] } },
    node: process.version,
    range: { startUs, endUs },
    config,
    decisions: [...decisions],
    composition: { name: source.name, soleName: source.soleName, ...text, packages },
    files,
    recording: {
      name: recording.name,
      startUs: recording.startUs,
      endUs: recording.endUs,
      sensors: recording.sensors.map((sensor) => ({ ...sensor, metadata: { ...sensor.metadata } })),
      ...(await putReadings(folder, content, put)),
    },
    ...(state !== undefined && { state: await put("state.bin", await encodeState(state)) }),
  };
}

async function putReadings(
  folder: string,
  content: CapsuleContent,
  put: (file: string, bytes: Uint8Array) => Promise<CapsuleFile>,
): Promise<{ readings: CapsuleFile; particulars: CapsuleFile }> {
  const file = "readings.mcap";
  const writer = await createMcapWriter(join(folder, file));
  let particulars: Uint8Array;
  try {
    particulars = await writeReadings(writer, content.plan.recording.sensors, neededReadings(content));
  } finally {
    await writer.close();
  }
  const readings = { file, sha256: sha256(await readFile(join(folder, file))) };
  return { readings, particulars: await put("particulars.bin", particulars) };
}

/** What the run sees from the state on until it has failed, in total order. */
async function* neededReadings({ plan, place, state }: CapsuleContent): AsyncGenerator<Reading> {
  const { recording, config, startUs } = plan;
  const sensors = recording.sensors.filter(isOffered).map(({ handle }) => handle);
  const lastUs = (place.timeUs ?? startUs) + (config.causal ? 0 : config.lookAheadUs);
  const toUs = Math.min(plan.endUs, lastUs);
  const { fromUs, fromPosition } = state?.bridge.recent ?? { fromUs: startUs, fromPosition: 0 };
  if (state !== undefined)
    for (const reading of await earlierReadings(recording, state, sensors))
      if (reading.position < fromPosition) yield reading;
  const options = { fromUs: Math.max(startUs, fromUs), toUs, sensors };
  for await (const batch of recording.read(options))
    for (const reading of batch) if (reading.position >= fromPosition) yield reading;
}

/** What a state knows of from before: the last reading of each sensor, and what pictures were drawn over. In total order. */
async function earlierReadings(
  recording: Recording,
  state: EngineState,
  sensors: readonly number[],
): Promise<Reading[]> {
  const found = new Map<number, Reading>();
  for (const reading of (await recording.latestAtOrBefore(state.nowUs, sensors)).values())
    found.set(reading.position, reading);
  for (const reference of references(state))
    if (!found.has(reference.position)) found.set(reference.position, await readingAt(recording, reference));
  return [...found.values()].sort((a, b) => a.position - b.position);
}
