import type { SensorKind } from "../sensor.ts";
import { hexOf } from "./hex.ts";

/** Fields of a message by their names. */
export type MessageFields = Readonly<Record<string, unknown>>;

type Read = (payload: DataView) => MessageFields;

/** What the canonical payload of each kind says (wit/PAYLOADS.md): NaN stays where a value is not known. */
export const CANONICAL_FIELDS: Readonly<Record<Exclude<SensorKind, "other">, Read>> = {
  imu: (payload) => ({
    acceleration: vectorAt(payload, 0),
    rate: vectorAt(payload, 24),
    orientation: { ...vectorAt(payload, 48), w: payload.getFloat64(72, true) },
  }),
  gps: (payload) => ({
    latitude: payload.getFloat64(0, true),
    longitude: payload.getFloat64(8, true),
    altitude: payload.getFloat64(16, true),
    horizontal_deviation: payload.getFloat64(24, true),
    vertical_deviation: payload.getFloat64(32, true),
    status: payload.getInt32(40, true),
  }),
  can: canFields,
  ultrasonic: (payload) => ({
    range: payload.getFloat32(0, true),
    min_range: payload.getFloat32(4, true),
    max_range: payload.getFloat32(8, true),
    field_of_view: payload.getFloat32(12, true),
  }),
  camera: (payload) => ({
    format: CAMERA_FORMATS[payload.getUint32(0, true)] ?? "unknown",
    width: payload.getUint32(4, true),
    height: payload.getUint32(8, true),
    bytes: payload.byteLength - CAMERA_HEADER_BYTES,
  }),
  lidar: (payload) => ({ points: payload.byteLength / LIDAR_POINT_BYTES }),
  radar: (payload) => ({ points: payload.byteLength / RADAR_TARGET_BYTES }),
};

const CAMERA_HEADER_BYTES = 16;
const CAMERA_FORMATS = ["jpeg", "png", "gray8", "rgb8", "bgr8", "rgba8", "bgra8", "yuv420"];
const LIDAR_POINT_BYTES = 16;
const RADAR_TARGET_BYTES = 20;

function vectorAt(payload: DataView, place: number): MessageFields {
  return {
    x: payload.getFloat64(place, true),
    y: payload.getFloat64(place + 8, true),
    z: payload.getFloat64(place + 16, true),
  };
}

function canFields(payload: DataView): MessageFields {
  const flags = payload.getUint8(4);
  const data = new Uint8Array(payload.buffer, payload.byteOffset + 8, payload.byteLength - 8);
  return {
    id: payload.getUint32(0, true),
    extended: (flags & 1) !== 0,
    remote: (flags & 2) !== 0,
    error: (flags & 4) !== 0,
    fd: (flags & 8) !== 0,
    length: payload.getUint8(5),
    data: hexOf(data),
  };
}

const POINT_FIELDS: Readonly<Partial<Record<SensorKind, readonly string[]>>> = {
  lidar: ["x", "y", "z", "intensity"],
  radar: ["range", "azimuth", "elevation", "range_rate", "rcs"],
};

/** The points of a cloud, one row each; undefined for other kinds. */
export function pointRows(kind: SensorKind, payload: DataView): MessageFields[] | undefined {
  const names = POINT_FIELDS[kind];
  if (names === undefined) return undefined;
  const rows: MessageFields[] = [];
  for (let start = 0; start + 4 * names.length <= payload.byteLength; start += 4 * names.length)
    rows.push(
      Object.fromEntries(names.map((name, index) => [name, payload.getFloat32(start + 4 * index, true)])),
    );
  return rows;
}
