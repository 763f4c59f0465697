/**
 * Follows objects over time: predicts the tracks to each batch of detections, finds out which detection is which track, corrects, begins new tracks and
 * gives up lost ones. All memory is made once.
 */
import { CLASS_UNKNOWN, isVulnerable, usualSize } from "../../lib/perception-rows";
import { Association } from "./association";
import { Detection } from "./detection";
import { EgoMotion } from "./ego-motion";
import { motionModel, newSidewaysDeviation, newSpeedDeviation } from "./motion-models";
import { CAMERA, LIDAR, RADAR, ULTRASONIC } from "./source";
import { Track } from "./track";
import { isDuplicate, isPartOf } from "./same-object";

export const MAX_TRACKS: i32 = 64;
/** Rows of one batch that are looked at. */
export const MAX_ROWS: i32 = 128;
/** Pairs beyond these are impossible: χ² with 2 and 3 degrees of freedom at 99.7 %. */
const GATE: f64 = 11.8;
const GATE_WITH_RATE: f64 = 14.2;
/** However uncertain a track is, nothing jumps further sideways than this, m, plus the measurement's own error. */
const MAX_ASIDE: f64 = 1.5;
/** What a pair costs more where one is a person and the other a vehicle, and where the track is not confirmed. */
const OTHER_CLASS: f64 = 6;
const TENTATIVE: f64 = 2;
/** Detections that say less do not begin a track. */
const LEAST_SCORE: f64 = 0.2;
/** No object is followed that is further away or less certain than this, m. */
const MAX_RANGE: f64 = 250;
const MAX_DEVIATION: f64 = 12;
const MAX_SPEED: f64 = 120;
/** A lidar sees every vehicle ahead between these distances, m, and up to 45° aside. */
const LIDAR_NEAR: f64 = 3;
const LIDAR_FAR: f64 = 35;
/** What is faster over ground moves, m/s. */
const MOVING: f64 = 3;

export class Tracker {
  readonly tracks: StaticArray<Track> = new StaticArray<Track>(MAX_TRACKS);
  /** Tracks that were ever confirmed. */
  confirmedEver: u32 = 0;
  private detections: StaticArray<Detection> = new StaticArray<Detection>(MAX_ROWS);
  private usable: StaticArray<bool> = new StaticArray<bool>(MAX_ROWS);
  private association: Association = new Association(MAX_TRACKS, MAX_ROWS);
  /** The time that the filters' states are of. */
  private timeUs: i64 = i64.MIN_VALUE;
  private fadedUs: i64 = i64.MIN_VALUE;
  private speed: f64 = NaN;

  constructor() {
    for (let i = 0; i < MAX_TRACKS; i++) this.tracks[i] = new Track();
    for (let i = 0; i < MAX_ROWS; i++) this.detections[i] = new Detection();
  }

  /** Takes over what is known of the vehicle's motion before a step's batches. */
  prepare(ego: EgoMotion): void {
    if (isNaN(ego.speed) != isNaN(this.speed)) {
      // Without a speed of the vehicle, velocities over ground are relative ones.
      const shift = isNaN(ego.speed) ? -this.speed : ego.speed;
      for (let i = 0; i < MAX_TRACKS; i++) unchecked(this.tracks[i]).filter.shiftVelocity(shift);
    }
    this.speed = ego.speed;
  }

  /** Takes a batch of rows that were measured at one time by one sensor. */
  accept(timeUs: i64, source: i32, values: usize, rows: i32, ego: EgoMotion): void {
    this.predict(timeUs, ego);
    const late = <f64>(this.timeUs - timeUs) * 1e-6;
    const count = min<i32>(rows, MAX_ROWS);
    for (let row = 0; row < count; row++) {
      unchecked(this.usable[row] = unchecked(this.detections[row]).read(values, row, source));
    }
    this.associate(count, late, ego);
    this.correct(timeUs, source, late, ego);
    if (source == LIDAR && count > 0) this.doubtGuesses();
    this.beginTracks(timeUs, source, count, ego);
  }

  /** Ends a step: confirms, gives up and joins tracks. */
  finish(nowUs: i64): void {
    const seconds = this.fadedUs == i64.MIN_VALUE ? 0 : <f64>(nowUs - this.fadedUs) * 1e-6;
    this.fadedUs = nowUs;
    for (let i = 0; i < MAX_TRACKS; i++) {
      const track = unchecked(this.tracks[i]);
      if (!track.active) continue;
      if (!track.fade(nowUs, seconds) || isLost(track)) track.active = false;
    }
    this.join();
    for (let i = 0; i < MAX_TRACKS; i++) {
      const track = unchecked(this.tracks[i]);
      if (!track.active || track.confirmed || !track.earned) continue;
      track.confirmed = true;
      track.id = ++this.confirmedEver;
    }
  }

  /** Seconds from the filters' states to a time. */
  secondsUntil(timeUs: i64): f64 {
    return this.timeUs == i64.MIN_VALUE ? 0 : <f64>(timeUs - this.timeUs) * 1e-6;
  }

  private predict(timeUs: i64, ego: EgoMotion): void {
    if (this.timeUs == i64.MIN_VALUE) this.timeUs = timeUs;
    if (timeUs <= this.timeUs) return;
    const seconds = <f64>(timeUs - this.timeUs) * 1e-6;
    this.timeUs = timeUs;
    for (let i = 0; i < MAX_TRACKS; i++) {
      const track = unchecked(this.tracks[i]);
      if (track.active) track.filter.predict(seconds, ego, motionModel(track.kind));
    }
  }

  private associate(count: i32, late: f64, ego: EgoMotion): void {
    this.association.reset();
    for (let i = 0; i < MAX_TRACKS; i++) {
      const track = unchecked(this.tracks[i]);
      if (!track.active) continue;
      const kind = track.kind;
      for (let row = 0; row < count; row++) {
        if (!unchecked(this.usable[row])) continue;
        const detection = unchecked(this.detections[row]);
        aim(detection, track, late, ego);
        const aside = abs<f64>(detection.measurement.y - unchecked(track.filter.state[1]));
        if (!(aside < MAX_ASIDE + 3 * detection.measurement.across)) continue;
        const distance = track.filter.distance(detection.measurement, ego);
        if (!(distance < (isNaN(detection.measurement.rangeRate) ? GATE : GATE_WITH_RATE))) continue;
        let cost = distance + track.filter.logDeterminant;
        if (kind != 0 && detection.kind != 0 && isVulnerable(kind) != isVulnerable(detection.kind)) cost += OTHER_CLASS;
        if (!track.confirmed) cost += TENTATIVE;
        this.association.add(i, row, cost);
      }
    }
    this.association.assign();
  }

  private correct(timeUs: i64, source: i32, late: f64, ego: EgoMotion): void {
    for (let i = 0; i < MAX_TRACKS; i++) {
      const row = unchecked(this.association.rowOf[i]);
      if (row < 0) continue;
      const track = unchecked(this.tracks[i]);
      const detection = unchecked(this.detections[row]);
      aim(detection, track, late, ego);
      track.filter.update(detection.measurement, ego);
      track.hit(timeUs, source, believable(detection.kind, source, track), detection.score);
      if (source == RADAR && detection.kind != CLASS_UNKNOWN && !isVulnerable(detection.kind)) track.echo();
      track.measureSize(source, detection.length, detection.width, detection.height);
    }
  }

  /** Where a lidar looks and sees nothing, what only a camera saw is doubtful. */
  private doubtGuesses(): void {
    for (let i = 0; i < MAX_TRACKS; i++) {
      const track = unchecked(this.tracks[i]);
      if (!track.active || !track.cameraOnly || unchecked(this.association.rowOf[i]) >= 0) continue;
      const x = unchecked(track.filter.state[0]);
      const y = unchecked(track.filter.state[1]);
      if (x > LIDAR_NEAR && x < LIDAR_FAR && abs<f64>(y) < x) track.doubt();
    }
  }

  private beginTracks(timeUs: i64, source: i32, count: i32, ego: EgoMotion): void {
    if (source == ULTRASONIC) return;
    for (let row = 0; row < count; row++) {
      if (!unchecked(this.usable[row]) || unchecked(this.association.trackOf[row]) >= 0) continue;
      const detection = unchecked(this.detections[row]);
      if (detection.isFlank) continue;
      detection.aim(0, 0, NaN, NaN, NaN, usualSize(detection.kind, 1));
      if (detection.score < LEAST_SCORE || this.belongs(detection, source, ego)) continue;
      const track = this.freeTrack();
      if (track === null) return;
      track.begin(timeUs);
      track.filter.start(detection.measurement, newSpeedDeviation(detection.kind), newSidewaysDeviation(detection.kind), ego);
      track.hit(timeUs, source, believable(detection.kind, source, track), detection.score);
      track.measureSize(source, detection.length, detection.width, detection.height);
    }
  }

  /** Whether a detection that no track took is a part of one all the same. */
  private belongs(detection: Detection, source: i32, ego: EgoMotion): bool {
    for (let i = 0; i < MAX_TRACKS; i++) {
      const track = unchecked(this.tracks[i]);
      if (track.active && track.confirmed && isPartOf(detection, source == CAMERA, track, ego)) return true;
    }
    return false;
  }

  /** A track that is not in use, or the least likely of the tentative ones. */
  private freeTrack(): Track | null {
    let weakest: Track | null = null;
    for (let i = 0; i < MAX_TRACKS; i++) {
      const track = unchecked(this.tracks[i]);
      if (!track.active) return track;
      if (!track.confirmed && (weakest === null || track.existence < weakest.existence)) weakest = track;
    }
    return weakest;
  }

  /** Gives up the lesser of two tracks that follow one object. */
  private join(): void {
    for (let i = 0; i < MAX_TRACKS; i++) {
      for (let j = i + 1; j < MAX_TRACKS; j++) {
        const one = unchecked(this.tracks[i]);
        const other = unchecked(this.tracks[j]);
        if (!one.active || !other.active || !isDuplicate(one, other)) continue;
        const lesser = isLesser(one, other) ? one : other;
        lesser.active = false;
      }
    }
  }
}

/** Makes the measurement for a track. One that comes late is moved by how the object moves meanwhile relative to the vehicle. */
function aim(detection: Detection, track: Track, late: f64, ego: EgoMotion): void {
  const state = track.filter.state;
  const shiftX = (unchecked(state[2]) - ego.forwardSpeed()) * late;
  const shiftY = (unchecked(state[3]) - ego.sidewaysSpeed()) * late;
  detection.aim(shiftX, shiftY, unchecked(state[0]), unchecked(state[1]), track.size(0), track.size(1));
}

/** The class that counts: radar knows it only by how things move, so what stands may be anything to it. */
function believable(kind: i32, source: i32, track: Track): i32 {
  if (source != RADAR) return kind;
  const vx = unchecked(track.filter.state[2]);
  const vy = unchecked(track.filter.state[3]);
  return vx * vx + vy * vy > MOVING * MOVING ? kind : CLASS_UNKNOWN;
}

function isLost(track: Track): bool {
  const state = track.filter.state;
  const x = unchecked(state[0]);
  const y = unchecked(state[1]);
  const vx = unchecked(state[2]);
  const vy = unchecked(state[3]);
  const far = !(x * x + y * y < MAX_RANGE * MAX_RANGE) || !(vx * vx + vy * vy < MAX_SPEED * MAX_SPEED);
  return far || (track.confirmed && !(track.positionSpread < MAX_DEVIATION));
}

/** Whether the first of two tracks of one object is the one to give up. */
function isLesser(one: Track, other: Track): bool {
  if (one.confirmed != other.confirmed) return other.confirmed;
  if (one.cameraOnly != other.cameraOnly) return one.cameraOnly;
  if (one.confirmed && other.confirmed) return one.id > other.id;
  return one.existence < other.existence;
}
