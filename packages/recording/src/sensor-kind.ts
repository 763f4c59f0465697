import type { Wire } from "./messages/message-cursor.ts";
import type { SensorKind, SensorRole } from "./sensor.ts";

const KINDS_BY_ROS_TYPE: ReadonlyMap<string, SensorKind> = new Map(
  Object.entries({
    "sensor_msgs/CompressedImage": "camera",
    "sensor_msgs/Image": "camera",
    "sensor_msgs/LaserScan": "lidar",
    "sensor_msgs/Imu": "imu",
    "sensor_msgs/NavSatFix": "gps",
    "sensor_msgs/Range": "ultrasonic",
    "can_msgs/Frame": "can",
    "can_msgs/FdFrame": "can",
    "can_msgs/FrameFd": "can",
    "ros2_socketcan_msgs/FdFrame": "can",
  }),
);

const KINDS_BY_FOXGLOVE_SCHEMA: ReadonlyMap<string, SensorKind> = new Map(
  Object.entries({
    "foxglove.CompressedImage": "camera",
    "foxglove.RawImage": "camera",
    "foxglove.LaserScan": "lidar",
    "foxglove.LocationFix": "gps",
  }),
);

/** Whether messages are ROS's: ROS 2's in `cdr` or ROS 1's in `ros1`. */
export function isRosEncoding(messageEncoding: string): messageEncoding is Wire {
  return messageEncoding === "cdr" || messageEncoding === "ros1";
}

/** Encodings in which messages of Foxglove's schemas come. */
function isFoxgloveEncoding(messageEncoding: string): boolean {
  return messageEncoding === "protobuf" || messageEncoding === "json";
}

/** `sensor_msgs/msg/Imu` and `sensor_msgs/Imu` are the same type; this gives the short form. */
export function shortTypeName(schemaName: string): string {
  return schemaName.replace("/msg/", "/");
}

/** Whether the kind can be told only when the names of the points' fields are known, which stand in each message. */
export function isPointCloud(schemaName: string, messageEncoding: string): boolean {
  if (isRosEncoding(messageEncoding)) return shortTypeName(schemaName) === "sensor_msgs/PointCloud2";
  return isFoxgloveEncoding(messageEncoding) && schemaName === "foxglove.PointCloud";
}

/**
 * Whether the first message decides what a channel is: a lidar's and a radar's clouds differ by the fields of their points, and an image in an encoding
 * that no canonical payload has is passed on as it is.
 */
export function kindNeedsMessage(schemaName: string, messageEncoding: string): boolean {
  return (
    isPointCloud(schemaName, messageEncoding) || sensorKindOf(schemaName, messageEncoding, "") === "camera"
  );
}

/**
 * What a channel of messages of ROS (encodings `cdr` and `ros1`) or of Foxglove's schemas (`protobuf` and `json`) measures. A point cloud is from a
 * radar when its topic says so or its points have a range rate, or range and azimuth; else from a lidar. Every other encoding or type is `other`.
 */
export function sensorKindOf(
  schemaName: string,
  messageEncoding: string,
  topic: string,
  pointFields: readonly string[] = [],
): SensorKind {
  if (!isPointCloud(schemaName, messageEncoding)) {
    if (isRosEncoding(messageEncoding)) return KINDS_BY_ROS_TYPE.get(shortTypeName(schemaName)) ?? "other";
    return (isFoxgloveEncoding(messageEncoding) && KINDS_BY_FOXGLOVE_SCHEMA.get(schemaName)) || "other";
  }
  if (/radar/i.test(topic)) return "radar";
  const has = (names: readonly string[]) =>
    pointFields.some((field) => names.includes(plainFieldName(field)));
  const isRadar = has(RANGE_RATE_FIELDS) || (has(RANGE_FIELDS) && has(AZIMUTH_FIELDS));
  return isRadar ? "radar" : "lidar";
}

// Names of point fields in use, without case and underscores.
export const RANGE_FIELDS: readonly string[] = ["range", "distance"];
export const AZIMUTH_FIELDS: readonly string[] = ["azimuth", "azimuthangle"];
export const ELEVATION_FIELDS: readonly string[] = ["elevation", "elevationangle"];
export const RANGE_RATE_FIELDS: readonly string[] = [
  "rangerate",
  "doppler",
  "dopplervelocity",
  "radialvelocity",
  "radialspeed",
  "velocity",
  "vr",
];
export const CROSS_SECTION_FIELDS: readonly string[] = ["rcs", "radarcrosssection", "crosssection"];
export const INTENSITY_FIELDS: readonly string[] = ["intensity", "reflectivity", "reflectance"];

export function plainFieldName(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}

/**
 * Ground truth is what the channel's metadata say (`playhead.role: reference`), or what lies under `/reference/` or
 * `/ground_truth/`.
 */
export function sensorRoleOf(topic: string, metadata: Readonly<Record<string, string>>): SensorRole {
  const said = metadata["playhead.role"];
  if (said === "reference" || said === "input") return said;
  return /^\/?(reference|ground_truth)\//.test(topic) ? "reference" : "input";
}
