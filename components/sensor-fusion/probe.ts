// What the tests of this folder call: the algorithms behind plain functions.
import { Mount } from "../lib/mount";
import { EgoMotion } from "./src/ego-motion";
import { GpsSpeed } from "./src/gps-speed";
import { Measurement, MotionModel, ObjectFilter } from "./src/object-filter";
import { SpeedFilter } from "./src/speed-filter";
import { TrackRows } from "./src/track-rows";
import { Tracker } from "./src/tracker";
import { YawRate } from "./src/yaw-rate";

export function alloc(bytes: i32): usize {
  return heap.alloc(<usize>bytes);
}

const filter = new ObjectFilter();
const measurement = new Measurement();
const still = new EgoMotion();
let model = new MotionModel(3, 3, 1, 1);

export function filterModel(acceleration: f64, fading: f64, jitter: f64): void {
  model = new MotionModel(acceleration, acceleration, fading, jitter);
}

export function filterEgo(speed: f64, yawRate: f64): void {
  still.speed = speed;
  still.yawRate = yawRate;
  still.lever = 0;
}

export function filterMeasurement(x: f64, y: f64, axisX: f64, axisY: f64, along: f64, across: f64, rangeRate: f64, rangeRateDeviation: f64): void {
  measurement.x = x;
  measurement.y = y;
  measurement.axisX = axisX;
  measurement.axisY = axisY;
  measurement.along = along;
  measurement.across = across;
  measurement.rangeRate = rangeRate;
  measurement.rangeRateDeviation = rangeRateDeviation;
}

export function filterStart(vxDeviation: f64, vyDeviation: f64): void {
  filter.start(measurement, vxDeviation, vyDeviation, still);
}

export function filterPredict(seconds: f64): void {
  filter.predict(seconds, still, model);
}

export function filterDistance(): f64 {
  return filter.distance(measurement, still);
}

export function filterUpdate(): void {
  filter.update(measurement, still);
}

export function filterState(index: i32): f64 {
  return filter.state[index];
}

export function filterCovariance(row: i32, column: i32): f64 {
  return filter.covariance[row * 6 + column];
}

const tracker = new Tracker();
const rows = new TrackRows();
const vehicle = new EgoMotion();

export function trackerEgo(speed: f64, yawRate: f64, acceleration: f64): void {
  vehicle.speed = speed;
  vehicle.yawRate = yawRate;
  vehicle.acceleration = acceleration;
  tracker.prepare(vehicle);
}

export function trackerAccept(timeUs: i64, source: i32, values: usize, count: i32): void {
  tracker.accept(timeUs, source, values, count, vehicle);
}

export function trackerFinish(nowUs: i64): i32 {
  tracker.finish(nowUs);
  rows.fill(tracker, nowUs, vehicle);
  return rows.count;
}

export function trackerConfirmed(): u32 {
  return tracker.confirmedEver;
}

export function trackRow(row: i32, at: i32): f32 {
  return rows.values[row * 16 + at];
}

/** Gives up all tracks. */
export function trackerClear(): void {
  for (let i = 0; i < tracker.tracks.length; i++) tracker.tracks[i].active = false;
}

const speedFilter = new SpeedFilter();
const gpsSpeed = new GpsSpeed();
let yawRate = new YawRate();
const mount = new Mount();

export function measureSpeed(timeUs: i64, speed: f64, deviation: f64, age: f64): void {
  speedFilter.measure(timeUs, speed, deviation, age);
}

export function speedAt(timeUs: i64): f64 {
  return speedFilter.speedAt(timeUs);
}

export function accelerationAt(timeUs: i64): f64 {
  return speedFilter.accelerationAt(timeUs);
}

/** Takes a fix and returns the speed. */
export function gpsFix(timeUs: i64, latitude: f64, longitude: f64): f64 {
  gpsSpeed.accept(timeUs, latitude, longitude);
  return gpsSpeed.speed;
}

export function gpsAge(): f64 {
  return gpsSpeed.age;
}

export function gyroMount(roll: f64, pitch: f64, yaw: f64): void {
  mount.set(0, 0, 0, roll, pitch, yaw);
}

/** Forgets the gyroscope. */
export function gyroNew(): void {
  yawRate = new YawRate();
}

export function gyroForce(x: f64, y: f64, z: f64): void {
  yawRate.feel(x, y, z);
}

/** `axes`: 0 unknown, 1 forward-left-up, 2 forward-right-down. */
export function gyroReading(timeUs: i64, x: f64, y: f64, z: f64, axes: i32): void {
  yawRate.accept(timeUs, x, y, z, axes, mount);
}

export function gyroStep(timeUs: i64, speed: f64): f64 {
  yawRate.step(speed);
  return yawRate.at(timeUs);
}
