// What the tests of this folder call: the monitor behind plain functions.
import { requiredDeceleration, timeToCollision } from "./src/collision";
import { Monitor } from "./src/monitor";
import { Path } from "./src/path";

let monitor = new Monitor();
let path = new Path();

export function alloc(bytes: i32): usize {
  return heap.alloc(<usize>bytes);
}

export function collisionTime(gap: f64, speed: f64, acceleration: f64, leadSpeed: f64, leadAcceleration: f64): f64 {
  return timeToCollision(gap, speed, acceleration, leadSpeed, leadAcceleration);
}

export function deceleration(gap: f64, speed: f64, leadSpeed: f64, leadAcceleration: f64): f64 {
  return requiredDeceleration(gap, speed, leadSpeed, leadAcceleration);
}

/** Beside a path that is driven with this speed and yaw rate for long. */
export function offset(speed: f64, yawRate: f64, x: f64, y: f64): f64 {
  path = new Path();
  for (let i = 0; i < 1000; i++) path.follow(speed, yawRate);
  return path.offset(x, y);
}

export function restart(): void {
  monitor = new Monitor();
}

/** One step. `near` is what the bumper measures, NaN for nothing. */
export function step(nowUs: i64, speed: f64, yawRate: f64, acceleration: f64, values: usize, count: i32, near: f64): void {
  monitor.begin(speed, yawRate, acceleration);
  monitor.judgeTracks(values, count);
  monitor.judgeNear(near);
  monitor.end(nowUs);
}

export function event(kind: i32): i32 {
  return monitor.events[kind];
}

export function severity(kind: i32): i32 {
  return monitor.warnings[kind].severity;
}

export function threatTime(kind: i32): f64 {
  return monitor.warnings[kind].threat.time;
}

export function threatTrack(kind: i32): u32 {
  return monitor.warnings[kind].threat.track;
}

export function raised(): u32 {
  return monitor.raised;
}

export function activeKind(place: i32): i32 {
  return monitor.activeKind(place);
}
