import { compareTimes, isTimeInRange, type LogTime, remainderNsAt, timeUsAt } from "../readings/log-time.ts";
import type { ChannelRange, Segment } from "./segment.ts";

interface MutableRange {
  count: number;
  first: LogTime;
  last: LogTime;
}

/** Gathers what the channels of one segment have. */
export class SegmentBuilder {
  readonly #ranges = new Map<number, MutableRange>();

  /** Counts a message by its 64-bit log time in ns at an offset; one whose time is out of range does not count. */
  add(channelId: number, view: DataView, timeOffset: number): void {
    if (!isTimeInRange(view, timeOffset)) return;
    const timeUs = timeUsAt(view, timeOffset);
    const range = this.#ranges.get(channelId);
    if (range === undefined) {
      const time = { timeUs, remainderNs: remainderNsAt(view, timeOffset) };
      this.#ranges.set(channelId, { count: 1, first: time, last: time });
      return;
    }
    range.count++;
    if (timeUs > range.first.timeUs && timeUs < range.last.timeUs) return;
    const time = { timeUs, remainderNs: remainderNsAt(view, timeOffset) };
    if (compareTimes(time, range.first) < 0) range.first = time;
    if (compareTimes(time, range.last) > 0) range.last = time;
  }

  /** Undefined where nothing was counted. */
  build(kind: Segment["kind"], offset: number, length: number): Segment | undefined {
    const channels: ChannelRange[] = Array.from(this.#ranges, ([channelId, range]) => ({
      channelId,
      ...range,
    }));
    const [one, ...others] = channels;
    if (one === undefined) return undefined;
    let { first, last } = one;
    for (const channel of others) {
      if (compareTimes(channel.first, first) < 0) first = channel.first;
      if (compareTimes(channel.last, last) > 0) last = channel.last;
    }
    return { kind, offset, length, first, last, channels };
  }
}
