import type { SensorRange } from "../readings/sensor-range.ts";
import { type Group, groupOf, type PlacedSegment } from "./groups.ts";
import type { RecordBuffer } from "./record-buffer.ts";
import { encodeTime, PackedCursor } from "./segment-codec.ts";

/** A group in 8 bytes, 45 for each segment (one, usually) and 28 for each sensor. Its place among all messages follows from those before it. */
export function encodeGroup(group: Group, out: RecordBuffer): void {
  out.u32(group.segments.length);
  out.u32(group.sensors.size);
  for (const { kind, offset, length, count, first, last, place } of group.segments) {
    out.u8(kind === "chunk" ? 1 : 0);
    out.length64(offset);
    out.length64(length);
    out.u32(count);
    out.u32(place);
    encodeTime(first, out);
    encodeTime(last, out);
  }
  for (const [handle, { count, first, last }] of group.sensors) {
    out.u32(handle);
    out.u32(count);
    encodeTime(first, out);
    encodeTime(last, out);
  }
}

/** The groups of a block; `position` and `sequences` are those of its first message. */
export function decodeGroups(bytes: Uint8Array, position: number, sequences: readonly number[]): Group[] {
  const cursor = new PackedCursor(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const groups: Group[] = [];
  let nextPosition = position;
  const nextSequences = Float64Array.from(sequences);
  while (!cursor.isAtEnd) {
    const [segmentCount, sensorCount] = [cursor.u32(), cursor.u32()];
    const segments = Array.from({ length: segmentCount }, () => decodePlaced(cursor));
    const sensors = new Map<number, SensorRange>();
    const group = groupOf(segments, sensors, nextPosition, nextSequences.slice());
    for (let index = 0; index < sensorCount; index++) {
      const handle = cursor.u32();
      const range = { count: cursor.u32(), first: cursor.time(), last: cursor.time() };
      sensors.set(handle, range);
      nextPosition += range.count;
      nextSequences[handle] = (nextSequences[handle] as number) + range.count;
    }
    groups.push(group);
  }
  return groups;
}

function decodePlaced(cursor: PackedCursor): PlacedSegment {
  return {
    kind: cursor.u8() === 1 ? "chunk" : "records",
    offset: cursor.length64(),
    length: cursor.length64(),
    count: cursor.u32(),
    place: cursor.u32(),
    first: cursor.time(),
    last: cursor.time(),
  };
}
