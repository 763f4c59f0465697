/**
 * The rectangle, seen from above, that fits a cluster: the direction is searched in which the points lie closest to the sides
 * (the closeness criterion of Zhang et al., "Efficient L-Shape Fitting for Vehicle Detection Using Laser Scanners", 2017).
 */
import { Clusters } from "./clusters";

/** Directions tried in a quarter turn. */
const DIRECTIONS: i32 = 30;
/** So many points decide on the direction; of more, every n-th is taken. */
const MOST_POINTS: i32 = 192;
/** Points closer to a side than this count alike, m: the noise of the range. */
const NEAREST: f32 = 0.06;
/** How much better than the road's direction another one must be. */
const PREFERENCE: f32 = 1.15;
/** A point this close to a side lies on it, m. */
const ON_SIDE: f32 = 0.25;

const cosines = new StaticArray<f32>(DIRECTIONS);
const sines = new StaticArray<f32>(DIRECTIONS);
for (let i = 0; i < DIRECTIONS; i++) {
  const angle = (<f64>i * Math.PI) / <f64>(2 * DIRECTIONS);
  cosines[i] = <f32>Math.cos(angle);
  sines[i] = <f32>Math.sin(angle);
}

export class Box {
  /** How many points it was fitted to. */
  points: i32 = 0;
  /** Centre, m. */
  x: f32 = 0;
  y: f32 = 0;
  /** Direction of the first axis, rad, 0 … π/2; its cosine and sine. */
  heading: f32 = 0;
  cos: f32 = 1;
  sin: f32 = 0;
  /** Extents along the first and the second axis, m. */
  along: f32 = 0;
  across: f32 = 0;
  /** Lowest and highest point above the ground, m. */
  bottom: f32 = 0;
  top: f32 = 0;
  /** Share of the points that lie on a side, 0 … 1. */
  onSides: f32 = 0;
  /** Greatest horizontal extents of the highest and of the lowest third, m. */
  topExtent: f32 = 0;
  lowExtent: f32 = 0;
  /** The point of the rectangle that is nearest to the origin, m. */
  nearX: f32 = 0;
  nearY: f32 = 0;

  /** The rectangle on its axes, m. */
  private low1: f32 = 0;
  private high1: f32 = 0;
  private low2: f32 = 0;
  private high2: f32 = 0;

  /** Extents along the longer and the shorter axis, m. */
  get longer(): f32 {
    return max<f32>(this.along, this.across);
  }

  get shorter(): f32 {
    return min<f32>(this.along, this.across);
  }

  /** Fits the points of cluster k. */
  fit(clusters: Clusters, k: i32): void {
    const from = clusters.start[k];
    const to = clusters.start[k + 1];
    this.points = to - from;
    const stride = max<i32>(1, (to - from) / MOST_POINTS);
    let best = 0;
    let bestScore: f32 = this.closeness(clusters, from, to, stride, 0) * PREFERENCE;
    if (to - from >= 8) {
      for (let i = 1; i < DIRECTIONS; i++) {
        const score = this.closeness(clusters, from, to, stride, i);
        if (score > bestScore) {
          bestScore = score;
          best = i;
        }
      }
    }
    this.heading = <f32>((<f64>best * Math.PI) / <f64>(2 * DIRECTIONS));
    this.cos = cosines[best];
    this.sin = sines[best];
    this.measure(clusters, from, to);
  }

  private closeness(clusters: Clusters, from: i32, to: i32, stride: i32, direction: i32): f32 {
    const cos = unchecked(cosines[direction]);
    const sin = unchecked(sines[direction]);
    let low1: f32 = Infinity;
    let high1: f32 = -Infinity;
    let low2: f32 = Infinity;
    let high2: f32 = -Infinity;
    for (let i = from; i < to; i += stride) {
      const p = unchecked(clusters.order[i]);
      const x = unchecked(clusters.x[p]);
      const y = unchecked(clusters.y[p]);
      const c1 = x * cos + y * sin;
      const c2 = y * cos - x * sin;
      low1 = min<f32>(low1, c1);
      high1 = max<f32>(high1, c1);
      low2 = min<f32>(low2, c2);
      high2 = max<f32>(high2, c2);
    }
    let score: f32 = 0;
    for (let i = from; i < to; i += stride) {
      const p = unchecked(clusters.order[i]);
      const x = unchecked(clusters.x[p]);
      const y = unchecked(clusters.y[p]);
      const c1 = x * cos + y * sin;
      const c2 = y * cos - x * sin;
      const d1 = min<f32>(high1 - c1, c1 - low1);
      const d2 = min<f32>(high2 - c2, c2 - low2);
      score += 1 / max<f32>(min<f32>(d1, d2), NEAREST);
    }
    return score;
  }

  private measure(clusters: Clusters, from: i32, to: i32): void {
    let low1: f32 = Infinity;
    let high1: f32 = -Infinity;
    let low2: f32 = Infinity;
    let high2: f32 = -Infinity;
    this.bottom = Infinity;
    this.top = -Infinity;
    for (let i = from; i < to; i++) {
      const p = unchecked(clusters.order[i]);
      const c1 = this.first(clusters, p);
      const c2 = this.second(clusters, p);
      const z = unchecked(clusters.z[p]);
      low1 = min<f32>(low1, c1);
      high1 = max<f32>(high1, c1);
      low2 = min<f32>(low2, c2);
      high2 = max<f32>(high2, c2);
      this.bottom = min<f32>(this.bottom, z);
      this.top = max<f32>(this.top, z);
    }
    this.low1 = low1;
    this.high1 = high1;
    this.low2 = low2;
    this.high2 = high2;
    this.settle();
    this.judge(clusters, from, to);
  }

  /** Takes the rectangle on the axes over into centre, size and nearest point. */
  private settle(): void {
    this.along = this.high1 - this.low1;
    this.across = this.high2 - this.low2;
    const c1 = (this.low1 + this.high1) / 2;
    const c2 = (this.low2 + this.high2) / 2;
    this.x = c1 * this.cos - c2 * this.sin;
    this.y = c1 * this.sin + c2 * this.cos;
    // The origin has the coordinates 0, 0 on both axes.
    const n1 = max<f32>(this.low1, min<f32>(this.high1, 0));
    const n2 = max<f32>(this.low2, min<f32>(this.high2, 0));
    this.nearX = n1 * this.cos - n2 * this.sin;
    this.nearY = n1 * this.sin + n2 * this.cos;
  }

  /** How long the box would be on its first (or second) axis together with another one, m. */
  spanWith(other: Box, first: bool): f32 {
    const half = other.halfOn(first ? this.cos : -this.sin, first ? this.sin : this.cos);
    const centre = first ? other.x * this.cos + other.y * this.sin : other.y * this.cos - other.x * this.sin;
    const low = first ? this.low1 : this.low2;
    const high = first ? this.high1 : this.high2;
    return max<f32>(high, centre + half) - min<f32>(low, centre - half);
  }

  /** How far a point lies outside of the rectangle, m. */
  distanceTo(x: f32, y: f32): f32 {
    const c1 = x * this.cos + y * this.sin;
    const c2 = y * this.cos - x * this.sin;
    const d1 = max<f32>(0, max<f32>(this.low1 - c1, c1 - this.high1));
    const d2 = max<f32>(0, max<f32>(this.low2 - c2, c2 - this.high2));
    return Mathf.sqrt(d1 * d1 + d2 * d2);
  }

  /** Grows so that it covers another box too. */
  absorb(other: Box): void {
    const c1 = other.x * this.cos + other.y * this.sin;
    const c2 = other.y * this.cos - other.x * this.sin;
    const h1 = other.halfOn(this.cos, this.sin);
    const h2 = other.halfOn(-this.sin, this.cos);
    this.low1 = min<f32>(this.low1, c1 - h1);
    this.high1 = max<f32>(this.high1, c1 + h1);
    this.low2 = min<f32>(this.low2, c2 - h2);
    this.high2 = max<f32>(this.high2, c2 + h2);
    this.bottom = min<f32>(this.bottom, other.bottom);
    this.top = max<f32>(this.top, other.top);
    this.points += other.points;
    this.settle();
  }

  /** Half of the extent along a direction, m. */
  private halfOn(x: f32, y: f32): f32 {
    const first = this.along * abs<f32>(this.cos * x + this.sin * y);
    const second = this.across * abs<f32>(this.cos * y - this.sin * x);
    return (first + second) / 2;
  }

  /** How many points lie on the sides, and how wide the top and the foot are. */
  private judge(clusters: Clusters, from: i32, to: i32): void {
    const third = (this.top - this.bottom) * 0.33;
    let on = 0;
    for (let i = from; i < to; i++) {
      const p = unchecked(clusters.order[i]);
      const c1 = this.first(clusters, p);
      const c2 = this.second(clusters, p);
      const d1 = min<f32>(this.high1 - c1, c1 - this.low1);
      const d2 = min<f32>(this.high2 - c2, c2 - this.low2);
      if (min<f32>(d1, d2) <= ON_SIDE) on++;
    }
    this.onSides = <f32>on / <f32>(to - from);
    this.topExtent = this.extentBetween(clusters, from, to, this.top - third, this.top);
    this.lowExtent = this.extentBetween(clusters, from, to, this.bottom, this.bottom + third);
  }

  /** Greatest horizontal extent of the points between two heights, m. */
  private extentBetween(clusters: Clusters, from: i32, to: i32, bottom: f32, top: f32): f32 {
    let low1: f32 = Infinity;
    let high1: f32 = -Infinity;
    let low2: f32 = Infinity;
    let high2: f32 = -Infinity;
    for (let i = from; i < to; i++) {
      const p = unchecked(clusters.order[i]);
      const z = unchecked(clusters.z[p]);
      if (z < bottom || z > top) continue;
      const c1 = this.first(clusters, p);
      const c2 = this.second(clusters, p);
      low1 = min<f32>(low1, c1);
      high1 = max<f32>(high1, c1);
      low2 = min<f32>(low2, c2);
      high2 = max<f32>(high2, c2);
    }
    return high1 >= low1 ? max<f32>(high1 - low1, high2 - low2) : 0;
  }

  // @ts-ignore: decorator
  @inline
  private first(clusters: Clusters, p: i32): f32 {
    return unchecked(clusters.x[p]) * this.cos + unchecked(clusters.y[p]) * this.sin;
  }

  // @ts-ignore: decorator
  @inline
  private second(clusters: Clusters, p: i32): f32 {
    return unchecked(clusters.y[p]) * this.cos - unchecked(clusters.x[p]) * this.sin;
  }
}
