// What the tests of this folder call: the library behind plain functions.
import { CanSpeed, DEFAULT_SPEED_SIGNALS } from "./can-speed";
import { canSignalProblem, parseCanSignal } from "./can-signal";
import { Mount } from "./mount";
import { numberOf } from "./settings";

const mount = new Mount();
const speed = new CanSpeed();

export function alloc(bytes: i32): usize {
  return heap.alloc(<usize>bytes);
}

/** A string of so many UTF-16 units that lie at `source`. */
export function makeString(source: usize, units: i32): string {
  return String.UTF16.decodeUnsafe(source, <usize>(units * 2));
}

export function parseNumber(text: string): f64 {
  return numberOf(text, -1);
}

/** The vehicle-frame coordinate (0 x, 1 y, 2 z) of a sensor's point, for a mount with these angles at the origin. */
export function turned(roll: f64, pitch: f64, yaw: f64, x: f32, y: f32, z: f32, axis: i32): f32 {
  mount.set(0, 0, 0, roll, pitch, yaw);
  if (axis == 0) return mount.xx * x + mount.xy * y + mount.xz * z;
  if (axis == 1) return mount.yx * x + mount.yy * y + mount.yz * z;
  return mount.zx * x + mount.zy * y + mount.zz * z;
}

export function signalProblem(definition: string): string {
  return canSignalProblem(definition);
}

export function decodeSignal(definition: string, data: usize, bytes: i32): f64 {
  const signal = parseCanSignal(definition);
  return signal === null ? Infinity : signal.decode(data, bytes);
}

export function configureSpeed(definitions: string): string {
  return speed.configure(definitions.length == 0 ? DEFAULT_SPEED_SIGNALS : definitions);
}

export function acceptFrame(sensor: u32, timeUs: i64, payload: usize, length: i32): void {
  speed.accept(sensor, timeUs, payload, length);
}

export function speedAt(timeUs: i64): f64 {
  return speed.speedAt(timeUs);
}
