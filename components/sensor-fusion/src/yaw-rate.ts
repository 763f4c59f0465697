/**
 * The vehicle's yaw rate from gyroscopes: the mean of the readings since the last step, smoothed, less the bias that shows
 * while the vehicle stands.
 */
import { Mount } from "../../lib/mount";

/** Weight of a new step's mean: a time constant of about 0.1 s at 20 steps a second. */
const SMOOTHING: f64 = 0.4;
/** Without a reading for so long, the rate is unknown, µs. */
const MAX_AGE_US: i64 = 500_000;
/** m/s below which the vehicle counts as standing, and how much of what shows then is taken into the bias each step. */
const STANDING: f64 = 0.05;
const BIAS_WEIGHT: f64 = 0.02;
/** No gyroscope that is sold for vehicles has more, rad/s. */
const MAX_BIAS: f64 = 0.03;

export class YawRate {
  private rate: f64 = NaN;
  private bias: f64 = 0;
  private sum: f64 = 0;
  private count: i32 = 0;
  private measuredUs: i64 = 0;

  /**
   * Takes the rates about the sensor's own axes, rad/s, with how it is mounted; `forwardRightDown` says that its y and z point right
   * and down rather than left and up.
   */
  accept(timeUs: i64, x: f64, y: f64, z: f64, forwardRightDown: bool, mount: Mount): void {
    const flip = forwardRightDown ? -1.0 : 1.0;
    const rate = <f64>mount.zx * x + flip * (<f64>mount.zy * y + <f64>mount.zz * z);
    if (!isFinite(rate)) return;
    this.sum += rate;
    this.count++;
    this.measuredUs = timeUs;
  }

  /** Ends a step in which the vehicle went at `speed` m/s (NaN where unknown). */
  step(speed: f64): void {
    if (this.count == 0) return;
    const mean = this.sum / <f64>this.count;
    this.sum = 0;
    this.count = 0;
    this.rate = isNaN(this.rate) ? mean : this.rate + SMOOTHING * (mean - this.rate);
    if (abs<f64>(speed) < STANDING && abs<f64>(this.rate) < MAX_BIAS) {
      this.bias += BIAS_WEIGHT * (this.rate - this.bias);
    }
  }

  /** rad/s, positive to the left; NaN where no gyroscope tells. */
  at(timeUs: i64): f64 {
    return isNaN(this.rate) || timeUs - this.measuredUs > MAX_AGE_US ? NaN : this.rate - this.bias;
  }
}
