import { existsSync, readFileSync, renameSync } from "node:fs";
import { crc32 } from "node:zlib";
import { decodePlain, encodePlain } from "../plain-data.ts";
import { type Files, GrowingFile } from "./files.ts";

/** Before each record: its length and the CRC-32 of its bytes, u32 LE each. */
const HEADER_BYTES = 8;

/** A record as it lies in its file. */
export interface LoggedRecord {
  readonly offset: number;
  readonly length: number;
  readonly data: unknown;
}

/** Records of plain data, one after the other in a file. What is torn or damaged is left out, and with it everything behind. */
export class RecordLog {
  readonly #files: Files;
  #file: GrowingFile;

  private constructor(file: GrowingFile, files: Files) {
    this.#file = file;
    this.#files = files;
  }

  /** Opens or makes the file; it is cut behind the last record that `accept` takes. */
  static open(path: string, files: Files, accept: (record: LoggedRecord) => boolean): RecordLog {
    let end = 0;
    if (existsSync(path))
      for (const record of recordsOf(readFileSync(path))) {
        if (!accept(record)) break;
        end = record.offset + record.length;
      }
    return new RecordLog(new GrowingFile(path, files, end), files);
  }

  get bytes(): number {
    return this.#file.bytes;
  }

  /** @returns where it lies. @throws the file system's error; then nothing is there */
  append(data: unknown): Omit<LoggedRecord, "data"> {
    const bytes = encodePlain(data);
    const record = Buffer.alloc(HEADER_BYTES + bytes.length);
    record.writeUInt32LE(bytes.length, 0);
    record.writeUInt32LE(crc32(bytes), 4);
    record.set(bytes, HEADER_BYTES);
    return { offset: this.#file.append(record), length: record.length };
  }

  /** @throws Error where it is damaged */
  read({ offset, length }: Omit<LoggedRecord, "data">): unknown {
    const [record] = recordsOf(this.#file.read(offset, length));
    if (record === undefined)
      throw new Error(`${this.#file.path}: expected a record at ${offset}, found damage`);
    return record.data;
  }

  /**
   * Puts other records in the place of all, at once: whenever the process ends, there are either these or those.
   *
   * @param write appends them. @throws the file system's error; then nothing has changed
   */
  replace(write: (log: RecordLog) => void): void {
    const { path } = this.#file;
    const next = new RecordLog(new GrowingFile(`${path}.new`, this.#files), this.#files);
    try {
      write(next);
    } catch (error) {
      next.#file.remove();
      throw error;
    }
    next.close();
    this.#file.close();
    renameSync(`${path}.new`, path);
    this.#file = new GrowingFile(path, this.#files, next.bytes);
  }

  sync(): void {
    this.#file.sync();
  }

  close(): void {
    this.#file.close();
  }
}

function* recordsOf(bytes: Buffer): Generator<LoggedRecord> {
  let at = 0;
  while (at + HEADER_BYTES <= bytes.length) {
    const end = at + HEADER_BYTES + bytes.readUInt32LE(at);
    if (end > bytes.length) return;
    const content = bytes.subarray(at + HEADER_BYTES, end);
    if (crc32(content) !== bytes.readUInt32LE(at + 4)) return;
    let data: unknown;
    try {
      data = decodePlain(content);
    } catch {
      return;
    }
    yield { offset: at, length: end - at, data };
    at = end;
  }
}
