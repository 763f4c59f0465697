import { join } from "node:path";
import type { Recording } from "@playhead/recording";
import { openRecording } from "@playhead/store";
import { parseConfig } from "../config/config.ts";
import { Engine } from "../engine/engine.ts";
import type { EngineState } from "../engine/engine-state.ts";
import type { RunPlan } from "../engine/run-plan.ts";
import { type FaultPlace, messageOf, SimulationError } from "../errors.ts";
import { pipelineOf } from "../pipeline/pipeline-of.ts";
import { CapsuleRecording } from "./capsule-readings.ts";
import { type CapsuleManifest, MANIFEST, readCapsuleFile, readManifest } from "./manifest.ts";
import { decodeState } from "./state-file.ts";

/** A failure of a run, as it is compared. */
export interface CapsuleFailure {
  readonly message: string;
  readonly place: FaultPlace;
}

/** What came of running to a failing call again. */
export interface CapsuleReplay {
  /** The same failure at the same place, in the same words. */
  readonly reproduced: boolean;
  readonly expected: CapsuleFailure;
  /** Undefined where the run did not fail. */
  readonly found: CapsuleFailure | undefined;
  /** Version of Node.js that the capsule was written on. */
  readonly node: string;
  /** Virtual time at which the run begins: the capsule's state, or the start. µs. */
  readonly fromUs: number;
  readonly startUs: number;
  /** Events that were run, the last one included. */
  readonly events: number;
}

/**
 * Runs to the failing call of a capsule.
 *
 * @throws SimulationError `bad-capsule` where the folder is not what was written; the file system's error where there is none
 */
export async function replayCapsule(folder: string): Promise<CapsuleReplay> {
  const manifest = await readManifest(folder);
  const recording = await open(folder, () => openReadings(folder, manifest));
  try {
    const plan = await open(folder, () => planOf(folder, manifest, recording));
    const state = await open(folder, async () =>
      manifest.state === undefined ? undefined : decodeState(await readCapsuleFile(folder, manifest.state)),
    );
    const { place, message } = manifest.failure;
    const expected = { message, place: { timeUs: undefined, event: undefined, ...place } };
    const run = await runTo(plan, state, expected.place, folder);
    const { found } = run;
    const reproduced = found?.message === message && isSame(found.place, expected.place);
    return { ...run, reproduced, expected, node: manifest.node, startUs: plan.startUs };
  } finally {
    await recording.close();
  }
}

/** Runs from a state, or the start, to the event that is to fail. */
async function runTo(
  plan: RunPlan,
  state: EngineState | undefined,
  { timeUs = plan.startUs, event = 0 }: FaultPlace,
  folder: string,
): Promise<Pick<CapsuleReplay, "found" | "fromUs" | "events">> {
  let engine: Engine | undefined;
  let failure: unknown;
  try {
    engine = new Engine(plan, { nowMs: () => 0, onFrame: () => {} });
    const made = engine;
    if (state !== undefined) await open(folder, () => made.restore(state));
    if (event > 0) await made.runUntil(timeUs, () => made.events < event);
  } catch (error) {
    failure = error;
  } finally {
    await engine?.close();
  }
  const events = (engine?.events ?? 0) - (state?.events ?? 0);
  return {
    found: failure === undefined ? undefined : failureOf(failure),
    fromUs: state?.nowUs ?? plan.startUs,
    events,
  };
}

/** @throws what is no fault of a component */
function failureOf(error: unknown): CapsuleFailure {
  if (!(error instanceof SimulationError) || error.place === undefined) throw error;
  return { message: error.message, place: error.place };
}

function isSame(a: FaultPlace, b: FaultPlace): boolean {
  const text = ({ unit, instance, call, kind, timeUs, event, inputs }: FaultPlace): string =>
    JSON.stringify([
      [unit, instance, call, kind, timeUs, event],
      inputs.map(({ sensor, count, arrived, lastUs }) => [sensor, count, arrived, lastUs]),
    ]);
  return text(a) === text(b);
}

async function openReadings(folder: string, { recording }: CapsuleManifest): Promise<CapsuleRecording> {
  await readCapsuleFile(folder, recording.readings);
  const particulars = await readCapsuleFile(folder, recording.particulars);
  const part = await openRecording(join(folder, recording.readings.file));
  const sensors = recording.sensors.map((sensor) => ({ firstUs: undefined, lastUs: undefined, ...sensor }));
  return new CapsuleRecording({ ...recording, sensors }, part, particulars);
}

async function planOf(folder: string, manifest: CapsuleManifest, recording: Recording): Promise<RunPlan> {
  const { composition, config, decisions, range } = manifest;
  const packages = new Map<string, Uint8Array>();
  for (const { name, component } of composition.packages)
    packages.set(name, await readCapsuleFile(folder, component));
  const files = new Map<string, Uint8Array>();
  for (const { name, content } of manifest.files) files.set(name, await readCapsuleFile(folder, content));
  const text =
    composition.text === undefined
      ? undefined
      : Buffer.from(await readCapsuleFile(folder, composition.text)).toString("utf8");
  return {
    recording,
    pipeline: await pipelineOf({ ...composition, text, packages }),
    config: parseConfig(JSON.stringify(config), join(folder, MANIFEST)),
    schemas: new Map(),
    files,
    decisions,
    ...range,
  };
}

/** Whatever does not fit is the capsule's fault. */
async function open<T>(folder: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof SimulationError && cause.code === "bad-capsule") throw cause;
    throw new SimulationError("bad-capsule", `${folder}: ${messageOf(cause)}`, { cause });
  }
}
