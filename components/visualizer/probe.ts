// What the tests of this folder call: a scene that they fill, and the pictures of it.
import { BirdsEye } from "./src/birds-eye";
import { Camera } from "./src/camera";
import { CameraView } from "./src/camera-view";
import { PictureSize } from "./src/picture-size";
import { Scene } from "./src/scene";
import { SvgWriter } from "./src/svg-writer";

const scene = new Scene();
const svg = new SvgWriter(1024);
const birdsEye = new BirdsEye();

export function alloc(bytes: i32): usize {
  return heap.alloc(<usize>bytes);
}

export function clear(timeUs: i64, speed: f64, yawRate: f64): void {
  scene.timeUs = timeUs;
  scene.speed = speed;
  scene.yawRate = yawRate;
  scene.trackCount = 0;
  scene.detectionCount = 0;
  scene.pointCount = 0;
  scene.targetCount = 0;
  scene.alertCount = 0;
}

export function tracks(values: usize, count: i32): void {
  scene.takeTracks(values, count);
}

export function detections(source: i32, sensor: u32, timeUs: i64, values: usize, count: i32): void {
  scene.takeDetections(source, sensor, timeUs, values, count);
}

export function age(nowUs: i64): i32 {
  scene.ageDetections(nowUs);
  return scene.detectionCount;
}

export function point(x: f32, y: f32, z: f32): void {
  scene.addPoint(x, y, z);
}

export function target(x: f32, y: f32, rangeRate: f32): void {
  scene.addTarget(x, y, rangeRate);
}

export function alert(kind: i32, severity: i32, track: u32, time: f64, distance: f64): void {
  const alert = scene.addAlert();
  if (alert === null) return;
  alert.kind = kind;
  alert.severity = severity;
  alert.track = track;
  alert.time = time;
  alert.distance = distance;
}

export function drawBirdsEye(): void {
  birdsEye.draw(svg, scene);
}

let camera = new Camera();
const cameraView = new CameraView();
const metadata = new Map<string, string>();

/** Forgets the camera. */
export function noCamera(): void {
  camera = new Camera();
  metadata.clear();
}

/** A string of so many UTF-16 units that lie at `source`. */
export function makeString(source: usize, units: i32): string {
  return String.UTF16.decodeUnsafe(source, <usize>(units * 2));
}

export function cameraSays(key: string, value: string): void {
  metadata.set(key, value);
}

export function chooseCamera(name: string, sensor: u32): void {
  camera.choose(name, sensor, metadata);
}

export function measureCamera(payload: usize, length: i32): bool {
  camera.measure(payload, length);
  return camera.ready;
}

export function drawCamera(): void {
  cameraView.draw(svg, scene, camera);
}

/** Width · 65536 + height of a payload's picture. */
export function pictureSize(payload: usize, length: i32): i32 {
  const size = new PictureSize();
  return size.read(payload, length) ? (size.width << 16) | size.height : 0;
}

/** Writes numbers for the tests of the writer. */
export function writeNumber(value: f64, decimals: i32, padded: bool): void {
  svg.reset();
  svg.number(value, decimals, padded);
}

export function svgPointer(): usize {
  return svg.pointer;
}

export function svgLength(): i32 {
  return svg.length;
}
