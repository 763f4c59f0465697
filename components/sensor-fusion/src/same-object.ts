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
/** Around what a camera sees, which knows the outline less well, m. */
const CAMERA_MARGIN: f64 = 1.2;
/** Tracks of one object move alike, m/s, and cover each other by this share of the smaller one. */
const SPEED_MARGIN: f64 = 3;
const COVERED: f64 = 0.5;
/** Standard deviations within which a distance that only a camera tells agrees. */
const CAMERA_GATE: f64 = 3;

/** Whether a detection lies on a track's object: a second reflection, or a second cluster of a large one. */
export function isPartOf(detection: Detection, fromCamera: bool, track: Track, ego: EgoMotion): bool {
  const state = track.filter.state;
  const measurement = detection.measurement;
  const dx = measurement.x - unchecked(state[0]);
  const dy = measurement.y - unchecked(state[1]);
  const half = track.sizeOr(1, GUESSED_WIDTH) * 0.5;
  if (fromCamera) {
    return sameBearing(measurement.x, measurement.y, track, half + CAMERA_MARGIN) && abs<f64>(dx) < CAMERA_MARGIN + CAMERA_GATE * measurement.along;
  }
  const wide = half + MARGIN;
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
  if (one.cameraOnly != other.cameraOnly) return one.cameraOnly ? isGuessOf(one, other) : isGuessOf(other, one);
  const a = one.filter.state;
  const b = other.filter.state;
  if (abs<f64>(unchecked(a[2]) - unchecked(b[2])) > SPEED_MARGIN || abs<f64>(unchecked(a[3]) - unchecked(b[3])) > SPEED_MARGIN) return false;
  const wide = min<f64>(one.sizeOr(1, GUESSED_WIDTH), other.sizeOr(1, GUESSED_WIDTH));
  const long = min<f64>(one.sizeOr(0, GUESSED_LENGTH), other.sizeOr(0, GUESSED_LENGTH));
  return common(one, other, 0) > COVERED * long && common(one, other, 1) > COVERED * wide;
}

/** Whether a track whose distance is a camera's guess is the object of a track that is surer. */
function isGuessOf(guess: Track, sure: Track): bool {
  if (guess.kind != 0 && sure.kind != 0 && guess.vulnerable != sure.vulnerable) return false;
  const x = unchecked(guess.filter.state[0]);
  const dx = abs<f64>(x - unchecked(sure.filter.state[0]));
  const reach = CAMERA_MARGIN + CAMERA_GATE * Math.sqrt(guess.filter.variance(0));
  return dx < reach && sameBearing(x, unchecked(guess.filter.state[1]), sure, sure.sizeOr(1, GUESSED_WIDTH) * 0.5 + CAMERA_MARGIN);
}

/** How far two objects' boxes overlap along x (0) or y (1), m; negative where they do not. They reach away from us, and to both sides. */
function common(one: Track, other: Track, axis: i32): f64 {
  const a = unchecked(one.filter.state[axis]);
  const b = unchecked(other.filter.state[axis]);
  const sizeA = axis == 0 ? one.sizeOr(0, GUESSED_LENGTH) : one.sizeOr(1, GUESSED_WIDTH);
  const sizeB = axis == 0 ? other.sizeOr(0, GUESSED_LENGTH) : other.sizeOr(1, GUESSED_WIDTH);
  const startA = axis == 0 ? a : a - sizeA * 0.5;
  const startB = axis == 0 ? b : b - sizeB * 0.5;
  return min<f64>(startA + sizeA, startB + sizeB) - max<f64>(startA, startB);
}

/** Whether a point lies on the line of sight to a track, within so many metres to each side at the track. */
function sameBearing(x: f64, y: f64, track: Track, wide: f64): bool {
  const trackX = unchecked(track.filter.state[0]);
  const trackY = unchecked(track.filter.state[1]);
  if (x < 1 || trackX < 1) return false;
  return abs<f64>((y / x) * trackX - trackY) < wide;
}
