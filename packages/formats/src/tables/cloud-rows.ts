import { type MessageFields, pointRows, type SensorKind } from "@playhead/recording";
import { POINT_NUMBERS } from "../point-clouds/point-numbers.ts";
import { pointOffset, type RecordedCloud } from "../point-clouds/recorded-cloud.ts";

/** How a field of a point gets into a row. */
interface PointColumn {
  readonly name: string;
  /** By the point's place in the cloud, and its byte offset in the recorded data. */
  read(index: number, offset: number): number;
}

/**
 * A row for each point: `header`, the fields of the canonical payload, if there is one, then those that were recorded. What is in both, whatever its letters, is there
 * once: under its canonical name, as precise as it was recorded. The row is the same object every time.
 */
export function* cloudRows(
  header: MessageFields,
  cloud: RecordedCloud,
  kind: SensorKind,
  payload: Uint8Array | undefined,
): Generator<MessageFields> {
  const canonical = payload === undefined ? [] : canonicalColumns(kind, payload);
  const recorded = recordedColumns(cloud, kind);
  const columns = new Map([...canonical, ...recorded].map((column) => [column.name, column]));
  const row: Record<string, unknown> = { ...header };
  const count = cloud.rows * cloud.rowPoints;
  for (let index = 0; index < count; index++) {
    const offset = pointOffset(cloud, index);
    for (const { name, read } of columns.values()) row[name] = read(index, offset);
    yield row;
  }
}

/** Of the recorded fields, the names of those that hold integers; canonical ones are never taken to. */
export function integerNames({ fields }: RecordedCloud, kind: SensorKind): string[] {
  const canonical = new Set(canonicalNames(kind).map(plain));
  const found = fields.filter(
    ({ name, type }) => POINT_NUMBERS[type].isInteger && !canonical.has(plain(name)),
  );
  return found.map(({ name }) => name);
}

const NUMBER_BYTES = 4;
const MOST_POINT_BYTES = 64;

/** In the order of the payload. */
function canonicalNames(kind: SensorKind): string[] {
  const [point = {}] = pointRows(kind, new DataView(new ArrayBuffer(MOST_POINT_BYTES))) ?? [];
  return Object.keys(point);
}

function canonicalColumns(kind: SensorKind, { buffer, byteOffset, byteLength }: Uint8Array): PointColumn[] {
  const view = new DataView(buffer, byteOffset, byteLength);
  const names = canonicalNames(kind);
  const pointBytes = NUMBER_BYTES * names.length;
  return names.map((name, place) => ({
    name,
    read: (index) => view.getFloat32(index * pointBytes + NUMBER_BYTES * place, true),
  }));
}

function recordedColumns({ data, fields, littleEndian }: RecordedCloud, kind: SensorKind): PointColumn[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const canonical = new Map(canonicalNames(kind).map((name) => [plain(name), name]));
  return fields.map(({ name, offset: inPoint, type }) => {
    const { read } = POINT_NUMBERS[type];
    return {
      name: canonical.get(plain(name)) ?? name,
      read: (_, offset) => read(view, offset + inPoint, littleEndian),
    };
  });
}

/** As canonical payloads look for names: without case and underscores. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}
