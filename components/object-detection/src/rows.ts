/**
 * The objects that one step detects, in the rows of `adas:perception/detections`. The memory is made once and reused; what
 * a step has written stays valid until the next `clear`.
 */

import { CLASS_UNKNOWN, DetectionAt, ROW_VALUES } from "../../lib/perception-rows";

/** So many objects fit into one step; more are left out. */
export const MAX_ROWS: i32 = 1024;
/** So many readings fit into one step; more are left out. */
export const MAX_BATCHES: i32 = 64;

export class Rows {
  values: StaticArray<f32> = new StaticArray<f32>(MAX_ROWS * ROW_VALUES);
  count: i32 = 0;
  batches: i32 = 0;
  /** Per batch; `first` is the number of its first row, `size` how many rows it has. */
  source: StaticArray<u8> = new StaticArray<u8>(MAX_BATCHES);
  sensor: StaticArray<u32> = new StaticArray<u32>(MAX_BATCHES);
  time: StaticArray<i64> = new StaticArray<i64>(MAX_BATCHES);
  first: StaticArray<i32> = new StaticArray<i32>(MAX_BATCHES);
  size: StaticArray<i32> = new StaticArray<i32>(MAX_BATCHES);

  clear(): void {
    this.count = 0;
    this.batches = 0;
  }

  /** Starts the batch of a reading. False where no more batches fit. */
  begin(source: u8, sensor: u32, timeUs: i64): bool {
    if (this.batches >= MAX_BATCHES) return false;
    const at = this.batches++;
    this.source[at] = source;
    this.sensor[at] = sensor;
    this.time[at] = timeUs;
    this.first[at] = this.count;
    this.size[at] = 0;
    return true;
  }

  /** Adds a row of nothing known to the batch that was begun last; its place in `values`, −1 where no more rows fit. */
  add(): i32 {
    if (this.count >= MAX_ROWS || this.batches == 0) return -1;
    const at = this.count * ROW_VALUES;
    for (let i = at; i < at + ROW_VALUES; i++) this.values[i] = NaN;
    this.values[at + DetectionAt.CLASS] = <f32>CLASS_UNKNOWN;
    this.values[at + DetectionAt.SCORE] = 0;
    this.values[at + 11] = 0;
    this.count++;
    this.size[this.batches - 1]++;
    return at;
  }

  // @ts-ignore: decorator
  @inline
  set(row: i32, column: i32, value: f32): void {
    this.values[row + column] = value;
  }

  /** The places of the batches in the order of their times; equal times keep their order. */
  ordered(into: StaticArray<i32>): void {
    for (let i = 0; i < this.batches; i++) {
      let at = i;
      while (at > 0 && this.time[into[at - 1]] > this.time[i]) {
        into[at] = into[at - 1];
        at--;
      }
      into[at] = i;
    }
  }
}
