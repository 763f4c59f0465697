import { crc32 } from "node:zlib";
import { compareTimes, type LogTime } from "../readings/log-time.ts";
import { joinRanges, type SensorRange } from "../readings/sensor-range.ts";
import { encodeGroup } from "./group-codec.ts";
import type { BlockHead, PositionIndex } from "./group-index.ts";
import { type Group, GroupMaker } from "./groups.ts";
import { RecordBuffer } from "./record-buffer.ts";
import type { Segment } from "./segment.ts";
import { decodeSegment, encodeSegment } from "./segment-codec.ts";

/** A block has as many groups: what is decoded at once, some hundred kilobytes. */
const BLOCK_GROUPS = 256;

/** Takes the segments of a file in its order, packed, and makes the position index of them. */
export class IndexBuilder {
  readonly #packed = new RecordBuffer(65_536);
  /** By place: where the segment is packed, and its first time. */
  readonly #offsets: number[] = [];
  readonly #firstUs: number[] = [];
  readonly #firstNs: number[] = [];

  add(segment: Segment): void {
    this.#offsets.push(this.#packed.length);
    this.#firstUs.push(segment.first.timeUs);
    this.#firstNs.push(segment.first.remainderNs);
    encodeSegment(segment, this.#packed);
  }

  /** `handles` gives the sensor of each channel, −1 for none. */
  build(handles: Int32Array, sensorCount: number): PositionIndex {
    const out = new RecordBuffer(65_536);
    const heads: BlockHead[] = [];
    const ranges = new Array<SensorRange | undefined>(sensorCount).fill(undefined);
    const maker = new GroupMaker(handles, sensorCount);
    let members: Group[] = [];
    const closeBlock = (): void => {
      const [first] = members;
      if (first === undefined) return;
      const offset = out.length;
      for (const group of members) encodeGroup(group, out);
      const bytes = out.borrow().subarray(offset);
      heads.push({
        offset,
        length: bytes.length,
        crc: crc32(bytes),
        first: first.first,
        last: (members.at(-1) as Group).last,
        position: first.position,
        sequences: Array.from(first.sequences),
      });
      members = [];
    };
    for (const group of maker.groups(this.#sorted())) {
      for (const [handle, range] of group.sensors) ranges[handle] = joinRanges(ranges[handle], range);
      members.push(group);
      if (members.length === BLOCK_GROUPS) closeBlock();
    }
    closeBlock();
    return { segmentCount: this.#offsets.length, heads, ranges, bytes: out.borrow() };
  }

  /** By first time, then by place. */
  *#sorted(): Generator<{ segment: Segment; place: number }> {
    const timeOf = (place: number): LogTime => ({
      timeUs: this.#firstUs[place] as number,
      remainderNs: this.#firstNs[place] as number,
    });
    const order = Uint32Array.from({ length: this.#offsets.length }, (_, place) => place);
    const isSorted = order.every(
      (place) => place === 0 || compareTimes(timeOf(place - 1), timeOf(place)) <= 0,
    );
    if (!isSorted) order.sort((a, b) => compareTimes(timeOf(a), timeOf(b)) || a - b);
    const bytes = this.#packed.borrow();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const place of order) yield { segment: decodeSegment(view, this.#offsets[place] as number), place };
  }
}
