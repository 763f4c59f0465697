import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { Decompress } from "fzstd";

/** What a frame may ask to be kept of its output: the limit of the reference implementation for files. */
const MOST_WINDOW_BYTES = 128 * 1024 * 1024;

/** A message that claims to hold more is refused. */
const MOST_MESSAGE_BYTES = 256 * 1024 * 1024;

/** Decompresses a message. Throws an error that says what is wrong. */
export function decompressMessage(data: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const stream = new Decompress((part) => {
    bytes += part.length;
    if (bytes > MOST_MESSAGE_BYTES)
      throw new Error(`expected a message of at most ${MOST_MESSAGE_BYTES} bytes, found more`);
    parts.push(part);
  });
  checkWindow(data);
  stream.push(data, true);
  const only = parts[0];
  return parts.length === 1 && only !== undefined ? only : new Uint8Array(Buffer.concat(parts));
}

/**
 * Decompresses a file into another, piece by piece. What comes before damage is written: then it returns what is wrong, else undefined.
 */
export async function decompressFile(
  from: string,
  to: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const output = createWriteStream(to);
  const waiting: Uint8Array[] = [];
  const stream = new Decompress((part) => waiting.push(part));
  let isFirst = true;
  try {
    for await (const piece of createReadStream(from)) {
      signal?.throwIfAborted();
      if (isFirst) checkWindow(piece as Uint8Array);
      isFirst = false;
      const damage = pushed(stream, piece as Uint8Array, false);
      for (const part of waiting.splice(0)) if (!output.write(part)) await once(output, "drain");
      if (damage !== undefined) return damage;
    }
    return pushed(stream, new Uint8Array(0), true);
  } finally {
    output.end();
    await finished(output);
  }
}

function pushed(stream: Decompress, piece: Uint8Array, isLast: boolean): string | undefined {
  try {
    stream.push(piece, isLast);
    return undefined;
  } catch (error) {
    return `expected Zstandard frames, found damage (${(error as Error).message})`;
  }
}

/**
 * Sees to it that a frame does not ask for more memory than any real one. Source: RFC 8878, 3.1.1.1. Throws an error that says so.
 */
function checkWindow(frame: Uint8Array): void {
  const [descriptor = 0, window = 0] = frame.subarray(4);
  const isSingleSegment = (descriptor & 32) !== 0;
  const base = 2 ** (10 + (window >> 3));
  const bytes = isSingleSegment ? contentBytes(frame, descriptor) : base + (base / 8) * (window & 7);
  if (bytes > MOST_WINDOW_BYTES)
    throw new Error(`expected a Zstandard window of at most ${MOST_WINDOW_BYTES} bytes, found ${bytes}`);
}

/** What a frame in a single segment says of its length, which is its window. */
function contentBytes(frame: Uint8Array, descriptor: number): number {
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number;
  const sizeBytes = [1, 2, 4, 8][descriptor >> 6] as number;
  const size = frame.subarray(5 + dictionaryBytes, 5 + dictionaryBytes + sizeBytes);
  return size.reduceRight((sum, byte) => sum * 256 + byte, 0) + (sizeBytes === 2 ? 256 : 0);
}
