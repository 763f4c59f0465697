// What the tests of this folder call: the detectors behind plain functions, without a host.
import { Mount } from "../lib/mount";
import { CameraDetector, CameraSettings } from "./src/camera/camera-detector";
import { Picture } from "./src/camera/picture";
import { Windows } from "./src/camera/windows";
import { LidarDetector } from "./src/lidar/lidar-detector";
import { RadarDetector } from "./src/radar/radar-detector";
import { Rows } from "./src/rows";
import { detectEcho } from "./src/ultrasonic";

const rows = new Rows();
const mount = new Mount();
const lidar = new LidarDetector();
const picture = new Picture();
const windows = new Windows();
let radar = new RadarDetector();
let camera = new CameraDetector(new CameraSettings(), mount);

export function alloc(bytes: i32): usize {
  return heap.alloc(<usize>bytes);
}

export function setMount(x: f64, y: f64, z: f64, roll: f64, pitch: f64, yaw: f64): void {
  mount.set(x, y, z, roll, pitch, yaw);
}

/** Each `detect…` gives the number of rows; they lie at `rowValues()`. */
export function rowValues(): usize {
  return changetype<usize>(rows.values);
}

export function detectLidar(payload: usize, length: i32): i32 {
  rows.clear();
  rows.begin(1, 0, 0);
  lidar.detect(payload, length, mount, rows);
  return rows.count;
}

export function groundHeight(x: f32, y: f32): f32 {
  return lidar.ground.heightAt(x, y);
}

export function clusterCount(): i32 {
  return lidar.clusters.count;
}

export function resetRadar(): void {
  radar = new RadarDetector();
}

export function detectRadar(payload: usize, length: i32, timeUs: i64, speedHint: f64): i32 {
  rows.clear();
  rows.begin(2, 0, timeUs);
  radar.detect(payload, length, timeUs, mount, speedHint, rows);
  return rows.count;
}

export function radarOwnSpeed(): f64 {
  return radar.ownSpeed.speed;
}

/** Starts a camera; NaN for intrinsics that are not known. */
export function resetCamera(focal: f32, centreX: f32, centreY: f32, mounted: bool): void {
  camera = new CameraDetector(new CameraSettings(), mount);
  camera.calibrate(focal, focal, centreX, centreY, mounted);
}

export function detectCamera(pixels: usize, width: i32, height: i32, colours: usize, timeUs: i64): i32 {
  rows.clear();
  rows.begin(0, 0, timeUs);
  camera.detect(pixels, width, height, colours, timeUs, picture, windows, rows);
  return rows.count;
}

/** The vanishing point, in the camera's pixels. */
export function horizonX(): f32 {
  return camera.horizon.x * <f32>picture.scale;
}

export function horizonY(): f32 {
  return camera.horizon.y * <f32>picture.scale;
}

/** The windows of the last picture: place, score, whether kept. */
export function windowCount(): i32 {
  return windows.count;
}

export function windowValue(i: i32, field: i32): f32 {
  if (field == 0) return windows.left[i] * <f32>picture.scale;
  if (field == 1) return windows.right[i] * <f32>picture.scale;
  if (field == 2) return windows.base[i] * <f32>picture.scale;
  if (field == 3) return windows.score[i];
  return <f32>windows.kept[i];
}

export function detectUltrasonic(payload: usize, length: i32): i32 {
  rows.clear();
  rows.begin(3, 0, 0);
  detectEcho(payload, length, mount, rows);
  return rows.count;
}
