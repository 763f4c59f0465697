import type { MessageRows } from "../readings/message-rows.ts";
import { columnsOf, type PackedRows } from "./pack-rows.ts";
import { MESSAGE_HEAD_BYTES } from "./records.ts";

const PUBLISH_TIME_OFFSET = 14;

/** Where each row stands among those of its table, from 0: unknown channels do not count. */
interface RowNumbers {
  readonly places: Uint32Array;
  /** Among the rows of the same sensor. */
  readonly sequences: Uint32Array;
}

/** The messages of one segment in total order: log time, then place in the file. Columns rather than objects: one row per message. */
export class MessageTable implements MessageRows {
  /** The records of the segment: the offsets point into them. */
  readonly records: Uint8Array;
  /** Whether they were compressed in the file. */
  readonly isDecompressed: boolean;
  readonly count: number;
  readonly timeUs: Float64Array;
  readonly remainderNs: Uint16Array;
  readonly channelId: Uint16Array;
  /** Where the data of each message begins, and how many bytes it has. */
  readonly dataOffset: Uint32Array;
  readonly dataBytes: Uint32Array;
  readonly #view: DataView;
  #numbers: RowNumbers | undefined;

  constructor({ records, rows, capacity, count }: PackedRows, isDecompressed = false) {
    this.records = records;
    this.isDecompressed = isDecompressed;
    this.#view = new DataView(records.buffer, records.byteOffset, records.byteLength);
    this.count = count;
    const columns = columnsOf(rows, capacity);
    this.timeUs = columns.timeUs;
    this.remainderNs = columns.remainderNs;
    this.channelId = columns.channelId;
    this.dataOffset = columns.dataOffset;
    this.dataBytes = columns.dataBytes;
  }

  /** What it holds in memory. */
  get sizeBytes(): number {
    return this.records.buffer.byteLength + this.timeUs.buffer.byteLength;
  }

  /** When a message was published, ns since the Unix epoch. */
  publishTimeNs(row: number): bigint {
    const content = (this.dataOffset[row] as number) - MESSAGE_HEAD_BYTES;
    return this.#view.getBigUint64(content + PUBLISH_TIME_OFFSET, true);
  }

  data(row: number): Uint8Array {
    const start = this.dataOffset[row] as number;
    return new Uint8Array(this.records.buffer, this.records.byteOffset + start, this.dataBytes[row]);
  }

  /** How many rows are at or before a time. */
  countUpTo(timeUs: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.timeUs[middle] as number) <= timeUs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** `handles` gives the sensor of each channel, −1 for none. */
  numbers(handles: Int32Array, sensorCount: number): RowNumbers {
    this.#numbers ??= numberRows(this, handles, sensorCount);
    return this.#numbers;
  }
}

function numberRows(table: MessageTable, handles: Int32Array, sensorCount: number): RowNumbers {
  const places = new Uint32Array(table.count);
  const sequences = new Uint32Array(table.count);
  const next = new Uint32Array(sensorCount);
  let place = 0;
  for (let row = 0; row < table.count; row++) {
    const sensor = handles[table.channelId[row] as number] as number;
    if (sensor < 0) continue;
    places[row] = place++;
    const sequence = next[sensor] as number;
    sequences[row] = sequence;
    next[sensor] = sequence + 1;
  }
  return { places, sequences };
}
