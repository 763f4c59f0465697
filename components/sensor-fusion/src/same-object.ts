/** When two things that sensors tell are one object. */
import { Detection } from "./detection";
import { EgoMotion } from "./ego-motion";
import { Track } from "./track";

/** Around what a track covers, a detection still belongs to it, m. */
const MARGIN: f64 = 0.7;
/** m/s that range rates of the parts of one object differ by at most. */
const RATE_MARGIN: f64 = 2.5;
/** What an object of unknown size covers, m. */
const GUESSED_LENGTH: f64 = 4;
const GUESSED_WIDTH: f64 = 1.8;
/** Tracks of one object move alike, m/s. */
const SPEED_MARGIN: f64 = 3;
/** Standard deviations within which a distance that only a camera tells agrees. */
const CAMERA_GATE: f64 = 3;

/** Whether a detection lies on a track's object: a second reflection, or a second cluster of a large one. */
export function isPartOf(detection: Detection, fromCamera: bool, track: Track, ego: EgoMotion): bool {
  const state = track.filter.state;
  const measurement = detection.measurement;
  const dx = measurement.x - unchecked(state[0]);
  const dy = measurement.y - unchecked(state[1]);
  const wide = track.sizeOr(1, GUESSED_WIDTH) * 0.5 + MARGIN;
  if (fromCamera) return sameBearing(measurement.x, measurement.y, track, wide) && abs<f64>(dx) < MARGIN + CAMERA_GATE * measurement.along;
  const long = track.sizeOr(0, GUESSED_LENGTH) + MARGIN;
  if (dx < -MARGIN - measurement.along || dx > long || abs<f64>(dy) > wide + measurement.across) return false;
  if (isNaN(measurement.rangeRate)) return true;
  const x = unchecked(state[0]);
  const y = unchecked(state[1]);
  const range = max<f64>(Math.sqrt(x * x + y * y), 1);
  const rate = ((unchecked(state[2]) - ego.forwardSpeed()) * x + (unchecked(state[3]) - ego.sidewaysSpeed()) * y) / range;
  return abs<f64>(measurement.rangeRate - rate) < RATE_MARGIN;
}

/** Whether two tracks follow one object. */
export function isDuplicate(one: Track, other: Track): bool {
  const a = one.filter.state;
  const b = other.filter.state;
  const dx = abs<f64>(unchecked(a[0]) - unchecked(b[0]));
  const dy = abs<f64>(unchecked(a[1]) - unchecked(b[1]));
  if (one.cameraOnly != other.cameraOnly) {
    const guess = one.cameraOnly ? one : other;
    const sure = one.cameraOnly ? other : one;
    const depth = Math.sqrt(unchecked(guess.filter.covariance[0]));
    const wide = sure.sizeOr(1, GUESSED_WIDTH) * 0.5 + MARGIN;
    const known = guess.kind == 0 || sure.kind == 0 || guess.vulnerable == sure.vulnerable;
    return known && dx < MARGIN + CAMERA_GATE * depth && sameBearing(unchecked(guess.filter.state[0]), unchecked(guess.filter.state[1]), sure, wide);
  }
  const small = one.vulnerable || other.vulnerable;
  if (dx > (small ? 0.6 : 2.2) || dy > (small ? 0.5 : 1.0)) return false;
  return abs<f64>(unchecked(a[2]) - unchecked(b[2])) < SPEED_MARGIN && abs<f64>(unchecked(a[3]) - unchecked(b[3])) < SPEED_MARGIN;
}

/** Whether a point lies on the line of sight to a track, within so many metres to each side at the track. */
function sameBearing(x: f64, y: f64, track: Track, wide: f64): bool {
  const trackX = unchecked(track.filter.state[0]);
  const trackY = unchecked(track.filter.state[1]);
  if (x < 1 || trackX < 1) return false;
  return abs<f64>((y / x) * trackX - trackY) < wide;
}
