/**
 * Speed over ground from positions: the slope of a straight line through the fixes of the last second (least squares), so that single jumps
 * count little. It tells the speed at the middle of that second.
 */

/** Fixes kept; more than a second's worth of any usual receiver. */
const CAPACITY: i32 = 32;
const SPAN_US: i64 = 1_050_000;
/** Fewer fixes, or closer ones, tell no speed. */
const LEAST_FIXES: i32 = 3;
const LEAST_SPAN: f64 = 0.4;
const EARTH_RADIUS: f64 = 6_371_008.8;
const DEGREE: f64 = 0.017453292519943295;
/** Errors of successive fixes are alike, so their differences err less than the fixes: metres, for a whole second. */
const RELATIVE_DEVIATION: f64 = 0.4;

const times = new StaticArray<i64>(CAPACITY);
const norths = new StaticArray<f64>(CAPACITY);
const easts = new StaticArray<f64>(CAPACITY);

export class GpsSpeed {
  /** m/s; NaN where the fixes tell none. */
  speed: f64 = NaN;
  /** How long before the newest fix the speed was true, s. */
  age: f64 = 0;
  /** Standard deviation, m/s. */
  deviation: f64 = 1;
  private count: i32 = 0;
  private originLatitude: f64 = 0;
  private originLongitude: f64 = 0;

  /** Takes a fix, in degrees. */
  accept(timeUs: i64, latitude: f64, longitude: f64): void {
    if (!isFinite(latitude) || !isFinite(longitude)) return;
    if (this.count > 0 && timeUs <= unchecked(times[this.count - 1])) return;
    this.forget(timeUs);
    if (this.count == 0) {
      this.originLatitude = latitude;
      this.originLongitude = longitude;
    }
    const scale = EARTH_RADIUS * DEGREE;
    let turned = longitude - this.originLongitude;
    if (turned > 180) turned -= 360;
    if (turned < -180) turned += 360;
    unchecked(times[this.count] = timeUs);
    unchecked(norths[this.count] = (latitude - this.originLatitude) * scale);
    unchecked(easts[this.count] = turned * scale * Math.cos(this.originLatitude * DEGREE));
    this.count++;
    this.fit();
  }

  /** Drops the fixes that are too old, and one where there is no room. */
  private forget(timeUs: i64): void {
    let drop = this.count == CAPACITY ? 1 : 0;
    while (drop < this.count && timeUs - unchecked(times[drop]) > SPAN_US) drop++;
    if (drop == 0) return;
    for (let i = drop; i < this.count; i++) {
      unchecked(times[i - drop] = times[i]);
      unchecked(norths[i - drop] = norths[i]);
      unchecked(easts[i - drop] = easts[i]);
    }
    this.count -= drop;
  }

  private fit(): void {
    this.speed = NaN;
    const count = this.count;
    if (count < LEAST_FIXES) return;
    const first = unchecked(times[0]);
    const span = <f64>(unchecked(times[count - 1]) - first) * 1e-6;
    if (span < LEAST_SPAN) return;
    let mean: f64 = 0;
    for (let i = 0; i < count; i++) mean += <f64>(unchecked(times[i]) - first) * 1e-6;
    mean /= <f64>count;
    let squares: f64 = 0;
    let north: f64 = 0;
    let east: f64 = 0;
    for (let i = 0; i < count; i++) {
      const t = <f64>(unchecked(times[i]) - first) * 1e-6 - mean;
      squares += t * t;
      north += t * unchecked(norths[i]);
      east += t * unchecked(easts[i]);
    }
    north /= squares;
    east /= squares;
    this.speed = Math.sqrt(north * north + east * east);
    this.age = span - mean;
    this.deviation = RELATIVE_DEVIATION / span;
  }
}
