/** Object detection: what single sensors see, one batch for each reading. */
import * as bus from "../../generated/object-detection/bus";
import { OkOrString, TupleStringString } from "../../generated/object-detection/component";
import { Source } from "../../generated/object-detection/detections";
import * as diagnostics from "../../generated/object-detection/diagnostics";
import * as frames from "../../generated/object-detection/frames";
import { PixelFormat } from "../../generated/object-detection/frames";
import { List } from "../../generated/object-detection/runtime";
import * as sensors from "../../generated/object-detection/sensors";
import { SensorKind } from "../../generated/object-detection/types";
import { packedLength, packedOffset, packedSensor, packedTime } from "../../lib/payloads";
import { Picture } from "./camera/picture";
import { Windows } from "./camera/windows";
import { LidarDetector } from "./lidar/lidar-detector";
import { countRows, publishRows } from "./publish";
import { Entry, SensorTable } from "./sensor-table";
import { rows, settings } from "./state";
import { detectEcho } from "./ultrasonic";

const table = new SensorTable();
const lidar = new LidarDetector();
const picture = new Picture();
const windows = new Windows();
let topic: u32 = 0;
let publishes: bool = false;
let started: bool = false;

export function init(configuration: List<TupleStringString>): OkOrString {
  for (let i = 0; i < configuration.length; i++) {
    const problem = settings.take(configuration[i].f0, configuration[i].f1);
    if (problem.length > 0) return OkOrString.err(problem);
  }
  lidar.settings = settings.lidar;
  const answer = bus.advertise(settings.topic);
  publishes = answer.isOk;
  if (publishes) topic = answer.value;
  else diagnostics.log(diagnostics.Level.Warning, settings.topic + " is not declared: detections are not published");
  return OkOrString.ok();
}

export function step(now: i64): OkOrString {
  rows.clear();
  if (!started) start();
  takeReadings();
  for (let i = 0; i < table.entries.length; i++) {
    if (table.entries[i].kind == SensorKind.Camera) takePicture(table.entries[i]);
  }
  if (publishes) publishRows(topic, rows, table);
  countRows(rows);
  return OkOrString.ok();
}

function start(): void {
  started = true;
  table.fill();
  if (table.missing.length == 0) {
    diagnostics.health(diagnostics.HealthState.Ok, "");
  } else {
    diagnostics.health(diagnostics.HealthState.Degraded, "the recording has no" + table.missing.replaceAll(" ", ", ").slice(1));
  }
}

/** Looks at everything but pictures that arrived since the last step, in the order of the recording. */
function takeReadings(): void {
  const handles = table.handles();
  // An empty list would mean all sensors.
  if (handles.length == 0) return;
  const packed = sensors.arrivedPacked(handles);
  const headers = packed.headers.ptr;
  const payloads = packed.payloads.ptr;
  for (let i = 0; i < <i32>packed.count; i++) {
    const entry = table.find(packedSensor(headers, i));
    if (entry === null) continue;
    takeReading(entry, packedTime(headers, i), payloads + packedOffset(headers, i), packedLength(headers, i));
  }
}

function takeReading(entry: Entry, timeUs: i64, payload: usize, length: i32): void {
  if (entry.kind == SensorKind.Can) {
    settings.speed.accept(entry.handle, timeUs, payload, length);
  } else if (entry.kind == SensorKind.Lidar) {
    if (!rows.begin(<u8>Source.Lidar, entry.handle, timeUs)) return;
    lidar.detect(payload, length, entry.mount, rows);
  } else if (entry.kind == SensorKind.Radar) {
    if (!rows.begin(<u8>Source.Radar, entry.handle, timeUs)) return;
    entry.radar!.detect(payload, length, timeUs, entry.mount, settings.speed.speedAt(timeUs), rows);
  } else if (entry.kind == SensorKind.Ultrasonic) {
    if (!rows.begin(<u8>Source.Ultrasonic, entry.handle, timeUs)) return;
    detectEcho(payload, length, entry.mount, rows);
  }
}

/** Looks at the newest picture of a camera, if it is a new one. */
function takePicture(entry: Entry): void {
  const frame = frames.latest(entry.handle, entry.lastPictureUs);
  if (frame === null) return;
  const timeUs = frame.timestamp;
  const width = <i32>frame.width;
  const height = <i32>frame.height;
  const size = width * height;
  const planes = frame.format == PixelFormat.Yuv420 ? 2 * ((width + 1) >> 1) * ((height + 1) >> 1) : 0;
  entry.lastPictureUs = timeUs;
  if (width > 16384 || height > 16384 || frame.pixels.length < size + planes) return;
  if (!rows.begin(<u8>Source.Camera, entry.handle, timeUs)) return;
  const pixels = frame.pixels.ptr;
  const colours = planes > 0 ? pixels + <usize>size : 0;
  entry.camera!.detect(pixels, width, height, colours, timeUs, picture, windows, rows);
}
