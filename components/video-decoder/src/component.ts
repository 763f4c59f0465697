/** Decodes the newest picture of each camera, once it has arrived. */

import { OkOrString, TupleStringString } from "../../generated/video-decoder/component";
import * as diagnostics from "../../generated/video-decoder/diagnostics";
import { Bytes, List, newList } from "../../generated/video-decoder/runtime";
import * as sensors from "../../generated/video-decoder/sensors";
import { SensorKind } from "../../generated/video-decoder/types";
import { Camera } from "./camera";
import { cameras, findCamera } from "./cameras";
import { Problem, problemText } from "./problem";

/** Bytes of a header of `packed-readings`. */
const HEADER_SIZE = 40;

let decodedCount = 0;
let badCount = 0;

export function init(configuration: List<TupleStringString>): OkOrString {
  if (configuration.length > 0) return OkOrString.err(`unknown setting ${configuration[0].f0}; there are none`);
  const infos = sensors.listSensors();
  for (let i = 0; i < infos.length; i++) {
    const info = infos[i];
    if (info.kind == SensorKind.Camera) cameras.push(new Camera(info.handle, info.name));
  }
  if (cameras.length == 0) diagnostics.health(diagnostics.HealthState.Degraded, "the drive has no camera");
  return OkOrString.ok();
}

export function step(now: i64): OkOrString {
  if (cameras.length == 0) return OkOrString.ok();
  const handles = newList<u32>(cameras.length);
  for (let i = 0; i < cameras.length; i++) handles[i] = cameras[i].handle;
  const arrived = sensors.arrivedPacked(handles);
  const count = <i32>arrived.count;
  if (count == 0) return OkOrString.ok();
  const wasBad = badCameras();
  for (let i = 0; i < count; i++) {
    if (isNewest(arrived.headers, i, count)) decode(arrived, i);
  }
  if (badCameras() != wasBad) reportHealth();
  diagnostics.metric("frames-decoded", decodedCount);
  diagnostics.metric("frames-bad", badCount);
  return OkOrString.ok();
}

/** Whether no later reading of the same camera follows. */
function isNewest(headers: Bytes, index: i32, count: i32): bool {
  const sensor = headers.u32(index * HEADER_SIZE + 16);
  for (let i = index + 1; i < count; i++) {
    if (headers.u32(i * HEADER_SIZE + 16) == sensor) return false;
  }
  return true;
}

function decode(arrived: sensors.PackedReadings, index: i32): void {
  const header = index * HEADER_SIZE;
  const headers = arrived.headers;
  const camera = findCamera(headers.u32(header + 16));
  if (camera == null) return;
  const start = <i32>headers.u32(header + 20);
  const payload = arrived.payloads.slice(start, start + <i32>headers.u32(header + 24));
  const before = camera.problem;
  const sequence = headers.u64(header + 8);
  if (camera.decode(payload.ptr, payload.length, headers.i64(header), sequence)) decodedCount++;
  else {
    badCount++;
    // A camera that fails in the same way every time says so once.
    if (camera.problem != before) {
      diagnostics.log(
        diagnostics.Level.Warning,
        `picture ${sequence} of ${camera.name} is skipped: ${problemText(camera.problem)}`,
      );
    }
  }
}

/** How many cameras' newest pictures could not be decoded. */
function badCameras(): i32 {
  let count = 0;
  for (let i = 0; i < cameras.length; i++) if (cameras[i].problem != Problem.None) count++;
  return count;
}

function reportHealth(): void {
  const bad = badCameras();
  if (bad == 0) diagnostics.health(diagnostics.HealthState.Ok, "");
  else diagnostics.health(diagnostics.HealthState.Degraded, `${bad} of ${cameras.length} cameras give bad pictures`);
}
