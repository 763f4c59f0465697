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

export class Box {
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
  /** Greatest horizontal extent of the highest third, m. */
  topExtent: f32 = 0;
  /** The point of the rectangle that is nearest to the origin, m. */
  nearX: f32 = 0;
  nearY: f32 = 0;

  private cosines: StaticArray<f32> = new StaticArray<f32>(DIRECTIONS);
  private sines: StaticArray<f32> = new StaticArray<f32>(DIRECTIONS);

  constructor() {
    for (let i = 0; i < DIRECTIONS; i++) {
      const angle = (<f64>i * Math.PI) / <f64>(2 * DIRECTIONS);
      this.cosines[i] = <f32>Math.cos(angle);
      this.sines[i] = <f32>Math.sin(angle);
    }
  }

  /** Fits the points of cluster k. */
  fit(clusters: Clusters, k: i32): void {
    const from = clusters.start[k];
    const to = clusters.start[k + 1];
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
    this.cos = this.cosines[best];
    this.sin = this.sines[best];
    this.measure(clusters, from, to);
  }

  private closeness(clusters: Clusters, from: i32, to: i32, stride: i32, direction: i32): f32 {
    const cos = unchecked(this.cosines[direction]);
    const sin = unchecked(this.sines[direction]);
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
    this.along = high1 - low1;
    this.across = high2 - low2;
    const c1 = (low1 + high1) / 2;
    const c2 = (low2 + high2) / 2;
    this.x = c1 * this.cos - c2 * this.sin;
    this.y = c1 * this.sin + c2 * this.cos;
    // The origin has the coordinates 0, 0 on both axes.
    const n1 = max<f32>(low1, min<f32>(high1, 0));
    const n2 = max<f32>(low2, min<f32>(high2, 0));
    this.nearX = n1 * this.cos - n2 * this.sin;
    this.nearY = n1 * this.sin + n2 * this.cos;
    this.judge(clusters, from, to, low1, high1, low2, high2);
  }

  /** How many points lie on the sides, and how wide the top is. */
  private judge(clusters: Clusters, from: i32, to: i32, low1: f32, high1: f32, low2: f32, high2: f32): void {
    const upper = this.bottom + (this.top - this.bottom) * 0.67;
    let on = 0;
    let upLow1: f32 = Infinity;
    let upHigh1: f32 = -Infinity;
    let upLow2: f32 = Infinity;
    let upHigh2: f32 = -Infinity;
    for (let i = from; i < to; i++) {
      const p = unchecked(clusters.order[i]);
      const c1 = this.first(clusters, p);
      const c2 = this.second(clusters, p);
      const d1 = min<f32>(high1 - c1, c1 - low1);
      const d2 = min<f32>(high2 - c2, c2 - low2);
      if (min<f32>(d1, d2) <= ON_SIDE) on++;
      if (unchecked(clusters.z[p]) < upper) continue;
      upLow1 = min<f32>(upLow1, c1);
      upHigh1 = max<f32>(upHigh1, c1);
      upLow2 = min<f32>(upLow2, c2);
      upHigh2 = max<f32>(upHigh2, c2);
    }
    this.onSides = <f32>on / <f32>(to - from);
    this.topExtent = max<f32>(upHigh1 - upLow1, upHigh2 - upLow2);
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
