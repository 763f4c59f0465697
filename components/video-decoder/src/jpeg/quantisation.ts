/** Quantisation tables (ITU-T T.81, B.2.4.1), in the order in which blocks lie. */

import { Problem } from "../problem";
import { BLOCK_SIZE, zigzagPlaces } from "./order";
import { big16 } from "./frame";

const tables = memory.data(4 * BLOCK_SIZE, 16);
const defined = memory.data(4);

/** The 64 steps of a table. */
// @ts-ignore: decorator
@inline
export function stepsOf(id: i32): usize { return tables + id * BLOCK_SIZE; }

export function hasSteps(id: i32): bool { return load<bool>(defined + id); }

export function forgetSteps(): void { store<u32>(defined, 0); }

/** Reads a segment that defines tables. */
export function readSteps(at: usize, length: i32): Problem {
  const end = at + length;
  const places = zigzagPlaces();
  while (at < end) {
    const wide = load<u8>(at) >> 4;
    const id = load<u8>(at) & 15;
    at++;
    if (wide > 1 || id > 3 || at + (64 << wide) > end) return Problem.BadSegment;
    for (let k = 0; k < 64; k++) {
      const step = wide ? big16(at + 2 * k) : <i32>load<u8>(at + k);
      store<u16>(stepsOf(id) + load<u8>(places + k), <u16>step);
    }
    store<bool>(defined + id, true);
    at += <usize>64 << wide;
  }
  return Problem.None;
}
