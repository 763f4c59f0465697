/** The nearest thing before the front bumper, by the ultrasonic sensors that look forward. */
import * as sensors from "../../generated/safety-monitor/sensors";
import { SensorKind } from "../../generated/safety-monitor/types";
import { flatJson } from "../../generated/safety-monitor/runtime";
import { ULTRASONIC_BYTES, ultrasonicGreatest, ultrasonicLeast, ultrasonicRange } from "../../lib/payloads";
import { numberIn } from "../../lib/settings";

/** Sensors that look further to the side than this do not look forward, rad. */
const FORWARD: f64 = 1.0;
/** m behind the front bumper. */
const AT_THE_FRONT: f64 = -1.0;
/** An older reading says nothing about now, µs. */
const MAX_AGE_US: i64 = 200_000;

export class BumperSensors {
  private handles: Array<u32> = new Array<u32>();

  connect(): void {
    const list = sensors.listSensors();
    for (let i = 0; i < list.length; i++) {
      const info = list[i];
      if (info.kind != SensorKind.Ultrasonic) continue;
      const metadata = flatJson(info.metadata);
      const looksForward = Math.abs(numberIn(metadata, "mount.yaw", 0)) < FORWARD;
      if (looksForward && numberIn(metadata, "mount.x", 0) > AT_THE_FRONT) this.handles.push(info.handle);
    }
  }

  /** m; NaN where nothing is near. */
  nearest(nowUs: i64): f64 {
    let nearest: f64 = NaN;
    for (let i = 0; i < this.handles.length; i++) {
      const reading = sensors.latest(this.handles[i]);
      if (reading === null || nowUs - reading.timestamp > MAX_AGE_US || reading.payload.length < ULTRASONIC_BYTES) continue;
      const payload = reading.payload.ptr;
      const range = <f64>ultrasonicRange(payload);
      if (!(range >= <f64>ultrasonicLeast(payload) && range <= <f64>ultrasonicGreatest(payload))) continue;
      if (!(nearest <= range)) nearest = range;
    }
    return nearest;
  }
}
