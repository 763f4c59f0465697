import { ProtobufWriter } from "./protobuf-writer.ts";

/** The schemas that sensors are converted to. */
export type FoxgloveSchema =
  | "CompressedImage"
  | "CompressedVideo"
  | "RawImage"
  | "PointCloud"
  | "LaserScan"
  | "LocationFix"
  | "CameraCalibration"
  | "FrameTransforms";

/** Name, number, type; `[]` behind the type for a list. */
type Field = readonly [name: string, number: number, type: string];

interface Definition {
  readonly fields: readonly Field[];
  readonly enums?: Readonly<Record<string, readonly string[]>>;
}

const TIMESTAMP = "google.protobuf.Timestamp";

/**
 * Foxglove's definitions (foxglove-sdk, MIT), as far as these messages need them: fields that are added to them later have numbers of their own and
 * may be left out.
 */
const DEFINITIONS: Readonly<Record<string, Definition>> = {
  [TIMESTAMP]: {
    fields: [
      ["seconds", 1, "int64"],
      ["nanos", 2, "int32"],
    ],
  },
  "foxglove.CompressedImage": {
    fields: [
      ["timestamp", 1, TIMESTAMP],
      ["frame_id", 4, "string"],
      ["data", 2, "bytes"],
      ["format", 3, "string"],
    ],
  },
  "foxglove.CompressedVideo": {
    fields: [
      ["timestamp", 1, TIMESTAMP],
      ["frame_id", 2, "string"],
      ["data", 3, "bytes"],
      ["format", 4, "string"],
    ],
  },
  "foxglove.RawImage": {
    fields: [
      ["timestamp", 1, TIMESTAMP],
      ["frame_id", 7, "string"],
      ["width", 2, "fixed32"],
      ["height", 3, "fixed32"],
      ["encoding", 4, "string"],
      ["step", 5, "fixed32"],
      ["data", 6, "bytes"],
    ],
  },
  "foxglove.Vector3": {
    fields: [
      ["x", 1, "double"],
      ["y", 2, "double"],
      ["z", 3, "double"],
    ],
  },
  "foxglove.Quaternion": {
    fields: [
      ["x", 1, "double"],
      ["y", 2, "double"],
      ["z", 3, "double"],
      ["w", 4, "double"],
    ],
  },
  "foxglove.Pose": {
    fields: [
      ["position", 1, "foxglove.Vector3"],
      ["orientation", 2, "foxglove.Quaternion"],
    ],
  },
  "foxglove.PackedElementField": {
    fields: [
      ["name", 1, "string"],
      ["offset", 2, "fixed32"],
      ["type", 3, "foxglove.PackedElementField.NumericType"],
    ],
    enums: {
      NumericType: ["UNKNOWN", "UINT8", "INT8", "UINT16", "INT16", "UINT32", "INT32", "FLOAT32", "FLOAT64"],
    },
  },
  "foxglove.PointCloud": {
    fields: [
      ["timestamp", 1, TIMESTAMP],
      ["frame_id", 2, "string"],
      ["pose", 3, "foxglove.Pose"],
      ["point_stride", 4, "fixed32"],
      ["fields", 5, "foxglove.PackedElementField[]"],
      ["data", 6, "bytes"],
    ],
  },
  "foxglove.LaserScan": {
    fields: [
      ["timestamp", 1, TIMESTAMP],
      ["frame_id", 2, "string"],
      ["pose", 3, "foxglove.Pose"],
      ["start_angle", 4, "double"],
      ["end_angle", 5, "double"],
      ["ranges", 6, "double[]"],
      ["intensities", 7, "double[]"],
    ],
  },
  "foxglove.KeyValuePair": {
    fields: [
      ["key", 1, "string"],
      ["value", 2, "string"],
    ],
  },
  "foxglove.LocationFix": {
    fields: [
      ["timestamp", 6, TIMESTAMP],
      ["frame_id", 7, "string"],
      ["latitude", 1, "double"],
      ["longitude", 2, "double"],
      ["altitude", 3, "double"],
      ["position_covariance", 4, "double[]"],
      ["position_covariance_type", 5, "foxglove.LocationFix.PositionCovarianceType"],
      ["metadata", 9, "foxglove.KeyValuePair[]"],
    ],
    enums: { PositionCovarianceType: ["UNKNOWN", "APPROXIMATED", "DIAGONAL_KNOWN", "KNOWN"] },
  },
  "foxglove.CameraCalibration": {
    fields: [
      ["timestamp", 1, TIMESTAMP],
      ["frame_id", 9, "string"],
      ["width", 2, "fixed32"],
      ["height", 3, "fixed32"],
      ["distortion_model", 4, "string"],
      ["D", 5, "double[]"],
      ["K", 6, "double[]"],
      ["R", 7, "double[]"],
      ["P", 8, "double[]"],
    ],
  },
  "foxglove.FrameTransform": {
    fields: [
      ["timestamp", 1, TIMESTAMP],
      ["parent_frame_id", 2, "string"],
      ["child_frame_id", 3, "string"],
      ["translation", 4, "foxglove.Vector3"],
      ["rotation", 5, "foxglove.Quaternion"],
    ],
  },
  "foxglove.FrameTransforms": {
    fields: [["transforms", 1, "foxglove.FrameTransform[]"]],
  },
};

// Of FieldDescriptorProto.Type and Label.
const TYPES: ReadonlyMap<string, number> = new Map([
  ["double", 1],
  ["int64", 3],
  ["int32", 5],
  ["fixed32", 7],
  ["string", 9],
  ["bytes", 12],
]);
const MESSAGE = 11;
const ENUM = 14;
const OPTIONAL = 1;
const REPEATED = 3;

/** A schema's definition with all that it needs, as a serialised `FileDescriptorSet`: what MCAP files carry. */
export function foxgloveDefinition(schema: FoxgloveSchema): Uint8Array {
  const set = new ProtobufWriter();
  for (const name of withNeeded(`foxglove.${schema}`)) set.message(1, fileOf(name));
  return set.finish();
}

/** What a message needs, before it. */
function withNeeded(name: string, found: Set<string> = new Set()): Set<string> {
  for (const needed of neededBy(name)) withNeeded(needed, found);
  return found.add(name);
}

function neededBy(name: string): string[] {
  const types = (DEFINITIONS[name]?.fields ?? []).map(([, , type]) => type.replace("[]", ""));
  return [...new Set(types.filter((type) => type in DEFINITIONS))];
}

/** Each message has a file of its own. */
function fileOf(name: string): ProtobufWriter {
  const dot = name.lastIndexOf(".");
  const file = new ProtobufWriter().text(1, pathOf(name)).text(2, name.slice(0, dot));
  for (const needed of neededBy(name)) file.text(3, pathOf(needed));
  return file.message(4, messageOf(name, name.slice(dot + 1))).text(12, "proto3");
}

function pathOf(name: string): string {
  return name === TIMESTAMP ? "google/protobuf/timestamp.proto" : `${name.replace(".", "/")}.proto`;
}

function messageOf(name: string, shortName: string): ProtobufWriter {
  const { fields = [], enums = {} } = DEFINITIONS[name] ?? {};
  const message = new ProtobufWriter().text(1, shortName);
  for (const field of fields) message.message(2, fieldOf(field));
  for (const [enumName, values] of Object.entries(enums)) {
    const list = new ProtobufWriter().text(1, enumName);
    for (const [number, value] of values.entries())
      list.message(2, new ProtobufWriter().text(1, value).integer(2, number));
    message.message(4, list);
  }
  return message;
}

function fieldOf([name, number, listedType]: Field): ProtobufWriter {
  const type = listedType.replace("[]", "");
  const field = new ProtobufWriter()
    .text(1, name)
    .integer(3, number)
    .integer(4, type === listedType ? OPTIONAL : REPEATED)
    .integer(5, TYPES.get(type) ?? (type in DEFINITIONS ? MESSAGE : ENUM));
  return TYPES.has(type) ? field : field.text(6, `.${type}`);
}
