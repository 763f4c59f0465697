import * as exact from "@playhead/exact-math";
import { jsonBytes, jsonChannel, numberProperty } from "../ros2/json-channel.ts";
import { headerOf, Ros2Type } from "../ros2/ros2-type.ts";

export const IMU = Ros2Type.standard("sensor_msgs/msg/Imu");
export const FIX = Ros2Type.standard("sensor_msgs/msg/NavSatFix");

/** Names and units of the figures in a line, in order (KITTI's dataformat.txt). */
const FIELDS: readonly (readonly [name: string, description: string])[] = [
  ["lat", "degrees"],
  ["lon", "degrees"],
  ["alt", "m"],
  ["roll", "rad, positive with the left side up"],
  ["pitch", "rad, positive with the front down"],
  ["yaw", "rad, 0 to the east, positive to the left"],
  ["vn", "m/s to the north"],
  ["ve", "m/s to the east"],
  ["vf", "m/s forward, parallel to the ground"],
  ["vl", "m/s to the left, parallel to the ground"],
  ["vu", "m/s upwards"],
  ["ax", "m/s² forward"],
  ["ay", "m/s² to the left"],
  ["az", "m/s² upwards, with gravity"],
  ["af", "m/s² forward, parallel to the ground"],
  ["al", "m/s² to the left, parallel to the ground"],
  ["au", "m/s² upwards"],
  ["wx", "rad/s about the front"],
  ["wy", "rad/s about the left"],
  ["wz", "rad/s about the vertical"],
  ["wf", "rad/s about forward, parallel to the ground"],
  ["wl", "rad/s about the left, parallel to the ground"],
  ["wu", "rad/s about up"],
  ["pos_accuracy", "m"],
  ["vel_accuracy", "m/s"],
  ["navstat", "state of the navigation"],
  ["numsats", "satellites"],
  ["posmode", "mode of the position"],
  ["velmode", "mode of the velocity"],
  ["orimode", "mode of the orientation"],
];

/** One line of figures by their names. */
export type Oxts = Readonly<Record<string, number>>;

/** Throws an Error for anything but a line of as many numbers. */
export function readOxts(text: string): Oxts {
  const words = text.trim().split(/\s+/);
  if (words.length !== FIELDS.length)
    throw new Error(`expected ${FIELDS.length} figures, found ${words.length}`);
  const entries = FIELDS.map(([name], index): readonly [string, number] => {
    const value = Number(words[index]);
    if (!Number.isFinite(value))
      throw new Error(`expected a number for ${name}, found ${JSON.stringify(words[index]?.slice(0, 40))}`);
    return [name, value];
  });
  return Object.fromEntries(entries);
}

export function oxtsChannel(topic: string): ReturnType<typeof jsonChannel> {
  const properties = FIELDS.map(([name, description]) => [name, numberProperty(description)] as const);
  return jsonChannel(topic, "kitti.Oxts", Object.fromEntries(properties));
}

export function oxtsMessage(oxts: Oxts): Uint8Array {
  return jsonBytes(oxts);
}

const UNKNOWN = new Float64Array(9);

export function imuMessage(oxts: Oxts, timeNs: bigint): Uint8Array {
  const { ax, ay, az, wx, wy, wz } = oxts;
  return IMU.write({
    header: headerOf(timeNs, "oxts"),
    orientation: orientationOf(oxts),
    orientation_covariance: UNKNOWN,
    angular_velocity: { x: wx, y: wy, z: wz },
    angular_velocity_covariance: UNKNOWN,
    linear_acceleration: { x: ax, y: ay, z: az },
    linear_acceleration_covariance: UNKNOWN,
  });
}

/** Roll about x, then pitch about y, then yaw about z, as a quaternion. */
function orientationOf({ roll = 0, pitch = 0, yaw = 0 }: Oxts): object {
  const [cr, cp, cy] = [exact.cos(roll / 2), exact.cos(pitch / 2), exact.cos(yaw / 2)];
  const [sr, sp, sy] = [exact.sin(roll / 2), exact.sin(pitch / 2), exact.sin(yaw / 2)];
  return {
    x: sr * cp * cy - cr * sp * sy,
    y: cr * sp * cy + sr * cp * sy,
    z: cr * cp * sy - sr * sp * cy,
    w: cr * cp * cy + sr * sp * sy,
  };
}

const DIAGONAL = 2;

export function fixMessage(
  { lat, lon, alt, pos_accuracy: accuracy = 0, posmode = 0 }: Oxts,
  timeNs: bigint,
): Uint8Array {
  const variance = accuracy * accuracy;
  const covariance = Float64Array.of(variance, 0, 0, 0, variance, 0, 0, 0, variance);
  return FIX.write({
    header: headerOf(timeNs, "oxts"),
    status: { status: statusOf(posmode), service: 1 },
    latitude: lat,
    longitude: lon,
    altitude: alt,
    position_covariance: covariance,
    position_covariance_type: accuracy > 0 ? DIAGONAL : 0,
  });
}

/** Modes of OXTS: 3 alone, 4 differential, 5 and 6 RTK, 7 and 8 with corrections of satellites; 0 … 2 none yet. */
function statusOf(mode: number): number {
  if (mode <= 2) return -1;
  if (mode === 7 || mode === 8) return 1;
  return mode >= 4 && mode <= 6 ? 2 : 0;
}
