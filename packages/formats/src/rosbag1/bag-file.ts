import { FileBytes } from "../file-bytes.ts";
import { MOST_HEADER_BYTES, opOf, type Record1, RecordError, readHeader, viewOf } from "./record.ts";

const FIRST_READ_BYTES = 4096;

/** A record of the file, as its header tells. */
export interface RecordHead {
  readonly offset: number;
  readonly op: number;
  readonly header: ReadonlyMap<string, Uint8Array>;
  readonly dataOffset: number;
  readonly dataBytes: number;
  readonly end: number;
}

/** The records of a bag's file. Offsets in its errors count from the start of the file. */
export class BagFile {
  readonly file: FileBytes;

  private constructor(file: FileBytes) {
    this.file = file;
  }

  static async open(path: string): Promise<BagFile> {
    return new BagFile(await FileBytes.open(path));
  }

  /** Reads a record's header, whether or not the file has all of its data. Throws a RecordError. */
  async head(offset: number): Promise<RecordHead> {
    let bytes = await this.file.readUpTo(offset, FIRST_READ_BYTES);
    const headerBytes = this.#length(bytes, 0, offset, "a record's header");
    if (headerBytes > MOST_HEADER_BYTES) {
      throw new RecordError(`a header of at most ${MOST_HEADER_BYTES} bytes`, `${headerBytes}`, offset);
    }
    if (bytes.length < headerBytes + 8) bytes = await this.file.readUpTo(offset, headerBytes + 8);
    if (bytes.length < headerBytes + 8) throw this.#ended(`a header of ${headerBytes} bytes`, offset);
    const header = readHeader(bytes.subarray(4, 4 + headerBytes), offset + 4);
    const dataBytes = this.#length(bytes, 4 + headerBytes, offset, "a record's data");
    const dataOffset = offset + 8 + headerBytes;
    return { offset, op: opOf(header, offset), header, dataOffset, dataBytes, end: dataOffset + dataBytes };
  }

  /** The data of a record: all of it, or less where the file ends before. Throws a RecordError where it is more than the given bytes. */
  async data({ dataOffset, dataBytes, offset }: RecordHead, mostBytes: number): Promise<Uint8Array> {
    const length = Math.min(dataBytes, this.file.sizeBytes - dataOffset);
    if (length > mostBytes)
      throw new RecordError(`a record of at most ${mostBytes} bytes`, `${dataBytes}`, offset);
    return this.file.readUpTo(dataOffset, length);
  }

  /** A whole record. Throws a RecordError. */
  async record(head: RecordHead, mostBytes: number): Promise<Record1> {
    const data = await this.data(head, mostBytes);
    if (data.length < head.dataBytes) throw this.#ended(`${head.dataBytes} bytes of data`, head.offset);
    return { op: head.op, header: head.header, data, end: head.end };
  }

  #length(bytes: Uint8Array, place: number, offset: number, what: string): number {
    if (bytes.length < place + 4) throw this.#ended(`the length of ${what}`, offset + place);
    return viewOf(bytes).getUint32(place, true);
  }

  #ended(expected: string, offset: number): RecordError {
    return new RecordError(expected, `the end of the file at byte ${this.file.sizeBytes}`, offset);
  }
}
