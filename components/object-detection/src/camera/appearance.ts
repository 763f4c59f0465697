/**
 * How much a window of the picture looks like a vehicle that stands with its rear or front on the window's base line. No training
 * data lies behind this: it is what every vehicle shows by day.
 *
 * - its base line: the road ends there, mostly in the shadow below the vehicle
 * - road below the base line, and beside it at least on one side: smooth, and of the road's colour
 * - edges inside, and upright edges at both sides
 * - it is symmetrical, and its tail lights are red
 */
import { Geometry } from "./geometry";
import { Picture } from "./picture";

export class Appearance {
  /** How much the road itself varies, grey levels, and its colour: set by `observeRoad`. */
  noise: f32 = 2;
  private roadRed: i32 = 0;
  private roadBlue: i32 = 0;
  /** The window, pixels; the parts outside of the picture are cut off. */
  private left: i32 = 0;
  private right: i32 = 0;
  private base: i32 = 0;
  private roof: i32 = 0;
  /** Width as if nothing were cut off. */
  private width: i32 = 0;
  private leftCut: bool = false;
  private rightCut: bool = false;

  /** Looks at the road straight ahead, near by. */
  observeRoad(picture: Picture, geometry: Geometry): void {
    let lowest: f32 = 1000;
    let red = 0;
    let blue = 0;
    let samples = 0;
    for (let i = 0; i < 4; i++) {
      const row = <i32>min<f32>(geometry.rowAt(6 + 3 * <f32>i), <f32>(picture.height - 2));
      const half = <i32>(geometry.pixelsPerMetre(<f32>row) * 0.6);
      const left = max<i32>(0, <i32>geometry.ahead - half);
      const right = min<i32>(picture.width, <i32>geometry.ahead + half);
      const top = max<i32>(picture.top, row - max<i32>(4, half / 4));
      if (right - left < 6 || row <= top) continue;
      lowest = min<f32>(lowest, picture.standingEdges(left, top, right, row));
      for (let k = 0; k < 4; k++) {
        const x = left + ((right - 1 - left) * k) / 3;
        red += picture.redAt(x, row);
        blue += picture.blueAt(x, row);
      }
      samples += 4;
    }
    this.noise = lowest < 1000 ? max<f32>(0.5, min<f32>(lowest, 12)) : 3;
    this.roadRed = samples > 0 ? red / samples : 0;
    this.roadBlue = samples > 0 ? blue / samples : 0;
  }

  /**
   * How much the window looks like a vehicle, 0 … 1; `edge` is its base line's strength. Columns may lie outside of the picture, rows may not.
   */
  score(picture: Picture, left: i32, right: i32, base: i32, edge: f32): f32 {
    this.leftCut = left < 1;
    this.rightCut = right > picture.width - 1;
    this.left = max<i32>(left, 0);
    this.right = min<i32>(right, picture.width);
    this.base = base;
    this.width = right - left;
    this.roof = max<i32>(picture.top, base - (this.width * 7) / 10);
    const below = min<i32>(picture.height - 1, base + max<i32>(3, this.width / 8));
    if (base - this.roof < 5 || below - base < 2) return 0;
    const sides = this.sides(picture);
    if (sides < 0.1) return 0;
    const roadTexture =
      picture.standingEdges(this.left, base + 1, this.right, below) + 0.7 * picture.lyingEdges(this.left, base + 2, this.right, below);
    const smooth = fade(roadTexture, this.noise + 5, this.noise + 26);
    const bodyTexture =
      picture.standingEdges(this.left, this.roof, this.right, base - 1) + picture.lyingEdges(this.left, this.roof, this.right, base - 1);
    const busy = rise(bodyTexture, 2 * this.noise + 4, 2 * this.noise + 26);
    if (smooth * busy < 0.1) return 0;
    const road = picture.mean(this.left, base + 1, this.right, below);
    let solid = this.solidity(picture, road) * this.neutral(picture, (base + below) / 2, 6, 16);
    // Above the line are shadow and tyres, as grey as the road; a lawn behind the kerb is not.
    if (edge > 0 && this.width >= 14) solid *= this.neutral(picture, base - max<i32>(1, this.width / 16), 7, 18);
    if (solid < 0.1) return 0;
    const level = this.level(picture, edge > 0);
    if (level < 0.1) return 0;
    const beside = this.beside(picture, road);
    const dark: f32 = edge > 0 ? rise(edge, 6, 34) : 0.5 * rise(-edge, 10, 50);
    const sum: f32 = 0.24 * dark + 0.2 * sides + 0.2 * smooth + 0.16 * busy + 0.2 * beside;
    const shape = Mathf.sqrt(dark * sides) * solid * level * (0.4 + 0.6 * beside) * (0.5 + 0.5 * smooth);
    const whole = !this.leftCut && !this.rightCut;
    const plain: f32 = 0.55 * sum + 0.45 * shape;
    // Too little for symmetry and lights to make up for.
    if (plain < 0.25) return plain;
    const symmetry: f32 = whole ? this.symmetry(picture) : 0.4;
    const red: f32 = whole ? this.redness(picture) : 0;
    return min<f32>(1, plain * (0.8 + 0.3 * symmetry) + 0.12 * red);
  }

  /** Upright edges at the sides that are in the picture, 0 … 1: what the weaker one shows counts most. */
  private sides(picture: Picture): f32 {
    const half = max<i32>(1, this.width / 10);
    const top = this.base - max<i32>(4, (this.width * 9) / 20);
    const bottom = this.base - max<i32>(1, this.width / 20);
    if (top < picture.top) return 0;
    // An edge of c grey levels, seen over two pixels of differences: a mean of 2 c over the strip's width.
    const unit = <f32>half;
    const l: f32 = this.leftCut ? -1 : unit * picture.standingEdges(max<i32>(0, this.left - half), top, this.left + half, bottom);
    const r: f32 = this.rightCut ? -1 : unit * picture.standingEdges(this.right - half, top, min<i32>(picture.width, this.right + half), bottom);
    const floor: f32 = 0.5 * this.noise * unit;
    const least: f32 = l < 0 || r < 0 ? max<f32>(l, r) * 0.8 : min<f32>(l, r);
    const weak = rise(least, 4 + floor, 30 + floor);
    const strong = rise(max<f32>(l, r), 8 + floor, 45 + floor);
    return 0.7 * weak + 0.3 * min<f32>(strong, 2 * weak);
  }

  /** Whether the window, and its lower and its middle third by themselves, differ from the road below it, 0 … 1. */
  private solidity(picture: Picture, road: f32): f32 {
    const columns = this.width < 32 ? 4 : 6;
    const rows = 3;
    const cell = max<i32>(1, (this.right - this.left) / columns);
    const tall = max<i32>(1, (this.base - this.roof) / rows);
    let differ = 0;
    let least = columns;
    for (let r = 0; r < rows; r++) {
      const bottom = this.base - r * tall;
      const before = differ;
      for (let c = 0; c < columns; c++) {
        const from = this.left + c * cell;
        const off = abs<f32>(picture.mean(from, bottom - tall, from + cell, bottom) - road);
        if (off > 10 + 2 * this.noise) {
          differ++;
          continue;
        }
        const edges = picture.standingEdges(from, bottom - tall, from + cell, bottom);
        if (edges + picture.lyingEdges(from, bottom - tall, from + cell, bottom) > 3 * this.noise + 16) differ++;
      }
      if (r < 2) least = min<i32>(least, differ - before);
    }
    return min<f32>(rise(<f32>least / <f32>columns, 0.45, 0.85), rise(<f32>differ / <f32>(columns * rows), 0.4, 0.8));
  }

  /** Whether the base line lies level: it is strongest in the same row on the left and on the right. A kerb is not. 0 … 1. */
  private level(picture: Picture, dark: bool): f32 {
    const width = this.right - this.left;
    if (width < 16) return 1;
    const third = width / 3;
    const off = this.strongestRow(picture, this.left, this.left + third, dark) - this.strongestRow(picture, this.right - third, this.right, dark);
    return fade(<f32>abs<i32>(off), 0.06 * <f32>width + 1, 0.12 * <f32>width + 2);
  }

  /** The row near the base line in which these columns change most. */
  private strongestRow(picture: Picture, left: i32, right: i32, dark: bool): i32 {
    const reach = max<i32>(1, this.width / 16);
    const room = max<i32>(3, this.width / 6);
    const from = max<i32>(picture.top + reach, this.base - room);
    const to = min<i32>(picture.height - 1 - reach, this.base + room);
    let best = this.base;
    let most: f32 = -1000;
    for (let row = from; row <= to; row++) {
      const change = picture.mean(left, row, right, row + reach) - picture.mean(left, row - reach, right, row);
      const strength = dark ? change : -change;
      if (strength > most) {
        most = strength;
        best = row;
      }
    }
    return best;
  }

  /** Whether a row has the road's colour, neither that of grass nor of brick: 1 up to `from`, 0 from `to` on. */
  private neutral(picture: Picture, row: i32, from: f32, to: f32): f32 {
    const step = max<i32>(1, (this.right - this.left) / 6);
    let off = 0;
    let samples = 0;
    for (let x = this.left + step / 2; x < this.right; x += step) {
      off += abs<i32>(picture.redAt(x, row) - this.roadRed) + abs<i32>(picture.blueAt(x, row) - this.roadBlue);
      samples++;
    }
    return samples > 0 ? fade(<f32>off / <f32>samples, from, to) : 1;
  }

  /** Road beside the base line: the better side counts most, 0 … 1. */
  private beside(picture: Picture, road: f32): f32 {
    const gap = max<i32>(1, this.width / 8);
    const wide = max<i32>(2, this.width / 4);
    const top = this.base - max<i32>(2, this.width / 7);
    const l = this.left - gap - wide;
    const r = this.right + gap;
    const onLeft: f32 = l >= 0 ? this.likeRoad(picture, l, top, l + wide, road) : 0.3;
    const onRight: f32 = r + wide <= picture.width ? this.likeRoad(picture, r, top, r + wide, road) : 0.3;
    return 0.65 * max<f32>(onLeft, onRight) + 0.35 * min<f32>(onLeft, onRight);
  }

  private likeRoad(picture: Picture, left: i32, top: i32, right: i32, road: f32): f32 {
    const off = abs<f32>(picture.mean(left, top, right, this.base) - road);
    const texture = picture.standingEdges(left, top, right, this.base) + picture.lyingEdges(left, top, right, this.base);
    return fade(off, 6, 34) * fade(texture, 2 * this.noise + 8, 2 * this.noise + 34);
  }

  /** How much the left half resembles the mirrored right half, 0 … 1, in cells of an eighth of the width. */
  private symmetry(picture: Picture): f32 {
    const cell = max<i32>(1, this.width >> 3);
    const rows = 4;
    const tall = max<i32>(1, (this.base - this.roof) / rows);
    const mean = picture.mean(this.left, this.roof, this.right, this.roof + rows * tall);
    let off: f32 = 0;
    let contrast: f32 = 0;
    for (let r = 0; r < rows; r++) {
      const from = this.roof + r * tall;
      for (let c = 0; c < 4; c++) {
        const l = picture.mean(this.left + c * cell, from, this.left + (c + 1) * cell, from + tall);
        const x = this.right - (c + 1) * cell;
        const m = picture.mean(x, from, x + cell, from + tall);
        off += abs<f32>(l - m);
        contrast += abs<f32>(l - mean) + abs<f32>(m - mean);
      }
    }
    return contrast > 1 ? fade(off / contrast, 0.25, 1.0) : 0;
  }

  /** Tail lights: how red the window is on both sides, at their height, 0 … 1. */
  private redness(picture: Picture): f32 {
    const from = max<i32>(this.base - (this.width * 6) / 10, picture.top);
    const to = this.base - (this.width * 2) / 10;
    const step = max<i32>(1, this.width / 16);
    const side = max<i32>(1, (this.width * 3) / 10);
    let l = 0;
    let r = 0;
    for (let y = from; y < to; y += step) {
      for (let x = 0; x < side; x += step) {
        l = max<i32>(l, picture.redAt(this.left + x, y));
        r = max<i32>(r, picture.redAt(this.right - 1 - x, y));
      }
    }
    return rise(<f32>min<i32>(l, r), 10, 40);
  }
}

/** 0 up to `from`, 1 from `to` on, straight between. */
// @ts-ignore: decorator
@inline
function rise(value: f32, from: f32, to: f32): f32 {
  return max<f32>(0, min<f32>(1, (value - from) / (to - from)));
}

/** 1 up to `from`, 0 from `to` on, straight between. */
// @ts-ignore: decorator
@inline
function fade(value: f32, from: f32, to: f32): f32 {
  return 1 - rise(value, from, to);
}
