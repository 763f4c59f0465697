import type { ChannelDeclaration } from "@playhead/recording";
import { jsonBytes, jsonChannel } from "../ros2/json-channel.ts";
import { POINT_CLOUD, pointCloudMessage } from "../ros2/point-cloud.ts";
import { headerOf, Ros2Type } from "../ros2/ros2-type.ts";

/** What rows can become. */
export type Kind = "json" | "imu" | "gps" | "range" | "radar";

interface KindField {
  readonly name: string;
  readonly isNeeded: boolean;
}

function fields(needed: readonly string[], others: readonly string[] = []): readonly KindField[] {
  return [
    ...needed.map((name) => ({ name, isNeeded: true })),
    ...others.map((name) => ({ name, isNeeded: false })),
  ];
}

const AXES = ["x", "y", "z"] as const;
const ACCELERATION = AXES.map((axis) => `acceleration.${axis}`);
const RATE = AXES.map((axis) => `rate.${axis}`);
const ORIENTATION = [...AXES, "w"].map((axis) => `orientation.${axis}`);

/** The fields of each kind, in the units of canonical payloads (wit/PAYLOADS.md); JSON has any. */
export const KIND_FIELDS: Readonly<Record<Kind, readonly KindField[] | undefined>> = {
  json: undefined,
  imu: fields(ACCELERATION, [...RATE, ...ORIENTATION]),
  gps: fields(
    ["latitude", "longitude"],
    ["altitude", "horizontal_deviation", "vertical_deviation", "status"],
  ),
  range: fields(["range"], ["min_range", "max_range", "field_of_view"]),
  radar: fields(["range", "azimuth"], ["elevation", "range_rate", "rcs"]),
};

export function isKind(value: unknown): value is Kind {
  return typeof value === "string" && Object.hasOwn(KIND_FIELDS, value);
}

const IMU = Ros2Type.standard("sensor_msgs/msg/Imu");
const FIX = Ros2Type.standard("sensor_msgs/msg/NavSatFix");
const RANGE = Ros2Type.standard("sensor_msgs/msg/Range");

const TYPES = { imu: IMU, gps: FIX, range: RANGE, radar: POINT_CLOUD } as const;

export function kindChannel(
  kind: Kind,
  topic: string,
  names: readonly string[],
  metadata: Readonly<Record<string, string>>,
): ChannelDeclaration {
  if (kind !== "json") return TYPES[kind].channel(topic, metadata);
  const properties = Object.fromEntries(names.map((name) => [name, {}]));
  return jsonChannel(topic, topic.replace(/^\//, "").replaceAll("/", "."), properties, metadata);
}

export type RowValues = Readonly<Record<string, number | string>>;

/** A row as a message of its kind; of kinds other than JSON all values are numbers. */
export function kindMessage(kind: Kind, values: RowValues, timeNs: bigint, frame: string): Uint8Array {
  if (kind === "json") return jsonBytes(values);
  const number = (name: string, otherwise = Number.NaN): number => Number(values[name] ?? otherwise);
  return WRITERS[kind](number, timeNs, frame);
}

type Read = (name: string, otherwise?: number) => number;

const WRITERS: Readonly<
  Record<Exclude<Kind, "json">, (read: Read, timeNs: bigint, frame: string) => Uint8Array>
> = {
  imu: (read, timeNs, frame) =>
    IMU.write({
      header: headerOf(timeNs, frame),
      linear_acceleration: vector(read, "acceleration"),
      linear_acceleration_covariance: covarianceFor(read, ACCELERATION),
      angular_velocity: vector(read, "rate"),
      angular_velocity_covariance: covarianceFor(read, RATE),
      orientation: { ...vector(read, "orientation"), w: zeroFor(read("orientation.w")) },
      orientation_covariance: covarianceFor(read, ORIENTATION),
    }),
  gps: writeFix,
  range: (read, timeNs, frame) =>
    RANGE.write({
      header: headerOf(timeNs, frame),
      radiation_type: 0,
      field_of_view: read("field_of_view"),
      min_range: read("min_range", 0),
      max_range: read("max_range", Number.POSITIVE_INFINITY),
      range: read("range"),
    }),
  radar: writeTarget,
};

function vector(read: Read, name: string): Record<string, number> {
  return Object.fromEntries(AXES.map((axis) => [axis, zeroFor(read(`${name}.${axis}`))]));
}

function zeroFor(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

/** A covariance that begins with −1 says that there is no such measurement (REP 145); zeros say that it is not known. */
function covarianceFor(read: Read, names: readonly string[]): Float64Array {
  const covariance = new Float64Array(9);
  if (names.some((name) => Number.isNaN(read(name)))) covariance[0] = -1;
  return covariance;
}

function writeFix(read: Read, timeNs: bigint, frame: string): Uint8Array {
  const horizontal = read("horizontal_deviation") ** 2;
  const vertical = read("vertical_deviation") ** 2;
  const isKnown = !Number.isNaN(horizontal);
  return FIX.write({
    header: headerOf(timeNs, frame),
    status: { status: Math.trunc(read("status", 0)), service: 1 },
    ...{ latitude: read("latitude"), longitude: read("longitude"), altitude: read("altitude") },
    position_covariance: Float64Array.of(
      ...(isKnown ? [horizontal, 0, 0, 0, horizontal, 0, 0, 0, vertical] : new Array(9).fill(0)),
    ),
    position_covariance_type: isKnown ? 2 : 0,
  });
}

const TARGET = ["range", "azimuth", "elevation", "range_rate", "rcs"];
const FLOAT32 = 7;

/** A cloud of one target. */
function writeTarget(read: Read, timeNs: bigint, frame: string): Uint8Array {
  const data = new DataView(new ArrayBuffer(4 * TARGET.length));
  for (const [index, name] of TARGET.entries())
    data.setFloat32(4 * index, read(name, name === "elevation" ? 0 : Number.NaN), true);
  const pointFields = TARGET.map((name, index) => ({ name, offset: 4 * index, datatype: FLOAT32, count: 1 }));
  const pointBytes = data.byteLength;
  return pointCloudMessage(timeNs, frame, {
    width: 1,
    height: 1,
    fields: pointFields,
    pointBytes,
    data: new Uint8Array(data.buffer),
  });
}
