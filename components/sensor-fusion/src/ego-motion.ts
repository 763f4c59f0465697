/**
 * How the vehicle moves, as the object filter needs it. What no sensor tells counts as standing still and going straight, with
 * larger deviations.
 */

/** Radians per second, one standard deviation: with a gyroscope, and without. */
const YAW_RATE_DEVIATION: f64 = 0.005;
const UNKNOWN_YAW_RATE_DEVIATION: f64 = 0.03;

export class EgoMotion {
  /** m/s; NaN where no sensor tells. */
  speed: f64 = NaN;
  /** rad/s, positive to the left; NaN where no sensor tells. */
  yawRate: f64 = NaN;
  /** m/s², positive forward; NaN where no sensor tells. */
  acceleration: f64 = NaN;
  /** From the rear axle, which does not slip sideways, to the front bumper, m. */
  lever: f64 = 3.6;

  /** rad/s. */
  get yawRateDeviation(): f64 {
    return isNaN(this.yawRate) ? UNKNOWN_YAW_RATE_DEVIATION : YAW_RATE_DEVIATION;
  }

  /** Velocity of the front bumper over ground, along x and y, m/s. */
  forwardSpeed(): f64 {
    return isNaN(this.speed) ? 0 : this.speed;
  }

  sidewaysSpeed(): f64 {
    return isNaN(this.yawRate) || isNaN(this.speed) ? 0 : this.yawRate * this.lever;
  }

  /** Turn to the left in that time, rad. */
  turn(seconds: f64): f64 {
    return isNaN(this.yawRate) ? 0 : this.yawRate * seconds;
  }

  /** Way of the front bumper in that time, along the x and y of its beginning, m. */
  forward(seconds: f64): f64 {
    return this.forwardSpeed() * seconds;
  }

  sideways(seconds: f64): f64 {
    return this.sidewaysSpeed() * seconds + 0.5 * this.turn(seconds) * this.forwardSpeed() * seconds;
  }
}
