import type { Recording, Sensor } from "@playhead/recording";

/** Sensors that start within so much of each other are looked at together. */
const TOGETHER_US = 1_000_000;

/**
 * The frame that each sensor's readings are in, by its handle, where they say one: what a reading at its start says. At most one reading of each sensor is
 * taken.
 */
export async function frameIdsOf(recording: Recording): Promise<ReadonlyMap<number, string>> {
  const frames = new Map<number, string>();
  for (const sensors of startingTogether(recording.sensors)) {
    const handles = sensors.map(({ handle }) => handle);
    const lastUs = sensors.at(-1)?.firstUs ?? 0;
    for (const [handle, { metadata }] of await recording.latestAtOrBefore(lastUs, handles)) {
      const frame = frameOf(metadata);
      if (frame !== "") frames.set(handle, frame);
    }
  }
  return frames;
}

/** Those whose readings may have a header, by the time of their first. */
function startingTogether(sensors: readonly Sensor[]): Sensor[][] {
  const withHeader = sensors.filter(({ kind, firstUs }) => kind !== "other" && firstUs !== undefined);
  withHeader.sort((a, b) => (a.firstUs ?? 0) - (b.firstUs ?? 0));
  const together: Sensor[][] = [];
  for (const sensor of withHeader) {
    const last = together.at(-1);
    const startUs = last?.[0]?.firstUs;
    if (startUs !== undefined && (sensor.firstUs ?? 0) - startUs <= TOGETHER_US) last?.push(sensor);
    else together.push([sensor]);
  }
  return together;
}

function frameOf(metadata: string | undefined): string {
  if (metadata === undefined) return "";
  const { frame_id: frame } = JSON.parse(metadata) as { frame_id?: string };
  return frame ?? "";
}
