import { cos, sin } from "@playhead/exact-math";
import { createMessageConverter, type MessageChannel, type MessageConverter } from "@playhead/recording";
import { FOXGLOVE_POINT_NUMBERS, POINT_NUMBERS } from "../point-clouds/point-numbers.ts";
import {
  pointOffset,
  type RecordedCloud,
  type RecordedPointField,
  rosCloud,
} from "../point-clouds/recorded-cloud.ts";
import type { RecordedHeader } from "../recorded-header.ts";
import type { ChannelEncoder, ChannelMessage, NoSchema } from "./channel-encoder.ts";
import { identityPose, timestamp } from "./common-fields.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

const AXES = ["x", "y", "z"];

/** Points as they go into a message: one behind the other, little-endian. */
interface PackedPoints {
  readonly fields: readonly RecordedPointField[];
  readonly pointBytes: number;
  readonly data: Uint8Array;
}

/**
 * `sensor_msgs/PointCloud2` as `foxglove.PointCloud`, each point with all that was recorded of it. Points of radars that have only a range and angles get x, y and z beside
 * them, without which nobody can draw them.
 */
export function pointClouds(
  channel: MessageChannel,
  first: ChannelMessage | undefined,
): ChannelEncoder | NoSchema {
  let converter: MessageConverter | undefined;
  const encoder: ChannelEncoder = {
    schema: "PointCloud",
    encode({ decoded, data }, header) {
      const cloud = rosCloud(decoded);
      const points = packed(cloud);
      if (hasPlaces(points) || points.fields.length === 0) return encoded(points, header);
      converter ??= createMessageConverter(channel, data);
      return encoded(withPlaces(points, converter, data), header);
    },
  };
  if (first === undefined) return encoder;
  try {
    encoder.encode(first, { frameId: "", stampNs: 0n });
    return encoder;
  } catch (error) {
    return { reason: (error as Error).message };
  }
}

/** Two coordinates are enough. */
function hasPlaces({ fields }: PackedPoints): boolean {
  return fields.filter(({ name }) => AXES.includes(name)).length >= 2;
}

/** The canonical payload of radars has range, azimuth and elevation. Where the elevation is not known, z is 0. */
function withPlaces(points: PackedPoints, converter: MessageConverter, message: Uint8Array): PackedPoints {
  const payload = converter.convert(message);
  if (!(payload instanceof Uint8Array)) throw new Error(payload.reason);
  if (converter.kind !== "radar") {
    const found = points.fields.map(({ name }) => name).join(", ");
    throw new Error(`expected points with x and y, or range and azimuth, found ${found.slice(0, 200)}`);
  }
  const targets = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const count = payload.byteLength / TARGET_BYTES;
  const pointBytes = points.pointBytes + PLACE_BYTES;
  const data = new Uint8Array(count * pointBytes);
  const view = new DataView(data.buffer);
  for (let index = 0; index < count; index++) {
    const start = index * pointBytes;
    data.set(points.data.subarray(index * points.pointBytes, (index + 1) * points.pointBytes), start);
    const [range, azimuth, elevation] = [0, 4, 8].map((offset) =>
      targets.getFloat32(index * TARGET_BYTES + offset, true),
    ) as [number, number, number];
    const up = Number.isNaN(elevation) ? 0 : elevation;
    const planar = range * cos(up);
    for (const [axis, value] of [planar * cos(azimuth), planar * sin(azimuth), range * sin(up)].entries())
      view.setFloat32(start + points.pointBytes + 4 * axis, value, true);
  }
  const places = AXES.map((name, axis) => {
    return { name, offset: points.pointBytes + 4 * axis, type: "float32" } as const;
  });
  const others = points.fields.filter(({ name }) => !AXES.includes(name));
  return { fields: [...others, ...places], pointBytes, data };
}

const TARGET_BYTES = 20;
const PLACE_BYTES = 12;

function packed(cloud: RecordedCloud): PackedPoints {
  const { pointBytes } = cloud;
  return { fields: cloud.fields.map(inLowerCase), pointBytes, data: littleEndian(cloud, packedRows(cloud)) };
}

/** Viewers know coordinates by small letters alone. */
function inLowerCase(
  field: RecordedPointField,
  _: number,
  fields: readonly RecordedPointField[],
): RecordedPointField {
  const name = field.name.toLowerCase();
  const isTaken = fields.some((other) => other.name === name);
  return AXES.includes(name) && !isTaken ? { ...field, name } : field;
}

/** Without what lies between rows and behind the last. */
function packedRows(cloud: RecordedCloud): Uint8Array {
  const { data, rows, rowPoints, rowBytes, pointBytes } = cloud;
  const rowLength = rowPoints * pointBytes;
  if (rows <= 1 || rowBytes === rowLength) return data.subarray(0, rows * rowLength);
  const whole = new Uint8Array(rows * rowLength);
  for (let row = 0; row < rows; row++) {
    const start = pointOffset(cloud, row * rowPoints);
    whole.set(data.subarray(start, start + rowLength), row * rowLength);
  }
  return whole;
}

function littleEndian(cloud: RecordedCloud, data: Uint8Array): Uint8Array {
  const { fields, pointBytes } = cloud;
  if (cloud.littleEndian) return data;
  const turned = data.slice();
  // Fields may be at the same place under two names.
  const sizes = new Map(fields.map(({ offset, type }) => [offset, POINT_NUMBERS[type].sizeBytes]));
  for (let start = 0; start < turned.length; start += pointBytes)
    for (const [offset, size] of sizes) turned.subarray(start + offset, start + offset + size).reverse();
  return turned;
}

/** In the sensor's frame. */
function encoded({ fields, pointBytes, data }: PackedPoints, header: RecordedHeader): Uint8Array {
  const cloud = new ProtobufWriter()
    .message(1, timestamp(header))
    .text(2, header.frameId)
    .message(3, identityPose())
    .fixed32(4, pointBytes);
  for (const { name, offset, type } of fields) {
    const number = FOXGLOVE_POINT_NUMBERS.indexOf(type);
    cloud.message(5, new ProtobufWriter().text(1, name).fixed32(2, offset).integer(3, number));
  }
  return cloud.bytes(6, data).finish();
}
