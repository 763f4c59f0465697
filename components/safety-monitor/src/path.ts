/**
 * Where the vehicle is about to drive: the arc that its yaw rate and speed describe, in the present vehicle frame.
 */

/** Below this speed a yaw rate tells no curve, m/s. */
const LEAST_SPEED: f64 = 2.5;
/** No road vehicle turns tighter, 1/m. */
const MAX_CURVATURE: f64 = 0.2;
/** Weight of a new value: a time constant of about 0.15 s at 20 steps a second. */
const SMOOTHING: f64 = 0.3;

export class Path {
  /** 1/m, positive to the left. */
  curvature: f64 = 0;

  /** Takes the vehicle's motion, m/s and rad/s; NaN where unknown means straight on. */
  follow(speed: f64, yawRate: f64): void {
    let curvature: f64 = 0;
    if (speed > LEAST_SPEED && isFinite(yawRate)) curvature = min<f64>(max<f64>(yawRate / speed, -MAX_CURVATURE), MAX_CURVATURE);
    this.curvature += SMOOTHING * (curvature - this.curvature);
  }

  /** How far a point lies beside the path, m, positive to the left. */
  offset(x: f64, y: f64): f64 {
    const k = this.curvature;
    const ahead = k * x;
    const inward = 1 - k * y;
    return (2 * y - k * (x * x + y * y)) / (1 + Math.sqrt(ahead * ahead + inward * inward));
  }
}
