import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { Decompress } from "fzstd";

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
  try {
    for await (const piece of createReadStream(from)) {
      signal?.throwIfAborted();
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
