/**
 * Where the vehicle is about to drive: the arc that its yaw rate and speed describe, in the present vehicle frame. Drivers wobble in
 * their lane, which looks like a curve for a moment; so the arc of the last moment and that of the last seconds count both.
 */

/** Below this speed a yaw rate tells no curve, m/s. */
const LEAST_SPEED: f64 = 2.5;
/** No road vehicle turns tighter, 1/m. */
const MAX_CURVATURE: f64 = 0.2;
/** Weights of a new value: time constants of about 0.15 s and 1.5 s at 20 steps a second. */
const QUICK: f64 = 0.3;
const STEADY: f64 = 0.033;

export class Path {
  /** 1/m, positive to the left. */
  private quick: f64 = 0;
  private steady: f64 = 0;

  /** Takes the vehicle's motion, m/s and rad/s; NaN where unknown means straight on. */
  follow(speed: f64, yawRate: f64): void {
    let curvature: f64 = 0;
    if (speed > LEAST_SPEED && isFinite(yawRate)) curvature = min<f64>(max<f64>(yawRate / speed, -MAX_CURVATURE), MAX_CURVATURE);
    this.quick += QUICK * (curvature - this.quick);
    this.steady += STEADY * (curvature - this.steady);
  }

  /** How far a point lies beside the path, m, positive to the left: by the arc that it is further from. */
  offset(x: f64, y: f64): f64 {
    const quick = beside(this.quick, x, y);
    const steady = beside(this.steady, x, y);
    return abs<f64>(quick) > abs<f64>(steady) ? quick : steady;
  }
}

/** How far a point lies beside an arc that starts along x. */
function beside(curvature: f64, x: f64, y: f64): f64 {
  const ahead = curvature * x;
  const inward = 1 - curvature * y;
  return (2 * y - curvature * (x * x + y * y)) / (1 + Math.sqrt(ahead * ahead + inward * inward));
}
