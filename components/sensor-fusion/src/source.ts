/** What fusion knows of the kinds of sensors: the numbers are those of `detections.source`. */

export const CAMERA: i32 = 0;
export const LIDAR: i32 = 1;
export const RADAR: i32 = 2;
export const ULTRASONIC: i32 = 3;
export const SOURCES: i32 = 4;

/** How much one detection with score 1 says for the existence of its object, 0 … 1. */
export function evidence(source: i32): f64 {
  if (source == LIDAR) return 0.4;
  if (source == RADAR) return 0.35;
  if (source == CAMERA) return 0.3;
  return 0.15;
}

/** How much one detection's class counts: cameras see what a thing is. */
export function classWeight(source: i32): f64 {
  if (source == CAMERA) return 1;
  if (source == LIDAR) return 0.5;
  return source == RADAR ? 0.2 : 0;
}

/** Standard deviation of the distance, for a detection that tells none, m. */
export function usualDepthDeviation(source: i32, range: f64): f64 {
  if (source == CAMERA) return 1 + 0.1 * range;
  return source == RADAR ? 0.5 : 0.25;
}

/** Standard deviation across the line of sight, for a detection that tells none, m. */
export function usualSideDeviation(source: i32, range: f64): f64 {
  if (source == CAMERA) return 0.2 + 0.02 * range;
  return source == RADAR ? 0.3 + 0.02 * range : 0.25;
}
