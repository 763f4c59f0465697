import type { RunPlan } from "../engine/run-plan.ts";
import { isOffered } from "../sensors/offered.ts";

/** Handles of the sensors that are meant: the one with the name, or all that units may see. */
function meant({ recording }: RunPlan, name: string | undefined): number[] {
  return recording.sensors
    .filter((sensor) => isOffered(sensor) && (name === undefined || sensor.name === name))
    .map(({ handle }) => handle);
}

/** The n-th time after a time at which there is a reading, within the run; undefined where there are not so many. */
export async function laterReading(
  plan: RunPlan,
  timeUs: number,
  sensor: string | undefined,
  count: number,
): Promise<number | undefined> {
  let [left, lastUs] = [count, timeUs];
  if (timeUs >= plan.endUs) return undefined;
  const range = { fromUs: timeUs + 1, toUs: plan.endUs, sensors: meant(plan, sensor), borrow: true };
  for await (const batch of plan.recording.read(range))
    for (const reading of batch) {
      if (reading.timeUs <= lastUs) continue;
      lastUs = reading.timeUs;
      if (--left === 0) return lastUs;
    }
  return undefined;
}

/** The n-th time before a time at which there is a reading, within the run; undefined where there are not so many. */
export async function priorReading(
  plan: RunPlan,
  timeUs: number,
  sensor: string | undefined,
  count: number,
): Promise<number | undefined> {
  const sensors = meant(plan, sensor);
  let beforeUs = timeUs;
  for (let left = count; left > 0; left--) {
    const latest = await plan.recording.latestAtOrBefore(beforeUs - 1, sensors);
    beforeUs = Math.max(Number.NEGATIVE_INFINITY, ...[...latest.values()].map((reading) => reading.timeUs));
    if (!(beforeUs >= plan.startUs)) return undefined;
  }
  return beforeUs;
}
