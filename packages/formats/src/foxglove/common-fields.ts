import type { RecordedHeader } from "../recorded-header.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

const SECOND_NS = 1_000_000_000n;

/** A `google.protobuf.Timestamp`. */
export function timestamp({ stampNs }: Pick<RecordedHeader, "stampNs">): ProtobufWriter {
  return new ProtobufWriter().integer(1, Number(stampNs / SECOND_NS)).integer(2, Number(stampNs % SECOND_NS));
}

/** A `foxglove.Vector3`. */
export function vector(x: number, y: number, z: number): ProtobufWriter {
  return new ProtobufWriter().double(1, x).double(2, y).double(3, z);
}

/** A `foxglove.Pose` that changes nothing: what it is of is in the sensor's frame. */
export function identityPose(): ProtobufWriter {
  return new ProtobufWriter().message(1, vector(0, 0, 0)).message(2, quaternion(0, 0, 0, 1));
}

/** A `foxglove.Quaternion`. */
export function quaternion(x: number, y: number, z: number, w: number): ProtobufWriter {
  return vector(x, y, z).double(4, w);
}
