import { cos, sin } from "@playhead/exact-math";
import { ProtobufWriter } from "./protobuf-writer.ts";

/** What a message says beside its payload. */
export interface Header {
  readonly frameId: string;
  /** µs since the Unix epoch. */
  readonly stampUs: number;
}

/** From canonical payloads (wit/PAYLOADS.md) to messages of Foxglove's schemas. */
export const ENCODERS = {
  CompressedImage(payload: Uint8Array, header: Header): Uint8Array {
    return new ProtobufWriter()
      .message(1, timestamp(header))
      .text(4, header.frameId)
      .bytes(2, payload.subarray(IMAGE_HEADER_BYTES))
      .text(3, viewOf(payload).getUint32(0, true) === PNG ? "png" : "jpeg")
      .finish();
  },

  RawImage(payload: Uint8Array, header: Header): Uint8Array {
    const view = viewOf(payload);
    return new ProtobufWriter()
      .message(1, timestamp(header))
      .text(7, header.frameId)
      .fixed32(2, view.getUint32(4, true))
      .fixed32(3, view.getUint32(8, true))
      .text(4, ENCODINGS[view.getUint32(0, true)] ?? "")
      .fixed32(5, view.getUint32(12, true))
      .bytes(6, payload.subarray(IMAGE_HEADER_BYTES))
      .finish();
  },

  /** Of a lidar: the payload is the points. */
  LidarPoints(payload: Uint8Array, header: Header): Uint8Array {
    return pointCloud(header, ["x", "y", "z", "intensity"], payload);
  },

  /** Of a radar: its own coordinates beside x, y and z. Where the elevation is not known, z is 0. */
  RadarPoints(payload: Uint8Array, header: Header): Uint8Array {
    const targets = viewOf(payload);
    const count = payload.length / TARGET_BYTES;
    const data = new Uint8Array(count * 4 * RADAR_FIELDS.length);
    const points = new DataView(data.buffer);
    for (let index = 0; index < count; index++) {
      const values = Array.from({ length: 5 }, (_, at) =>
        targets.getFloat32(index * TARGET_BYTES + 4 * at, true),
      );
      const [range, azimuth, elevation] = values as [number, number, number];
      const angle = Number.isNaN(elevation) ? 0 : elevation;
      const planar = range * cos(angle);
      const point = [planar * cos(azimuth), planar * sin(azimuth), range * sin(angle), ...values];
      for (const [at, value] of point.entries())
        points.setFloat32(4 * (index * RADAR_FIELDS.length + at), value, true);
    }
    return pointCloud(header, RADAR_FIELDS, data);
  },

  LocationFix(payload: Uint8Array, header: Header): Uint8Array {
    const view = viewOf(payload);
    const [horizontal, vertical] = [24, 32].map((offset) => view.getFloat64(offset, true)) as [
      number,
      number,
    ];
    const isKnown = !Number.isNaN(horizontal);
    const [planar, up] = [horizontal * horizontal, vertical * vertical];
    return new ProtobufWriter()
      .message(6, timestamp(header))
      .text(7, header.frameId)
      .double(1, view.getFloat64(0, true))
      .double(2, view.getFloat64(8, true))
      .double(3, view.getFloat64(16, true))
      .doubles(4, isKnown ? [planar, 0, 0, 0, planar, 0, 0, 0, up] : new Array<number>(9).fill(0))
      .integer(5, isKnown ? DIAGONAL_KNOWN : 0)
      .finish();
  },
} as const;

const IMAGE_HEADER_BYTES = 16;
const PNG = 1;
/** By the payload's format. */
const ENCODINGS: readonly (string | undefined)[] = [
  ...[undefined, undefined, "mono8", "rgb8", "bgr8", "rgba8", "bgra8"],
];
const TARGET_BYTES = 20;
const RADAR_FIELDS = ["x", "y", "z", "range", "azimuth", "elevation", "range_rate", "rcs"];
const FLOAT32 = 7;
const DIAGONAL_KNOWN = 2;

/** Points of numbers of four bytes, in the sensor's frame. */
function pointCloud(header: Header, fields: readonly string[], data: Uint8Array): Uint8Array {
  const identity = new ProtobufWriter().message(1, vector()).message(2, vector().double(4, 1));
  const cloud = new ProtobufWriter()
    .message(1, timestamp(header))
    .text(2, header.frameId)
    .message(3, identity)
    .fixed32(4, 4 * fields.length);
  for (const [index, name] of fields.entries())
    cloud.message(
      5,
      new ProtobufWriter()
        .text(1, name)
        .fixed32(2, 4 * index)
        .integer(3, FLOAT32),
    );
  return cloud.bytes(6, data).finish();
}

/** Of zeros. */
function vector(): ProtobufWriter {
  return new ProtobufWriter().double(1, 0).double(2, 0).double(3, 0);
}

function timestamp({ stampUs }: Header): ProtobufWriter {
  const seconds = Math.floor(stampUs / 1_000_000);
  return new ProtobufWriter().integer(1, seconds).integer(2, (stampUs - seconds * 1_000_000) * 1000);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
