import { TIME_KEY } from "@playhead/formats";
import type { Reading, Recording } from "@playhead/recording";

/** Which clock a recording's times are by: the recorder's (`log`), or the sensors' own (`header`). */
export type Clock = "log" | "header";

export function clockOf({ sensors }: Recording): Clock {
  return sensors.some(({ metadata }) => metadata[TIME_KEY] === "header") ? "header" : "log";
}

/** Readings that are compared: clocks that lie apart do so from the start. */
const COMPARED_READINGS = 200;

/**
 * By how far the sensors' clock lies from the recorder's at the recording's start, µs: the median of header stamp − log time. Undefined where its first readings have no
 * stamps.
 */
export async function headerOffsetUs(recording: Recording): Promise<number | undefined> {
  const offsetOf = clockOf(recording) === "header" ? offsetOfOrdered : offsetOfRecorded;
  const offsets: number[] = [];
  let compared = 0;
  search: for await (const batch of recording.read({ toUs: recording.endUs, borrow: true })) {
    for (const reading of batch) {
      const offsetUs = offsetOf(reading);
      if (offsetUs !== undefined) offsets.push(offsetUs);
      if (++compared >= COMPARED_READINGS) break search;
    }
  }
  offsets.sort((a, b) => a - b);
  return offsets[Math.floor(offsets.length / 2)];
}

function offsetOfRecorded({ metadata, timeUs }: Reading): number | undefined {
  if (metadata === undefined) return undefined;
  const { stamp_us: stampUs } = JSON.parse(metadata) as { stamp_us?: number };
  // Zero is what nobody has set.
  return stampUs === undefined || stampUs <= 0 ? undefined : stampUs - timeUs;
}

/** Where the order is the sensors', log times are kept as publish times. */
function offsetOfOrdered({ publishTimeNs, timeUs }: Reading): number {
  return timeUs - Number(publishTimeNs / 1000n);
}

/** Clocks that lie less apart are taken to be one, read at two moments. */
const APART_US = 1_000_000;
const DAY_US = 86_400e6;

/** A line for people; empty where there is nothing to know: log times, and stamps (if any) beside them. */
export function clockLine(clock: Clock, offsetUs: number | undefined): string {
  const apart = offsetUs === undefined || Math.abs(offsetUs) < APART_US ? undefined : distance(offsetUs);
  if (clock === "header")
    return `Time        by header stamps${apart === undefined ? "" : `, which lie ${apart} the log times`}; log times are kept as publish times\n`;
  if (apart === undefined) return "";
  return `Time        by log times; header stamps lie ${apart} them (--time header goes by the stamps)\n`;
}

function distance(offsetUs: number): string {
  const apartUs = Math.abs(offsetUs);
  const amount =
    apartUs >= DAY_US ? `${(apartUs / DAY_US).toFixed(1)} days` : `${(apartUs / 1e6).toFixed(3)} s`;
  return `${amount} ${offsetUs < 0 ? "before" : "after"}`;
}
