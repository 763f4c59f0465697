/**
 * The entropy-coded data of a scan, made easy to read: without stuffing, and backwards, so that eight bytes of the stream are one
 * little-endian load with the first of them at the top. A position is a number of bits from the start of the data.
 */

import { allocate } from "../../../generated/video-decoder/runtime";

/** Zeros after the data: the reader compares its position with the end after each block or MCU, which take fewer bytes. */
const PADDING = 8192;

/** Byte k of the stream is at `top - 1 - k`. */
let top: usize = 0;
/** The ends of the intervals between restart markers, in bytes from the start. Each starts where the one before ends. */
let ends: usize = 0;
let intervals = 0;
let roomForEnds = 0;

/** Makes room for the scans of a picture of `size` bytes; each takes the place of the one before. */
export function beginStreams(size: i32): void {
  top = allocate(size + PADDING, 16) + size + PADDING;
  roomForEnds = 64;
  ends = allocate(<usize>roomForEnds << 2, 4);
}

/** The 64 bits at a position; at least 57 of them count. */
// @ts-ignore: decorator
@inline
export function peek(base: usize, position: u32): u64 {
  return load<u64>(base - (position >> 3)) << (position & 7);
}

/** What `peek` takes for the data that were unpacked last. */
// @ts-ignore: decorator
@inline
export function streamBase(): usize { return top - 8; }

/** How many intervals there are. */
export function intervalCount(): i32 { return intervals; }

/** Where an interval starts, in bits. */
export function intervalStart(index: i32): u32 {
  return index == 0 ? 0 : intervalEnd(index - 1);
}

/** Where an interval ends, in bits. */
export function intervalEnd(index: i32): u32 {
  return load<u32>(ends + (index << 2)) << 3;
}

/**
 * Unpacks the data from `from` up to the next marker that is no restart marker, or up to `end`.
 *
 * @returns where the marker is
 */
export function unpack(from: usize, end: usize): usize {
  intervals = 0;
  const next = copyBackwards(from, end);
  memory.fill(top - intervalBytes() - PADDING, 0, PADDING);
  return next;
}

/** Bytes of all intervals. */
function intervalBytes(): usize { return load<u32>(ends + ((intervals - 1) << 2)); }

function copyBackwards(from: usize, end: usize): usize {
  let at = from;
  let to = top;
  const marker = i8x16.splat(-1);
  while (at < end) {
    // Sixteen bytes at once where none of them is a marker's first.
    while (at + 16 <= end) {
      const bytes = v128.load(at);
      if (v128.any_true(i8x16.eq(bytes, marker))) break;
      to -= 16;
      v128.store(to, i8x16.swizzle(bytes, i8x16(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)));
      at += 16;
    }
    const stop = min(at + 16, end);
    while (at < stop) {
      const byte = load<u8>(at);
      if (byte != 0xff) {
        store<u8>(--to, byte);
        at++;
        continue;
      }
      const next = at + 1 < end ? load<u8>(at + 1) : 0xd9;
      if (next == 0) {
        store<u8>(--to, 0xff);
        at += 2;
      } else if (next == 0xff) at++;
      else if (next >= 0xd0 && next <= 0xd7) {
        endInterval(to);
        at += 2;
      } else {
        endInterval(to);
        return at;
      }
    }
  }
  endInterval(to);
  return end;
}

function endInterval(to: usize): void {
  if (intervals == roomForEnds) {
    const more = allocate(<usize>roomForEnds << 3, 4);
    memory.copy(more, ends, <usize>roomForEnds << 2);
    ends = more;
    roomForEnds <<= 1;
  }
  store<u32>(ends + (intervals++ << 2), <u32>(top - to));
}
