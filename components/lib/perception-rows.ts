/**
 * Where the values lie in the rows of `adas:perception` (wit/perception.wit): batches of detections and lists of tracks are rows of
 * 16 f32. The functions take the address of a list's first value.
 */

export const ROW_VALUES: i32 = 16;

/** Classes of objects. */
export const CLASS_UNKNOWN: i32 = 0;
export const CLASS_CAR: i32 = 1;
export const CLASS_TRUCK: i32 = 2;
export const CLASS_PEDESTRIAN: i32 = 3;
export const CLASS_CYCLIST: i32 = 4;
export const CLASS_COUNT: i32 = 5;

/** The places in a row of a detection. */
export namespace DetectionAt {
  export const CLASS: i32 = 0;
  export const SCORE: i32 = 1;
  export const X: i32 = 2;
  export const Y: i32 = 3;
  export const X_DEVIATION: i32 = 4;
  export const Y_DEVIATION: i32 = 5;
  export const RANGE_RATE: i32 = 6;
  export const RANGE_RATE_DEVIATION: i32 = 7;
  export const LENGTH: i32 = 8;
  export const WIDTH: i32 = 9;
  export const HEIGHT: i32 = 10;
  export const LEFT: i32 = 12;
  export const TOP: i32 = 13;
  export const RIGHT: i32 = 14;
  export const BOTTOM: i32 = 15;
}

/** The places in a row of a track. */
export namespace TrackAt {
  export const ID: i32 = 0;
  export const CLASS: i32 = 1;
  export const CONFIDENCE: i32 = 2;
  export const AGE: i32 = 3;
  export const X: i32 = 4;
  export const Y: i32 = 5;
  export const VX: i32 = 6;
  export const VY: i32 = 7;
  export const AX: i32 = 8;
  export const X_DEVIATION: i32 = 9;
  export const Y_DEVIATION: i32 = 10;
  export const VX_DEVIATION: i32 = 11;
  export const VY_DEVIATION: i32 = 12;
  export const LENGTH: i32 = 13;
  export const WIDTH: i32 = 14;
  export const HEIGHT: i32 = 15;
}

/** A value of a row. */
// @ts-ignore: decorator
@inline
export function rowValue(values: usize, row: i32, at: i32): f64 {
  return <f64>load<f32>(values + (<usize>(row * ROW_VALUES + at) << 2));
}

/** The class in a row, 0 where it is none of ours. */
export function rowClass(values: usize, row: i32, at: i32): i32 {
  const value = rowValue(values, row, at);
  return value >= 1 && value < <f64>CLASS_COUNT ? <i32>value : CLASS_UNKNOWN;
}

/** The name of a class. */
export function className(kind: i32): string {
  if (kind == CLASS_CAR) return "car";
  if (kind == CLASS_TRUCK) return "truck";
  if (kind == CLASS_PEDESTRIAN) return "pedestrian";
  if (kind == CLASS_CYCLIST) return "cyclist";
  return "unknown";
}

/** People outside of vehicles. */
export function isVulnerable(kind: i32): bool {
  return kind == CLASS_PEDESTRIAN || kind == CLASS_CYCLIST;
}

/** Length (0), width (1) or height (2) that an object of a class usually has, m; NaN for the unknown class. */
export function usualSize(kind: i32, dimension: i32): f64 {
  if (kind == CLASS_CAR) return dimension == 0 ? 4.5 : dimension == 1 ? 1.8 : 1.5;
  if (kind == CLASS_TRUCK) return dimension == 0 ? 9.0 : dimension == 1 ? 2.5 : 3.2;
  if (kind == CLASS_PEDESTRIAN) return dimension == 0 ? 0.5 : dimension == 1 ? 0.6 : 1.75;
  if (kind == CLASS_CYCLIST) return dimension == 0 ? 1.8 : dimension == 1 ? 0.7 : 1.75;
  return NaN;
}
