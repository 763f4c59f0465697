/**
 * Where the coefficients of a block lie. The stream brings them in zigzag order; in memory they lie transposed, by horizontal
 * frequency first, because the inverse transform then ends with rows of pixels (see inverse-dct.ts).
 */

/** Bytes of a block: 64 coefficients of 16 bits. */
export const BLOCK_SIZE = 128;

// The second half catches positions beyond a block, which corrupt data can reach.
const places = memory.data(64 + 64);

/** For each zigzag position the byte offset of its coefficient in a block; as bytes at consecutive addresses. */
export function zigzagPlaces(): usize {
  if (load<u8>(places, 1) == 0) fillPlaces();
  return places;
}

function fillPlaces(): void {
  let u = 0;
  let v = 0;
  for (let k = 0; k < 64; k++) {
    store<u8>(places + k, <u8>((u * 8 + v) * 2));
    // Along the diagonals of equal u + v, up where the sum is even and down where it is odd.
    if ((u + v) % 2 == 0) {
      if (u == 7) v++;
      else {
        u++;
        if (v > 0) v--;
      }
    } else if (v == 7) u++;
    else {
      v++;
      if (u > 0) u--;
    }
  }
  for (let k = 64; k < 128; k++) store<u8>(places + k, 126);
}
