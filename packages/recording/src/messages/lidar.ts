import { INTENSITY_FIELDS } from "../sensor-kind.ts";
import type { MessageType } from "./definition.ts";
import { MalformedMessageError } from "./malformed.ts";
import { type MessageForm, rosForm } from "./message-form.ts";
import { POINT_FIELD_FLOAT32, POINT_FIELD_TYPES } from "./numbers.ts";
import type { PayloadArena } from "./payload-arena.ts";
import { findPointField, PointCloud, type PointField, type Points } from "./point-cloud.ts";

const POINT_BYTES = 16;

/** A `sensor_msgs/PointCloud2` of a lidar. */
export function lidar(type: MessageType): MessageForm {
  const cloud = new PointCloud(type);
  return rosForm(cloud.fields, (payload) => {
    cloud.open();
    writeLidarPoints(payload, cloud);
  });
}

/** x, y, z and intensity of any numeric type become f32. */
export function writeLidarPoints(payload: PayloadArena, points: Points): void {
  const fields = points.count === 0 ? [] : points.pointFields();
  payload.start(POINT_BYTES * points.count);
  if (points.count === 0) return;
  for (const [place, name] of ["x", "y", "z"].entries()) {
    const field = findPointField(fields, [name]);
    if (field === undefined) throw missingField(name, fields);
    copyField(points, field, payload, 4 * place);
  }
  copyField(points, findPointField(fields, INTENSITY_FIELDS), payload, 12);
}

export function missingField(name: string, fields: readonly PointField[]): MalformedMessageError {
  const found = fields
    .map((field) => field.name.slice(0, 40))
    .slice(0, 20)
    .join(", ");
  return new MalformedMessageError(`a point field ${name}`, found === "" ? "none" : found, "the point cloud");
}

/** One field of all points, to the given place in each point of the payload. */
function copyField(cloud: Points, field: PointField | undefined, payload: PayloadArena, place: number): void {
  const { view, littleEndian, count } = cloud;
  const isFloat32 = field?.type === POINT_FIELD_TYPES[POINT_FIELD_FLOAT32];
  for (let index = 0; index < count; index++) {
    const target = index * POINT_BYTES + place;
    if (field === undefined) payload.f32(target, Number.NaN);
    // Bits rather than numbers: nothing is rounded, and a NaN stays the one that was recorded.
    else if (isFloat32)
      payload.u32(target, view.getUint32(cloud.offsetOf(index) + field.offset, littleEndian));
    else payload.f32(target, field.type.read(view, cloud.offsetOf(index) + field.offset, littleEndian));
  }
}
