import { foxgloveEnumSchemas, foxgloveMessageSchemas, generateProto } from "@foxglove/schemas/internal.js";
import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor.js";
import { createMessageConverter, type MessageConverter } from "../../message-converter.ts";

const NAMES = [
  ...["CompressedImage", "RawImage", "PointCloud", "LocationFix", "LaserScan", "CompressedVideo"],
  ...["PackedElementField", "Pose", "Vector3", "Quaternion", "Color", "KeyValuePair"],
] as const;

/** Foxglove's own definitions, read by the reference implementation. */
function makeRoot(): protobuf.Root {
  const root = new protobuf.Root();
  root.addJSON(protobuf.common.get("google/protobuf/timestamp.proto")?.nested ?? {});
  const enums = Object.values(foxgloveEnumSchemas);
  for (const name of NAMES) {
    const own = enums.filter((schema) => schema.parentSchemaName === name);
    protobuf.parse(generateProto(foxgloveMessageSchemas[name], own), root, { keepCase: true });
  }
  root.resolveAll();
  return root;
}

const root = makeRoot();

/** The `FileDescriptorSet` of the definitions. */
export const protobufSchema = descriptorSet(root);

function descriptorSet(of: protobuf.Root): Uint8Array {
  return Uint8Array.from(descriptor.FileDescriptorSet.encode(of.toDescriptor("proto3")).finish());
}

/** A message of a definition of one's own, with the definition as its schema. 64-bit integers are given as decimal texts, or in two halves. */
export function protobufMessage(
  definition: string,
  name: string,
  message: object,
): { readonly schema: { name: string; encoding: string; data: Uint8Array }; readonly data: Uint8Array } {
  const { root } = protobuf.parse(definition);
  root.resolveAll();
  const type = root.lookupType(name);
  const data = Uint8Array.from(type.encode(type.create(message)).finish());
  return { schema: { name, encoding: "protobuf", data: descriptorSet(root) }, data };
}

export function encodeProtobuf(name: string, message: object): Uint8Array {
  const type = root.lookupType(`foxglove.${name}`);
  return Uint8Array.from(type.encode(type.fromObject(message)).finish());
}

export function protobufConverter(name: string, topic = "/sensor", first?: Uint8Array): MessageConverter {
  const schema = { name: `foxglove.${name}`, encoding: "protobuf", data: protobufSchema };
  return createMessageConverter({ topic, messageEncoding: "protobuf", schema }, first);
}

/** A message in Foxglove's JSON: bytes in base64, times as `sec` and `nsec`. */
export function encodeJson(message: object): Uint8Array {
  const text = JSON.stringify(message, (_, value: unknown) => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
    if (typeof value !== "object" || value === null || !("seconds" in value)) return value;
    const { seconds, nanos } = value as { seconds: number; nanos: number };
    return { sec: seconds, nsec: nanos };
  });
  return new TextEncoder().encode(text);
}

export function jsonConverter(name: string, topic = "/sensor", first?: Uint8Array): MessageConverter {
  const schema = { name: `foxglove.${name}`, encoding: "jsonschema", data: new Uint8Array(0) };
  return createMessageConverter({ topic, messageEncoding: "json", schema }, first);
}

export const timestamp = { seconds: 1700000000, nanos: 123456789 };
export const metadata = '{"frame_id":"front","stamp_us":1700000000123456}';

const floats = Float32Array.of(1, 2, 3, 0.5, 4, 5, 6, 0.25);

/** A message of each schema that is converted. */
export const MESSAGES = {
  CompressedImage: {
    timestamp,
    frame_id: "front",
    data: Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3),
    format: "jpeg",
  },
  RawImage: {
    ...{ timestamp, frame_id: "front", width: 2, height: 2, encoding: "rgb8", step: 8 },
    data: Uint8Array.from({ length: 16 }, (_, index) => index),
  },
  PointCloud: {
    ...{ timestamp, frame_id: "front", point_stride: 16, data: new Uint8Array(floats.buffer) },
    pose: { position: { x: 1, y: 0, z: 0 }, orientation: { x: 0, y: 0, z: 0, w: 1 } },
    fields: ["x", "y", "z", "intensity"].map((name, index) => ({ name, offset: 4 * index, type: 7 })),
  },
  LaserScan: {
    ...{ timestamp, frame_id: "front", start_angle: 0, end_angle: Math.PI },
    pose: { position: { x: 1, y: 0, z: 0 }, orientation: { x: 0, y: 0, z: 0, w: 1 } },
    ...{ ranges: [2, 3, 4], intensities: [7, 8, 9] },
  },
  LocationFix: {
    ...{ timestamp, frame_id: "front", latitude: 37.5, longitude: -122.25, altitude: 12.5 },
    position_covariance: [4, 0, 0, 0, 4, 0, 0, 0, 9],
    position_covariance_type: 2,
  },
} as const;
