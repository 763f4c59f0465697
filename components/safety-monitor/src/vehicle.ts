/** The vehicle's own motion, as the monitor counts with it: zeros where nothing is known. */

/** Accelerations that are smaller than their error count as none; larger ones are impossible, m/s². */
const NOTABLE_ACCELERATION: f64 = 0.7;
const MOST_ACCELERATION: f64 = 10;
/** Between these speeds it manoeuvres, m/s. */
const CREEPING: f64 = 0.2;
const MANOEUVRE: f64 = 3;

export class Vehicle {
  /** m/s. Where it is not known, the objects' relative speeds stand for those over ground. */
  speed: f64 = 0;
  speedKnown: bool = false;
  private measured: f64 = 0;

  set(speed: f64, acceleration: f64): void {
    this.speedKnown = isFinite(speed);
    this.speed = this.speedKnown ? speed : 0;
    this.measured = isFinite(acceleration) ? acceleration : 0;
  }

  /** m/s². */
  get acceleration(): f64 {
    return notable(this.measured);
  }

  /** The acceleration over ground of what has this one relative to the vehicle, m/s². */
  overGround(relative: f64): f64 {
    return isFinite(relative) ? notable(relative + this.measured) : 0;
  }

  get manoeuvring(): bool {
    return this.speedKnown && this.speed > CREEPING && this.speed < MANOEUVRE;
  }
}

function notable(acceleration: f64): f64 {
  if (abs<f64>(acceleration) < NOTABLE_ACCELERATION) return 0;
  return min<f64>(max<f64>(acceleration, -MOST_ACCELERATION), MOST_ACCELERATION);
}
