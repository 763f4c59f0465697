/**
 * The vehicle's speed and acceleration over time: a Kalman filter of [speed, acceleration] whose acceleration drifts. It takes
 * speeds as they come, each with its own age and deviation.
 */

/** How fast the acceleration changes: spectral density of the jerk, m²/s⁵. */
const JERK: f64 = 8;
/** Without a measurement for so long, the speed is unknown, µs. */
const MAX_AGE_US: i64 = 1_000_000;
/** A speed is not steady enough to be believed when it is this uncertain, m/s. */
const MAX_DEVIATION: f64 = 2;

export class SpeedFilter {
  private speed: f64 = NaN;
  private acceleration: f64 = 0;
  private timeUs: i64 = 0;
  private measuredUs: i64 = 0;
  // The covariance.
  private pvv: f64 = 0;
  private pva: f64 = 0;
  private paa: f64 = 0;

  /** Takes a speed, m/s, that was true at `timeUs − age`, with its standard deviation. */
  measure(timeUs: i64, speed: f64, deviation: f64, age: f64): void {
    if (!isFinite(speed)) return;
    if (isNaN(this.speed) || timeUs - this.measuredUs > MAX_AGE_US) {
      this.start(timeUs, speed, deviation);
      return;
    }
    this.predict(timeUs);
    this.measuredUs = timeUs;
    // h = [1, −age]: what was true then, by the state now.
    const toSpeed = this.pvv - age * this.pva;
    const toAcceleration = this.pva - age * this.paa;
    const variance = toSpeed - age * toAcceleration + deviation * deviation;
    const residual = speed - (this.speed - age * this.acceleration);
    const gainSpeed = toSpeed / variance;
    const gainAcceleration = toAcceleration / variance;
    this.speed += gainSpeed * residual;
    this.acceleration += gainAcceleration * residual;
    this.pvv -= gainSpeed * toSpeed;
    this.pva -= gainSpeed * toAcceleration;
    this.paa -= gainAcceleration * toAcceleration;
  }

  /** m/s; NaN where it is not known. */
  speedAt(timeUs: i64): f64 {
    if (!this.known(timeUs)) return NaN;
    return this.speed + this.acceleration * <f64>(timeUs - this.timeUs) * 1e-6;
  }

  /** m/s²; NaN where it is not known. */
  accelerationAt(timeUs: i64): f64 {
    return this.known(timeUs) ? this.acceleration : NaN;
  }

  private known(timeUs: i64): bool {
    return !isNaN(this.speed) && timeUs - this.measuredUs <= MAX_AGE_US && this.pvv <= MAX_DEVIATION * MAX_DEVIATION;
  }

  private start(timeUs: i64, speed: f64, deviation: f64): void {
    this.speed = speed;
    this.acceleration = 0;
    this.timeUs = timeUs;
    this.measuredUs = timeUs;
    this.pvv = deviation * deviation;
    this.pva = 0;
    this.paa = 4;
  }

  private predict(timeUs: i64): void {
    const t = <f64>(timeUs - this.timeUs) * 1e-6;
    if (!(t > 0)) return;
    this.timeUs = timeUs;
    this.speed += this.acceleration * t;
    this.pvv += t * (2 * this.pva + t * this.paa) + (JERK * t * t * t) / 3;
    this.pva += t * this.paa + (JERK * t * t) / 2;
    this.paa += JERK * t;
  }
}
