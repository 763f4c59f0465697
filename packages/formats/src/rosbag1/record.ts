/**
 * Records of ROS 1 bags, version 2.0: a header of named fields and data, each behind its length (u32, little-endian). Source: the ROS wiki,
 * Bags/Format/2.0.
 */

export const MAGIC = "#ROSBAG V2.0\n";

export const Op = { message: 2, bagHeader: 3, index: 4, chunk: 5, chunkInfo: 6, connection: 7 } as const;

/** A real header has a few short fields; connections have their topic and definition, which may be long, in the data. */
export const MOST_HEADER_BYTES = 1024 * 1024;

export interface Record1 {
  readonly op: number;
  readonly header: ReadonlyMap<string, Uint8Array>;
  readonly data: Uint8Array;
  /** Behind the record, in the bytes that it was read from. */
  readonly end: number;
}

/** The bytes of a record are not what they should be; `offset` counts from the start of the bytes that it was read from. */
export class RecordError extends Error {
  override readonly name = "RecordError";
  readonly offset: number;

  constructor(expected: string, found: string, offset: number) {
    super(`expected ${expected}, found ${found}`);
    this.offset = offset;
  }
}

/** Reads the record at an offset. Throws a RecordError, also where the bytes end too early. */
export function readRecord(bytes: Uint8Array, offset: number): Record1 {
  const view = viewOf(bytes);
  const headerBytes = lengthAt(view, offset, "a record's header", MOST_HEADER_BYTES);
  const dataOffset = offset + 4 + headerBytes;
  const header = readHeader(bytes.subarray(offset + 4, dataOffset), offset + 4);
  const dataBytes = lengthAt(view, dataOffset, "a record's data", bytes.length);
  const end = dataOffset + 4 + dataBytes;
  return { op: opOf(header, offset), header, data: bytes.subarray(dataOffset + 4, end), end };
}

/** Checked to lie in the bytes. */
function lengthAt(view: DataView, offset: number, what: string, most: number): number {
  const left = view.byteLength - offset - 4;
  if (left < 0) throw new RecordError(`the length of ${what}`, `${left + 4} bytes`, offset);
  const length = view.getUint32(offset, true);
  if (length > left || length > most) {
    throw new RecordError(
      `${what} of at most ${Math.min(left, most)} bytes`,
      `a length of ${length}`,
      offset,
    );
  }
  return length;
}

/** The fields of a header; `offset` is for errors. */
export function readHeader(bytes: Uint8Array, offset: number): Map<string, Uint8Array> {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const fields = new Map<string, Uint8Array>();
  let place = 0;
  while (place < bytes.length) {
    const left = bytes.length - place - 4;
    const length = left < 0 ? 0 : header.readUInt32LE(place);
    if (left < 0 || length > left) {
      throw new RecordError("a header field within its header", `a length of ${length}`, offset + place);
    }
    const [start, end] = [place + 4, place + 4 + length];
    const equals = bytes.indexOf(EQUALS, start);
    if (equals <= start || equals >= end)
      throw new RecordError("a header field name=value", `no "="`, offset + place);
    fields.set(header.toString("latin1", start, equals), bytes.subarray(equals + 1, end));
    place = end;
  }
  return fields;
}

const EQUALS = 0x3d;

export function opOf(header: ReadonlyMap<string, Uint8Array>, offset: number): number {
  const op = header.get("op");
  if (op?.length !== 1) throw new RecordError("a record with an op", `${header.size} fields without`, offset);
  return op[0] as number;
}

/** A number of 4 or 8 bytes among the fields. Throws a RecordError where it is missing. */
export function numberOf(header: ReadonlyMap<string, Uint8Array>, name: string, offset: number): number {
  const field = header.get(name);
  if (field?.length === 4) return viewOf(field).getUint32(0, true);
  if (field?.length === 8) return Number(viewOf(field).getBigUint64(0, true));
  throw new RecordError(`a number ${name} in the header`, `${field?.length ?? "no"} bytes`, offset);
}

/** A time among the fields: seconds and nanoseconds, u32 each. */
export function timeOf(header: ReadonlyMap<string, Uint8Array>, name: string, offset: number): bigint {
  const field = header.get(name);
  if (field?.length !== 8) throw new RecordError(`a time ${name}`, `${field?.length ?? "no"} bytes`, offset);
  const view = viewOf(field);
  return BigInt(view.getUint32(0, true)) * 1_000_000_000n + BigInt(view.getUint32(4, true));
}

export function textOf(header: ReadonlyMap<string, Uint8Array>, name: string): string | undefined {
  const field = header.get(name);
  return field === undefined ? undefined : Buffer.from(field).toString("utf8");
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
