import { stat } from "node:fs/promises";
import { FileBytes } from "../../file-bytes.ts";
import { DatabaseError } from "./database-error.ts";
import { readWriteAheadLog } from "./write-ahead-log.ts";

export const MAGIC = "SQLite format 3\0";
const HEADER_BYTES = 100;
/** Interior pages come again and again; a file's table needs a handful at a time. */
const KEPT_PAGES = 64;
/** How many pages are read at once where they are likely to follow each other. */
const RUN_PAGES = 256;

/** The pages of a database, the newest of each where a write-ahead log lies beside the file. They are numbered from 1. */
export class Pages {
  readonly path: string;
  readonly pageBytes: number;
  /** Without what is reserved at the end of each page. */
  readonly usableBytes: number;
  readonly count: number;
  readonly textEncoding: "utf-8" | "utf-16le" | "utf-16be";
  readonly #file: FileBytes;
  readonly #log: FileBytes | undefined;
  readonly #logged: ReadonlyMap<number, number>;
  readonly #kept = new Map<number, Uint8Array>();

  private constructor(
    file: FileBytes,
    header: DataView,
    pageBytes: number,
    log: FileBytes | undefined,
    logged: ReadonlyMap<number, number>,
  ) {
    this.path = file.path;
    this.#file = file;
    this.#log = log;
    this.#logged = logged;
    this.pageBytes = pageBytes;
    this.usableBytes = pageBytes - header.getUint8(20);
    this.count = [...logged.keys()].reduce(
      (most, page) => Math.max(most, page),
      Math.ceil(file.sizeBytes / pageBytes),
    );
    this.textEncoding = ({ 2: "utf-16le", 3: "utf-16be" } as const)[header.getUint32(56)] ?? "utf-8";
  }

  /** Throws a DatabaseError where this is no database, and a RecordingError where it cannot be read. */
  static async open(path: string): Promise<Pages> {
    const file = await FileBytes.open(path);
    let log: FileBytes | undefined;
    try {
      const header = await file.readUpTo(0, HEADER_BYTES);
      const view = new DataView(header.buffer);
      const start = Buffer.from(header.subarray(0, MAGIC.length)).toString("latin1");
      if (header.length < HEADER_BYTES || start !== MAGIC)
        throw new DatabaseError("an SQLite database", JSON.stringify(start), 0);
      const pageBytes = view.getUint16(16) === 1 ? 65_536 : view.getUint16(16);
      const isPower = (pageBytes & (pageBytes - 1)) === 0;
      if (pageBytes < 512 || !isPower || pageBytes - view.getUint8(20) < 480)
        throw new DatabaseError("pages of 512 to 65536 bytes", `${pageBytes}`, 16);
      log = await openLog(path);
      const logged = log === undefined ? new Map<number, number>() : await readWriteAheadLog(log, pageBytes);
      return new Pages(file, view, pageBytes, log, logged);
    } catch (error) {
      await log?.close();
      await file.close();
      throw error;
    }
  }

  /** Where a page lies in the database's file. */
  offsetOf(page: number): number {
    return (page - 1) * this.pageBytes;
  }

  /** The bytes of a page. Throws a DatabaseError where the file has none such. */
  async read(page: number, referredAt: number): Promise<Uint8Array> {
    if (page < 1 || page > this.count)
      throw new DatabaseError(`a page from 1 to ${this.count}`, `page ${page}`, referredAt);
    const kept = this.#kept.get(page);
    if (kept !== undefined) return kept;
    const logged = this.#logged.get(page);
    const bytes =
      logged === undefined || this.#log === undefined
        ? await this.#file.readUpTo(this.offsetOf(page), this.pageBytes)
        : await this.#log.readUpTo(logged, this.pageBytes);
    if (bytes.length < this.pageBytes) {
      const found = `the end of the file at byte ${this.#file.sizeBytes}`;
      throw new DatabaseError(`page ${page} of ${this.pageBytes} bytes`, found, this.offsetOf(page));
    }
    this.#keep(page, bytes);
    return bytes;
  }

  /** Some pages that follow each other, from the given one on: at least that one, at most `count`. Throws a DatabaseError. */
  async readRun(page: number, count: number, referredAt: number): Promise<Uint8Array> {
    const known = Math.min(count, RUN_PAGES, this.count - page + 1);
    if (page < 1 || known < 2 || this.#logged.size > 0) return this.read(page, referredAt);
    const bytes = await this.#file.readUpTo(this.offsetOf(page), known * this.pageBytes);
    return bytes.length < this.pageBytes ? this.read(page, referredAt) : bytes;
  }

  async close(): Promise<void> {
    await this.#log?.close();
    await this.#file.close();
  }

  #keep(page: number, bytes: Uint8Array): void {
    if (this.#kept.size >= KEPT_PAGES) {
      for (const oldest of this.#kept.keys()) {
        this.#kept.delete(oldest);
        break;
      }
    }
    this.#kept.set(page, bytes);
  }
}

async function openLog(path: string): Promise<FileBytes | undefined> {
  const log = `${path}-wal`;
  const found = await stat(log).catch(() => undefined);
  return found?.isFile() === true && found.size > 0 ? FileBytes.open(log) : undefined;
}
