/** Fills the scene: sensors' clouds and targets, and what the other components provide. */
import { LIDAR_POINT_BYTES, lidarCount, radarAzimuth, radarCount, radarElevation, radarRange, radarRangeRate } from "../../lib/payloads";
import { Mount } from "../../lib/mount";
import { flatJson } from "../../generated/visualizer/runtime";
import * as alerts from "../../generated/visualizer/alerts";
import * as detections from "../../generated/visualizer/detections";
import * as sensors from "../../generated/visualizer/sensors";
import * as tracks from "../../generated/visualizer/tracks";
import { SensorKind } from "../../generated/visualizer/types";
import { Camera } from "./camera";
import { MAX_POINTS, Scene } from "./scene";

/** Older readings are not shown any more, µs. */
const MAX_AGE_US: i64 = 250_000;

/** A lidar or radar. */
class Ranger {
  constructor(
    public handle: u32,
    public isLidar: bool,
    public mount: Mount,
  ) {}
}

export class Capture {
  private rangers: Array<Ranger> = new Array<Ranger>();
  private lidars: i32 = 0;
  private camera: i64 = -1;

  /** Chooses among the recording's sensors; `cameraName` is the camera that is wanted, the first one where it is empty. */
  connect(camera: Camera, cameraName: string): void {
    const list = sensors.listSensors();
    for (let i = 0; i < list.length; i++) {
      const info = list[i];
      const isLidar = info.kind == SensorKind.Lidar;
      if (info.kind == SensorKind.Camera && this.camera < 0 && (cameraName.length == 0 || info.name == cameraName)) {
        this.camera = <i64>info.handle;
        camera.choose(info.name, info.handle, flatJson(info.metadata));
      } else if (isLidar || info.kind == SensorKind.Radar) {
        const mount = new Mount();
        mount.read(flatJson(info.metadata), 0, 0, 0);
        this.rangers.push(new Ranger(info.handle, isLidar, mount));
        if (isLidar) this.lidars++;
      }
    }
  }

  step(nowUs: i64, scene: Scene, camera: Camera): void {
    scene.timeUs = nowUs;
    this.takeReadings(nowUs, scene);
    takeDetections(nowUs, scene);
    takeTracks(scene);
    takeAlerts(scene);
    if (this.camera < 0 || camera.ready) return;
    const picture = sensors.latest(<u32>this.camera);
    if (picture !== null) camera.measure(picture.payload.ptr, picture.payload.length);
  }

  private takeReadings(nowUs: i64, scene: Scene): void {
    scene.pointCount = 0;
    scene.targetCount = 0;
    for (let i = 0; i < this.rangers.length; i++) {
      const ranger = this.rangers[i];
      const reading = sensors.latest(ranger.handle);
      if (reading === null || nowUs - reading.timestamp > MAX_AGE_US) continue;
      const payload = reading.payload;
      if (ranger.isLidar) takePoints(scene, payload.ptr, payload.length, ranger.mount, MAX_POINTS / this.lidars);
      else takeTargets(scene, payload.ptr, payload.length, ranger.mount);
    }
  }
}

/** Every n-th point, so that no more than `most` remain. */
function takePoints(scene: Scene, payload: usize, length: i32, mount: Mount, most: i32): void {
  const count = lidarCount(length);
  const stride = max<i32>((count + most - 1) / most, 1);
  for (let i = 0; i < count; i += stride) {
    const at = payload + <usize>(i * LIDAR_POINT_BYTES);
    const x = load<f32>(at);
    const y = load<f32>(at, 4);
    const z = load<f32>(at, 8);
    const right = mount.xx * x + mount.xy * y + mount.xz * z + mount.x;
    if (!isFinite(right)) continue;
    scene.addPoint(right, mount.yx * x + mount.yy * y + mount.yz * z + mount.y, mount.zx * x + mount.zy * y + mount.zz * z + mount.z);
  }
}

function takeTargets(scene: Scene, payload: usize, length: i32, mount: Mount): void {
  const count = radarCount(length);
  for (let i = 0; i < count; i++) {
    const range = radarRange(payload, i);
    const azimuth = radarAzimuth(payload, i);
    if (!isFinite(range) || !isFinite(azimuth)) continue;
    const elevation = radarElevation(payload, i);
    const level = isFinite(elevation) ? range * Mathf.cos(elevation) : range;
    const x = level * Mathf.cos(azimuth);
    const y = level * Mathf.sin(azimuth);
    scene.addTarget(mount.xx * x + mount.xy * y + mount.x, mount.yx * x + mount.yy * y + mount.y, radarRangeRate(payload, i));
  }
}

function takeDetections(nowUs: i64, scene: Scene): void {
  scene.ageDetections(nowUs);
  const batches = detections.latest();
  for (let i = 0; i < batches.length; i++) {
    const batch = batches[i];
    const rows = min<i32>(<i32>batch.count, batch.values.length / 16);
    scene.takeDetections(<i32>batch.source, batch.sensor, batch.timestamp, batch.values.ptr, rows);
  }
}

function takeTracks(scene: Scene): void {
  const list = tracks.latest();
  scene.speed = <f64>list.ego.speed;
  scene.yawRate = <f64>list.ego.yawRate;
  scene.acceleration = <f64>list.ego.acceleration;
  scene.takeTracks(list.values.ptr, min<i32>(<i32>list.count, list.values.length / 16));
}

function takeAlerts(scene: Scene): void {
  scene.alertCount = 0;
  const list = alerts.active();
  for (let i = 0; i < list.length; i++) {
    const alert = scene.addAlert();
    if (alert === null) return;
    alert.kind = <i32>list[i].kind;
    alert.severity = <i32>list[i].severity;
    alert.track = list[i].track;
    alert.time = <f64>list[i].timeToCollision;
    alert.distance = <f64>list[i].distance;
  }
}
