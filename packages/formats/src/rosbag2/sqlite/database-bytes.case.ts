/** A small writer of SQLite databases for tests: tables of one or two levels, with overflow pages. */

export type Column = null | bigint | string | Uint8Array;

export interface TableContent {
  readonly name: string;
  readonly sql: string;
  readonly rows: readonly (readonly Column[])[];
}

const PAGE_BYTES = 1024;

/** The pages of a database; rows have the ids 1, 2, … */
export function databasePages(tables: readonly TableContent[]): Uint8Array[] {
  const writer = new PageWriter();
  const schema = tables.map(({ name, sql, rows }) => {
    const root = writer.table(rows.map(recordOf));
    return recordOf(["table", name, name, BigInt(root), sql]);
  });
  writer.schema(schema);
  return writer.pages;
}

export function databaseBytes(tables: readonly TableContent[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(databasePages(tables)));
}

/** A write-ahead log with these pages; the last of each commit says how many pages the database has. */
export function logBytes(
  frames: readonly { page: number; bytes: Uint8Array; commit: boolean }[],
): Uint8Array {
  const header = Buffer.alloc(32);
  const start = [0x377f0683, 3007000, PAGE_BYTES, 0, 17, 34];
  for (const [index, value] of start.entries()) header.writeUInt32BE(value, 4 * index);
  let sums = checksum(header.subarray(0, 24), [0, 0]);
  header.writeUInt32BE(sums[0], 24);
  header.writeUInt32BE(sums[1], 28);
  const parts = [header];
  for (const { page, bytes, commit } of frames) {
    const frame = Buffer.alloc(24);
    for (const [index, value] of [page, commit ? page : 0, 17, 34].entries())
      frame.writeUInt32BE(value, 4 * index);
    sums = checksum(Buffer.concat([frame.subarray(0, 8), bytes]), sums);
    frame.writeUInt32BE(sums[0], 16);
    frame.writeUInt32BE(sums[1], 20);
    parts.push(frame, Buffer.from(bytes));
  }
  return Buffer.concat(parts);
}

function checksum(bytes: Buffer, before: readonly [number, number]): [number, number] {
  let [first, second] = before;
  for (let place = 0; place < bytes.length; place += 8) {
    first = (first + bytes.readUInt32BE(place) + second) >>> 0;
    second = (second + bytes.readUInt32BE(place + 4) + first) >>> 0;
  }
  return [first, second];
}

class PageWriter {
  readonly pages: Uint8Array[] = [new Uint8Array(PAGE_BYTES)];

  /** Writes a table; gives its root page, which comes first. */
  table(records: readonly Uint8Array[]): number {
    const root = this.#add(new Uint8Array(PAGE_BYTES));
    const leaves: { bytes: Uint8Array; last: number }[] = [];
    let cells: Buffer[] = [];
    const finish = (last: number): void => {
      leaves.push({ bytes: leafPage(cells, 0), last });
      cells = [];
    };
    for (const [index, record] of records.entries()) {
      const cell = this.#cell(record, index + 1);
      const used = cells.reduce((sum, { length }) => sum + length + 2, 8);
      if (used + cell.length + 2 > PAGE_BYTES) finish(index);
      cells.push(cell);
    }
    finish(records.length);
    const numbers = leaves.length === 1 ? [] : leaves.map(({ bytes }) => this.#add(bytes));
    const above = numbers
      .slice(0, -1)
      .map((number, index) => Buffer.concat([u32(number), varint(leaves[index]?.last ?? 0)]));
    this.pages[root - 1] =
      leaves.length === 1 ? (leaves[0]?.bytes as Uint8Array) : page(5, above, 0, numbers.at(-1));
    return root;
  }

  schema(records: readonly Uint8Array[]): void {
    const first = leafPage(
      records.map((record, index) => this.#cell(record, index + 1)),
      100,
    );
    first.set(new TextEncoder().encode("SQLite format 3\0"));
    const view = new DataView(first.buffer);
    view.setUint16(16, PAGE_BYTES);
    view.setUint8(18, 1);
    view.setUint8(19, 1);
    view.setUint32(28, this.pages.length);
    view.setUint32(56, 1);
    this.pages[0] = first;
  }

  #add(bytes: Uint8Array): number {
    this.pages.push(bytes);
    return this.pages.length;
  }

  #cell(record: Uint8Array, rowId: number): Buffer {
    const least = Math.floor(((PAGE_BYTES - 12) * 32) / 255) - 23;
    const filling = least + ((record.length - least) % (PAGE_BYTES - 4));
    const most = PAGE_BYTES - 35;
    const local = record.length <= most ? record.length : filling <= most ? filling : least;
    const head = [varint(record.length), varint(rowId), record.subarray(0, local)];
    return Buffer.concat(
      local < record.length ? [...head, u32(this.#overflow(record.subarray(local)))] : head,
    );
  }

  /** Pages that follow each other; gives the first. */
  #overflow(rest: Uint8Array): number {
    const first = this.pages.length + 1;
    for (let place = 0; place < rest.length; place += PAGE_BYTES - 4) {
      const part = rest.subarray(place, place + PAGE_BYTES - 4);
      const isLast = place + part.length === rest.length;
      const bytes = new Uint8Array(PAGE_BYTES);
      bytes.set(u32(isLast ? 0 : this.pages.length + 2));
      bytes.set(part, 4);
      this.#add(bytes);
    }
    return first;
  }
}

function leafPage(cells: readonly Uint8Array[], start: number): Uint8Array {
  return page(13, cells, start, undefined);
}

function page(
  type: number,
  cells: readonly Uint8Array[],
  start: number,
  right: number | undefined,
): Uint8Array {
  const bytes = new Uint8Array(PAGE_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(start, type);
  view.setUint16(start + 3, cells.length);
  if (right !== undefined) view.setUint32(start + 8, right);
  let end = PAGE_BYTES;
  for (const [index, cell] of cells.entries()) {
    end -= cell.length;
    bytes.set(cell, end);
    view.setUint16(start + (right === undefined ? 8 : 12) + 2 * index, end);
  }
  view.setUint16(start + 5, end);
  return bytes;
}

function recordOf(columns: readonly Column[]): Uint8Array {
  const values = columns.map(columnBytes);
  const types = Buffer.concat(values.map(({ type }) => varint(type)));
  const header = Buffer.concat([varint(types.length + 1), types]);
  return Buffer.concat([header, ...values.map(({ bytes }) => bytes)]);
}

function columnBytes(value: Column): { type: number; bytes: Uint8Array } {
  if (value === null) return { type: 0, bytes: new Uint8Array(0) };
  if (value === 0n || value === 1n) return { type: value === 0n ? 8 : 9, bytes: new Uint8Array(0) };
  if (typeof value === "bigint") {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(value);
    return value >= -128n && value < 128n ? { type: 1, bytes: bytes.subarray(7) } : { type: 6, bytes };
  }
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return { type: 2 * bytes.length + (typeof value === "string" ? 13 : 12), bytes };
}

function varint(value: number): Buffer {
  const bytes = [value & 127];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    bytes.unshift((rest & 127) | 128);
  return Buffer.from(bytes);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
