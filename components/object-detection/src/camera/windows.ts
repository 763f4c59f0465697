/**
 * Where vehicles may stand: windows in the picture, as wide as a vehicle is in the row where it touches the road, that look like one.
 */
import { Appearance } from "./appearance";
import { BaseLine } from "./base-line";
import { Geometry } from "./geometry";
import { Picture } from "./picture";

/** Widths of vehicles, m, and from one width that is tried to the next. */
const SLIMMEST: f32 = 1.5;
const WIDEST: f32 = 2.6;
const WIDTH_RATIO: f32 = 1.17;
/** Roads are not flat: far away the horizon seems to lie so many pixels off. */
const ROAD_SIGMA: f32 = 1.5;
/** Narrower windows than this are not looked at, pixels of the smaller picture. */
const NARROWEST: f32 = 9;
/** Rows nearer to the vehicle than this are not looked at, m from the camera. */
const NEAREST: f32 = 4.5;
/** What stands further aside than this is not looked at, m. */
const ASIDE: f32 = 12;
/** Share of a window that must be in the picture. */
const LEAST_VISIBLE: f32 = 0.6;
const MAX_WINDOWS: i32 = 512;
/** Windows whose base line is weaker than this are not looked at, grey levels. */
const LEAST_BASE: f32 = 7;

export class Windows {
  left: StaticArray<f32> = new StaticArray<f32>(MAX_WINDOWS);
  right: StaticArray<f32> = new StaticArray<f32>(MAX_WINDOWS);
  /** Row in which it touches the road. */
  base: StaticArray<f32> = new StaticArray<f32>(MAX_WINDOWS);
  score: StaticArray<f32> = new StaticArray<f32>(MAX_WINDOWS);
  /** Whether it survives the suppression of what overlaps. */
  kept: StaticArray<u8> = new StaticArray<u8>(MAX_WINDOWS);
  count: i32 = 0;
  /** Windows with a lower score are left out. */
  leastScore: f32 = 0.4;
  private appearance: Appearance = new Appearance();
  private line: BaseLine = new BaseLine();

  /** Looks at all windows; what is kept does not overlap. */
  search(picture: Picture, geometry: Geometry): void {
    this.count = 0;
    this.appearance.observeRoad(picture, geometry);
    const last = min<f32>(geometry.rowAt(NEAREST), <f32>(picture.height - 3));
    const first = geometry.horizon - ROAD_SIGMA + (NARROWEST / WIDEST) * geometry.height;
    for (let row = <i32>max<f32>(first, <f32>(picture.top + 4)); <f32>row <= last; row++) {
      const unit = geometry.pixelsPerMetre(<f32>row);
      // Large windows need not be tried on every row.
      const step = max<i32>(1, <i32>(unit * 0.06));
      if (step == 1 || row % step == 0) this.searchRow(picture, geometry, row, unit);
    }
    this.line.clear();
    this.suppress();
  }

  private searchRow(picture: Picture, geometry: Geometry, row: i32, unit: f32): void {
    const least = max<f32>(NARROWEST, SLIMMEST * geometry.pixelsPerMetre(<f32>row - ROAD_SIGMA));
    const most = WIDEST * geometry.pixelsPerMetre(<f32>row + ROAD_SIGMA);
    const reach = min<i32>(max<i32>(1, <i32>(max<f32>(least, unit * 2) / 12)), min<i32>(row, picture.height - row));
    const middle = <i32>geometry.ahead;
    const aside = <i32>(ASIDE * unit);
    this.line.prepare(picture, row, reach);
    for (let wide = least; wide <= most; wide = max<f32>(wide * WIDTH_RATIO, wide + 1)) {
      const width = <i32>(wide + 0.5);
      const hidden = <i32>(<f32>width * (1 - LEAST_VISIBLE));
      const from = max<i32>(-hidden, middle - aside - width / 2);
      const to = min<i32>(picture.width - width + hidden, middle + aside - width / 2);
      const stride = max<i32>(1, width / 10);
      for (let left = from; left <= to; left += stride) this.look(picture, row, left, left + width);
    }
  }

  private look(picture: Picture, row: i32, left: i32, right: i32): void {
    const l = max<i32>(left, 0);
    const r = min<i32>(right, picture.width);
    if (abs<f32>(this.line.mean(l, r)) < LEAST_BASE) return;
    const edge = this.line.across(l, r, LEAST_BASE);
    if (edge == 0) return;
    const score = this.appearance.score(picture, left, right, row, edge);
    if (score >= this.leastScore) this.insert(<f32>left, <f32>right, <f32>row, score);
  }

  /** Keeps the best of the windows; the weakest goes where the room is used up. */
  private insert(left: f32, right: f32, base: f32, score: f32): void {
    let at = this.count;
    if (at < MAX_WINDOWS) {
      this.count++;
    } else {
      at = MAX_WINDOWS - 1;
      if (this.score[at] >= score) return;
    }
    while (at > 0 && this.score[at - 1] < score) {
      this.left[at] = this.left[at - 1];
      this.right[at] = this.right[at - 1];
      this.base[at] = this.base[at - 1];
      this.score[at] = this.score[at - 1];
      at--;
    }
    this.left[at] = left;
    this.right[at] = right;
    this.base[at] = base;
    this.score[at] = score;
  }

  /** Of windows that overlap only the best is kept. */
  private suppress(): void {
    for (let i = 0; i < this.count; i++) {
      this.kept[i] = 1;
      for (let j = 0; j < i; j++) {
        if (this.kept[j] != 0 && this.overlap(i, j)) {
          this.kept[i] = 0;
          break;
        }
      }
    }
  }

  /** Whether two windows cannot both be vehicles: they share much of the smaller one's ground. */
  private overlap(i: i32, j: i32): bool {
    const wi = this.right[i] - this.left[i];
    const wj = this.right[j] - this.left[j];
    const across = min<f32>(this.right[i], this.right[j]) - max<f32>(this.left[i], this.left[j]);
    if (across <= 0.25 * min<f32>(wi, wj)) return false;
    // Bodies reach from the base line up by about 0.8 of the width.
    const top = max<f32>(this.base[i] - 0.8 * wi, this.base[j] - 0.8 * wj);
    const bottom = min<f32>(this.base[i], this.base[j]);
    return bottom - top > 0.2 * min<f32>(wi, wj);
  }
}
