import { MalformedMessageError } from "../malformed.ts";
import { NUMBER_TYPES, type NumberType } from "../numbers.ts";
import {
  checkPointCount,
  checkPointField,
  checkPointFieldCount,
  type PointField,
  type Points,
} from "../point-cloud.ts";
import { bytesOf, isObject } from "./json-message.ts";
import { viewOf } from "./protobuf-cursor.ts";
import type { MessageObject } from "./protobuf-message.ts";
import { numberOf, textOf } from "./values.ts";

/** By `foxglove.PackedElementField.NumericType`: 1 uint8 … 8 float64. */
const NUMERIC_TYPES: readonly (NumberType | undefined)[] = [
  "",
  ...["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"],
].map((name) => NUMBER_TYPES.get(name));

/** The points of a `foxglove.PointCloud`, in the cloud's own frame. Throws a MalformedMessageError. */
export function pointsOf(message: MessageObject): Points {
  const data = bytesOf(message.data, "data");
  const pointBytes = numberOf(message, "point_stride");
  if (data.length > 0 && (pointBytes <= 0 || data.length % pointBytes !== 0)) {
    const expected = `a whole number of points of ${pointBytes} bytes`;
    throw new MalformedMessageError(expected, `${data.length} bytes of data`, "the point cloud");
  }
  const count = data.length === 0 ? 0 : data.length / pointBytes;
  checkPointCount(count);
  return {
    count,
    view: viewOf(data),
    littleEndian: true,
    offsetOf: (index) => index * pointBytes,
    pointFields: () => pointFieldsOf(message.fields, pointBytes),
  };
}

function pointFieldsOf(list: unknown, pointBytes: number): PointField[] {
  if (!Array.isArray(list)) throw new MalformedMessageError("a list", typeof list, "fields");
  checkPointFieldCount(list.length);
  return list.flatMap((entry: unknown) => {
    if (!isObject(entry)) throw new MalformedMessageError("an object", typeof entry, "fields");
    const type = NUMERIC_TYPES[numberOf(entry, "type")];
    if (type === undefined) return [];
    const field = { name: textOf(entry, "name"), offset: numberOf(entry, "offset"), type };
    if (field.offset < 0 || !Number.isInteger(field.offset))
      throw new MalformedMessageError("an offset within the point", `${field.offset}`, "fields");
    checkPointField(field, pointBytes);
    return [field];
  });
}
