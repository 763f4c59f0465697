/** Writes LZ4 frames: one pass, the last place of each four bytes kept in a table. */

const MAX_BLOCK_BYTES = 4 * 1024 * 1024;
const MAX_DISTANCE = 65_535;
const TABLE_BITS = 14;
const LEAST_MATCH = 4;
// The format wants the last five bytes as literals, and the last match to begin at least twelve bytes before the end.
const LAST_LITERALS = 5;
const MATCH_LIMIT = 12;

// Version 1, independent blocks, nothing optional; blocks of up to 4 MiB; and the second byte of these two bytes' xxHash32.
const FRAME_HEADER = Uint8Array.of(0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x73);

/** The same bytes for the same input, always. */
export function compressLz4(source: Uint8Array): Uint8Array {
  const blocks = Math.ceil(source.length / MAX_BLOCK_BYTES);
  const output = new Uint8Array(FRAME_HEADER.length + source.length + 4 * (blocks + 1));
  const view = new DataView(output.buffer);
  output.set(FRAME_HEADER);
  let length = FRAME_HEADER.length;
  const scratch = new Uint8Array(Math.min(source.length, MAX_BLOCK_BYTES));
  for (let start = 0; start < source.length; start += MAX_BLOCK_BYTES) {
    const block = source.subarray(start, start + MAX_BLOCK_BYTES);
    const size = compressBlock(block, scratch);
    view.setUint32(length, size === undefined ? (block.length | 0x80000000) >>> 0 : size, true);
    output.set(size === undefined ? block : scratch.subarray(0, size), length + 4);
    length += 4 + (size ?? block.length);
  }
  return output.subarray(0, length + 4);
}

/** Returns the compressed size, or undefined where it would not be smaller than the block. */
function compressBlock(block: Uint8Array, output: Uint8Array): number | undefined {
  const table = new Int32Array(1 << TABLE_BITS).fill(-1);
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  let length = 0;
  let anchor = 0;
  let offset = 0;
  while (offset < block.length - MATCH_LIMIT) {
    const four = view.getUint32(offset, true);
    const hash = Math.imul(four, 2654435761) >>> (32 - TABLE_BITS);
    const candidate = table[hash] as number;
    table[hash] = offset;
    if (candidate < 0 || offset - candidate > MAX_DISTANCE || view.getUint32(candidate, true) !== four) {
      offset++;
      continue;
    }
    const match = matchLength(block, candidate, offset);
    const written = writeSequence(block, anchor, offset, offset - candidate, match, output, length);
    if (written === undefined) return undefined;
    length = written;
    offset += match;
    anchor = offset;
  }
  const end = writeSequence(block, anchor, block.length, 0, 0, output, length);
  return end === undefined || end >= block.length ? undefined : end;
}

function matchLength(block: Uint8Array, candidate: number, offset: number): number {
  const most = block.length - LAST_LITERALS - offset;
  let length = LEAST_MATCH;
  while (length < most && block[candidate + length] === block[offset + length]) length++;
  return length;
}

/** One sequence: literals from `anchor` to `offset`, then a match, if any. Returns the new length; undefined where it does not fit. */
function writeSequence(
  block: Uint8Array,
  anchor: number,
  offset: number,
  distance: number,
  match: number,
  output: Uint8Array,
  start: number,
): number | undefined {
  const literals = offset - anchor;
  const rest = match - LEAST_MATCH;
  const needed = 1 + literals + Math.floor(literals / 255) + 1 + 2 + Math.floor(Math.max(rest, 0) / 255) + 1;
  if (start + needed > output.length) return undefined;
  let length = start;
  output[length++] = (Math.min(literals, 15) << 4) | (match === 0 ? 0 : Math.min(rest, 15));
  if (literals >= 15) length = writeLength(output, length, literals - 15);
  output.set(block.subarray(anchor, offset), length);
  length += literals;
  if (match === 0) return length;
  output[length++] = distance & 0xff;
  output[length++] = distance >> 8;
  return rest >= 15 ? writeLength(output, length, rest - 15) : length;
}

function writeLength(output: Uint8Array, start: number, value: number): number {
  let length = start;
  let left = value;
  for (; left >= 255; left -= 255) output[length++] = 255;
  output[length++] = left;
  return length;
}
