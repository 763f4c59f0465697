import { plainFieldName } from "../sensor-kind.ts";
import { type MessageType, parseDefinition } from "./definition.ts";
import { HEADER_FIELDS } from "./header-text.ts";
import { type Field, Layout } from "./layout.ts";
import { MalformedMessageError } from "./malformed.ts";
import { MessageFields, type NumberField } from "./message-fields.ts";
import { NUMBER_TYPES, type NumberType, POINT_FIELD_TYPES } from "./numbers.ts";

// What a message claims is bounded before memory is taken: an hour of real clouds has none near these.
const MAX_POINTS = 4 * 1024 * 1024;
const MAX_POINT_FIELDS = 256;

/** One of the numbers that each point of a cloud has. */
export interface PointField {
  readonly name: string;
  /** Byte offset within the point. */
  readonly offset: number;
  readonly type: NumberType;
}

/** The points of one message: where they lie, and what each of them has. */
export interface Points {
  readonly count: number;
  readonly view: DataView;
  readonly littleEndian: boolean;
  /** Byte offset of a point in `view`. */
  offsetOf(index: number): number;
  /** Throws a MalformedMessageError for fields outside of a point. */
  pointFields(): PointField[];
}

/** What a message claims is refused before memory is taken for it. Throws a MalformedMessageError. */
export function checkPointCount(count: number): void {
  if (count <= MAX_POINTS) return;
  throw new MalformedMessageError(`at most ${MAX_POINTS} points`, `${count}`, "the point cloud");
}

/** Throws a MalformedMessageError. */
export function checkPointFieldCount(count: number): void {
  if (count <= MAX_POINT_FIELDS) return;
  throw new MalformedMessageError(`at most ${MAX_POINT_FIELDS} point fields`, `${count}`, "fields");
}

/** Throws a MalformedMessageError where a field does not lie in its point. */
export function checkPointField({ name, offset, type }: PointField, pointBytes: number): void {
  if (offset + type.sizeBytes <= pointBytes) return;
  const place = `bytes ${offset} to ${offset + type.sizeBytes}`;
  const where = `point field "${name.slice(0, 40)}"`;
  throw new MalformedMessageError(`fields within ${pointBytes} bytes`, place, where);
}

/** `sensor_msgs/PointCloud2`: where the points of a message lie and what each of them has. */
export class PointCloud implements Points {
  readonly fields: MessageFields;
  readonly #height: NumberField;
  readonly #width: NumberField;
  readonly #pointStep: NumberField;
  readonly #rowStep: NumberField;
  readonly #bigEndian: NumberField;
  readonly #data: Field;
  readonly #list: Field;
  readonly #entry: Layout;
  #rowBytes = 0;
  #rowPoints = 0;

  /** How many points the opened message has, and how many bytes each. */
  count = 0;
  pointBytes = 0;
  littleEndian = true;

  constructor(type: MessageType) {
    const numbers = ["height", "width", "is_bigendian", "point_step", "row_step"];
    this.fields = new MessageFields(type, [...HEADER_FIELDS, ...numbers, "fields", "data"]);
    this.#height = this.fields.number("height");
    this.#width = this.fields.number("width");
    this.#pointStep = this.fields.number("point_step");
    this.#rowStep = this.fields.number("row_step");
    this.#bigEndian = this.fields.number("is_bigendian");
    this.#data = this.fields.list("data", "uint8");
    const list = this.fields.optional("fields");
    if (list?.isArray !== true) throw new Error("expected fields to be a list, found none");
    this.#list = list;
    this.#entry = entryLayout(type, list.type);
  }

  /** Reads the shape of the message that is loaded and makes sure that its points are there. Throws a MalformedMessageError. */
  open(): void {
    const rows = this.#height();
    this.#rowPoints = this.#width();
    this.pointBytes = this.#pointStep();
    this.littleEndian = this.#bigEndian() === 0;
    this.count = rows * this.#rowPoints;
    const rowLength = this.#rowPoints * this.pointBytes;
    this.#rowBytes = rows > 1 ? this.#rowStep() : rowLength;
    if (this.count === 0) return;
    checkPointCount(this.count);
    const needed = (rows - 1) * this.#rowBytes + rowLength;
    if (this.pointBytes === 0 || this.#rowBytes < rowLength || needed > this.#data.count) {
      const expected = `${rows} × ${this.#rowPoints} points of ${this.pointBytes} bytes`;
      const found = `${this.#data.count} bytes of data in rows of ${this.#rowBytes}`;
      throw new MalformedMessageError(expected, found, "the point cloud");
    }
  }

  get view(): DataView {
    return this.fields.view;
  }

  /** Byte offset of a point in `view`. */
  offsetOf(index: number): number {
    const row = Math.floor(index / this.#rowPoints);
    return this.#data.offset + row * this.#rowBytes + (index - row * this.#rowPoints) * this.pointBytes;
  }

  /** What each point of the message that is loaded has. Fields of an unknown type are left out, those outside the point refused. */
  pointFields(): PointField[] {
    const cursor = this.fields.cursorAt(this.#list.offset);
    const found: PointField[] = [];
    checkPointFieldCount(this.#list.count);
    for (let index = 0; index < this.#list.count; index++) {
      this.#entry.locateAt(cursor);
      const field = this.#readEntry();
      if (field !== undefined) found.push(field);
    }
    return found;
  }

  #readEntry(): PointField | undefined {
    const number = (path: string) => {
      const field = this.#entry.fields.get(path) as Field;
      const type = NUMBER_TYPES.get(field.type);
      return type?.read(this.view, field.offset, this.fields.littleEndian) ?? Number.NaN;
    };
    const name = this.fields.text(this.#entry.fields.get("name") as Field);
    const type = POINT_FIELD_TYPES[number("datatype")];
    const offset = number("offset");
    if (type === undefined) return undefined;
    const field = { name, offset, type };
    checkPointField(field, this.pointBytes);
    return field;
  }
}

/** The layout of `sensor_msgs/PointField`, as the schema defines it. */
function entryLayout(type: MessageType, typeName: string): Layout {
  const definitions = parseDefinition(type);
  const root = definitions.find((definition) => definition.name === typeName);
  const layout = new Layout(definitions, ["name", "offset", "datatype"], type.wire, root);
  if (layout.fields.size !== 3 || layout.fields.get("name")?.type !== "string") {
    throw new Error(`expected ${typeName} to have name, offset and datatype`);
  }
  return layout;
}

/** The first field that has one of the names, without case and underscores; earlier names win. */
export function findPointField(
  fields: readonly PointField[],
  names: readonly string[],
): PointField | undefined {
  for (const name of names) {
    const field = fields.find((candidate) => plainFieldName(candidate.name) === name);
    if (field !== undefined) return field;
  }
  return undefined;
}
