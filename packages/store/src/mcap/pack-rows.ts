import { compareTimes, isTimeInRange, type LogTime, remainderNsAt, timeUsAt } from "../readings/log-time.ts";
import { MESSAGE_HEAD_BYTES, MESSAGE_TIME_OFFSET, OPCODE, RECORD_HEADER_BYTES } from "./records.ts";

/** Bytes of one row in all columns together. */
const ROW_BYTES = 8 + 4 + 4 + 2 + 2;
const LEAST_MESSAGE_BYTES = RECORD_HEADER_BYTES + MESSAGE_HEAD_BYTES;

/** The messages of one segment in total order (log time, then place in the file), as two buffers that can be handed to another thread. */
export interface PackedRows {
  /** The records of the segment: the offsets point into them. */
  readonly records: Uint8Array;
  /** The columns one after the other, with room for `capacity` rows: see `columnsOf`. */
  readonly rows: ArrayBuffer;
  readonly capacity: number;
  readonly count: number;
  /** What is wrong with the segment, where something is. */
  readonly damage: string | undefined;
}

export interface RowColumns {
  readonly timeUs: Float64Array;
  /** Where the data of each message begins, and how many bytes it has. */
  readonly dataOffset: Uint32Array;
  readonly dataBytes: Uint32Array;
  readonly remainderNs: Uint16Array;
  readonly channelId: Uint16Array;
}

export function columnsOf(rows: ArrayBuffer, capacity: number): RowColumns {
  return {
    timeUs: new Float64Array(rows, 0, capacity),
    dataOffset: new Uint32Array(rows, capacity * 8, capacity),
    dataBytes: new Uint32Array(rows, capacity * 12, capacity),
    remainderNs: new Uint16Array(rows, capacity * 16, capacity),
    channelId: new Uint16Array(rows, capacity * 18, capacity),
  };
}

/**
 * `first` and `last` bound the log times: a message outside of them is left out, because the order of segments rests on them.
 * `expectedCount` is what the index has.
 */
export function packRows(
  records: Uint8Array,
  expectedCount: number,
  first: LogTime,
  last: LogTime,
): PackedRows {
  const most = Math.floor(records.length / LEAST_MESSAGE_BYTES);
  const packer = new Packer(records, Math.min(expectedCount, most), first, last);
  const packed = packer.run();
  // There are more messages than the index says: once more, with room for all.
  return packed ?? (new Packer(records, most, first, last, expectedCount).run() as PackedRows);
}

class Packer {
  readonly #records: Uint8Array;
  readonly #view: DataView;
  readonly #rows: ArrayBuffer;
  readonly #columns: RowColumns;
  readonly #capacity: number;
  readonly #expectedCount: number;
  readonly #first: LogTime;
  readonly #last: LogTime;
  #count = 0;
  #isSorted = true;
  #damage: string | undefined;

  constructor(
    records: Uint8Array,
    capacity: number,
    first: LogTime,
    last: LogTime,
    expectedCount: number = capacity,
  ) {
    this.#records = records;
    this.#view = new DataView(records.buffer, records.byteOffset, records.byteLength);
    this.#rows = new ArrayBuffer(capacity * ROW_BYTES);
    this.#columns = columnsOf(this.#rows, capacity);
    this.#capacity = capacity;
    this.#expectedCount = expectedCount;
    this.#first = first;
    this.#last = last;
  }

  /** Undefined where there is no room for all messages. */
  run(): PackedRows | undefined {
    const view = this.#view;
    const end = this.#records.length;
    for (let offset = 0; offset < end; ) {
      const content = offset + RECORD_HEADER_BYTES;
      const length =
        content > end
          ? Number.POSITIVE_INFINITY
          : view.getUint32(offset + 1, true) + view.getUint32(offset + 5, true) * 2 ** 32;
      if (content + length > end) {
        this.#damage ??= `expected whole records, found a part of one ${offset} bytes into the records`;
        break;
      }
      if (view.getUint8(offset) === OPCODE.message && !this.#add(content, length)) {
        if (this.#count === this.#capacity) return undefined;
        this.#damage ??= `expected a message with a time that the index has, found another ${offset} bytes into the records`;
      }
      offset = content + length;
    }
    if (!this.#isSorted) this.#sort();
    if (this.#count !== this.#expectedCount) {
      this.#damage ??= `expected ${this.#expectedCount} messages as the index has them, found ${this.#count}`;
    }
    return {
      records: this.#records,
      rows: this.#rows,
      capacity: this.#capacity,
      count: this.#count,
      damage: this.#damage,
    };
  }

  /** Returns whether the message is one that can be taken. */
  #add(content: number, length: number): boolean {
    const timeOffset = content + MESSAGE_TIME_OFFSET;
    const row = this.#count;
    if (row === this.#capacity || length < MESSAGE_HEAD_BYTES || !isTimeInRange(this.#view, timeOffset))
      return false;
    const timeUs = timeUsAt(this.#view, timeOffset);
    const remainderNs = remainderNsAt(this.#view, timeOffset);
    if (timeUs <= this.#first.timeUs || timeUs >= this.#last.timeUs) {
      const time = { timeUs, remainderNs };
      if (compareTimes(time, this.#first) < 0 || compareTimes(time, this.#last) > 0) return false;
    }
    const columns = this.#columns;
    columns.timeUs[row] = timeUs;
    columns.remainderNs[row] = remainderNs;
    columns.channelId[row] = this.#view.getUint16(content, true);
    columns.dataOffset[row] = content + MESSAGE_HEAD_BYTES;
    columns.dataBytes[row] = length - MESSAGE_HEAD_BYTES;
    if (row > 0) {
      const before = columns.timeUs[row - 1] as number;
      if (before > timeUs || (before === timeUs && (columns.remainderNs[row - 1] as number) > remainderNs))
        this.#isSorted = false;
    }
    this.#count = row + 1;
    return true;
  }

  #sort(): void {
    const { timeUs, remainderNs } = this.#columns;
    const order = Uint32Array.from({ length: this.#count }, (_, row) => row);
    order.sort(
      (a, b) =>
        (timeUs[a] as number) - (timeUs[b] as number) ||
        (remainderNs[a] as number) - (remainderNs[b] as number) ||
        a - b,
    );
    for (const column of Object.values(this.#columns)) {
      const before = column.slice();
      for (const [place, row] of order.entries()) column[place] = before[row];
    }
  }
}
