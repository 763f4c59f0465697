/** Reads what tells the vehicle's own motion: CAN, GPS and IMU, each where the recording has it. */
import { CanSpeed } from "../../lib/can-speed";
import { Mount } from "../../lib/mount";
import {
  GPS_BYTES, IMU_BYTES, gpsLatitude, gpsLongitude, gpsStatus, imuAcceleration, imuRate, packedLength, packedOffset, packedSensor,
  packedTime,
} from "../../lib/payloads";
import { flatJson, newList } from "../../generated/sensor-fusion/runtime";
import * as sensors from "../../generated/sensor-fusion/sensors";
import { SensorKind } from "../../generated/sensor-fusion/types";
import { EgoMotion } from "./ego-motion";
import { GpsSpeed } from "./gps-speed";
import { SpeedFilter } from "./speed-filter";
import { AXES_FLU, AXES_FRD, AXES_UNKNOWN, YawRate } from "./yaw-rate";

/** Standard deviation of the speed that wheels tell, m/s. */
const WHEEL_DEVIATION: f64 = 0.1;

export class EgoSensors {
  readonly canSpeed: CanSpeed = new CanSpeed();
  private speed: SpeedFilter = new SpeedFilter();
  private gpsSpeed: GpsSpeed = new GpsSpeed();
  private yawRate: YawRate = new YawRate();
  private handles: Array<u32> = new Array<u32>();
  private gps: i64 = -1;
  private imu: i64 = -1;
  private imuMount: Mount = new Mount();
  private imuAxes: i32 = AXES_UNKNOWN;
  private gpsUs: i64 = -1;

  /** Chooses among the recording's sensors: the first GPS and the first IMU, and each CAN bus that may tell the speed. */
  connect(): void {
    const list = sensors.listSensors();
    for (let i = 0; i < list.length; i++) {
      const info = list[i];
      if (info.kind == SensorKind.Can && this.canSpeed.wants(info.name)) {
        this.handles.push(info.handle);
      } else if (info.kind == SensorKind.Gps && this.gps < 0) {
        this.gps = <i64>info.handle;
        this.handles.push(info.handle);
      } else if (info.kind == SensorKind.Imu && this.imu < 0) {
        this.imu = <i64>info.handle;
        this.handles.push(info.handle);
        const metadata = flatJson(info.metadata);
        this.imuMount.read(metadata, 0, 0, 0);
        if (metadata.has("imu.axes")) this.imuAxes = metadata.get("imu.axes") == "frd" ? AXES_FRD : AXES_FLU;
      }
    }
  }

  /** Takes what arrived, and writes what is known now. */
  step(nowUs: i64, ego: EgoMotion): void {
    if (this.handles.length > 0) this.read(nowUs);
    const wheels = this.canSpeed.speedAt(nowUs);
    if (!isNaN(wheels)) this.speed.measure(nowUs, wheels, WHEEL_DEVIATION, 0);
    ego.speed = this.speed.speedAt(nowUs);
    ego.acceleration = this.speed.accelerationAt(nowUs);
    this.yawRate.step(ego.speed);
    ego.yawRate = this.yawRate.at(nowUs);
  }

  private read(nowUs: i64): void {
    const wanted = newList<u32>(this.handles.length);
    for (let i = 0; i < this.handles.length; i++) wanted[i] = this.handles[i];
    const packed = sensors.arrivedPacked(wanted);
    const headers = packed.headers.ptr;
    const payloads = packed.payloads.ptr;
    for (let i = 0; i < <i32>packed.count; i++) {
      const sensor = packedSensor(headers, i);
      const timeUs = packedTime(headers, i);
      const payload = payloads + <usize>packedOffset(headers, i);
      const length = packedLength(headers, i);
      if (<i64>sensor == this.imu) {
        if (length >= IMU_BYTES) this.readImu(timeUs, payload);
      } else if (<i64>sensor == this.gps) {
        if (length >= GPS_BYTES && gpsStatus(payload) >= 0) this.readGps(nowUs, timeUs, payload);
      } else {
        this.canSpeed.accept(sensor, timeUs, payload, length);
      }
    }
  }

  private readImu(timeUs: i64, payload: usize): void {
    this.yawRate.feel(imuAcceleration(payload, 0), imuAcceleration(payload, 1), imuAcceleration(payload, 2));
    this.yawRate.accept(timeUs, imuRate(payload, 0), imuRate(payload, 1), imuRate(payload, 2), this.imuAxes, this.imuMount);
  }

  /** Where wheels tell the speed, positions are not needed. */
  private readGps(nowUs: i64, timeUs: i64, payload: usize): void {
    this.gpsSpeed.accept(timeUs, gpsLatitude(payload), gpsLongitude(payload));
    const gps = this.gpsSpeed;
    if (isNaN(gps.speed) || !isNaN(this.canSpeed.speedAt(nowUs))) return;
    this.speed.measure(timeUs, gps.speed, gps.deviation, gps.age);
  }
}
