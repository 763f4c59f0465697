/**
 * LZ4 frames (LZ4 Frame Format 1.6.4 and LZ4 Block Format, both by Y. Collet), as the chunks of MCAP files and ROS 1 bags use them. In plain TypeScript because a
 * damaged frame must leave nothing behind that spoils the next one.
 */

const MAGIC = 0x184d2204;
const SKIPPABLE_MAGIC = 0x184d2a50; // the last four bits are free
const UNCOMPRESSED_BLOCK = 0x80000000;
const LEAST_MATCH = 4;

/** Decompresses the frames in `source`, which must give exactly `sizeBytes`. Throws an error that says what is wrong. */
export function decompressLz4(source: Uint8Array, sizeBytes: number): Uint8Array {
  const output = new Uint8Array(sizeBytes);
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  let offset = 0;
  let length = 0;
  while (offset < source.length) {
    const magic = u32(view, offset);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
      offset += 8 + u32(view, offset + 4);
    } else if (magic === MAGIC) {
      ({ offset, length } = decompressFrame(source, view, offset, output, length));
    } else {
      throw new Error(`expected an LZ4 frame at byte ${offset}, found ${magic.toString(16)}`);
    }
  }
  if (length !== sizeBytes) throw new Error(`expected ${sizeBytes} bytes from LZ4, found ${length}`);
  return output;
}

interface Progress {
  /** In the compressed bytes. */
  readonly offset: number;
  /** Of the output so far. */
  readonly length: number;
}

function decompressFrame(
  source: Uint8Array,
  view: DataView,
  start: number,
  output: Uint8Array,
  lengthBefore: number,
): Progress {
  const flags = source[start + 4] ?? 0;
  if (flags >> 6 !== 1) throw new Error(`expected version 1 of LZ4's frames, found ${flags >> 6}`);
  if ((flags & 1) !== 0) throw new Error("expected an LZ4 frame without a dictionary, found one with");
  const contentSizeBytes = (flags & 8) !== 0 ? 8 : 0;
  const blockChecksumBytes = (flags & 16) !== 0 ? 4 : 0;
  const contentChecksumBytes = (flags & 4) !== 0 ? 4 : 0;
  let offset = start + 7 + contentSizeBytes;
  let length = lengthBefore;
  for (;;) {
    const header = u32(view, offset);
    offset += 4;
    if (header === 0) return { offset: offset + contentChecksumBytes, length };
    const size = header & ~UNCOMPRESSED_BLOCK;
    if (size > source.length - offset) {
      throw new Error(
        `expected an LZ4 block of ${size} bytes at byte ${offset}, found ${source.length - offset}`,
      );
    }
    if (header >= UNCOMPRESSED_BLOCK) {
      if (size > output.length - length) throw overflow(output);
      output.set(source.subarray(offset, offset + size), length);
      length += size;
    } else {
      length = decompressBlock(source, offset, offset + size, output, length, lengthBefore);
    }
    offset += size + blockChecksumBytes;
  }
}

/** Sequences of literals and matches; a match reaches back at most to `floor`, the start of the frame's output. */
function decompressBlock(
  source: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  lengthBefore: number,
  floor: number,
): number {
  let offset = start;
  let length = lengthBefore;
  while (offset < end) {
    const token = source[offset++] as number;
    let literals = token >> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255 && offset < end) literals += more = source[offset++] as number;
    }
    if (literals > end - offset) throw truncatedBlock(offset);
    if (literals > output.length - length) throw overflow(output);
    if (literals > 32) output.set(source.subarray(offset, offset + literals), length);
    else
      for (let index = 0; index < literals; index++)
        output[length + index] = source[offset + index] as number;
    offset += literals;
    length += literals;
    if (offset === end) return length; // the last sequence has no match

    if (end - offset < 2) throw truncatedBlock(offset);
    const distance = (source[offset] as number) | ((source[offset + 1] as number) << 8);
    offset += 2;
    if (distance === 0 || distance > length - floor) {
      throw new Error(
        `expected an LZ4 match within the output, found distance ${distance} at byte ${offset - 2}`,
      );
    }
    let match = (token & 15) + LEAST_MATCH;
    if ((token & 15) === 15) {
      let more = 255;
      while (more === 255 && offset < end) match += more = source[offset++] as number;
    }
    if (match > output.length - length) throw overflow(output);
    const stop = length + match;
    if (distance >= match && match > 32) {
      output.copyWithin(length, length - distance, length - distance + match);
      length = stop;
    } else {
      for (; length < stop; length++) output[length] = output[length - distance] as number;
    }
  }
  throw truncatedBlock(offset);
}

function u32(view: DataView, offset: number): number {
  if (offset + 4 > view.byteLength)
    throw new Error(`expected more of an LZ4 frame at byte ${offset}, found the end`);
  return view.getUint32(offset, true);
}

function overflow(output: Uint8Array): Error {
  return new Error(`expected ${output.length} bytes from LZ4, found more`);
}

function truncatedBlock(offset: number): Error {
  return new Error(`expected more of an LZ4 block at byte ${offset}, found its end`);
}
