import { compareTimes, type LogTime } from "../readings/log-time.ts";
import { earlier, joinRanges, later, type SensorRange } from "../readings/sensor-range.ts";
import type { Segment } from "./segment.ts";

/** A segment with its place in the file. */
export interface PlacedSegment {
  readonly segment: Segment;
  readonly place: number;
}

/**
 * Segments whose times overlap, so that their messages must be merged. Groups follow each other in total order: all messages of one come before all of the
 * next. In a usual file, each chunk is a group.
 */
export interface Group {
  /** By first time, then by place. */
  readonly segments: readonly PlacedSegment[];
  readonly first: LogTime;
  readonly last: LogTime;
  /** By sensor handle; only those that have messages here. */
  readonly sensors: ReadonlyMap<number, SensorRange>;
  /** Position of its first message in the recording. */
  readonly position: number;
  /** By sensor handle: how many messages lie before the group. */
  readonly sequences: Float64Array;
}

/** `handles` gives the sensor of each channel, −1 for none. */
export function groupSegments(
  segments: readonly Segment[],
  handles: Int32Array,
  sensorCount: number,
): Group[] {
  const placed = segments.map((segment, place) => ({ segment, place }));
  placed.sort((a, b) => compareTimes(a.segment.first, b.segment.first) || a.place - b.place);
  const groups: Group[] = [];
  let position = 0;
  const sequences = new Float64Array(sensorCount);
  for (const members of overlapping(placed)) {
    const group = makeGroup(members, handles, position, sequences.slice());
    groups.push(group);
    for (const [handle, range] of group.sensors) {
      position += range.count;
      sequences[handle] = (sequences[handle] as number) + range.count;
    }
  }
  return groups;
}

/** Splits segments, sorted by first time, where one begins behind all before it. */
function* overlapping(placed: readonly PlacedSegment[]): Generator<PlacedSegment[]> {
  let members: PlacedSegment[] = [];
  let last: LogTime = { timeUs: 0, remainderNs: 0 };
  let lastPlace = -1;
  for (const item of placed) {
    const order = compareTimes(item.segment.first, last);
    // At equal times the file's order counts: a segment that lies behind all others of the group follows them.
    const follows = order > 0 || (order === 0 && item.place > lastPlace);
    if (members.length > 0 && follows) {
      yield members;
      members = [];
    }
    if (members.length === 0 || compareTimes(item.segment.last, last) > 0) last = item.segment.last;
    lastPlace = members.length === 0 ? item.place : Math.max(lastPlace, item.place);
    members.push(item);
  }
  if (members.length > 0) yield members;
}

function makeGroup(
  segments: readonly PlacedSegment[],
  handles: Int32Array,
  position: number,
  sequences: Float64Array,
): Group {
  const sensors = new Map<number, SensorRange>();
  let { first, last } = (segments[0] as PlacedSegment).segment;
  for (const { segment } of segments) {
    first = earlier(first, segment.first);
    last = later(last, segment.last);
    for (const channel of segment.channels) {
      const handle = handles[channel.channelId] as number;
      if (handle >= 0) sensors.set(handle, joinRanges(sensors.get(handle), channel));
    }
  }
  return { segments, first, last, sensors, position, sequences };
}
