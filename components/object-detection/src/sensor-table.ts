/** The sensors of the recording that detection uses, by their handles. */
import * as sensors from "../../generated/object-detection/sensors";
import * as frames from "../../generated/object-detection/frames";
import { SensorInfo, SensorKind } from "../../generated/object-detection/types";
import { flatJson, List, newList } from "../../generated/object-detection/runtime";
import { Mount } from "../../lib/mount";
import { numberIn } from "../../lib/settings";
import { CameraDetector } from "./camera/camera-detector";
import { RadarDetector } from "./radar/radar-detector";
import { settings } from "./state";

/** Where a sensor sits when the recording does not say: at the front bumper for radar, on the roof for lidar, behind the windscreen for cameras. */
const LIDAR_X: f64 = -1.5;
const LIDAR_Z: f64 = 1.8;
const RADAR_Z: f64 = 0.5;
const CAMERA_X: f64 = -1.7;

/** A sensor that detection uses. */
export class Entry {
  handle: u32 = 0;
  kind: SensorKind = SensorKind.Other;
  name: string = "";
  mount: Mount = new Mount();
  /** For radars and cameras only. */
  radar: RadarDetector | null = null;
  camera: CameraDetector | null = null;
  /** Time of the last picture that was looked at, µs. */
  lastPictureUs: i64 = -1;
}

export class SensorTable {
  entries: Array<Entry> = new Array<Entry>();
  /** Kinds of sensors that usually are there and are not here, for people; empty where none is missing. */
  missing: string = "";
  /** Place in `entries` + 1, by handle. */
  private places: Array<i32> = new Array<i32>();
  /** Handles of the sensors whose readings are fetched. */
  private fetched: Array<u32> = new Array<u32>();

  fill(): void {
    const infos = sensors.listSensors();
    const cameras = frames.cameras();
    let lidars = 0;
    let radars = 0;
    let lenses = 0;
    for (let i = 0; i < infos.length; i++) {
      const info = infos[i];
      const kind = info.kind;
      if (kind == SensorKind.Lidar) lidars++;
      else if (kind == SensorKind.Radar) radars++;
      else if (kind == SensorKind.Camera && contains(cameras, info.handle)) lenses++;
      else if (kind != SensorKind.Ultrasonic && !(kind == SensorKind.Can && settings.speed.wants(info.name))) continue;
      this.add(info);
    }
    this.missing = (lenses == 0 ? " camera" : "") + (lidars == 0 ? " lidar" : "") + (radars == 0 ? " radar" : "");
  }

  /** The entry of a handle, or null. */
  find(handle: u32): Entry | null {
    if (handle >= <u32>this.places.length) return null;
    const place = this.places[handle];
    return place == 0 ? null : this.entries[place - 1];
  }

  /** The handles to fetch readings of, in the arena. */
  handles(): List<u32> {
    const list = newList<u32>(this.fetched.length);
    for (let i = 0; i < this.fetched.length; i++) list[i] = this.fetched[i];
    return list;
  }

  private add(info: SensorInfo): void {
    const entry = new Entry();
    entry.handle = info.handle;
    entry.kind = info.kind;
    entry.name = info.name;
    const metadata = flatJson(info.metadata);
    if (info.kind == SensorKind.Lidar) {
      entry.mount.read(metadata, LIDAR_X, 0, LIDAR_Z);
    } else if (info.kind == SensorKind.Radar) {
      entry.mount.read(metadata, 0, 0, RADAR_Z);
      const radar = new RadarDetector();
      radar.settings = settings.radar;
      entry.radar = radar;
    } else if (info.kind == SensorKind.Camera) {
      entry.mount.read(metadata, CAMERA_X, 0, <f64>settings.camera.height);
      entry.camera = cameraOf(metadata, entry.mount);
    } else {
      entry.mount.read(metadata, 0, 0, 0.5);
    }
    this.entries.push(entry);
    while (this.places.length <= <i32>info.handle) this.places.push(0);
    this.places[info.handle] = this.entries.length;
    if (info.kind != SensorKind.Camera) this.fetched.push(info.handle);
  }
}

function cameraOf(metadata: Map<string, string>, mount: Mount): CameraDetector {
  const camera = new CameraDetector(settings.camera, mount);
  camera.calibrate(
    <f32>numberIn(metadata, "camera.fx", NaN),
    <f32>numberIn(metadata, "camera.fy", NaN),
    <f32>numberIn(metadata, "camera.cx", NaN),
    <f32>numberIn(metadata, "camera.cy", NaN),
    metadata.has("mount.z") && metadata.has("mount.pitch"),
  );
  return camera;
}

function contains(list: List<u32>, value: u32): bool {
  for (let i = 0; i < list.length; i++) {
    if (list[i] == value) return true;
  }
  return false;
}
