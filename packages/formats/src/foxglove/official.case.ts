import { foxgloveEnumSchemas, foxgloveMessageSchemas, generateProto } from "@foxglove/schemas/internal.js";
import protobuf from "protobufjs";
import "protobufjs/ext/descriptor.js";
import type { FoxgloveSchema } from "./foxglove-schemas.ts";

export const SCHEMAS = [
  ...(["CompressedImage", "CompressedVideo", "RawImage", "PointCloud", "LaserScan", "LocationFix"] as const),
  ...(["CameraCalibration", "FrameTransforms"] as const),
] as const satisfies readonly FoxgloveSchema[];

const NEEDED = [
  ...(["PackedElementField", "Pose", "Vector3", "Quaternion"] as const),
  ...(["Color", "KeyValuePair", "FrameTransform"] as const),
] as const;

/** Foxglove's own definitions, read by the reference implementation. */
export function official(): protobuf.Root {
  const root = new protobuf.Root();
  root.addJSON(protobuf.common.get("google/protobuf/timestamp.proto")?.nested ?? {});
  for (const name of [...SCHEMAS, ...NEEDED]) {
    const enums = Object.values(foxgloveEnumSchemas).filter((schema) => schema.parentSchemaName === name);
    protobuf.parse(generateProto(foxgloveMessageSchemas[name], enums), root, { keepCase: true });
  }
  root.resolveAll();
  return root;
}

/** Of a definition as files carry it. */
export function rootOf(definition: Uint8Array): protobuf.Root {
  const root = protobuf.Root.fromDescriptor(definition, { keepCase: true });
  root.resolveAll();
  return root;
}
