import { joinRanges, type SensorRange } from "../readings/sensor-range.ts";
import type { Group } from "./groups.ts";
import { mergeSegments } from "./merge.ts";
import type { SegmentLoader } from "./segment-loader.ts";

/** How many messages each sensor has from when to when, by handle. */
export function rangesOf(groups: readonly Group[]): Map<number, SensorRange> {
  const ranges = new Map<number, SensorRange>();
  for (const group of groups) {
    for (const [handle, range] of group.sensors) ranges.set(handle, joinRanges(ranges.get(handle), range));
  }
  return ranges;
}

/** The first message of a sensor that can be read. */
export async function firstMessage(
  handle: number,
  handles: Int32Array,
  groups: readonly Group[],
  loader: SegmentLoader,
): Promise<Uint8Array | undefined> {
  for (const group of groups) {
    if (!group.sensors.has(handle)) continue;
    for await (const { table, from, to } of mergeSegments(group.segments, loader)) {
      for (let row = from; row < to; row++) {
        if (handles[table.channelId[row] as number] === handle) return table.data(row);
      }
    }
  }
  return undefined;
}
