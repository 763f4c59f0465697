/**
 * Reads canonical payloads (wit/PAYLOADS.md) where they lie in memory: every function takes the address of a
 * payload and, where it matters, its length in bytes. Nothing is copied and nothing is allocated. Little-endian.
 *
 * Lengths are the caller's to respect: `…Count` says how many whole records fit, and an index below the count never
 * reads outside the payload.
 */

/** Bytes of one header in `packed-readings.headers`. */
const PACKED_HEADER_BYTES: i32 = 40;

// Packed headers. `headers` is the address of the header block, `index` below `count`.

/** When the reading was taken, µs since the Unix epoch. */
// @ts-ignore: decorator
@inline
export function packedTime(headers: usize, index: i32): i64 {
  return load<i64>(headers + <usize>(index * PACKED_HEADER_BYTES));
}

/** Handle of the reading's sensor. */
// @ts-ignore: decorator
@inline
export function packedSensor(headers: usize, index: i32): u32 {
  return load<u32>(headers + <usize>(index * PACKED_HEADER_BYTES), 16);
}

/** Where the reading's payload starts in the payload block, bytes. */
// @ts-ignore: decorator
@inline
export function packedOffset(headers: usize, index: i32): u32 {
  return load<u32>(headers + <usize>(index * PACKED_HEADER_BYTES), 20);
}

/** Length of the reading's payload, bytes. */
// @ts-ignore: decorator
@inline
export function packedLength(headers: usize, index: i32): i32 {
  return load<i32>(headers + <usize>(index * PACKED_HEADER_BYTES), 24);
}

// Lidar: x y z intensity, f32, sensor frame, m.

export const LIDAR_POINT_BYTES: i32 = 16;

/** How many whole points a lidar payload holds. */
// @ts-ignore: decorator
@inline
export function lidarCount(length: i32): i32 {
  return length / LIDAR_POINT_BYTES;
}

// Radar: range, azimuth, elevation, range rate, cross-section, f32.

const RADAR_TARGET_BYTES: i32 = 20;

/** How many whole targets a radar payload holds. */
// @ts-ignore: decorator
@inline
export function radarCount(length: i32): i32 {
  return length / RADAR_TARGET_BYTES;
}

/** Distance to the sensor, m. */
// @ts-ignore: decorator
@inline
export function radarRange(payload: usize, index: i32): f32 {
  return load<f32>(payload + <usize>(index * RADAR_TARGET_BYTES));
}

/** Positive to the left, rad. */
// @ts-ignore: decorator
@inline
export function radarAzimuth(payload: usize, index: i32): f32 {
  return load<f32>(payload + <usize>(index * RADAR_TARGET_BYTES), 4);
}

/** Positive up, rad; NaN where the radar does not measure it. */
// @ts-ignore: decorator
@inline
export function radarElevation(payload: usize, index: i32): f32 {
  return load<f32>(payload + <usize>(index * RADAR_TARGET_BYTES), 8);
}

/** Positive moving away, m/s. */
// @ts-ignore: decorator
@inline
export function radarRangeRate(payload: usize, index: i32): f32 {
  return load<f32>(payload + <usize>(index * RADAR_TARGET_BYTES), 12);
}

/** Radar cross-section, dBsm; NaN where it is not known. */
// @ts-ignore: decorator
@inline
export function radarCrossSection(payload: usize, index: i32): f32 {
  return load<f32>(payload + <usize>(index * RADAR_TARGET_BYTES), 16);
}

// Ultrasonic: range, least range, greatest range (m), field of view (rad), f32.

export const ULTRASONIC_BYTES: i32 = 16;

/** Distance to the nearest echo, m; +∞ where nothing was seen. */
// @ts-ignore: decorator
@inline
export function ultrasonicRange(payload: usize): f32 {
  return load<f32>(payload);
}

/** The least distance that the sensor can tell, m. */
// @ts-ignore: decorator
@inline
export function ultrasonicLeast(payload: usize): f32 {
  return load<f32>(payload, 4);
}

/** The greatest distance that the sensor can tell, m. */
// @ts-ignore: decorator
@inline
export function ultrasonicGreatest(payload: usize): f32 {
  return load<f32>(payload, 8);
}

// IMU: acceleration x y z (m/s², gravity included), angular rate x y z (rad/s), orientation x y z w, f64.

export const IMU_BYTES: i32 = 80;

/** Acceleration along an axis (0 x, 1 y, 2 z) of the sensor's own frame, m/s². */
// @ts-ignore: decorator
@inline
export function imuAcceleration(payload: usize, axis: i32): f64 {
  return load<f64>(payload + <usize>(axis * 8));
}

/** Angular rate about an axis (0 x, 1 y, 2 z) of the sensor's own frame, rad/s. */
// @ts-ignore: decorator
@inline
export function imuRate(payload: usize, axis: i32): f64 {
  return load<f64>(payload + <usize>(axis * 8), 24);
}

// GPS: latitude, longitude (degrees), altitude, standard deviations (m), f64; status i32; 0 u32.

export const GPS_BYTES: i32 = 48;

/** WGS84, degrees. */
// @ts-ignore: decorator
@inline
export function gpsLatitude(payload: usize): f64 {
  return load<f64>(payload);
}

/** WGS84, degrees. */
// @ts-ignore: decorator
@inline
export function gpsLongitude(payload: usize): f64 {
  return load<f64>(payload, 8);
}

/** −1 no fix, 0 fix, 1 satellite-augmented, 2 ground-augmented. */
// @ts-ignore: decorator
@inline
export function gpsStatus(payload: usize): i32 {
  return load<i32>(payload, 40);
}

// CAN: id u32, flags u8, length u8, 0 u16, the data.

const CAN_HEADER_BYTES: i32 = 8;

/** Identifier, 11 or 29 bit. */
// @ts-ignore: decorator
@inline
export function canId(payload: usize): u32 {
  return load<u32>(payload);
}

/** Bit 0 extended id, 1 remote request, 2 error frame, 3 CAN FD, 4 bit-rate switch, 5 error state. */
// @ts-ignore: decorator
@inline
export function canFlags(payload: usize): u32 {
  return load<u8>(payload, 4);
}

/** Bytes of data, never more than the payload holds. `length` is that of the whole payload. */
// @ts-ignore: decorator
@inline
export function canLength(payload: usize, length: i32): i32 {
  return min<i32>(load<u8>(payload, 5), length - CAN_HEADER_BYTES);
}

/** Address of the data. */
// @ts-ignore: decorator
@inline
export function canData(payload: usize): usize {
  return payload + <usize>CAN_HEADER_BYTES;
}
