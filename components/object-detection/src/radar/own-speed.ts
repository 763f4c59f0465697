/**
 * The vehicle's own speed out of radar targets: what stands still closes in with speed · cos(azimuth). Used where no other sensor tells the
 * speed, and to sharpen it where one does.
 *
 * Every target says a speed; the speed that most targets agree on wins. In traffic that moves along, the vehicles ahead
 * agree too (on a speed near zero), so without a hint an answer needs many targets that are spread out to both sides.
 */

/** Targets agree up to this difference, m/s. */
const AGREEMENT: f64 = 0.6;
/** Around a hint, a correction up to this is looked for, m/s. */
const HINT_RADIUS: f64 = 1.5;
/** Without a hint: at least so many targets, spread over this lateral distance, m, and this share of all. */
const LEAST_TARGETS: i32 = 5;
const LEAST_SPREAD: f32 = 8;
const LEAST_SHARE: f64 = 0.35;
/** Targets further to the side than this (cosine) say little about the speed. */
const LEAST_COSINE: f32 = 0.5;

export class OwnSpeed {
  /** m/s; NaN where the targets do not tell. */
  speed: f64 = NaN;
  /** How many targets agree. */
  support: i32 = 0;

  /**
   * `rate` is the range rate, `cos` the cosine of the azimuth in the vehicle frame, `y` the lateral place of the targets;
   * `hint` a speed from elsewhere, or NaN.
   */
  estimate(rate: StaticArray<f32>, cos: StaticArray<f32>, y: StaticArray<f32>, count: i32, hint: f64): void {
    this.speed = NaN;
    this.support = 0;
    for (let i = 0; i < count; i++) {
      if (cos[i] < LEAST_COSINE) continue;
      const candidate = <f64>-rate[i] / <f64>cos[i];
      if (!isNaN(hint) && abs<f64>(candidate - hint) > HINT_RADIUS) continue;
      this.vote(rate, cos, y, count, candidate, !isNaN(hint));
    }
    if (isNaN(this.speed) && !isNaN(hint)) this.speed = hint;
  }

  /** Takes the candidate over if more targets agree with it than with the one before. */
  private vote(rate: StaticArray<f32>, cos: StaticArray<f32>, y: StaticArray<f32>, count: i32, candidate: f64, hinted: bool): void {
    let support = 0;
    let top: f64 = 0;
    let bottom: f64 = 0;
    let left: f32 = -Infinity;
    let right: f32 = Infinity;
    for (let i = 0; i < count; i++) {
      if (cos[i] < LEAST_COSINE) continue;
      if (abs<f64>(<f64>rate[i] + candidate * <f64>cos[i]) > AGREEMENT) continue;
      support++;
      top -= <f64>rate[i] * <f64>cos[i];
      bottom += <f64>cos[i] * <f64>cos[i];
      left = max<f32>(left, y[i]);
      right = min<f32>(right, y[i]);
    }
    if (support <= this.support) return;
    const sure = support >= LEAST_TARGETS && left - right >= LEAST_SPREAD && <f64>support >= LEAST_SHARE * <f64>count;
    if (!sure && !(hinted && support >= 3)) return;
    this.support = support;
    this.speed = top / bottom;
  }
}
