import * as exact from "@playhead/exact-math";
import type { Reading, SensorKind } from "@playhead/recording";
import { byDegrees, greatCircle, type Place } from "./great-circle.ts";
import type { Interpolation } from "./sensor-settings.ts";

/** A value computed between two readings. */
export interface Sample {
  readonly timeUs: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
  /** 1 for a measured value, down to 0.5 in the middle between two readings, and lower for a held one. */
  readonly quality: number;
  readonly interpolated: boolean;
  readonly metadata: string | undefined;
}

/** A reading as a sample of itself. */
export function measured(reading: Reading): Sample {
  return {
    timeUs: reading.timeUs,
    sequence: reading.sequence,
    payload: reading.payload,
    quality: 1,
    interpolated: false,
    metadata: reading.metadata,
  };
}

/**
 * The value at a time between two readings. Numbers of IMU, GPS and ultrasonic sensors are linear in time; an IMU's orientation goes along the
 * shortest turn (`slerp`) or by its components (`linear`), a position along the great circle (`geodetic`) or by its degrees (`linear`). Held
 * is the earlier reading: images, clouds, targets, CAN frames, and whatever has another layout.
 */
export function interpolate(
  kind: SensorKind,
  how: Interpolation,
  before: Reading,
  after: Reading,
  timeUs: number,
): Sample {
  const span = after.timeUs - before.timeUs;
  const share = span > 0 ? (timeUs - before.timeUs) / span : 0;
  const payload = how === "hold" ? undefined : between(kind, how, before.payload, after.payload, share);
  return {
    timeUs,
    sequence: before.sequence,
    payload: payload ?? before.payload,
    quality: 1 - (payload === undefined ? share : Math.min(share, 1 - share)),
    interpolated: true,
    metadata: undefined,
  };
}

function between(
  kind: SensorKind,
  how: Interpolation,
  a: Uint8Array,
  b: Uint8Array,
  share: number,
): Uint8Array | undefined {
  if (kind === "imu" && a.length >= 80 && b.length >= 80) return imuBetween(how, a, b, share);
  if (kind === "gps" && a.length >= 48 && b.length >= 48) return gpsBetween(how, a, b, share);
  if (kind === "ultrasonic" && a.length >= 16 && b.length >= 16) return numbersBetween(a, b, share, 4, 1);
  return undefined;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Copies `a` and replaces its first `count` numbers, of 4 or 8 bytes, by those between a and b. */
function numbersBetween(a: Uint8Array, b: Uint8Array, share: number, size: 4 | 8, count: number): Uint8Array {
  const result = a.slice();
  const [to, from, next] = [viewOf(result), viewOf(a), viewOf(b)];
  for (let i = 0; i < count; i++) {
    const at = i * size;
    if (size === 8) {
      const value = from.getFloat64(at, true);
      to.setFloat64(at, value + (next.getFloat64(at, true) - value) * share, true);
    } else {
      const value = from.getFloat32(at, true);
      const blended = Number.isFinite(value) ? value + (next.getFloat32(at, true) - value) * share : value;
      to.setFloat32(at, blended, true);
    }
  }
  return result;
}

function gpsBetween(how: Interpolation, a: Uint8Array, b: Uint8Array, share: number): Uint8Array {
  const result = numbersBetween(a, b, share, 8, 5);
  const [to, from, next] = [viewOf(result), viewOf(a), viewOf(b)];
  const place = (view: DataView): Place => [view.getFloat64(0, true), view.getFloat64(8, true)];
  const between = how === "geodetic" ? greatCircle : byDegrees;
  const [latitude, longitude] = between(place(from), place(next), share);
  to.setFloat64(0, latitude, true);
  to.setFloat64(8, longitude, true);
  return result;
}

function imuBetween(how: Interpolation, a: Uint8Array, b: Uint8Array, share: number): Uint8Array {
  const result = numbersBetween(a, b, share, 8, 6);
  const q = (how === "slerp" ? slerp : byComponents)(quaternion(a), quaternion(b), share);
  const view = viewOf(result);
  for (let i = 0; i < 4; i++) view.setFloat64(48 + 8 * i, q[i] ?? Number.NaN, true);
  return result;
}

function quaternion(payload: Uint8Array): number[] {
  const view = viewOf(payload);
  return [0, 1, 2, 3].map((i) => view.getFloat64(48 + 8 * i, true));
}

/**
 * Spherical linear interpolation of unit quaternions (Shoemake 1985), the shorter way round. The angle comes from atan2, which is
 * exact on every engine here.
 */
export function slerp(a: readonly number[], b: readonly number[], share: number): number[] {
  let dot = 0;
  for (let i = 0; i < 4; i++) dot += (a[i] ?? 0) * (b[i] ?? 0);
  const sign = dot < 0 ? -1 : 1;
  const cosine = Math.min(1, dot * sign);
  const sine = Math.sqrt(Math.max(0, 1 - cosine * cosine));
  const angle = exact.atan2(sine, cosine);
  const straight = sine < 1e-6;
  const wa = straight ? 1 - share : exact.sin((1 - share) * angle) / sine;
  const wb = (straight ? share : exact.sin(share * angle) / sine) * sign;
  return [0, 1, 2, 3].map((i) => wa * (a[i] ?? 0) + wb * (b[i] ?? 0));
}

/** Between the components of two unit quaternions, the shorter way round, made a unit again: a turn of uneven speed. */
function byComponents(a: readonly number[], b: readonly number[], share: number): number[] {
  const dot = a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  const sign = dot < 0 ? -1 : 1;
  const mixed = a.map((value, i) => (1 - share) * value + share * sign * (b[i] ?? 0));
  const length = Math.sqrt(mixed.reduce((sum, value) => sum + value * value, 0));
  return mixed.map((value) => value / length);
}
