import type { LogTime } from "../readings/log-time.ts";
import type { RecordBuffer } from "./record-buffer.ts";
import type { ChannelRange, Segment } from "./segment.ts";

const RANGE_BYTES = 2 + 4 + 10 + 10;

/** Reads what `RecordBuffer` wrote. */
export class PackedCursor {
  readonly #view: DataView;
  offset: number;

  constructor(view: DataView, offset = 0) {
    this.#view = view;
    this.offset = offset;
  }

  get isAtEnd(): boolean {
    return this.offset >= this.#view.byteLength;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  length64(): number {
    const offset = this.#take(8);
    return this.#view.getUint32(offset, true) + this.#view.getUint32(offset + 4, true) * 2 ** 32;
  }

  time(): LogTime {
    return { timeUs: this.length64(), remainderNs: this.u16() };
  }

  #take(bytes: number): number {
    const { offset } = this;
    this.offset += bytes;
    return offset;
  }
}

export function encodeTime(time: LogTime, out: RecordBuffer): void {
  out.length64(time.timeUs);
  out.u16(time.remainderNs);
}

/** A segment in 42 bytes, and 26 for each channel. */
export function encodeSegment(segment: Segment, out: RecordBuffer): void {
  out.u8(segment.kind === "chunk" ? 1 : 0);
  out.length64(segment.offset);
  out.length64(segment.length);
  encodeTime(segment.first, out);
  encodeTime(segment.last, out);
  out.u32(segment.channels.length);
  for (const { channelId, count, first, last } of segment.channels) {
    out.u16(channelId);
    out.u32(count);
    encodeTime(first, out);
    encodeTime(last, out);
  }
}

export function decodeSegment(view: DataView, offset: number): Segment {
  const cursor = new PackedCursor(view, offset);
  const kind = cursor.u8() === 1 ? "chunk" : "records";
  const [fileOffset, length] = [cursor.length64(), cursor.length64()];
  const [first, last] = [cursor.time(), cursor.time()];
  const count = Math.min(cursor.u32(), Math.floor((view.byteLength - cursor.offset) / RANGE_BYTES));
  const channels: ChannelRange[] = Array.from({ length: count }, () => ({
    channelId: cursor.u16(),
    count: cursor.u32(),
    first: cursor.time(),
    last: cursor.time(),
  }));
  return { kind, offset: fileOffset, length, first, last, channels };
}
