/**
 * Where the road's parallel lines meet in the picture: the vanishing point, and with it the horizon, which turns rows into distances.
 *
 * Strong edges of the lower half say where they point to; the point that most of them agree on is sought around the
 * expected one and refined by weighted least squares. What is expected comes from the calibration, where there is one, and from the pictures
 * before.
 */
import { Picture } from "./picture";

const MAX_EDGES: i32 = 2048;
/** Edges are sought on the road: up to so many pixels aside of the vanishing point for each row below it. */
const ROAD_SPREAD: f32 = 5;
/** Edges weaker than this are not used (Sobel's operator, grey levels × 8). */
const LEAST_EDGE: i32 = 120;
/** An edge is followed up so many rows. */
const SPAN: i32 = 8;
/** Lines flatter than this (dy/dx) say little about where the road goes: cracks, shadows, far kerbs. */
const LEAST_SLOPE: f32 = 0.22;
/** A line agrees with a point that it misses by less than this angle (as a sine): while searching, and while refining. */
const SEARCH_ANGLE: f32 = 0.025;
const REFINE_ANGLE: f32 = 0.02;
const REFINEMENTS: i32 = 4;
/** An answer needs so many edges that agree, on lines that lean to both sides. */
const LEAST_EDGES: i32 = 40;
const LEAST_PER_SIDE: i32 = 10;
/** The horizon is not known better than this, pixels: roads rise and fall. */
const LEAST_SIGMA: f32 = 0.6;
/** How fast the estimate follows, share per picture. */
const FOLLOW: f32 = 0.3;

export class Horizon {
  /** The vanishing point, in pixels of the smaller picture. */
  x: f32 = 0;
  y: f32 = 0;
  /** Standard deviation of y, pixels. */
  sigma: f32 = 0;
  /** How many pictures have agreed. */
  pictures: i32 = 0;
  private edges: i32 = 0;
  private edgeX: StaticArray<f32> = new StaticArray<f32>(MAX_EDGES);
  private edgeY: StaticArray<f32> = new StaticArray<f32>(MAX_EDGES);
  /** Unit normals of the lines. */
  private normalX: StaticArray<f32> = new StaticArray<f32>(MAX_EDGES);
  private normalY: StaticArray<f32> = new StaticArray<f32>(MAX_EDGES);
  private foundX: f32 = 0;
  private foundY: f32 = 0;

  /**
   * Follows the vanishing point into the next picture. It is expected at (x, y), pixels of the smaller picture, and lies at
   * most `room` rows from there. Edges count from `nearBy` rows below it on: further away roads bend.
   */
  follow(picture: Picture, x: f32, y: f32, room: f32, nearBy: f32): void {
    if (this.pictures == 0) {
      this.x = x;
      this.y = y;
      this.sigma = room * 0.5;
    }
    this.collect(picture, <i32>(this.y + nearBy));
    this.foundX = this.x;
    this.foundY = this.y;
    // Without a firm estimate, look everywhere in the room.
    if (this.pictures < 8 && room > 6) this.search(x, y, room);
    const found = this.refine(x, y, room);
    this.forgetEdges();
    if (!found || abs<f32>(this.foundY - y) > room) return;
    const share: f32 = this.pictures < 8 ? <f32>1 / <f32>(this.pictures + 1) : FOLLOW;
    const step = this.foundY - this.y;
    this.x += share * (this.foundX - this.x);
    this.y += share * step;
    this.sigma += share * (max<f32>(LEAST_SIGMA, abs<f32>(step)) - this.sigma);
    if (this.pictures < 1000) this.pictures++;
  }

  /** Gathers strong edges below a row, on what may be the road. */
  private collect(picture: Picture, firstRow: i32): void {
    const width = picture.width;
    const from = max<i32>(firstRow, SPAN + 2);
    const to = picture.height - 2;
    this.edges = 0;
    if (to <= from) return;
    const step = max<i32>(1, (to - from) / 80);
    for (let y = from; y < to; y += step) {
      const spread = ROAD_SPREAD * max<f32>(4, <f32>y - this.y);
      const left = max<i32>(3, <i32>(this.x - spread));
      const right = min<i32>(width - 4, <i32>(this.x + spread));
      for (let x = left; x < right; x++) {
        const across = differenceAt(picture, x, y);
        if (abs<i32>(across) * 4 < LEAST_EDGE) continue;
        // Only where the edge is strongest.
        const sign = across > 0 ? 1 : -1;
        if (differenceAt(picture, x - 1, y) * sign > across * sign || differenceAt(picture, x + 1, y) * sign >= across * sign) continue;
        this.measure(picture, x, y, sign);
        if (this.edges >= MAX_EDGES) return;
      }
    }
  }

  /** Follows an edge some rows up and takes the line through both places. */
  private measure(picture: Picture, x: i32, y: i32, sign: i32): void {
    const width = picture.width;
    const at = changetype<usize>(picture.luma) + <usize>(y * width + x);
    const up = at - <usize>width;
    const down = at + <usize>width;
    const gx = 2 * differenceAt(picture, x, y) + differenceAt(picture, x, y - 1) + differenceAt(picture, x, y + 1);
    const gy =
      2 * (<i32>load<u8>(down) - <i32>load<u8>(up)) +
      <i32>load<u8>(down - 1) - <i32>load<u8>(up - 1) + <i32>load<u8>(down, 1) - <i32>load<u8>(up, 1);
    // The line runs along (−gy, gx): its slope is gx / gy.
    if (gx * gx + gy * gy < LEAST_EDGE * LEAST_EDGE || <f32>abs<i32>(gx) < LEAST_SLOPE * <f32>abs<i32>(gy)) return;
    const expected = <f32>x + (<f32>(SPAN * gy) / <f32>gx);
    if (!(expected > 4 && expected < <f32>(width - 5))) return;
    const above = strongestNear(picture, <i32>(expected + 0.5), y - SPAN, sign);
    if (above < 0) return;
    const bottomX = finePlace(picture, x, y);
    const topX = finePlace(picture, above, y - SPAN);
    const dx = bottomX - topX;
    // Lines that stand upright belong to posts and cars.
    if (abs<f32>(dx) * 12 < <f32>SPAN) return;
    const length = Mathf.sqrt(dx * dx + <f32>(SPAN * SPAN));
    const i = this.edges++;
    // Places are counted from the corner of the picture: the middle of a pixel lies at one half.
    this.edgeX[i] = (bottomX + topX) / 2 + 0.5;
    this.edgeY[i] = <f32>y - <f32>SPAN / 2 + 0.5;
    this.normalX[i] = <f32>SPAN / length;
    this.normalY[i] = -dx / length;
  }

  /** Tries the points of a coarse grid; the one that most edges agree on is taken. */
  private search(x: f32, y: f32, room: f32): void {
    let best = 0;
    const stepY = max<f32>(2, room / 12);
    const reach = room * 2;
    const stepX = max<f32>(4, reach / 12);
    for (let cy = y - room; cy <= y + room; cy += stepY) {
      for (let cx = x - reach; cx <= x + reach; cx += stepX) {
        let agree = 0;
        for (let i = 0; i < this.edges; i++) {
          if (this.misses(i, cx, cy) < SEARCH_ANGLE) agree++;
        }
        if (agree > best) {
          best = agree;
          this.foundX = cx;
          this.foundY = cy;
        }
      }
    }
  }

  /** Moves the found point to where the lines that agree meet; false where too few do. */
  private refine(x: f32, y: f32, room: f32): bool {
    for (let k = 0; k < REFINEMENTS; k++) {
      // The expectation counts like a few edges.
      const priorX: f32 = <f32>1 / (room * room * 4 + 100);
      const priorY: f32 = <f32>1 / (room * room + 1);
      let a: f32 = priorX;
      let b: f32 = 0;
      let c: f32 = priorY;
      let p: f32 = priorX * x;
      let q: f32 = priorY * y;
      let left = 0;
      let right = 0;
      for (let i = 0; i < this.edges; i++) {
        const miss = this.misses(i, this.foundX, this.foundY) / REFINE_ANGLE;
        if (miss >= 1) continue;
        if (this.normalY[i] > 0) left++;
        else right++;
        const dx = this.foundX - this.edgeX[i];
        const dy = this.foundY - this.edgeY[i];
        const hit: f32 = <f32>1 - miss * miss;
        const weight: f32 = (hit * hit) / ((dx * dx + dy * dy) * 0.002 + 1);
        const nx = this.normalX[i];
        const ny = this.normalY[i];
        const along = nx * this.edgeX[i] + ny * this.edgeY[i];
        a += weight * nx * nx;
        b += weight * nx * ny;
        c += weight * ny * ny;
        p += weight * nx * along;
        q += weight * ny * along;
      }
      if (left + right < LEAST_EDGES || left < LEAST_PER_SIDE || right < LEAST_PER_SIDE) return false;
      const determinant = a * c - b * b;
      if (!(determinant > 1e-9)) return false;
      this.foundX = (c * p - b * q) / determinant;
      this.foundY = (a * q - b * p) / determinant;
    }
    return isFinite(this.foundX) && isFinite(this.foundY);
  }

  /** Sine of the angle by which the line of an edge misses a point. */
  // @ts-ignore: decorator
  @inline
  private misses(i: i32, x: f32, y: f32): f32 {
    const dx = x - unchecked(this.edgeX[i]);
    const dy = y - unchecked(this.edgeY[i]);
    const off = unchecked(this.normalX[i]) * dx + unchecked(this.normalY[i]) * dy;
    return abs<f32>(off) / Mathf.sqrt(dx * dx + dy * dy + 1);
  }

  private forgetEdges(): void {
    for (let i = 0; i < this.edges; i++) {
      this.edgeX[i] = 0;
      this.edgeY[i] = 0;
      this.normalX[i] = 0;
      this.normalY[i] = 0;
    }
    this.edges = 0;
  }
}

/** Difference from left to right at a place, grey levels. */
// @ts-ignore: decorator
@inline
function differenceAt(picture: Picture, x: i32, y: i32): i32 {
  const at = changetype<usize>(picture.luma) + <usize>(y * picture.width + x);
  return <i32>load<u8>(at, 1) - <i32>load<u8>(at - 1);
}

/** The column near x where the row changes most in the direction of `sign`; −1 where it hardly changes. */
function strongestNear(picture: Picture, x: i32, y: i32, sign: i32): i32 {
  let best = -1;
  let most = LEAST_EDGE / 6;
  for (let c = x - 2; c <= x + 2; c++) {
    const strength = differenceAt(picture, c, y) * sign;
    if (strength > most) {
      most = strength;
      best = c;
    }
  }
  return best;
}

/** Where between the columns the edge at x is strongest: the top of the parabola through three differences. */
function finePlace(picture: Picture, x: i32, y: i32): f32 {
  const l = <f32>abs<i32>(differenceAt(picture, x - 1, y));
  const m = <f32>abs<i32>(differenceAt(picture, x, y));
  const r = <f32>abs<i32>(differenceAt(picture, x + 1, y));
  const bend = l - 2 * m + r;
  return bend < 0 ? <f32>x + max<f32>(-0.5, min<f32>(0.5, (0.5 * (l - r)) / bend)) : <f32>x;
}
