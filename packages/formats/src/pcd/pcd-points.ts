import { decompressLzf } from "./lzf.ts";
import type { PcdField, PcdHeader } from "./pcd-header.ts";

/** The points of a PCD file as they lie in memory: point by point, little-endian. Throws an Error that says what is wrong. */
export function readPcdPoints(bytes: Uint8Array, header: PcdHeader): Uint8Array {
  const data = bytes.subarray(header.dataOffset);
  if (header.encoding === "ascii") return readAscii(data, header);
  if (header.encoding === "binary_compressed") return readCompressed(data, header);
  const size = header.points * header.pointBytes;
  if (data.length < size) throw new Error(`expected ${size} bytes of points, found ${data.length}`);
  return data.subarray(0, size);
}

/** Values of the first field of all points, then those of the second, and so on: compressed together. */
function readCompressed(data: Uint8Array, { fields, points, pointBytes }: PcdHeader): Uint8Array {
  if (data.length < 8) throw new Error(`expected the sizes of the points, found ${data.length} bytes`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [packedBytes, bytes] = [view.getUint32(0, true), view.getUint32(4, true)];
  const size = points * pointBytes;
  if (bytes !== size) throw new Error(`expected ${size} bytes of points, found ${bytes}`);
  if (packedBytes > data.length - 8)
    throw new Error(`expected ${packedBytes} bytes compressed, found ${data.length - 8}`);
  const columns = decompressLzf(data.subarray(8, 8 + packedBytes), size);
  const rows = new Uint8Array(size);
  let place = 0;
  for (const { offset, sizeBytes, count } of fields) {
    const length = sizeBytes * count;
    for (let point = 0; point < points; point++) {
      const start = point * pointBytes + offset;
      for (let byte = 0; byte < length; byte++) rows[start + byte] = columns[place++] as number;
    }
  }
  return rows;
}

/** A byte per line at least, so that a header cannot ask for more than its file has. */
function readAscii(data: Uint8Array, { fields, points, pointBytes }: PcdHeader): Uint8Array {
  if (points > data.length) throw new Error(`expected ${points} lines of points, found ${data.length} bytes`);
  const rows = new Uint8Array(points * pointBytes);
  const view = new DataView(rows.buffer);
  const values = fields.reduce((sum, { count }) => sum + count, 0);
  let start = 0;
  for (let point = 0; point < points; ) {
    if (start >= data.length) throw new Error(`expected ${points} points, found ${point}`);
    const newline = data.indexOf(0x0a, start);
    const end = newline < 0 ? data.length : newline;
    const line = Buffer.from(data.buffer, data.byteOffset + start, end - start)
      .toString("latin1")
      .trim();
    start = end + 1;
    if (line === "") continue;
    const words = line.split(/\s+/);
    if (words.length !== values)
      throw new Error(`expected ${values} values for point ${point}, found ${words.length}`);
    writePoint(view, point * pointBytes, fields, words);
    point++;
  }
  return rows;
}

function writePoint(
  view: DataView,
  start: number,
  fields: readonly PcdField[],
  words: readonly string[],
): void {
  let word = 0;
  for (const { name, offset, type, sizeBytes, count } of fields) {
    for (let index = 0; index < count; index++) {
      const text = words[word++] as string;
      const value = Number(text);
      if (Number.isNaN(value) && !/nan/i.test(text))
        throw new Error(`expected a number for ${name}, found ${JSON.stringify(text.slice(0, 40))}`);
      writeValue(view, start + offset + index * sizeBytes, type, sizeBytes, value);
    }
  }
}

function writeValue(
  view: DataView,
  place: number,
  type: PcdField["type"],
  sizeBytes: number,
  value: number,
): void {
  if (type === "F") {
    if (sizeBytes === 8) view.setFloat64(place, value, true);
    else view.setFloat32(place, value, true);
  } else if (sizeBytes === 8) view.setBigInt64(place, BigInt(Number.isSafeInteger(value) ? value : 0), true);
  else if (sizeBytes === 4) view.setInt32(place, value, true);
  else if (sizeBytes === 2) view.setInt16(place, value, true);
  else view.setInt8(place, value);
}
