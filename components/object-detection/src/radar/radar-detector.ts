/**
 * Objects in the targets of a radar: targets of one object are merged, what stands still is told from what moves by the
 * vehicle's own speed, and what flashes up once is left out.
 */
import { CLASS_UNKNOWN, CLASS_CAR, CLASS_PEDESTRIAN, DetectionAt } from "../../../lib/perception-rows";
import { radarAzimuth, radarCount, radarCrossSection, radarElevation, radarRange, radarRangeRate } from "../../../lib/payloads";
import { Mount } from "../../../lib/mount";
import { Rows } from "../rows";
import { OwnSpeed } from "./own-speed";
import { Persistence } from "./persistence";

export class RadarSettings {
  /** Targets further away, or further to the side, are left out, m. */
  range: f32 = 160;
  aside: f32 = 20;
  /** Standard deviations of one target: range (m), azimuth (rad), range rate (m/s). */
  sigmaRange: f32 = 0.25;
  sigmaAzimuth: f32 = 0.01;
  sigmaRate: f32 = 0.15;
  /**
   * What stands still is kept up to this lateral distance, m: beside the road stand posts, rails and signs. What reflects like a
   * vehicle is kept up to the second distance, as far as the radar tells.
   */
  corridor: f32 = 3;
  roadside: f32 = 10;
  /** Objects with a lower score are left out. */
  leastScore: f32 = 0.3;
}

const MAX_TARGETS: i32 = 512;
/** Targets of one object lie this close: along and across (m; more with the distance), and in range rate, m/s. */
const GATE_RANGE: f32 = 3.0;
const GATE_SIDE: f32 = 1.3;
const GATE_SIDE_PER_METRE: f32 = 0.012;
const GATE_RATE: f32 = 1.2;
/** Faster over the ground than this moves, m/s. */
const MOVING: f32 = 0.6;
/** Faster than this is a vehicle, m/s. */
const VEHICLE_SPEED: f32 = 4.0;
/** Reflects like a vehicle; like a person at most, dBsm. */
const VEHICLE_CROSS_SECTION: f32 = 6.0;
const PERSON_CROSS_SECTION: f32 = -1.0;

export class RadarDetector {
  settings: RadarSettings = new RadarSettings();
  ownSpeed: OwnSpeed = new OwnSpeed();
  private persistence: Persistence = new Persistence();
  private x: StaticArray<f32> = new StaticArray<f32>(MAX_TARGETS);
  private y: StaticArray<f32> = new StaticArray<f32>(MAX_TARGETS);
  private rate: StaticArray<f32> = new StaticArray<f32>(MAX_TARGETS);
  private cos: StaticArray<f32> = new StaticArray<f32>(MAX_TARGETS);
  private strength: StaticArray<f32> = new StaticArray<f32>(MAX_TARGETS);
  private used: StaticArray<u8> = new StaticArray<u8>(MAX_TARGETS);
  private members: StaticArray<i32> = new StaticArray<i32>(MAX_TARGETS);
  private count: i32 = 0;

  /** Adds the objects of a scan to the rows' current batch. `speedHint`: own speed, m/s, or NaN. */
  detect(payload: usize, length: i32, timeUs: i64, mount: Mount, speedHint: f64, rows: Rows): void {
    this.read(payload, radarCount(length), mount);
    this.ownSpeed.estimate(this.rate, this.cos, this.y, this.count, speedHint);
    this.persistence.begin(timeUs);
    for (let i = 0; i < this.count; i++) {
      if (this.used[i] == 0) this.emit(this.collect(i), timeUs, rows);
    }
  }

  /** Takes the usable targets into the vehicle frame, the nearest first. */
  private read(payload: usize, targets: i32, mount: Mount): void {
    this.count = 0;
    for (let i = 0; i < targets && this.count < MAX_TARGETS; i++) {
      const range = radarRange(payload, i);
      const azimuth = radarAzimuth(payload, i);
      const rate = radarRangeRate(payload, i);
      if (!(range > 0 && range <= this.settings.range && abs<f32>(azimuth) < 1.6 && abs<f32>(rate) < 120)) continue;
      const elevation = radarElevation(payload, i);
      const level = isFinite(elevation) ? range * Mathf.cos(elevation) : range;
      const sx = level * Mathf.cos(azimuth);
      const sy = level * Mathf.sin(azimuth);
      const x = mount.xx * sx + mount.xy * sy + mount.x;
      const y = mount.yx * sx + mount.yy * sy + mount.y;
      if (!(x > 0 && abs<f32>(y) <= this.settings.aside)) continue;
      this.insert(x, y, rate, Mathf.cos(azimuth + mount.yaw), radarCrossSection(payload, i));
    }
  }

  /** Keeps the targets sorted by their distance along the road. */
  private insert(x: f32, y: f32, rate: f32, cos: f32, strength: f32): void {
    let at = this.count++;
    while (at > 0 && this.x[at - 1] > x) {
      this.x[at] = this.x[at - 1];
      this.y[at] = this.y[at - 1];
      this.rate[at] = this.rate[at - 1];
      this.cos[at] = this.cos[at - 1];
      this.strength[at] = this.strength[at - 1];
      at--;
    }
    this.x[at] = x;
    this.y[at] = y;
    this.rate[at] = rate;
    this.cos[at] = cos;
    this.strength[at] = strength;
    this.used[this.count - 1] = 0;
  }

  /** Gathers the targets that belong to the same object as the first; how many they are. */
  private collect(first: i32): i32 {
    let size = 1;
    this.members[0] = first;
    this.used[first] = 1;
    const side = GATE_SIDE + GATE_SIDE_PER_METRE * this.x[first];
    for (let i = first + 1; i < this.count; i++) {
      if (this.x[i] - this.x[first] > GATE_RANGE) break;
      if (this.used[i] != 0 || abs<f32>(this.y[i] - this.y[first]) > side) continue;
      if (abs<f32>(this.rate[i] - this.rate[first]) > GATE_RATE) continue;
      this.used[i] = 1;
      this.members[size++] = i;
    }
    return size;
  }

  private emit(size: i32, timeUs: i64, rows: Rows): void {
    const x = this.x[this.members[0]];
    let y: f32 = 0;
    let rate: f32 = 0;
    let cos: f32 = 0;
    let strength: f32 = NaN;
    for (let i = 0; i < size; i++) {
      const m = this.members[i];
      y += this.y[m];
      rate += this.rate[m];
      cos += this.cos[m];
      if (!(strength >= this.strength[m]) && isFinite(this.strength[m])) strength = this.strength[m];
    }
    const share: f32 = 1 / <f32>size;
    y *= share;
    rate *= share;
    const hits = this.persistence.seen(timeUs, x, y, rate);
    const overGround = rate + <f32>this.ownSpeed.speed * cos * share;
    const score = this.score(hits, size, y, overGround, strength);
    if (score < this.settings.leastScore) return;
    const row = rows.add();
    if (row < 0) return;
    const range = Mathf.sqrt(x * x + y * y);
    const precision = Mathf.sqrt(share);
    rows.set(row, DetectionAt.CLASS, <f32>classOf(overGround, strength));
    rows.set(row, DetectionAt.SCORE, score);
    rows.set(row, DetectionAt.X, x);
    rows.set(row, DetectionAt.Y, y);
    rows.set(row, DetectionAt.X_DEVIATION, this.settings.sigmaRange + 0.1);
    // A reflection comes from somewhere on the object's rear, not from its middle.
    rows.set(row, DetectionAt.Y_DEVIATION, 0.3 + this.settings.sigmaAzimuth * range * precision);
    rows.set(row, DetectionAt.RANGE_RATE, rate);
    rows.set(row, DetectionAt.RANGE_RATE_DEVIATION, this.settings.sigmaRate * precision);
  }

  /** How sure it is that this is an object of the road. */
  private score(hits: i32, size: i32, y: f32, overGround: f32, strength: f32): f32 {
    const steady: f32 = hits >= 4 ? 1 : hits == 3 ? 0.85 : hits == 2 ? 0.6 : 0.3;
    const several: f32 = size > 1 ? 0.1 : 0;
    if (isNaN(overGround)) return steady * (0.55 + several);
    if (abs<f32>(overGround) > MOVING) return steady * (0.8 + several);
    const aside = abs<f32>(y);
    if (strength >= VEHICLE_CROSS_SECTION && aside <= this.settings.roadside) return steady * (0.5 + several);
    return aside <= this.settings.corridor ? steady * (0.4 + several) : 0;
  }
}

function classOf(overGround: f32, strength: f32): i32 {
  const speed = abs<f32>(overGround);
  if (speed > VEHICLE_SPEED || strength > VEHICLE_CROSS_SECTION) return CLASS_CAR;
  if (speed <= VEHICLE_SPEED && strength < PERSON_CROSS_SECTION) return CLASS_PEDESTRIAN;
  return CLASS_UNKNOWN;
}
