import { GREATEST_TIME_US } from "@playhead/recording";

/** A log time in the words of a reading. */
export interface LogTime {
  readonly timeUs: number;
  readonly remainderNs: number;
}

// 2³² ns are 4,294,967 µs and 296 ns.
const HIGH_WORD_US = 4_294_967;
const HIGH_WORD_NS = 296;
const GREATEST_HIGH_WORD = Math.floor((GREATEST_TIME_US - 2 ** 32) / HIGH_WORD_US);

/** Whether the 64-bit time in ns at an offset is one that is an exact number of microseconds: up to the year 2255. */
export function isTimeInRange(view: DataView, offset: number): boolean {
  return view.getUint32(offset + 4, true) <= GREATEST_HIGH_WORD;
}

/** Whole microseconds of the 64-bit time in ns at an offset, without making a bigint of it. */
export function timeUsAt(view: DataView, offset: number): number {
  const rest = view.getUint32(offset + 4, true) * HIGH_WORD_NS + view.getUint32(offset, true);
  return view.getUint32(offset + 4, true) * HIGH_WORD_US + Math.floor(rest / 1000);
}

/** What is left below a microsecond, 0 … 999 ns. */
export function remainderNsAt(view: DataView, offset: number): number {
  return (view.getUint32(offset + 4, true) * HIGH_WORD_NS + view.getUint32(offset, true)) % 1000;
}

/** Before (negative), equal (0) or behind (positive). */
export function compareTimes(a: LogTime, b: LogTime): number {
  return a.timeUs - b.timeUs || a.remainderNs - b.remainderNs;
}
