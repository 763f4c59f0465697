/**
 * The settings of object detection, `units.object-detection.settings` in the simulation's configuration:
 *
 * | key | default | meaning |
 * | --- | --- | --- |
 * | `topic` | `/detections` | where the detections are published |
 * | `lidar.ahead`, `lidar.behind`, `lidar.aside` | 100, 5, 12 | the region that is looked at, m from the front bumper |
 * | `lidar.ground-margin` | 0.22 | points up to this height are ground, m |
 * | `lidar.least-score` | 0.25 | lidar objects with a lower score are left out |
 * | `radar.range`, `radar.aside` | 160, 20 | radar targets further away are left out, m |
 * | `radar.corridor` | 3 | what stands still is kept up to this lateral distance, m |
 * | `radar.roadside` | 10 | what stands still and reflects like a vehicle is kept up to this lateral distance, m |
 * | `radar.sigma-azimuth` | 0.01 | standard deviation of a target's azimuth, rad |
 * | `radar.least-score` | 0.3 | radar objects with a lower score are left out |
 * | `camera.field-of-view` | 60 | horizontal, degrees, where the recording has no intrinsics |
 * | `camera.height` | 1.3 | above the ground, m, where the recording has no mounting |
 * | `camera.least-score` | 0.5 | camera objects with a lower score are left out |
 * | `camera.least-hits` | 3 | a vehicle is reported when it was seen in so many pictures |
 * | `ego-speed.can` | Toyota's wheel speeds | where the speed travels on CAN: see components/lib/can-signal.ts; several are separated by `\|` |
 */
import { CanSpeed, DEFAULT_SPEED_SIGNALS } from "../../lib/can-speed";
import { numberOf } from "../../lib/settings";
import { CameraSettings } from "./camera/camera-detector";
import { LidarSettings } from "./lidar/lidar-detector";
import { RadarSettings } from "./radar/radar-detector";

export class Settings {
  topic: string = "/detections";
  lidar: LidarSettings = new LidarSettings();
  radar: RadarSettings = new RadarSettings();
  camera: CameraSettings = new CameraSettings();
  speed: CanSpeed = new CanSpeed();

  constructor() {
    this.speed.configure(DEFAULT_SPEED_SIGNALS);
  }

  /** Takes one setting. Returns what is wrong with it, or an empty text. */
  take(key: string, value: string): string {
    if (key == "topic") {
      this.topic = value;
      return "";
    }
    if (key == "ego-speed.can") return this.speed.configure(value);
    const number = <f32>numberOf(value, NaN);
    if (!(number >= 0)) return "setting " + key + ": expected a number that is not negative, found \"" + value + "\"";
    if (this.takeLidar(key, number) || this.takeRadar(key, number) || this.takeCamera(key, number)) return "";
    return "unknown setting " + key;
  }

  private takeLidar(key: string, value: f32): bool {
    if (key == "lidar.ahead") this.lidar.ahead = min<f32>(value, 105);
    else if (key == "lidar.behind") this.lidar.behind = min<f32>(value, 5.9);
    else if (key == "lidar.aside") this.lidar.aside = min<f32>(value, 21);
    else if (key == "lidar.ground-margin") this.lidar.groundMargin = value;
    else if (key == "lidar.least-score") this.lidar.leastScore = value;
    else return false;
    return true;
  }

  private takeRadar(key: string, value: f32): bool {
    if (key == "radar.range") this.radar.range = value;
    else if (key == "radar.aside") this.radar.aside = value;
    else if (key == "radar.corridor") this.radar.corridor = value;
    else if (key == "radar.roadside") this.radar.roadside = value;
    else if (key == "radar.sigma-azimuth") this.radar.sigmaAzimuth = value;
    else if (key == "radar.least-score") this.radar.leastScore = value;
    else return false;
    return true;
  }

  private takeCamera(key: string, value: f32): bool {
    if (key == "camera.field-of-view") this.camera.fieldOfView = (max<f32>(10, min<f32>(value, 150)) * Mathf.PI) / 180;
    else if (key == "camera.height") this.camera.height = max<f32>(value, 0.3);
    else if (key == "camera.least-score") this.camera.leastScore = value;
    else if (key == "camera.least-hits") this.camera.leastHits = value;
    else return false;
    return true;
  }
}
