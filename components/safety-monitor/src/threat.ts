/** What one object means for the vehicle. */
import { CLASS_UNKNOWN, TrackAt, isVulnerable, rowClass, rowValue } from "../../lib/perception-rows";
import { requiredDeceleration, timeToCollision } from "./collision";
import { collisionLevel, proximityLevel, vulnerableLevel } from "./limits";
import { MotionMemory } from "./motion-memory";
import { Path } from "./path";
import { Vehicle } from "./vehicle";

/** Kinds of warnings, by the numbers of `alerts.alert-kind`. */
export const FORWARD_COLLISION: i32 = 0;
export const VULNERABLE: i32 = 1;
export const PROXIMITY: i32 = 2;
export const KINDS: i32 = 3;

/** Half the width of what the vehicle sweeps, with room to each side, m. */
const HALF_CORRIDOR: f64 = 1.3;
/** Of what stands: cars are parked beside the lane far more often than in it. */
const HALF_CORRIDOR_PARKED: f64 = 0.9;
/** Where the vehicle will be is less certain further away: the corridor narrows by this, m per m, beyond this distance, m, up to a share. */
const NARROWING: f64 = 0.01;
const NARROWS_BEYOND: f64 = 20;
const LEAST_SHARE: f64 = 0.5;
/** Speed sideways of two vehicles on one lane relative to each other, m/s. */
const DRIFT: f64 = 0.5;
/** Where a person who stands is in the way, and where one who walks is met. */
const HALF_CORRIDOR_STANDING: f64 = 1.2;
const HALF_CORRIDOR_WALKING: f64 = 1.5;
/** People walk across the path faster than this, and nobody walks faster than that, m/s. */
const WALKING: f64 = 0.4;
const RUNNING: f64 = 5;
/** The way sideways that a person takes is believed this far, in standard deviations. */
const WALKING_GATE: f64 = 2;
/** Who is in the corridor this long before we come is not relied on to leave it, s. */
const NO_TIME_TO_LEAVE: f64 = 2;
/** What moves along the road is judged at once; a person, or what stands, after being followed for so long, s. */
const LEAST_AGE: f64 = 0.4;
const LEAST_AGE_PARKED: f64 = 0.7;
/** Traffic that comes towards us is expected in its own lane unless it is squarely in ours. */
const HALF_CORRIDOR_ONCOMING: f64 = 0.9;
/** The corridor widens by so many standard deviations, and by so much at most, m. */
const UNCERTAINTY_SHARE: f64 = 0.5;
const UNCERTAINTY_MOST: f64 = 0.3;
/** m/s over ground. */
const ONCOMING: f64 = -2;
const PARKED: f64 = 1.5;
/** Further ahead nothing is judged, m and s. */
const MAX_RANGE: f64 = 120;
const MAX_TIME: f64 = 6;
/** A person is met somewhat before and after the reckoned moment too, s. */
const MEETING: f64 = 0.4;
const LEAST_CONFIDENCE: f64 = 0.8;
/** A velocity that is less certain is not judged yet, m/s. */
const MOST_SPEED_DEVIATION: f64 = 3;
/** Half the width of the vehicle's front, m. */
const HALF_FRONT: f64 = 1.0;

export class Threat {
  /** FORWARD_COLLISION, VULNERABLE or PROXIMITY. */
  kind: i32 = 0;
  /** 0 none, 1 caution, 2 warning, 3 critical; and by the looser limits. */
  level: i32 = 0;
  looseLevel: i32 = 0;
  track: u32 = 0;
  /** The class of its object. */
  objectClass: i32 = 0;
  /** s; infinity where there is no collision in sight. */
  time: f64 = Infinity;
  /** m. */
  distance: f64 = Infinity;

  copyFrom(other: Threat): void {
    this.clear(other.kind, other.track, other.objectClass);
    this.level = other.level;
    this.looseLevel = other.looseLevel;
    this.time = other.time;
    this.distance = other.distance;
  }

  clear(kind: i32, track: u32, objectClass: i32): void {
    this.kind = kind;
    this.track = track;
    this.objectClass = objectClass;
    this.level = 0;
    this.looseLevel = 0;
    this.time = Infinity;
    this.distance = Infinity;
  }

  /** Judges whether a row of `tracks` is on a collision course. */
  judge(values: usize, row: i32, vehicle: Vehicle, path: Path, memory: MotionMemory): void {
    const objectClass = rowClass(values, row, TrackAt.CLASS);
    const id = <u32>rowValue(values, row, TrackAt.ID);
    this.clear(isVulnerable(objectClass) ? VULNERABLE : FORWARD_COLLISION, id, objectClass);
    const vx = rowValue(values, row, TrackAt.VX) + vehicle.speed;
    const vy = rowValue(values, row, TrackAt.VY);
    const deviation = rowValue(values, row, TrackAt.VX_DEVIATION);
    const moved = memory.note(id, Math.sqrt(vx * vx + vy * vy), deviation);
    if (!(rowValue(values, row, TrackAt.CONFIDENCE) >= LEAST_CONFIDENCE)) return;
    if (!(deviation < MOST_SPEED_DEVIATION) || (objectClass == CLASS_UNKNOWN && !moved)) return;
    const x = rowValue(values, row, TrackAt.X);
    const y = rowValue(values, row, TrackAt.Y);
    if (!(x > 0 && x < MAX_RANGE) || !isFinite(y) || !isFinite(vy)) return;
    this.distance = x;
    const acceleration = vehicle.overGround(rowValue(values, row, TrackAt.AX));
    // For a person it does not matter that we brake already.
    const own = this.kind == VULNERABLE ? max<f64>(vehicle.acceleration, 0) : vehicle.acceleration;
    const time = timeToCollision(x, vehicle.speed, own, vx, this.kind == VULNERABLE ? 0 : acceleration);
    if (!(time < MAX_TIME)) return;
    const margin = min<f64>(UNCERTAINTY_SHARE * rowValue(values, row, TrackAt.Y_DEVIATION), UNCERTAINTY_MOST);
    const meets = this.kind == VULNERABLE ? isMet(values, row, path, vx, time, margin) : isInTheWay(values, row, path, vx, time, margin);
    if (!meets) return;
    this.time = time;
    const deceleration = requiredDeceleration(x, vehicle.speed, vx, acceleration);
    this.level = this.levelOf(time, deceleration, false);
    this.looseLevel = this.levelOf(time, deceleration, true);
  }

  /** Judges how near a row of `tracks` is while manoeuvring. */
  judgeNearTrack(values: usize, row: i32, vehicle: Vehicle): void {
    this.clear(PROXIMITY, <u32>rowValue(values, row, TrackAt.ID), rowClass(values, row, TrackAt.CLASS));
    const x = rowValue(values, row, TrackAt.X);
    const y = rowValue(values, row, TrackAt.Y);
    const half = rowValue(values, row, TrackAt.WIDTH) * 0.5;
    const beside = max<f64>(abs<f64>(y) - HALF_FRONT - (isFinite(half) ? half : 0), 0);
    if (!(x > -0.5) || !(rowValue(values, row, TrackAt.CONFIDENCE) >= LEAST_CONFIDENCE)) return;
    const ahead = max<f64>(x, 0);
    this.near(Math.sqrt(ahead * ahead + beside * beside), vehicle);
  }

  /** Judges what a sensor in the bumper measures, m. */
  judgeNear(distance: f64, vehicle: Vehicle): void {
    this.clear(PROXIMITY, 0, CLASS_UNKNOWN);
    this.near(distance, vehicle);
  }

  /** Whether it is more urgent than another. */
  outranks(other: Threat): bool {
    if (this.level != other.level) return this.level > other.level;
    if (this.looseLevel != other.looseLevel) return this.looseLevel > other.looseLevel;
    return this.time < other.time;
  }

  private near(distance: f64, vehicle: Vehicle): void {
    if (!vehicle.manoeuvring || !(distance >= 0)) return;
    this.distance = distance;
    this.time = distance / vehicle.speed;
    this.level = proximityLevel(distance, false);
    this.looseLevel = proximityLevel(distance, true);
  }

  private levelOf(time: f64, deceleration: f64, loose: bool): i32 {
    return this.kind == VULNERABLE ? vulnerableLevel(time, deceleration, loose) : collisionLevel(time, deceleration, loose);
  }
}

/** Whether a vehicle is in the corridor now, and still will be when we reach it. The path lies still in the present vehicle frame. */
function isInTheWay(values: usize, row: i32, path: Path, vx: f64, time: f64, margin: f64): bool {
  const x = rowValue(values, row, TrackAt.X);
  const y = rowValue(values, row, TrackAt.Y);
  const vy = rowValue(values, row, TrackAt.VY);
  const parked = abs<f64>(vx) < PARKED;
  if (parked && rowValue(values, row, TrackAt.AGE) < LEAST_AGE_PARKED) return false;
  const wide = parked ? HALF_CORRIDOR_PARKED : vx < ONCOMING ? HALF_CORRIDOR_ONCOMING : HALF_CORRIDOR;
  const half = narrowed(wide, x) + margin;
  // What drives ahead of us follows the road as we do: its way sideways tells less the further one looks ahead.
  const room = vx > PARKED ? DRIFT * time : 0;
  return abs<f64>(path.offset(x, y)) < half && abs<f64>(path.offset(x + vx * time, y + vy * time)) < half + room;
}

/** Half the corridor's width at a distance, m. */
function narrowed(half: f64, x: f64): f64 {
  return max<f64>(half - NARROWING * max<f64>(x - NARROWS_BEYOND, 0), LEAST_SHARE * half);
}

/** Whether a person stands in the corridor, or walks so as to be in it about when we come. */
function isMet(values: usize, row: i32, path: Path, vx: f64, time: f64, margin: f64): bool {
  const x = rowValue(values, row, TrackAt.X);
  const y = rowValue(values, row, TrackAt.Y);
  const vy = rowValue(values, row, TrackAt.VY);
  if (rowValue(values, row, TrackAt.AGE) < LEAST_AGE || vx * vx + vy * vy > RUNNING * RUNNING) return false;
  const offset = path.offset(x, y);
  const inside = abs<f64>(offset) < narrowed(HALF_CORRIDOR_STANDING, x) + margin;
  const walks = abs<f64>(vy) > max<f64>(WALKING, WALKING_GATE * rowValue(values, row, TrackAt.VY_DEVIATION));
  if (!walks || (inside && time < NO_TIME_TO_LEAVE)) return inside;
  if (!inside && offset * vy > 0) return false;
  for (let i = -1; i <= 1; i++) {
    const t = max<f64>(time + <f64>i * MEETING, 0);
    if (abs<f64>(path.offset(x + vx * t, y + vy * t)) < HALF_CORRIDOR_WALKING + margin) return true;
  }
  return false;
}
