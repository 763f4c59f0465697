import type { Reading, Recording } from "@playhead/recording";
import type { ReadAhead } from "../sensors/read-ahead.ts";
import type { SensorBridgeState } from "../sensors/sensor-bridge.ts";
import type { EngineState } from "./engine-state.ts";

/** Which reading of the recording it was. */
export interface ReadingRef {
  readonly sensor: number;
  readonly timeUs: number;
  readonly position: number;
}

export function refOf({ sensor, timeUs, position }: Reading): ReadingRef {
  return { sensor, timeUs, position };
}

/** What a state refers to in the recording. */
export interface SavedReadings {
  /** Those that may still be asked for, in total order. */
  readonly recent: readonly Reading[];
  /** The last one of each sensor that has one, by handle. */
  readonly latest: ReadonlyMap<number, Reading>;
  /** @throws Error where the state does not refer to it */
  named(reference: ReadingRef): Reading;
}

/**
 * Takes the readings of a state from the recording again, with as little reading as possible: most of them come with what the run needs
 * next.
 *
 * @param readAhead begins with the first of `state.bridge.recent`; afterwards, with the first that was not delivered
 */
export async function savedReadings(
  recording: Recording,
  sensors: readonly number[],
  state: EngineState,
  readAhead: ReadAhead,
): Promise<SavedReadings> {
  const recent = await recentReadings(state.bridge, readAhead);
  const latest = new Map(recent.map((reading) => [reading.sensor, reading]));
  const missing = sensors.filter((sensor) => (state.bridge.counts[sensor] ?? 0) > 0 && !latest.has(sensor));
  if (missing.length > 0)
    for (const [sensor, reading] of await recording.latestAtOrBefore(state.nowUs, missing))
      latest.set(sensor, reading);
  const named = new Map([...recent, ...latest.values()].map((reading) => [reading.position, reading]));
  for (const reference of references(state))
    if (!named.has(reference.position)) named.set(reference.position, await readingAt(recording, reference));
  return {
    recent,
    latest,
    named: ({ position }) => {
      const reading = named.get(position);
      if (reading === undefined) throw new Error(`Invariant: the state refers to the reading ${position}`);
      return reading;
    },
  };
}

async function recentReadings(
  { nowUs, recent: { count }, lastPosition }: SensorBridgeState,
  readAhead: ReadAhead,
): Promise<Reading[]> {
  if (count === 0) return [];
  await readAhead.fill(nowUs);
  const recent: Reading[] = [];
  for (let reading = readAhead.take(nowUs); reading; reading = readAhead.take(nowUs)) {
    recent.push(reading);
    if (reading.position >= lastPosition) break;
  }
  return recent;
}

/** Cameras' readings that pictures were drawn over. */
export function references({ units }: EngineState): ReadingRef[] {
  return units.flatMap(({ views }) =>
    views.flatMap(({ drawing }) => drawing?.cameras.map(([, reference]) => reference) ?? []),
  );
}

export async function readingAt(
  recording: Recording,
  { sensor, timeUs, position }: ReadingRef,
): Promise<Reading> {
  for await (const batch of recording.read({ fromUs: timeUs, toUs: timeUs, sensors: [sensor] }))
    for (const reading of batch) if (reading.position === position) return reading;
  throw new Error(
    `Invariant: the recording still has the reading ${position} of a checkpoint, at ${timeUs} µs`,
  );
}
