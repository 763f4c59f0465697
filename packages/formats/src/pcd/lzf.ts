/** Shorter control bytes announce bytes that follow as they are. */
const FIRST_REFERENCE = 32;
/** A reference of two or three bytes gives at most 264: more cannot come out. */
const GREATEST_RATIO = 132;

/** Decompresses LZF (Marc Lehmann's format) to exactly `size` bytes. Throws an Error that says what is wrong. */
export function decompressLzf(packed: Uint8Array, size: number): Uint8Array {
  if (size > packed.length * GREATEST_RATIO)
    throw new Error(
      `expected at most ${packed.length * GREATEST_RATIO} bytes of ${packed.length} compressed ones, found ${size}`,
    );
  const bytes = new Uint8Array(size);
  let place = 0;
  let from = 0;
  const next = (): number => {
    const byte = packed[from++];
    if (byte === undefined)
      throw new Error(`expected ${size} bytes, found the end of the compressed ones at ${place}`);
    return byte;
  };
  while (from < packed.length) {
    const control = next();
    if (control < FIRST_REFERENCE) {
      const length = control + 1;
      if (from + length > packed.length || place + length > size) throw tooMany(place, from, size);
      bytes.set(packed.subarray(from, from + length), place);
      from += length;
      place += length;
      continue;
    }
    const length = 2 + (control >> 5 === 7 ? 7 + next() : control >> 5);
    const source = place - ((control & 31) << 8) - next() - 1;
    if (source < 0 || place + length > size) throw tooMany(place, from, size);
    // Byte by byte: what is copied may be what has just been written.
    for (let index = 0; index < length; index++) bytes[place + index] = bytes[source + index] as number;
    place += length;
  }
  if (place !== size) throw new Error(`expected ${size} bytes, found ${place}`);
  return bytes;
}

function tooMany(place: number, from: number, size: number): Error {
  return new Error(
    `expected a run inside ${size} bytes, found another at byte ${place}, compressed byte ${from}`,
  );
}
