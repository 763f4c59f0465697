import { compareTimes, type LogTime } from "./log-time.ts";

/** How many messages a sensor has, and the least and greatest of their log times. */
export interface SensorRange {
  readonly count: number;
  readonly first: LogTime;
  readonly last: LogTime;
}

export function joinRanges(a: SensorRange | undefined, b: SensorRange): SensorRange {
  if (a === undefined) return { count: b.count, first: b.first, last: b.last };
  return { count: a.count + b.count, first: earlier(a.first, b.first), last: later(a.last, b.last) };
}

export function earlier(a: LogTime, b: LogTime): LogTime {
  return compareTimes(a, b) <= 0 ? a : b;
}

export function later(a: LogTime, b: LogTime): LogTime {
  return compareTimes(a, b) >= 0 ? a : b;
}

/** Messages per second from the first to the last; 0 where there are fewer than two. */
export function rateHz({ count, first, last }: SensorRange): number {
  const spanUs = last.timeUs - first.timeUs + (last.remainderNs - first.remainderNs) / 1000;
  return count < 2 || spanUs === 0 ? 0 : ((count - 1) * 1e6) / spanUs;
}
