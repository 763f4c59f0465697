import type { MessageRows } from "../readings/message-rows.ts";

/** The columns that a message is read with, in this order. */
export const READ_COLUMNS = "channel, log_time_ns, position, publish_time_ns, ordinal, sequence, data";
const COLUMN_COUNT = 7;

// Where the values lie in a row: each has its length before it, in 4 bytes.
const CHANNEL = 2 + 4;
const LOG_TIME = CHANNEL + 4 + 4;
const POSITION = LOG_TIME + 8 + 4;
const PUBLISH_TIME = POSITION + 8 + 4;
const ORDINAL = PUBLISH_TIME + 8 + 4;
const SEQUENCE = ORDINAL + 8 + 4;
const DATA_LENGTH = SEQUENCE + 8;
const ROW_HEAD_BYTES = DATA_LENGTH + 4;

const HEADER_BYTES = 19;
const SLAB_BYTES = 1024 * 1024;
// 2³² ns are 4,294,967 µs and 296 ns.
const HIGH_WORD_US = 4_294_967;
const HIGH_WORD_NS = 296;

/** Messages read from a server, as columns. The data are views of buffers that are never used again. */
export class MessagePage implements MessageRows {
  readonly timeUs: number[] = [];
  readonly remainderNs: number[] = [];
  readonly channelId: number[] = [];
  /** Place in the recording, and among the messages of the sensor, as they were appended. */
  readonly position: number[] = [];
  readonly ordinal: number[] = [];
  readonly #views: DataView[] = [];
  readonly #starts: number[] = [];
  sizeBytes = 0;

  get count(): number {
    return this.timeUs.length;
  }

  logTimeNs(row: number): bigint {
    return (this.#views[row] as DataView).getBigUint64((this.#starts[row] as number) + LOG_TIME);
  }

  publishTimeNs(row: number): bigint {
    return (this.#views[row] as DataView).getBigUint64((this.#starts[row] as number) + PUBLISH_TIME);
  }

  /** The recorder's own number. */
  sequence(row: number): number {
    return (this.#views[row] as DataView).getUint32((this.#starts[row] as number) + SEQUENCE + 4);
  }

  data(row: number): Uint8Array {
    const { buffer, byteOffset } = this.#views[row] as DataView;
    const start = this.#starts[row] as number;
    const length = (this.#views[row] as DataView).getInt32(start + DATA_LENGTH);
    return new Uint8Array(buffer, byteOffset + start + ROW_HEAD_BYTES, length);
  }

  add(view: DataView, start: number): void {
    const high = view.getUint32(start + LOG_TIME);
    const rest = high * HIGH_WORD_NS + view.getUint32(start + LOG_TIME + 4);
    this.timeUs.push(high * HIGH_WORD_US + Math.floor(rest / 1000));
    this.remainderNs.push(rest % 1000);
    this.channelId.push(view.getInt32(start + CHANNEL));
    this.position.push(count64(view, start + POSITION));
    this.ordinal.push(count64(view, start + ORDINAL));
    this.#views.push(view);
    this.#starts.push(start);
    this.sizeBytes += view.getInt32(start + DATA_LENGTH);
  }
}

function count64(view: DataView, offset: number): number {
  return view.getUint32(offset) * 2 ** 32 + view.getUint32(offset + 4);
}

/** Takes the bytes of `COPY … TO STDOUT (FORMAT binary)` in pieces of any size, and gives pages of whole rows. */
export class CopyDecoder {
  readonly #maxRows: number;
  readonly #maxBytes: number;
  #slab = new Uint8Array(SLAB_BYTES);
  #view = new DataView(this.#slab.buffer);
  #start = 0;
  #end = 0;
  #begun = false;
  #ended = false;
  #page = new MessagePage();

  /** A page has at most so many rows, and no more once it holds so many bytes. */
  constructor(maxRows: number, maxBytes: number) {
    this.#maxRows = maxRows;
    this.#maxBytes = maxBytes;
  }

  /** Gives the pages that are full. */
  *push(chunk: Uint8Array): Generator<MessagePage> {
    let done = 0;
    while (done < chunk.length) {
      if (this.#end === this.#slab.length) this.#nextSlab();
      const part = Math.min(chunk.length - done, this.#slab.length - this.#end);
      this.#slab.set(chunk.subarray(done, done + part), this.#end);
      this.#end += part;
      done += part;
      yield* this.#parse();
    }
  }

  /** Whether the end of the rows was reached. */
  get isComplete(): boolean {
    return this.#ended;
  }

  /** The rows since the last full page. */
  get rest(): MessagePage {
    return this.#page;
  }

  *#parse(): Generator<MessagePage> {
    if (!this.#begun) {
      if (this.#end - this.#start < HEADER_BYTES) return;
      this.#start += HEADER_BYTES;
      this.#begun = true;
    }
    while (!this.#ended && this.#parseRow()) {
      const { count, sizeBytes } = this.#page;
      if (count < this.#maxRows && sizeBytes < this.#maxBytes) continue;
      const page = this.#page;
      this.#page = new MessagePage();
      yield page;
    }
  }

  /** Whether there was a whole row. */
  #parseRow(): boolean {
    const left = this.#end - this.#start;
    if (left < 2) return false;
    const columns = this.#view.getInt16(this.#start);
    if (columns === -1) {
      this.#ended = true;
      return false;
    }
    if (columns !== COLUMN_COUNT)
      throw new Error(`expected rows of ${COLUMN_COUNT} columns, found ${columns}`);
    const size = this.#rowBytes();
    if (size === undefined || left < size) return false;
    this.#page.add(this.#view, this.#start);
    this.#start += size;
    return true;
  }

  /** How many bytes the row has that begins here, as far as that is known yet. */
  #rowBytes(): number | undefined {
    if (this.#end - this.#start < ROW_HEAD_BYTES) return undefined;
    return ROW_HEAD_BYTES + this.#view.getInt32(this.#start + DATA_LENGTH);
  }

  /** Moves a row that is not whole yet to the start of new memory that it fits into. */
  #nextSlab(): void {
    const begun = this.#slab.subarray(this.#start, this.#end);
    const slab = new Uint8Array(Math.max(SLAB_BYTES, this.#rowBytes() ?? 0));
    slab.set(begun);
    this.#slab = slab;
    this.#view = new DataView(slab.buffer);
    this.#start = 0;
    this.#end = begun.length;
  }
}
