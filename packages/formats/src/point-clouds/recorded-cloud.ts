import { bytesIn, type Decoded, numberIn, objectsIn, textIn } from "../decoded-message.ts";
import {
  FOXGLOVE_POINT_NUMBERS,
  POINT_NUMBERS,
  type PointNumberName,
  ROS_POINT_NUMBERS,
} from "./point-numbers.ts";

/** One of the numbers that each point of a cloud has, as it was recorded. */
export interface RecordedPointField {
  readonly name: string;
  /** Byte offset within the point. */
  readonly offset: number;
  readonly type: PointNumberName;
}

/** The points of a message as they were recorded: rows of points of equal size. */
export interface RecordedCloud {
  readonly data: Uint8Array;
  readonly littleEndian: boolean;
  readonly rows: number;
  readonly rowPoints: number;
  readonly rowBytes: number;
  readonly pointBytes: number;
  readonly fields: readonly RecordedPointField[];
}

/** More no real point has. */
const MOST_FIELDS = 256;

/** Of a decoded `sensor_msgs/PointCloud2`. Throws an Error for one that claims what it lacks. */
export function rosCloud(message: Decoded): RecordedCloud {
  const [rows, rowPoints, pointBytes] = ["height", "width", "point_step"].map((name) =>
    numberIn(message, name),
  ) as [number, number, number];
  const rowLength = rowPoints * pointBytes;
  return checked({
    data: bytesIn(message, "data"),
    littleEndian: message.is_bigendian !== true && message.is_bigendian !== 1,
    ...{ rows, rowPoints, pointBytes },
    rowBytes: rows > 1 ? numberIn(message, "row_step") : rowLength,
    fields: fieldsOf(message, (field) => ROS_POINT_NUMBERS[numberIn(field, "datatype")]),
  });
}

/** Of a decoded `foxglove.PointCloud`. Throws an Error for one that claims what it lacks. */
export function foxgloveCloud(message: Decoded): RecordedCloud {
  const data = bytesIn(message, "data");
  const pointBytes = numberIn(message, "point_stride");
  const rowPoints = data.length === 0 ? 0 : Math.floor(data.length / pointBytes);
  return checked({
    ...{ data, pointBytes, rowPoints, rows: 1, littleEndian: true, rowBytes: data.length },
    fields: fieldsOf(message, (field) => FOXGLOVE_POINT_NUMBERS[numberIn(field, "type")]),
  });
}

function checked(cloud: RecordedCloud): RecordedCloud {
  const { data, rows, rowPoints, rowBytes, pointBytes, fields } = cloud;
  if (rows * rowPoints === 0) return cloud;
  const rowLength = rowPoints * pointBytes;
  const areWhole = [rows, rowPoints, rowBytes, pointBytes].every(
    (size) => Number.isSafeInteger(size) && size > 0,
  );
  if (!areWhole || rowBytes < rowLength || (rows - 1) * rowBytes + rowLength > data.length) {
    const expected = `${rows} × ${rowPoints} points of ${pointBytes} bytes`;
    throw new Error(`expected ${expected}, found ${data.length} bytes of data in rows of ${rowBytes}`);
  }
  const outside = fields.find(({ offset, type }) => {
    const isPlace = Number.isSafeInteger(offset) && offset >= 0;
    return !isPlace || offset + POINT_NUMBERS[type].sizeBytes > pointBytes;
  });
  if (outside === undefined) return cloud;
  const where = `point field "${outside.name.slice(0, 40)}"`;
  throw new Error(
    `${where}: expected it within ${pointBytes} bytes, found it from byte ${outside.offset} on`,
  );
}

/** What has several numbers becomes a field for each. Fields of an unknown type are left out, and names that come again. */
function fieldsOf(
  message: Decoded,
  typeOf: (field: Decoded) => PointNumberName | undefined,
): RecordedPointField[] {
  const found = new Map<string, RecordedPointField>();
  for (const field of objectsIn(message, "fields")) {
    const type = typeOf(field);
    if (type === undefined) continue;
    const [name, start] = [textIn(field, "name"), numberIn(field, "offset")];
    const count = Math.max(1, numberIn(field, "count"));
    const { sizeBytes } = POINT_NUMBERS[type];
    for (let index = 0; index < count; index++) {
      const own = count === 1 ? name : `${name}[${index}]`;
      if (!found.has(own)) found.set(own, { name: own, offset: start + index * sizeBytes, type });
      if (found.size > MOST_FIELDS)
        throw new Error(`expected at most ${MOST_FIELDS} point fields, found more`);
    }
  }
  return [...found.values()];
}

/** Byte offset of a point in the data. */
export function pointOffset({ rowPoints, rowBytes, pointBytes }: RecordedCloud, index: number): number {
  const row = Math.floor(index / rowPoints);
  return row * rowBytes + (index - row * rowPoints) * pointBytes;
}
