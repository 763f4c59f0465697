/**
 * What the pictures show: the newest of everything, as of the last step. All memory is made once; what does not fit is left out.
 */
import { ROW_VALUES } from "../../lib/perception-rows";

export const MAX_TRACKS: i32 = 64;
export const MAX_DETECTIONS: i32 = 256;
export const MAX_POINTS: i32 = 1500;
export const MAX_TARGETS: i32 = 256;
export const MAX_ALERTS: i32 = 8;
/** Detections that are older are not shown any more, µs. */
const DETECTION_AGE_US: i64 = 130_000;

export class Alert {
  /** As in `alerts.alert-kind`: 0 forward collision, 1 vulnerable road user, 2 proximity. */
  kind: i32 = 0;
  /** 0 caution, 1 warning, 2 critical. */
  severity: i32 = 0;
  track: u32 = 0;
  /** s; infinity where there is no collision in sight. */
  time: f64 = 0;
  /** m. */
  distance: f64 = 0;
}

export class Scene {
  timeUs: i64 = 0;
  /** m/s, rad/s, m/s²; NaN where unknown. */
  speed: f64 = NaN;
  yawRate: f64 = NaN;
  acceleration: f64 = NaN;
  /** Rows of `tracks`. */
  readonly tracks: StaticArray<f32> = new StaticArray<f32>(MAX_TRACKS * ROW_VALUES);
  trackCount: i32 = 0;
  /** Rows of `detections`, and for each its source, sensor and time. */
  readonly detections: StaticArray<f32> = new StaticArray<f32>(MAX_DETECTIONS * ROW_VALUES);
  readonly detectionSource: StaticArray<i32> = new StaticArray<i32>(MAX_DETECTIONS);
  readonly detectionSensor: StaticArray<u32> = new StaticArray<u32>(MAX_DETECTIONS);
  readonly detectionUs: StaticArray<i64> = new StaticArray<i64>(MAX_DETECTIONS);
  detectionCount: i32 = 0;
  /** x, y, z of lidar points in the vehicle frame, m. */
  readonly points: StaticArray<f32> = new StaticArray<f32>(MAX_POINTS * 3);
  pointCount: i32 = 0;
  /** x, y in the vehicle frame (m) and range rate (m/s) of radar targets. */
  readonly targets: StaticArray<f32> = new StaticArray<f32>(MAX_TARGETS * 3);
  targetCount: i32 = 0;
  /** The most urgent first. */
  readonly alerts: StaticArray<Alert> = new StaticArray<Alert>(MAX_ALERTS);
  alertCount: i32 = 0;

  constructor() {
    for (let i = 0; i < MAX_ALERTS; i++) this.alerts[i] = new Alert();
  }

  /** Address of the first value of the tracks. */
  get trackValues(): usize {
    return changetype<usize>(this.tracks);
  }

  get detectionValues(): usize {
    return changetype<usize>(this.detections);
  }

  /** Takes the rows of `tracks`. */
  takeTracks(values: usize, count: i32): void {
    this.trackCount = min<i32>(count, MAX_TRACKS);
    memory.copy(this.trackValues, values, <usize>(this.trackCount * ROW_VALUES) << 2);
  }

  /** Drops detections that are too old. */
  ageDetections(nowUs: i64): void {
    this.keepDetections(nowUs - DETECTION_AGE_US, u32.MAX_VALUE, -1);
  }

  /** Takes a batch of detections; it replaces the sensor's earlier one. */
  takeDetections(source: i32, sensor: u32, timeUs: i64, values: usize, rows: i32): void {
    this.keepDetections(i64.MIN_VALUE, sensor, source);
    const count = min<i32>(rows, MAX_DETECTIONS - this.detectionCount);
    if (count <= 0) return;
    const to = this.detectionValues + (<usize>(this.detectionCount * ROW_VALUES) << 2);
    memory.copy(to, values, <usize>(count * ROW_VALUES) << 2);
    for (let i = 0; i < count; i++) {
      unchecked(this.detectionSource[this.detectionCount] = source);
      unchecked(this.detectionSensor[this.detectionCount] = sensor);
      unchecked(this.detectionUs[this.detectionCount] = timeUs);
      this.detectionCount++;
    }
  }

  addPoint(x: f32, y: f32, z: f32): void {
    if (this.pointCount >= MAX_POINTS) return;
    const at = this.pointCount++ * 3;
    unchecked(this.points[at] = x);
    unchecked(this.points[at + 1] = y);
    unchecked(this.points[at + 2] = z);
  }

  addTarget(x: f32, y: f32, rangeRate: f32): void {
    if (this.targetCount >= MAX_TARGETS) return;
    const at = this.targetCount++ * 3;
    unchecked(this.targets[at] = x);
    unchecked(this.targets[at + 1] = y);
    unchecked(this.targets[at + 2] = rangeRate);
  }

  /** A new alert to fill in, or null where there is no room. */
  addAlert(): Alert | null {
    return this.alertCount < MAX_ALERTS ? this.alerts[this.alertCount++] : null;
  }

  /** The severity of the alert about a track, −1 where there is none. */
  severityOf(track: u32): i32 {
    for (let i = 0; i < this.alertCount; i++) if (this.alerts[i].track == track) return this.alerts[i].severity;
    return -1;
  }

  /** Keeps what is not older than a time and not of the one source of the one sensor. */
  private keepDetections(sinceUs: i64, sensor: u32, source: i32): void {
    let kept = 0;
    for (let i = 0; i < this.detectionCount; i++) {
      if (unchecked(this.detectionUs[i]) < sinceUs) continue;
      if (unchecked(this.detectionSensor[i]) == sensor && unchecked(this.detectionSource[i]) == source) continue;
      if (kept != i) {
        const values = this.detectionValues;
        memory.copy(values + (<usize>(kept * ROW_VALUES) << 2), values + (<usize>(i * ROW_VALUES) << 2), <usize>ROW_VALUES << 2);
        unchecked(this.detectionSource[kept] = this.detectionSource[i]);
        unchecked(this.detectionSensor[kept] = this.detectionSensor[i]);
        unchecked(this.detectionUs[kept] = this.detectionUs[i]);
      }
      kept++;
    }
    this.detectionCount = kept;
  }
}
