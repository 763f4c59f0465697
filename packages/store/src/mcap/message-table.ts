import { compareTimes, isTimeInRange, type LogTime, remainderNsAt, timeUsAt } from "../readings/log-time.ts";
import {
  MESSAGE_HEAD_BYTES,
  MESSAGE_TIME_OFFSET,
  OPCODE,
  parseRecordHeader,
  RECORD_HEADER_BYTES,
} from "./records.ts";

const PUBLISH_TIME_OFFSET = 14;

/** The messages of one segment in total order: log time, then place in the file. Columns rather than objects: one row per message. */
export class MessageTable {
  /** The records of the segment: the offsets point into them. */
  readonly records: Uint8Array;
  readonly view: DataView;
  count = 0;
  timeUs: Float64Array;
  remainderNs: Uint16Array;
  channelId: Uint16Array;
  /** Where the data of each message begins, and how many bytes it has. */
  dataOffset: Uint32Array;
  dataBytes: Uint32Array;
  /** What is wrong with the segment, where something is. */
  damage: string | undefined;
  #sorted = true;

  /**
   * `first` and `last` bound the log times: a message outside of them is left out, because the order of segments rests on them.
   * `expectedCount` is what the index has.
   */
  constructor(records: Uint8Array, expectedCount: number, first: LogTime, last: LogTime) {
    this.records = records;
    this.view = new DataView(records.buffer, records.byteOffset, records.byteLength);
    const capacity = this.#countMessages();
    this.timeUs = new Float64Array(capacity);
    this.remainderNs = new Uint16Array(capacity);
    this.channelId = new Uint16Array(capacity);
    this.dataOffset = new Uint32Array(capacity);
    this.dataBytes = new Uint32Array(capacity);
    this.#fill(first, last);
    if (!this.#sorted) this.#sort();
    if (this.count !== expectedCount) {
      this.damage ??= `expected ${expectedCount} messages as the index has them, found ${this.count}`;
    }
  }

  /** When a message was published, ns since the Unix epoch. */
  publishTimeNs(row: number): bigint {
    const content = (this.dataOffset[row] as number) - MESSAGE_HEAD_BYTES;
    return this.view.getBigUint64(content + PUBLISH_TIME_OFFSET, true);
  }

  data(row: number): Uint8Array {
    const start = this.dataOffset[row] as number;
    return this.records.subarray(start, start + (this.dataBytes[row] as number));
  }

  /** Compares a row with a row of this or another table by time alone. */
  compareTime(row: number, other: MessageTable, otherRow: number): number {
    return (
      (this.timeUs[row] as number) - (other.timeUs[otherRow] as number) ||
      (this.remainderNs[row] as number) - (other.remainderNs[otherRow] as number)
    );
  }

  #countMessages(): number {
    let count = 0;
    let offset = 0;
    for (;;) {
      const header = parseRecordHeader(this.view, offset);
      if (header === undefined) return count;
      if (header.opcode === OPCODE.message) count++;
      offset += RECORD_HEADER_BYTES + header.length;
    }
  }

  #fill(first: LogTime, last: LogTime): void {
    let offset = 0;
    while (offset < this.records.length) {
      const header = parseRecordHeader(this.view, offset);
      const content = offset + RECORD_HEADER_BYTES;
      if (header === undefined || content + header.length > this.records.length) {
        this.damage ??= `expected whole records, found a part of one ${offset} bytes into the records`;
        return;
      }
      if (header.opcode === OPCODE.message && !this.#addRow(content, header.length, first, last)) {
        this.damage ??= `expected a message with a time that the index has, found another ${offset} bytes into the records`;
      }
      offset = content + header.length;
    }
  }

  /** Returns whether the message is one that can be taken. */
  #addRow(content: number, length: number, first: LogTime, last: LogTime): boolean {
    const timeOffset = content + MESSAGE_TIME_OFFSET;
    if (length < MESSAGE_HEAD_BYTES || !isTimeInRange(this.view, timeOffset)) return false;
    const timeUs = timeUsAt(this.view, timeOffset);
    const remainderNs = remainderNsAt(this.view, timeOffset);
    if (timeUs <= first.timeUs || timeUs >= last.timeUs) {
      const time = { timeUs, remainderNs };
      if (compareTimes(time, first) < 0 || compareTimes(time, last) > 0) return false;
    }
    const row = this.count++;
    this.timeUs[row] = timeUs;
    this.remainderNs[row] = remainderNs;
    this.channelId[row] = this.view.getUint16(content, true);
    this.dataOffset[row] = content + MESSAGE_HEAD_BYTES;
    this.dataBytes[row] = length - MESSAGE_HEAD_BYTES;
    if (row > 0 && this.compareTime(row - 1, this, row) > 0) this.#sorted = false;
    return true;
  }

  #sort(): void {
    const order = Uint32Array.from({ length: this.count }, (_, row) => row);
    order.sort((a, b) => this.compareTime(a, this, b) || a - b);
    const pick = (column: Float64Array | Uint16Array | Uint32Array) => (_: number, place: number) =>
      column[order[place] as number] as number;
    const { timeUs, remainderNs, channelId, dataOffset, dataBytes } = this;
    this.timeUs = Float64Array.from(order, pick(timeUs));
    this.remainderNs = Uint16Array.from(order, pick(remainderNs));
    this.channelId = Uint16Array.from(order, pick(channelId));
    this.dataOffset = Uint32Array.from(order, pick(dataOffset));
    this.dataBytes = Uint32Array.from(order, pick(dataBytes));
  }
}
