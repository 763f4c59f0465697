/** Nanoseconds of recordings ⇄ microseconds of the simulation and what is left below them. */

/** The last time, in µs since the Unix epoch, that is an exact number: in the year 2255. */
export const GREATEST_TIME_US = Number.MAX_SAFE_INTEGER;

/** Whole microseconds, rounded down. */
export function microsecondsOf(timeNs: bigint): number {
  return Number((timeNs - (((timeNs % 1000n) + 1000n) % 1000n)) / 1000n);
}

/** A reading's time in ns since the Unix epoch. */
export function nanosecondsOf(timeUs: number, remainderNs = 0): bigint {
  return BigInt(timeUs) * 1000n + BigInt(remainderNs);
}
