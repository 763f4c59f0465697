import { DatabaseError } from "./database-error.ts";
import type { Pages } from "./pages.ts";
import { readVarint } from "./row.ts";

const INTERIOR = 5;
const LEAF = 13;
// Of a table with the smallest pages and the most rows that a file can have.
const MOST_DEPTH = 24;
/** A row that claims to be larger is refused. */
const MOST_ROW_BYTES = 512 * 1024 * 1024;

/** A row of a table as it lies in its page. */
export interface Cell {
  readonly rowId: bigint;
  /** Of the whole record. */
  readonly recordBytes: number;
  /** The record's start: all of it, or what lies in the page. */
  readonly local: Uint8Array;
  /** First page of the rest; 0 where there is none. */
  readonly overflowPage: number;
  /** In the file. */
  readonly offset: number;
}

/** A table: a tree of pages. Its rows come in the order of their ids. */
export class Table {
  readonly #pages: Pages;
  readonly #rootPage: number;

  constructor(pages: Pages, rootPage: number) {
    this.#pages = pages;
    this.#rootPage = rootPage;
  }

  /**
   * The numbers of the pages with rows, in the order of their rows. Where a page cannot be read, `onDamage` is told and what hangs below it is
   * passed over.
   */
  leaves(onDamage: (error: DatabaseError) => void): AsyncGenerator<number> {
    return this.#leavesBelow(this.#rootPage, 0, new Set(), onDamage);
  }

  /** The rows of a page. Throws a DatabaseError. */
  async cells(page: number): Promise<Cell[]> {
    const bytes = await this.#pages.read(page, this.#pages.offsetOf(page));
    const { view, start } = this.#open(bytes, page, [LEAF]);
    return this.#pointers(view, start, 8, page).map((pointer) => this.#cell(bytes, view, pointer, page));
  }

  /** The whole record of a row. Throws a DatabaseError. */
  async record(cell: Cell): Promise<Uint8Array> {
    if (cell.overflowPage === 0) return cell.local;
    const record = new Uint8Array(cell.recordBytes);
    record.set(cell.local);
    const { pageBytes, usableBytes } = this.#pages;
    let done = cell.local.length;
    let page = cell.overflowPage;
    while (done < record.length) {
      const pages = Math.ceil((record.length - done) / (usableBytes - 4));
      const run = await this.#pages.readRun(page, pages, cell.offset);
      const view = viewOf(run);
      for (let start = 0; start + pageBytes <= run.length && done < record.length; start += pageBytes) {
        const part = run.subarray(start + 4, start + Math.min(usableBytes, 4 + record.length - done));
        record.set(part, done);
        done += part.length;
        const next = view.getUint32(start);
        const follows = next === page + 1;
        page = next;
        if (!follows) break;
      }
    }
    return record;
  }

  async *#leavesBelow(
    page: number,
    depth: number,
    seen: Set<number>,
    onDamage: (error: DatabaseError) => void,
  ): AsyncGenerator<number> {
    const children: number[] = [];
    try {
      const offset = this.#pages.offsetOf(page);
      const bytes = await this.#pages.read(page, offset);
      const { view, start, type } = this.#open(bytes, page, [INTERIOR, LEAF]);
      if (seen.has(page) || depth > MOST_DEPTH)
        throw new DatabaseError("a page of a tree once", "it again", offset);
      if (type === LEAF) {
        yield page;
        return;
      }
      seen.add(page);
      for (const pointer of this.#pointers(view, start, 12, page)) children.push(view.getUint32(pointer));
      children.push(view.getUint32(start + 8));
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      onDamage(error);
    }
    for (const child of children) yield* this.#leavesBelow(child, depth + 1, seen, onDamage);
  }

  #open(bytes: Uint8Array, page: number, types: readonly number[]) {
    const start = page === 1 ? 100 : 0;
    const type = bytes[start] as number;
    const offset = this.#pages.offsetOf(page) + start;
    if (types.includes(type)) return { view: viewOf(bytes), start, type };
    throw new DatabaseError(`a page of a table (${types.join(" or ")})`, `type ${type}`, offset);
  }

  /** Where the cells of a page lie in it. */
  #pointers(view: DataView, start: number, headerBytes: number, page: number): number[] {
    const count = view.getUint16(start + 3);
    const first = start + headerBytes;
    const offset = this.#pages.offsetOf(page);
    if (first + 2 * count > this.#pages.usableBytes)
      throw new DatabaseError("cells within their page", `${count}`, offset + start + 3);
    return Array.from({ length: count }, (_, index) => {
      const pointer = view.getUint16(first + 2 * index);
      if (pointer >= first && pointer + 4 <= this.#pages.usableBytes) return pointer;
      throw new DatabaseError("a cell within its page", `one at ${pointer}`, offset + first + 2 * index);
    });
  }

  #cell(bytes: Uint8Array, view: DataView, pointer: number, page: number): Cell {
    const offset = this.#pages.offsetOf(page) + pointer;
    const size = readVarint(bytes, pointer, offset);
    const id = readVarint(bytes, size.end, offset);
    const recordBytes = Number(size.value);
    if (recordBytes < 0 || recordBytes > MOST_ROW_BYTES)
      throw new DatabaseError(`a row of at most ${MOST_ROW_BYTES} bytes`, `${recordBytes}`, offset);
    const localBytes = this.#localBytes(recordBytes);
    const end = id.end + localBytes;
    const hasMore = localBytes < recordBytes;
    if (end + (hasMore ? 4 : 0) > bytes.length)
      throw new DatabaseError(`${localBytes} bytes of a row in its page`, `${bytes.length - id.end}`, offset);
    if (recordBytes > this.#pages.count * this.#pages.pageBytes)
      throw new DatabaseError("a row that the file can hold", `${recordBytes} bytes`, offset);
    const local = bytes.subarray(id.end, end);
    return { rowId: id.value, recordBytes, local, overflowPage: hasMore ? view.getUint32(end) : 0, offset };
  }

  /** How much of a record lies in the page of its row: SQLite's file format, section 1.6. */
  #localBytes(recordBytes: number): number {
    const usable = this.#pages.usableBytes;
    if (recordBytes <= usable - 35) return recordBytes;
    const least = Math.floor(((usable - 12) * 32) / 255) - 23;
    const filling = least + ((recordBytes - least) % (usable - 4));
    return filling <= usable - 35 ? filling : least;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
