import { writeCompressedImage, writeRawImage } from "../camera.ts";
import type { SchemaText } from "../definition.ts";
import { VARIANCES, writeFix } from "../gps.ts";
import { LaserScanWriter } from "../laser-scan.ts";
import { writeLidarPoints } from "../lidar.ts";
import { MalformedMessageError } from "../malformed.ts";
import type { MessageForm } from "../message-form.ts";
import type { PayloadArena } from "../payload-arena.ts";
import { writeRadarTargets } from "../radar.ts";
import { bytesOf, isObject, readJsonMessage } from "./json-message.ts";
import { pointsOf } from "./packed-points.ts";
import { ProtobufCursor, viewOf } from "./protobuf-cursor.ts";
import { type MessageObject, readProtobufMessage } from "./protobuf-message.ts";
import { readProtobufTypes } from "./protobuf-types.ts";
import { listOf, numberAt, numberOf, textOf } from "./values.ts";

type Write = (payload: PayloadArena, message: MessageObject) => void;

/** How messages of Foxglove's schemas are written, in whatever encoding they come. Source: the schemas of foxglove-sdk. */
const WRITES = {
  "foxglove.CompressedImage": (payload, message) =>
    writeCompressedImage(payload, bytesOf(message.data, "data"), textOf(message, "format")),
  "foxglove.RawImage": (payload, message) =>
    writeRawImage(payload, {
      width: numberOf(message, "width"),
      height: numberOf(message, "height"),
      step: numberOf(message, "step"),
      encoding: textOf(message, "encoding"),
      data: bytesOf(message.data, "data"),
    }),
  "foxglove.LocationFix": writeLocationFix,
} as const satisfies Readonly<Record<string, Write>>;

export type FoxgloveKind = "camera" | "lidar" | "radar" | "gps";

/** The form of messages of one of Foxglove's schemas. Throws an error with the reason where its definition cannot be used. */
export function foxgloveForm(kind: FoxgloveKind, schema: SchemaText, messageEncoding: string): MessageForm {
  const read = foxgloveReader(schema, messageEncoding);
  const write = writeFor(kind, schema.name);
  let message: MessageObject = {};
  return {
    load(bytes) {
      message = read(bytes);
    },
    write: (payload) => write(payload, message),
    header: () => headerOf(message),
  };
}

/** Reads messages as objects, whichever way they are encoded. */
export function foxgloveReader(
  schema: SchemaText,
  messageEncoding: string,
): (message: Uint8Array) => MessageObject {
  if (messageEncoding === "json") return readJsonMessage;
  if (schema.encoding !== "protobuf")
    throw new Error(
      `expected a definition of ${schema.name} as protobuf, found encoding "${schema.encoding}"`,
    );
  const types = readProtobufTypes(schema.data);
  if (!types.has(schema.name))
    throw new Error(`expected a definition of ${schema.name}, found none in the schema`);
  return (message) => readProtobufMessage(new ProtobufCursor(viewOf(message)), schema.name, types);
}

function writeFor(kind: FoxgloveKind, name: string): Write {
  if (name === "foxglove.LaserScan") return laserScanWrite();
  if (kind === "lidar") return (payload, message) => writeLidarPoints(payload, pointsOf(message));
  if (kind === "radar") return (payload, message) => writeRadarTargets(payload, pointsOf(message));
  return WRITES[name as keyof typeof WRITES];
}

/** In the scan's own frame, as clouds are. It says the angles of the first and the last beam, and no limits of its distances. */
function laserScanWrite(): Write {
  const writer = new LaserScanWriter();
  return (payload, message) => {
    const [ranges, intensities] = [listOf(message, "ranges"), listOf(message, "intensities")];
    const [firstAngle, lastAngle] = [numberOf(message, "start_angle"), numberOf(message, "end_angle")];
    writer.write(payload, {
      firstAngle,
      angleStep: ranges.length > 1 ? (lastAngle - firstAngle) / (ranges.length - 1) : 0,
      leastRange: 0,
      greatestRange: Number.POSITIVE_INFINITY,
      count: ranges.length,
      range: (index) => numberAt(ranges, index),
      intensity: (index) => numberAt(intensities, index),
    });
  };
}

const COVARIANCE_UNKNOWN = 0;

/** It says nothing of the fix's kind: a position is a fix. */
function writeLocationFix(payload: PayloadArena, message: MessageObject): void {
  const covariance = message.position_covariance;
  const isKnown = numberOf(message, "position_covariance_type") !== COVARIANCE_UNKNOWN;
  const variances = isKnown && Array.isArray(covariance) ? VARIANCES.map((at) => Number(covariance[at])) : [];
  writeFix(payload, {
    latitude: numberOf(message, "latitude"),
    longitude: numberOf(message, "longitude"),
    altitude: numberOf(message, "altitude"),
    variances,
    status: 0,
  });
}

/** Of a timestamp, Protocol Buffers have `seconds` and `nanos`, Foxglove's JSON `sec` and `nsec`. */
function headerOf(message: MessageObject): string | undefined {
  const { timestamp, frame_id: frame } = message;
  if (!isObject(timestamp)) return undefined;
  const seconds = Number(timestamp.seconds ?? timestamp.sec ?? 0);
  const nanoseconds = Number(timestamp.nanos ?? timestamp.nsec ?? 0);
  const stampUs = seconds * 1_000_000 + Math.floor(nanoseconds / 1000);
  if (!Number.isSafeInteger(stampUs)) return undefined;
  return `{"frame_id":${JSON.stringify(typeof frame === "string" ? frame : "")},"stamp_us":${stampUs}}`;
}

/** Throws a MalformedMessageError for a message that claims what it lacks. */
export function foxglovePointFieldNames(message: MessageObject): string[] {
  if (!Array.isArray(message.fields))
    throw new MalformedMessageError("a list", typeof message.fields, "fields");
  return pointsOf(message)
    .pointFields()
    .map(({ name }) => name);
}
