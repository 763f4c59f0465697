import { atan2 } from "@playhead/exact-math";
import {
  AZIMUTH_FIELDS,
  CROSS_SECTION_FIELDS,
  ELEVATION_FIELDS,
  RANGE_FIELDS,
  RANGE_RATE_FIELDS,
} from "../sensor-kind.ts";
import type { MessageType } from "./definition.ts";
import { missingField } from "./lidar.ts";
import { type MessageForm, rosForm } from "./message-form.ts";
import type { PayloadArena } from "./payload-arena.ts";
import { findPointField, PointCloud, type PointField, type Points } from "./point-cloud.ts";

const TARGET_BYTES = 20;

/** Reads a field of the point at a byte offset; NaN where points lack it. */
type PointReader = (offset: number) => number;

/** A `sensor_msgs/PointCloud2` of a radar. */
export function radar(type: MessageType): MessageForm {
  const cloud = new PointCloud(type);
  return rosForm(cloud.fields, (payload) => {
    cloud.open();
    writeRadarTargets(payload, cloud);
  });
}

/**
 * The place of a target comes from range, azimuth and elevation where points have them, else from x, y and z (without z the elevation is not
 * known); the range rate from its own field, else from the velocity's vx and vy along the ray.
 */
export function writeRadarTargets(payload: PayloadArena, points: Points): void {
  const target = points.count === 0 ? undefined : targetReader(points, points.pointFields());
  payload.start(TARGET_BYTES * points.count);
  if (target === undefined) return;
  for (let index = 0; index < points.count; index++) {
    const values = target(points.offsetOf(index));
    for (let place = 0; place < values.length; place++)
      payload.f32(index * TARGET_BYTES + 4 * place, values[place] as number);
  }
}

/** Range, azimuth, elevation, range rate and cross-section of the point at a byte offset. */
function targetReader(cloud: Points, fields: readonly PointField[]): (offset: number) => readonly number[] {
  const read = (...names: readonly string[]) => pointReader(cloud, findPointField(fields, names));
  const has = (names: readonly string[]) => findPointField(fields, names) !== undefined;
  const crossSection = read(...CROSS_SECTION_FIELDS);
  const rangeRate = has(RANGE_RATE_FIELDS) ? read(...RANGE_RATE_FIELDS) : undefined;
  const x = read("x");
  const y = read("y");
  const z = read("z");
  const vx = read("vx");
  const vy = read("vy");
  const alongRay: PointReader = (offset) => {
    const planar = Math.sqrt(x(offset) * x(offset) + y(offset) * y(offset));
    return (x(offset) * vx(offset) + y(offset) * vy(offset)) / planar;
  };
  const speed = rangeRate ?? alongRay;
  if (has(RANGE_FIELDS) && has(AZIMUTH_FIELDS)) {
    const range = read(...RANGE_FIELDS);
    const azimuth = read(...AZIMUTH_FIELDS);
    const elevation = read(...ELEVATION_FIELDS);
    return (offset) => [
      range(offset),
      azimuth(offset),
      elevation(offset),
      speed(offset),
      crossSection(offset),
    ];
  }
  if (!has(["x"]) || !has(["y"])) throw missingField("x and y, or range and azimuth", fields);
  const flat = !has(["z"]);
  return (offset) => {
    const planar = Math.sqrt(x(offset) * x(offset) + y(offset) * y(offset));
    const range = flat ? planar : Math.sqrt(planar * planar + z(offset) * z(offset));
    const elevation = flat ? Number.NaN : atan2(z(offset), planar);
    return [range, atan2(y(offset), x(offset)), elevation, speed(offset), crossSection(offset)];
  };
}

function pointReader(cloud: Points, field: PointField | undefined): PointReader {
  if (field === undefined) return () => Number.NaN;
  const { view, littleEndian } = cloud;
  return (offset) => field.type.read(view, offset + field.offset, littleEndian);
}
