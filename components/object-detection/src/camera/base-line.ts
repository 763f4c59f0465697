/**
 * Where the road ends in one row of the picture: how much darker it is just above the row than just below, for any piece of the row in two
 * loads (a running sum).
 */
import { MAX_WIDTH, Picture } from "./picture";

export class BaseLine {
  /** Running sum of the differences, grey levels × rows compared. */
  private sums: StaticArray<i32> = new StaticArray<i32>(MAX_WIDTH + 1);
  private unit: f32 = 1;

  /** Compares the `reach` rows above `row` with as many from `row` on. They must lie in the picture. */
  prepare(picture: Picture, row: i32, reach: i32): void {
    const width = picture.width;
    const luma = changetype<usize>(picture.luma);
    const sums = changetype<usize>(this.sums);
    let sum = 0;
    for (let x = 0; x < width; x++) {
      let above = luma + <usize>((row - reach) * width + x);
      let below = luma + <usize>(row * width + x);
      for (let i = 0; i < reach; i++) {
        sum += <i32>load<u8>(below) - <i32>load<u8>(above);
        above += width;
        below += width;
      }
      store<i32>(sums + (<usize>(x + 1) << 2), sum);
    }
    this.unit = <f32>1 / <f32>reach;
  }

  /** Mean difference of the columns left … right − 1, grey levels; positive where it is darker above. */
  // @ts-ignore: decorator
  @inline
  mean(left: i32, right: i32): f32 {
    const sums = changetype<usize>(this.sums);
    const sum = load<i32>(sums + (<usize>right << 2)) - load<i32>(sums + (<usize>left << 2));
    return (<f32>sum * this.unit) / <f32>(right - left);
  }

  /**
   * How much darker it is above, all along the line: of its parts the value that three quarters of them exceed; negative where it is
   * brighter. 0 where that is weaker than `least`, or where the parts disagree.
   */
  across(left: i32, right: i32, least: f32): f32 {
    const width = right - left;
    const parts = width < 24 ? 4 : 8;
    const sign: f32 = this.mean(left, right) < 0 ? -1 : 1;
    let spare = parts >> 2;
    // The three weakest parts, sorted.
    let weak0: f32 = 1000;
    let weak1: f32 = 1000;
    let weak2: f32 = 1000;
    let from = left;
    for (let i = 1; i <= parts; i++) {
      const to = left + (i * width) / parts;
      const edge = this.mean(from, to) * sign;
      from = to;
      if (edge < least && --spare < 0) return 0;
      if (edge < weak0) {
        weak2 = weak1;
        weak1 = weak0;
        weak0 = edge;
      } else if (edge < weak1) {
        weak2 = weak1;
        weak1 = edge;
      } else if (edge < weak2) weak2 = edge;
    }
    return parts == 4 ? weak1 * sign : weak2 * sign;
  }

  clear(): void {
    memory.fill(changetype<usize>(this.sums), 0, <usize>((MAX_WIDTH + 1) * 4));
  }
}
