/** What the head of a PCD file says (Point Cloud Library, version 0.7). */
export interface PcdHeader {
  readonly fields: readonly PcdField[];
  /** Bytes of a point. */
  readonly pointBytes: number;
  readonly width: number;
  readonly height: number;
  readonly points: number;
  readonly encoding: "ascii" | "binary" | "binary_compressed";
  /** Where the points begin. */
  readonly dataOffset: number;
}

export interface PcdField {
  readonly name: string;
  /** In a point. */
  readonly offset: number;
  readonly type: "I" | "U" | "F";
  /** Of one value: 1, 2, 4 or 8. */
  readonly sizeBytes: number;
  /** Values of a point. */
  readonly count: number;
}

const MOST_HEADER_BYTES = 64 * 1024;
const MOST_FIELDS = 256;
const MOST_DATA_BYTES = 512 * 1024 * 1024;

/** Throws an Error that says what is wrong. */
export function readPcdHeader(bytes: Uint8Array): PcdHeader {
  const entries = new Map<string, readonly string[]>();
  let place = 0;
  while (!entries.has("DATA")) {
    const end = bytes.subarray(0, MOST_HEADER_BYTES).indexOf(0x0a, place);
    if (end < 0) throw new Error(`expected a line DATA in the header, found none up to byte ${place}`);
    const line = Buffer.from(bytes.subarray(place, end)).toString("latin1").trim();
    place = end + 1;
    if (line === "" || line.startsWith("#")) continue;
    const [key = "", ...values] = line.split(/\s+/);
    entries.set(key.toUpperCase(), values);
  }
  return headerOf(entries, place);
}

function headerOf(entries: ReadonlyMap<string, readonly string[]>, dataOffset: number): PcdHeader {
  const fields = fieldsOf(entries);
  const last = fields.at(-1);
  const pointBytes = last === undefined ? 0 : last.offset + last.sizeBytes * last.count;
  const width = wholeNumber(entries, "WIDTH");
  const height = entries.has("HEIGHT") ? wholeNumber(entries, "HEIGHT") : 1;
  const points = entries.has("POINTS") ? wholeNumber(entries, "POINTS") : width * height;
  if (points !== width * height) throw new Error(`expected ${width} × ${height} points, found ${points}`);
  if (points * pointBytes > MOST_DATA_BYTES)
    throw new Error(`expected at most ${MOST_DATA_BYTES} bytes of points, found ${points * pointBytes}`);
  const encoding = entries.get("DATA")?.[0]?.toLowerCase();
  if (encoding !== "ascii" && encoding !== "binary" && encoding !== "binary_compressed")
    throw new Error(`expected DATA ascii, binary or binary_compressed, found ${JSON.stringify(encoding)}`);
  return { fields, pointBytes, width, height, points, encoding, dataOffset };
}

function fieldsOf(entries: ReadonlyMap<string, readonly string[]>): PcdField[] {
  const names = entries.get("FIELDS") ?? entries.get("COLUMNS") ?? [];
  if (names.length === 0 || names.length > MOST_FIELDS)
    throw new Error(`expected 1 to ${MOST_FIELDS} FIELDS, found ${names.length}`);
  let offset = 0;
  return names.map((name, index) => {
    const sizeBytes = entries.has("SIZE") ? wholeNumber(entries, "SIZE", index) : 4;
    const type = entries.get("TYPE")?.[index] ?? "F";
    const count = entries.has("COUNT") ? wholeNumber(entries, "COUNT", index) : 1;
    if (!isType(type) || !(TYPES[type] as readonly number[]).includes(sizeBytes))
      throw new Error(`expected a type of numbers for ${name}, found ${type} of ${sizeBytes} bytes`);
    const field = { name, offset, type, sizeBytes, count };
    offset += sizeBytes * count;
    return field;
  });
}

const TYPES = { I: [1, 2, 4, 8], U: [1, 2, 4, 8], F: [4, 8] } as const;

function isType(type: string): type is keyof typeof TYPES {
  return Object.hasOwn(TYPES, type);
}

function wholeNumber(entries: ReadonlyMap<string, readonly string[]>, key: string, index = 0): number {
  const text = entries.get(key)?.[index] ?? "";
  if (!/^\d{1,10}$/.test(text))
    throw new Error(`expected a whole number for ${key}, found ${JSON.stringify(text)}`);
  return Number(text);
}
