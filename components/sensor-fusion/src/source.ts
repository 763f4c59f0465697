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

/** How much one detection's class counts. Classes here come from sizes, which lidar measures and a camera guesses with the distance. */
export function classWeight(source: i32): f64 {
  if (source == LIDAR) return 1;
  if (source == CAMERA) return 0.4;
  return source == RADAR ? 0.2 : 0;
}

/** Share by which a larger and a smaller measured size change what is believed: lidar rarely sees the whole of a thing, a camera errs to both sides. */
export function sizeGrowth(source: i32): f64 {
  return source == LIDAR ? 0.3 : 0.04;
}

export function sizeShrinkage(source: i32): f64 {
  return source == LIDAR ? 0.03 : 0.04;
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
