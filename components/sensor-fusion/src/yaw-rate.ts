/**
 * The vehicle's yaw rate from an IMU: the mean of the readings since the last step, smoothed, less the bias that shows while the vehicle
 * stands. Gravity tells which way up the sensor is, and whether what it tells can be believed at all.
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
/** No road vehicle turns faster, rad/s, or feels more, m/s². */
const MAX_RATE: f64 = 3;
const MAX_FORCE: f64 = 100;
/** Weight of one reading in the direction of gravity: a time constant of 0.5 s at 100 readings a second. */
const GRAVITY_SMOOTHING: f64 = 0.02;
/** What gravity may differ by from an IMU that works, m/s²; and how much of it is along z when that axis points up or down. */
const GRAVITY: f64 = 9.81;
const GRAVITY_ERROR: f64 = 3;
const UPRIGHT: f64 = 5;

/** How an IMU's axes lie: as its metadata say, or as gravity shows. */
export const AXES_UNKNOWN: i32 = 0;
export const AXES_FLU: i32 = 1;
export const AXES_FRD: i32 = 2;

export class YawRate {
  private rate: f64 = NaN;
  private bias: f64 = 0;
  private sum: f64 = 0;
  private count: i32 = 0;
  private measuredUs: i64 = 0;
  // Specific force along the sensor's own axes, smoothed; NaN before the first reading.
  private forceX: f64 = NaN;
  private forceY: f64 = NaN;
  private forceZ: f64 = NaN;

  /** Takes the specific force along the sensor's own axes, m/s²; NaN where it is not known. It comes before the rates of the same reading. */
  feel(x: f64, y: f64, z: f64): void {
    if (!(abs<f64>(x) < MAX_FORCE && abs<f64>(y) < MAX_FORCE && abs<f64>(z) < MAX_FORCE)) return;
    const weight = isNaN(this.forceX) ? 1 : GRAVITY_SMOOTHING;
    this.forceX = weight == 1 ? x : this.forceX + weight * (x - this.forceX);
    this.forceY = weight == 1 ? y : this.forceY + weight * (y - this.forceY);
    this.forceZ = weight == 1 ? z : this.forceZ + weight * (z - this.forceZ);
  }

  /** Takes the rates about the sensor's own axes, rad/s, with how these lie (AXES_…) and how it is mounted. */
  accept(timeUs: i64, x: f64, y: f64, z: f64, axes: i32, mount: Mount): void {
    if (!this.isPlausible) return;
    const flip = this.pointsDown(axes, mount) ? -1.0 : 1.0;
    const rate = <f64>mount.zx * x + flip * (<f64>mount.zy * y + <f64>mount.zz * z);
    if (!(abs<f64>(rate) < MAX_RATE)) return;
    this.sum += rate;
    this.count++;
    this.measuredUs = timeUs;
  }

  /** Whether the force that it feels is about gravity's, or is not known. */
  private get isPlausible(): bool {
    if (isNaN(this.forceX)) return true;
    const force = Math.sqrt(this.forceX * this.forceX + this.forceY * this.forceY + this.forceZ * this.forceZ);
    return abs<f64>(force - GRAVITY) < GRAVITY_ERROR;
  }

  /** Whether y and z point right and down rather than left and up. At rest, what points up feels gravity as a positive force. */
  private pointsDown(axes: i32, mount: Mount): bool {
    if (axes != AXES_UNKNOWN) return axes == AXES_FRD;
    return <f64>mount.zx * this.forceX + <f64>mount.zy * this.forceY + <f64>mount.zz * this.forceZ < -UPRIGHT;
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
