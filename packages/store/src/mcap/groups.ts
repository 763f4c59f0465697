import { compareTimes, type LogTime } from "../readings/log-time.ts";
import { earlier, joinRanges, later, type SensorRange } from "../readings/sensor-range.ts";
import type { Segment } from "./segment.ts";

/** A segment with its place in the file. */
export interface PlacedSegment extends Omit<Segment, "channels"> {
  readonly place: number;
  /** How many messages it has. */
  readonly count: number;
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

interface Member {
  readonly segment: Segment;
  readonly place: number;
}

/** Makes groups of segments that come by first time, then by place. */
export class GroupMaker {
  readonly #handles: Int32Array;
  readonly #sequences: Float64Array;
  #position = 0;

  /** `handles` gives the sensor of each channel, −1 for none. */
  constructor(handles: Int32Array, sensorCount: number) {
    this.#handles = handles;
    this.#sequences = new Float64Array(sensorCount);
  }

  *groups(segments: Iterable<Member>): Generator<Group> {
    for (const members of overlapping(segments)) {
      const group = this.#group(members);
      for (const [handle, { count }] of group.sensors) {
        this.#position += count;
        this.#sequences[handle] = (this.#sequences[handle] as number) + count;
      }
      yield group;
    }
  }

  #group(members: readonly Member[]): Group {
    const sensors = new Map<number, SensorRange>();
    for (const { segment } of members) {
      for (const channel of segment.channels) {
        const handle = this.#handles[channel.channelId] as number;
        if (handle >= 0) sensors.set(handle, joinRanges(sensors.get(handle), channel));
      }
    }
    return groupOf(members.map(placed), sensors, this.#position, this.#sequences.slice());
  }
}

/** `segments` has at least one. */
export function groupOf(
  segments: readonly PlacedSegment[],
  sensors: ReadonlyMap<number, SensorRange>,
  position: number,
  sequences: Float64Array,
): Group {
  let { first, last } = segments[0] as PlacedSegment;
  for (const segment of segments) {
    first = earlier(first, segment.first);
    last = later(last, segment.last);
  }
  return { segments, first, last, sensors, position, sequences };
}

function placed({ segment, place }: Member): PlacedSegment {
  const { kind, offset, length, first, last, channels } = segment;
  const count = channels.reduce((sum, channel) => sum + channel.count, 0);
  return { kind, offset, length, first, last, place, count };
}

/** Splits segments, sorted by first time, where one begins behind all before it. */
function* overlapping(segments: Iterable<Member>): Generator<Member[]> {
  let members: Member[] = [];
  let last: LogTime = { timeUs: 0, remainderNs: 0 };
  let lastPlace = -1;
  for (const item of segments) {
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
