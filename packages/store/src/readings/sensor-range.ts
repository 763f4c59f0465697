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
