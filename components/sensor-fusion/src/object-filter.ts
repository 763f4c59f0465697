/**
 * An extended Kalman filter of one object.
 *
 * State: position relative to the vehicle (m), velocity over ground (m/s) and acceleration over ground (m/s²), each along
 * the vehicle's present axes, x forward and y left: [x, y, vx, vy, ax, ay]. The acceleration fades with a time constant
 * (R. Singer, "Estimating Optimal Tracking Filter Performance for Manned Maneuvering Targets", 1970), so that an object that is not
 * measured for a while is expected to go on as it moves rather than to accelerate for ever.
 */
import { EgoMotion } from "./ego-motion";

/** Numbers in the state. */
export const SIZE: i32 = 6;

/** How objects are expected to move. */
export class MotionModel {
  constructor(
    /** Standard deviation of an object's acceleration along the road, m/s². */
    public acceleration: f64,
    /** And across it. */
    public sideways: f64,
    /** Seconds after which an acceleration has faded to 1/e. */
    public fading: f64,
    /** Spectral density of further, white acceleration, m²/s³: the reflection that wanders over the object. */
    public jitter: f64,
  ) {}
}

/** One measurement of a position, and of a range rate where there is one. */
export class Measurement {
  /** m. */
  x: f64 = 0;
  y: f64 = 0;
  /** The direction of the error ellipse's first axis: its cosine and sine in the vehicle frame. */
  axisX: f64 = 1;
  axisY: f64 = 0;
  /** Standard deviations along that axis and across it, m. */
  along: f64 = 1;
  across: f64 = 1;
  /** Rate of the distance to the vehicle, m/s, positive moving away; NaN where it was not measured. */
  rangeRate: f64 = NaN;
  rangeRateDeviation: f64 = 1;
}

// Scratch of the functions below: one row of the measurement matrix per measured number.
const transition = new StaticArray<f64>(SIZE * SIZE);
const product = new StaticArray<f64>(SIZE * SIZE);
const rows = new StaticArray<f64>(3 * SIZE);
const spread = new StaticArray<f64>(3 * SIZE);
const residuals = new StaticArray<f64>(3);
const noises = new StaticArray<f64>(3);
const innovation = new StaticArray<f64>(9);
const gain = new StaticArray<f64>(SIZE);

export class ObjectFilter {
  state: StaticArray<f64> = new StaticArray<f64>(SIZE);
  /** Row by row. */
  covariance: StaticArray<f64> = new StaticArray<f64>(SIZE * SIZE);
  /** Determinant of the last `distance`'s innovation covariance, as its natural logarithm. */
  logDeterminant: f64 = 0;

  /**
   * Starts from one measurement. The object stands as far as is known, up to standard deviations of its velocity along x and y, and except for
   * what the range rate says along the line of sight.
   */
  start(measurement: Measurement, vxDeviation: f64, vyDeviation: f64, ego: EgoMotion): void {
    memory.fill(changetype<usize>(this.covariance), 0, <usize>(SIZE * SIZE) << 3);
    this.state.fill(0);
    unchecked(this.state[0] = measurement.x);
    unchecked(this.state[1] = measurement.y);
    const c = measurement.axisX;
    const s = measurement.axisY;
    const a = measurement.along * measurement.along;
    const b = measurement.across * measurement.across;
    this.setCovariance(0, 0, a * c * c + b * s * s);
    this.setCovariance(1, 1, a * s * s + b * c * c);
    this.setCovariance(0, 1, (a - b) * c * s);
    this.setCovariance(1, 0, (a - b) * c * s);
    this.setCovariance(2, 2, vxDeviation * vxDeviation);
    this.setCovariance(3, 3, vyDeviation * vyDeviation);
    this.setCovariance(4, 4, 1);
    this.setCovariance(5, 5, 1);
    if (!isNaN(measurement.rangeRate) && this.rangeRateRow(2, measurement, ego)) this.apply(2);
  }

  /** Variance of one number of the state. */
  variance(i: i32): f64 {
    return unchecked(this.covariance[i * SIZE + i]);
  }

  copyFrom(other: ObjectFilter): void {
    memory.copy(changetype<usize>(this.state), changetype<usize>(other.state), <usize>SIZE << 3);
    memory.copy(changetype<usize>(this.covariance), changetype<usize>(other.covariance), <usize>(SIZE * SIZE) << 3);
  }

  /** Moves the state on by `seconds` ≥ 0, and into the axes that the vehicle has then. */
  predict(seconds: f64, ego: EgoMotion, model: MotionModel): void {
    if (!(seconds > 0)) return;
    this.move(seconds, ego, model);
    this.addNoise(seconds, ego, model);
  }

  /**
   * Squared Mahalanobis distance of a measurement from what is expected (χ² with 2 degrees of freedom, 3 with a range
   * rate). Sets `logDeterminant`.
   */
  distance(measurement: Measurement, ego: EgoMotion): f64 {
    const count = this.measure(measurement, ego);
    for (let i = 0; i < count; i++) this.spreadOf(i);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j <= i; j++) {
        unchecked(innovation[i * 3 + j] = dot(i, j) + (i == j ? noises[i] : 0));
      }
    }
    return this.solve(count);
  }

  /** Corrects the state by a measurement. */
  update(measurement: Measurement, ego: EgoMotion): void {
    this.measure(measurement, ego);
    this.apply(0);
    // The axes are perpendicular, so the numbers have independent errors and can be taken one after the other.
    unchecked(residuals[1] = this.positionResidual(1, measurement));
    this.apply(1);
    if (!isNaN(measurement.rangeRate) && this.rangeRateRow(2, measurement, ego)) this.apply(2);
  }

  /** Moves the velocity of the whole state, where the vehicle's own speed becomes known or unknown. */
  shiftVelocity(vx: f64): void {
    unchecked((this.state[2] += vx));
  }

  @inline
  private setCovariance(i: i32, j: i32, value: f64): void {
    unchecked(this.covariance[i * SIZE + j] = value);
  }

  /** State and covariance through the transition: motion over ground, then the vehicle's own translation and turn. */
  private move(seconds: f64, ego: EgoMotion, model: MotionModel): void {
    const fade = Math.exp(-seconds / model.fading);
    const toVelocity = model.fading * (1 - fade);
    const toPosition = model.fading * (seconds - toVelocity);
    const turn = ego.turn(seconds);
    const c = Math.cos(turn);
    const s = Math.sin(turn);
    memory.fill(changetype<usize>(transition), 0, <usize>(SIZE * SIZE) << 3);
    rotated(0, 0, 1, c, s);
    rotated(0, 2, seconds, c, s);
    rotated(0, 4, toPosition, c, s);
    rotated(2, 2, 1, c, s);
    rotated(2, 4, toVelocity, c, s);
    rotated(4, 4, fade, c, s);
    const state = this.state;
    unchecked((state[0] -= ego.forward(seconds)));
    unchecked((state[1] -= ego.sideways(seconds)));
    for (let i = 0; i < SIZE; i++) {
      let sum: f64 = 0;
      for (let k = 0; k < SIZE; k++) sum += unchecked(transition[i * SIZE + k] * state[k]);
      unchecked(gain[i] = sum);
    }
    memory.copy(changetype<usize>(state), changetype<usize>(gain), <usize>SIZE << 3);
    sandwich(transition, this.covariance);
  }

  /** Process noise of the fading acceleration for steps well below its time constant, of white jitter, and of the vehicle's own turn. */
  private addNoise(seconds: f64, ego: EgoMotion, model: MotionModel): void {
    const t = seconds;
    const t2 = t * t;
    const t3 = t2 * t;
    const jitter = model.jitter;
    for (let axis = 0; axis < 2; axis++) {
      const deviation = axis == 0 ? model.acceleration : model.sideways;
      const driving = (2 * deviation * deviation) / model.fading;
      this.addCovariance(axis, axis, (driving * t2 * t3) / 20 + (jitter * t3) / 3);
      this.addCovariance(axis, axis + 2, (driving * t2 * t2) / 8 + (jitter * t2) / 2);
      this.addCovariance(axis, axis + 4, (driving * t3) / 6);
      this.addCovariance(axis + 2, axis + 2, (driving * t3) / 3 + jitter * t);
      this.addCovariance(axis + 2, axis + 4, (driving * t2) / 2);
      this.addCovariance(axis + 4, axis + 4, driving * t);
    }
    // An error of the yaw rate moves the object across the line of sight; one of the speed, along x.
    const x = unchecked(this.state[0]);
    const y = unchecked(this.state[1]);
    const turned = ego.yawRateDeviation * ego.yawRateDeviation * t * 0.1;
    this.addCovariance(0, 0, turned * y * y);
    this.addCovariance(1, 1, turned * x * x);
    this.addCovariance(0, 1, -turned * x * y);
  }

  private addCovariance(i: i32, j: i32, value: f64): void {
    unchecked((this.covariance[i * SIZE + j] += value));
    if (i != j) unchecked((this.covariance[j * SIZE + i] += value));
  }

  /** Fills rows, residuals and noises for a measurement; returns how many numbers it has. */
  private measure(measurement: Measurement, ego: EgoMotion): i32 {
    memory.fill(changetype<usize>(rows), 0, <usize>(3 * SIZE) << 3);
    unchecked(rows[0] = measurement.axisX);
    unchecked(rows[1] = measurement.axisY);
    unchecked(rows[SIZE] = -measurement.axisY);
    unchecked(rows[SIZE + 1] = measurement.axisX);
    unchecked(residuals[0] = this.positionResidual(0, measurement));
    unchecked(residuals[1] = this.positionResidual(1, measurement));
    unchecked(noises[0] = measurement.along * measurement.along);
    unchecked(noises[1] = measurement.across * measurement.across);
    return !isNaN(measurement.rangeRate) && this.rangeRateRow(2, measurement, ego) ? 3 : 2;
  }

  private positionResidual(row: i32, measurement: Measurement): f64 {
    const dx = measurement.x - unchecked(this.state[0]);
    const dy = measurement.y - unchecked(this.state[1]);
    return unchecked(rows[row * SIZE]) * dx + unchecked(rows[row * SIZE + 1]) * dy;
  }

  /** The range rate, linearised at the state. False too near to have a direction. */
  private rangeRateRow(row: i32, measurement: Measurement, ego: EgoMotion): bool {
    const state = this.state;
    const x = unchecked(state[0]);
    const y = unchecked(state[1]);
    const range = Math.sqrt(x * x + y * y);
    if (!(range > 0.5)) return false;
    const vx = unchecked(state[2]) - ego.forwardSpeed();
    const vy = unchecked(state[3]) - ego.sidewaysSpeed();
    const rate = (vx * x + vy * y) / range;
    const at = row * SIZE;
    memory.fill(changetype<usize>(rows) + (<usize>at << 3), 0, <usize>SIZE << 3);
    unchecked(rows[at] = (vx - (rate * x) / range) / range);
    unchecked(rows[at + 1] = (vy - (rate * y) / range) / range);
    unchecked(rows[at + 2] = x / range);
    unchecked(rows[at + 3] = y / range);
    unchecked(residuals[row] = measurement.rangeRate - rate);
    unchecked(noises[row] = measurement.rangeRateDeviation * measurement.rangeRateDeviation);
    return true;
  }

  /** Covariance × the row's transpose, into `spread`. */
  private spreadOf(row: i32): void {
    for (let i = 0; i < SIZE; i++) {
      let sum: f64 = 0;
      for (let k = 0; k < SIZE; k++) sum += unchecked(this.covariance[i * SIZE + k] * rows[row * SIZE + k]);
      unchecked(spread[row * SIZE + i] = sum);
    }
  }

  /** One number's correction, in Joseph's form: P ← (I − k h) P (I − k h)ᵀ + k r kᵀ stays symmetric and positive. */
  private apply(row: i32): void {
    this.spreadOf(row);
    const noise = unchecked(noises[row]);
    const variance = dot(row, row) + noise;
    if (!(variance > 1e-12)) return;
    for (let i = 0; i < SIZE; i++) {
      unchecked(gain[i] = spread[row * SIZE + i] / variance);
      unchecked((this.state[i] += gain[i] * residuals[row]));
    }
    for (let i = 0; i < SIZE; i++) {
      for (let j = 0; j < SIZE; j++) {
        unchecked(transition[i * SIZE + j] = (i == j ? 1 : 0) - gain[i] * rows[row * SIZE + j]);
      }
    }
    sandwich(transition, this.covariance);
    for (let i = 0; i < SIZE; i++) {
      for (let j = 0; j < SIZE; j++) unchecked((this.covariance[i * SIZE + j] += gain[i] * noise * gain[j]));
    }
  }

  /** Residualᵀ S⁻¹ residual by Cholesky's decomposition of S, in place. */
  private solve(count: i32): f64 {
    let sum: f64 = 0;
    let logarithm: f64 = 0;
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < i; j++) {
        let value = unchecked(innovation[i * 3 + j]);
        for (let k = 0; k < j; k++) value -= unchecked(innovation[i * 3 + k] * innovation[j * 3 + k]);
        unchecked(innovation[i * 3 + j] = value / innovation[j * 3 + j]);
      }
      let diagonal = unchecked(innovation[i * 3 + i]);
      let residual = unchecked(residuals[i]);
      for (let k = 0; k < i; k++) {
        const factor = unchecked(innovation[i * 3 + k]);
        diagonal -= factor * factor;
        residual -= factor * unchecked(residuals[k]);
      }
      const root = Math.sqrt(max<f64>(diagonal, 1e-12));
      unchecked(innovation[i * 3 + i] = root);
      residual /= root;
      unchecked(residuals[i] = residual);
      sum += residual * residual;
      logarithm += 2 * Math.log(root);
    }
    this.logDeterminant = logarithm;
    return sum;
  }
}

/** Sets the 2 × 2 block of the transition to a factor times the turn into the new axes. */
@inline
function rotated(row: i32, column: i32, factor: f64, c: f64, s: f64): void {
  unchecked(transition[row * SIZE + column] = factor * c);
  unchecked(transition[row * SIZE + column + 1] = factor * s);
  unchecked(transition[(row + 1) * SIZE + column] = -factor * s);
  unchecked(transition[(row + 1) * SIZE + column + 1] = factor * c);
}

@inline
function dot(row: i32, other: i32): f64 {
  let sum: f64 = 0;
  for (let k = 0; k < SIZE; k++) sum += unchecked(rows[row * SIZE + k] * spread[other * SIZE + k]);
  return sum;
}

/** matrix ← factor × matrix × factorᵀ, made exactly symmetric. */
function sandwich(factor: StaticArray<f64>, matrix: StaticArray<f64>): void {
  for (let i = 0; i < SIZE; i++) {
    for (let j = 0; j < SIZE; j++) {
      let sum: f64 = 0;
      for (let k = 0; k < SIZE; k++) sum += unchecked(factor[i * SIZE + k] * matrix[k * SIZE + j]);
      unchecked(product[i * SIZE + j] = sum);
    }
  }
  for (let i = 0; i < SIZE; i++) {
    for (let j = 0; j <= i; j++) {
      let sum: f64 = 0;
      for (let k = 0; k < SIZE; k++) sum += unchecked(product[i * SIZE + k] * factor[j * SIZE + k]);
      unchecked(matrix[i * SIZE + j] = sum);
      unchecked(matrix[j * SIZE + i] = sum);
    }
  }
}
