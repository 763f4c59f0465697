/**
 * Where vehicles may stand: windows in the picture, as wide as a vehicle is in the row where it touches the road, that look like
 * one. No training data lies behind this: it is what every vehicle shows by day.
 *
 * - its base line: the road ends there, mostly in the shadow below the vehicle
 * - road below the base line, and beside it at least on one side: smooth
 * - edges inside, and upright edges at both sides
 * - it is symmetrical, and its tail lights are red
 */
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
export const MAX_WINDOWS: i32 = 512;
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
  /** Set by `search` for the picture: how much the road itself varies, grey levels. */
  private noise: f32 = 2;

  /** Looks at all windows; what is kept does not overlap. */
  search(picture: Picture, geometry: Geometry): void {
    this.count = 0;
    this.noise = roadNoise(picture, geometry);
    const last = min<f32>(geometry.rowAt(NEAREST), <f32>(picture.height - 3));
    const first = geometry.horizon - ROAD_SIGMA + (NARROWEST / WIDEST) * geometry.height;
    for (let row = <i32>max<f32>(first, <f32>(picture.top + 4)); <f32>row <= last; row++) {
      const unit = geometry.pixelsPerMetre(<f32>row);
      const least = max<f32>(NARROWEST, SLIMMEST * geometry.pixelsPerMetre(<f32>row - ROAD_SIGMA));
      const most = WIDEST * geometry.pixelsPerMetre(<f32>row + ROAD_SIGMA);
      // Large windows need not be tried on every row.
      const step = max<i32>(1, <i32>(unit * 0.06));
      if (step > 1 && row % step != 0) continue;
      for (let wide = least; wide <= most; wide = max<f32>(wide * WIDTH_RATIO, wide + 1)) {
        const width = <i32>(wide + 0.5);
        if (width < picture.width) this.searchRow(picture, row, width);
      }
    }
    this.suppress();
  }

  private searchRow(picture: Picture, base: i32, width: i32): void {
    const stride = max<i32>(1, width / 10);
    const reach = max<i32>(1, width / 12);
    for (let left = 1; left + width < picture.width - 1; left += stride) {
      const edge = baseEdge(picture, left, base, width, reach);
      if (abs<f32>(edge) < LEAST_BASE) continue;
      const score = this.verify(picture, left, base, width, edge);
      if (score >= this.leastScore) this.insert(<f32>left, <f32>(left + width), <f32>base, score);
    }
  }

  /** How much the window looks like a vehicle, 0 … 1. */
  private verify(picture: Picture, left: i32, base: i32, width: i32, edge: f32): f32 {
    const right = left + width;
    const height = picture.height;
    const roof = max<i32>(picture.top, base - (width * 7) / 10);
    const below = min<i32>(height - 1, base + max<i32>(3, width / 4));
    if (base - roof < 5 || below - base < 2) return 0;
    const road = picture.mean(left, base + 1, right, below);
    const roadTexture = picture.standingEdges(left, base + 1, right, below) + 0.7 * picture.lyingEdges(left, base + 2, right, below);
    const bodyTexture = picture.standingEdges(left, roof, right, base - 1) + picture.lyingEdges(left, roof, right, base - 1);
    // The road is smooth, a vehicle is not.
    const smooth = fade(roadTexture, this.noise + 4, this.noise + 16);
    const busy = rise(bodyTexture, 2 * this.noise + 4, 2 * this.noise + 26);
    if (smooth * busy < 0.1) return 0;
    const sides = this.sides(picture, left, right, base, width);
    if (sides < 0.1) return 0;
    const solid = this.solidity(picture, left, roof, width, base, road);
    if (solid < 0.1) return 0;
    const beside = this.beside(picture, left, right, base, width, road);
    const dark: f32 = edge > 0 ? rise(edge, 6, 34) : 0.5 * rise(-edge, 10, 50);
    const symmetry = symmetryOf(picture, left, roof, width, base - roof);
    const red = rednessOf(picture, left, base, width);
    const sum: f32 = 0.24 * dark + 0.2 * sides + 0.2 * smooth + 0.16 * busy + 0.2 * beside;
    const shape = Mathf.sqrt(dark * sides) * solid * (0.4 + 0.6 * beside) * (0.5 + 0.5 * smooth);
    return min<f32>(1, (0.55 * sum + 0.45 * shape) * (0.8 + 0.3 * symmetry) + 0.12 * red);
  }

  /** Whether the window, and its lower part by itself, differs from the road below it, 0 … 1. */
  private solidity(picture: Picture, left: i32, roof: i32, width: i32, base: i32, road: f32): f32 {
    const columns = width < 32 ? 4 : 6;
    const rows = 3;
    const cell = width / columns;
    const tall = max<i32>(1, (base - roof) / rows);
    let differ = 0;
    let low = 0;
    for (let r = 0; r < rows; r++) {
      const bottom = base - r * tall;
      for (let c = 0; c < columns; c++) {
        const from = left + c * cell;
        const off = abs<f32>(picture.mean(from, bottom - tall, from + cell, bottom) - road);
        if (off > 10 + 2 * this.noise) {
          differ++;
          continue;
        }
        const edges = picture.standingEdges(from, bottom - tall, from + cell, bottom);
        if (edges + picture.lyingEdges(from, bottom - tall, from + cell, bottom) > 3 * this.noise + 16) differ++;
      }
      if (r == 0) low = differ;
    }
    return min<f32>(rise(<f32>low / <f32>columns, 0.45, 0.85), rise(<f32>differ / <f32>(columns * rows), 0.4, 0.8));
  }

  /** Upright edges at both sides: what the weaker one shows, 0 … 1. */
  private sides(picture: Picture, left: i32, right: i32, base: i32, width: i32): f32 {
    const half = max<i32>(1, width / 10);
    const top = base - max<i32>(4, (width * 9) / 20);
    const bottom = base - max<i32>(1, width / 20);
    if (top < picture.top) return 0;
    const l = picture.standingEdges(max<i32>(0, left - half), top, left + half, bottom);
    const r = picture.standingEdges(right - half, top, min<i32>(picture.width, right + half), bottom);
    // An edge of c grey levels, seen over two pixels of differences: a mean of 2 c over the strip's width.
    const unit = <f32>half;
    const least = rise(unit * min<f32>(l, r), 4 + 0.5 * this.noise * unit, 30 + 0.5 * this.noise * unit);
    const most = rise(unit * max<f32>(l, r), 8 + 0.5 * this.noise * unit, 45 + 0.5 * this.noise * unit);
    return 0.7 * least + 0.3 * min<f32>(most, 2 * least);
  }

  /** Road beside the base line: the better side counts most, 0 … 1. */
  private beside(picture: Picture, left: i32, right: i32, base: i32, width: i32, road: f32): f32 {
    const gap = max<i32>(1, width / 8);
    const wide = max<i32>(2, width / 4);
    const top = base - max<i32>(2, width / 7);
    const l = left - gap - wide >= 0 ? this.likeRoad(picture, left - gap - wide, top, left - gap, base, road) : 0.3;
    const r =
      right + gap + wide <= picture.width ? this.likeRoad(picture, right + gap, top, right + gap + wide, base, road) : 0.3;
    return 0.65 * max<f32>(l, r) + 0.35 * min<f32>(l, r);
  }

  private likeRoad(picture: Picture, left: i32, top: i32, right: i32, bottom: i32, road: f32): f32 {
    const off = abs<f32>(picture.mean(left, top, right, bottom) - road);
    const texture = picture.standingEdges(left, top, right, bottom) + picture.lyingEdges(left, top, right, bottom);
    return fade(off, 6, 34) * fade(texture, 2 * this.noise + 8, 2 * this.noise + 34);
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

/** 0 up to `from`, 1 from `to` on, straight between. */
// @ts-ignore: decorator
@inline
export function rise(value: f32, from: f32, to: f32): f32 {
  return max<f32>(0, min<f32>(1, (value - from) / (to - from)));
}

/** 1 up to `from`, 0 from `to` on, straight between. */
// @ts-ignore: decorator
@inline
export function fade(value: f32, from: f32, to: f32): f32 {
  return 1 - rise(value, from, to);
}

/**
 * How much darker it is above the base line than below, grey levels; negative where it is brighter. The line must reach across: of
 * the window's parts it is the value that three quarters of them exceed, 0 where the parts disagree.
 */
function baseEdge(picture: Picture, left: i32, base: i32, width: i32, reach: i32): f32 {
  const parts = width < 24 ? 4 : 8;
  const spare = parts >> 2;
  // The weakest parts in either direction, sorted; the last of them counts.
  let dark0: f32 = 1000;
  let dark1: f32 = 1000;
  let dark2: f32 = 1000;
  let bright0: f32 = -1000;
  let bright1: f32 = -1000;
  let bright2: f32 = -1000;
  for (let i = 0; i < parts; i++) {
    const from = left + (i * width) / parts;
    const to = left + ((i + 1) * width) / parts;
    const edge = picture.mean(from, base, to, base + reach) - picture.mean(from, base - reach, to, base);
    if (edge < dark0) {
      dark2 = dark1;
      dark1 = dark0;
      dark0 = edge;
    } else if (edge < dark1) {
      dark2 = dark1;
      dark1 = edge;
    } else if (edge < dark2) dark2 = edge;
    if (edge > bright0) {
      bright2 = bright1;
      bright1 = bright0;
      bright0 = edge;
    } else if (edge > bright1) {
      bright2 = bright1;
      bright1 = edge;
    } else if (edge > bright2) bright2 = edge;
  }
  const dark = spare == 1 ? dark1 : dark2;
  const bright = spare == 1 ? bright1 : bright2;
  return dark > 0 ? dark : bright < 0 ? bright : 0;
}

/** Mean edges of the road straight ahead, near by: the picture's noise and the road's grain. */
function roadNoise(picture: Picture, geometry: Geometry): f32 {
  let lowest: f32 = 1000;
  for (let i = 0; i < 4; i++) {
    const row = <i32>min<f32>(geometry.rowAt(6 + 3 * <f32>i), <f32>(picture.height - 2));
    const half = <i32>(geometry.pixelsPerMetre(<f32>row) * 0.6);
    const left = max<i32>(0, <i32>geometry.ahead - half);
    const right = min<i32>(picture.width, <i32>geometry.ahead + half);
    const top = max<i32>(picture.top, row - max<i32>(4, half / 4));
    if (right - left < 6 || row <= top) continue;
    lowest = min<f32>(lowest, picture.standingEdges(left, top, right, row));
  }
  return lowest < 1000 ? max<f32>(0.5, min<f32>(lowest, 12)) : 3;
}

/** How much the left half resembles the mirrored right half, 0 … 1, in cells of an eighth of the width. */
function symmetryOf(picture: Picture, left: i32, top: i32, width: i32, height: i32): f32 {
  const cell = max<i32>(1, width >> 3);
  const rows = 4;
  const tall = max<i32>(1, height / rows);
  let off: f32 = 0;
  let contrast: f32 = 0;
  let mean: f32 = picture.mean(left, top, left + width, top + height);
  for (let r = 0; r < rows; r++) {
    const from = top + r * tall;
    for (let c = 0; c < 4; c++) {
      const l = picture.mean(left + c * cell, from, left + (c + 1) * cell, from + tall);
      const x = left + width - (c + 1) * cell;
      const m = picture.mean(x, from, x + cell, from + tall);
      off += abs<f32>(l - m);
      contrast += abs<f32>(l - mean) + abs<f32>(m - mean);
    }
  }
  return contrast > 1 ? fade(off / contrast, 0.25, 1.0) : 0;
}

/** Tail lights: how red the window is on both sides, at their height, 0 … 1. */
function rednessOf(picture: Picture, left: i32, base: i32, width: i32): f32 {
  const from = base - (width * 6) / 10;
  const to = base - (width * 2) / 10;
  const step = max<i32>(1, width / 16);
  const side = max<i32>(1, (width * 3) / 10);
  let l = 0;
  let r = 0;
  for (let y = max<i32>(from, picture.top); y < to; y += step) {
    for (let x = 0; x < side; x += step) {
      l = max<i32>(l, picture.redAt(left + x, y));
      r = max<i32>(r, picture.redAt(left + width - 1 - x, y));
    }
  }
  return rise(<f32>min<i32>(l, r), 10, 40);
}
