/**
 * The inverse discrete cosine transform of a block (ITU-T T.81, A.3.3), in two passes of integer arithmetic, eight lines at
 * once. Each pass is the definition itself, split into the even and the odd frequencies; sums of two products are one instruction.
 *
 * The block lies transposed (order.ts): a vector holds one horizontal frequency. The first pass goes over those, one
 * transposition follows, and the second pass goes over the vertical frequencies and leaves rows.
 */

/** √2 · cos(k π / 16) in units of 2⁻¹³. */
const C1: i16 = 11363;
const C2: i16 = 10703;
const C3: i16 = 9633;
const C4: i16 = 8192;
const C5: i16 = 6437;
const C6: i16 = 4433;
const C7: i16 = 2260;

/** The first pass keeps 2 bits below the integers; the second also divides by the 8 of the definition. */
const FIRST_SHIFT = 13 - 2;
const SECOND_SHIFT = 13 + 2 + 3;

/** What rounds to nearest, and, in the second pass, also adds the 128 that samples are shifted by. */
const FIRST_BIAS: i32 = 1 << (FIRST_SHIFT - 1);
const SECOND_BIAS: i32 = (1 << (SECOND_SHIFT - 1)) + (128 << SECOND_SHIFT);

// @ts-ignore: decorator
@inline
function lower(a: v128, b: v128): v128 { return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11); }
// @ts-ignore: decorator
@inline
function upper(a: v128, b: v128): v128 { return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15); }
// @ts-ignore: decorator
@inline
function pair(a: i16, b: i16): v128 { return i16x8(a, b, a, b, a, b, a, b); }

// The results of a pass for four of the eight lines; two calls and `join` make a pass.
const half = memory.data(2 * 8 * 16, 16);

/** Transforms four lines: of each pair of vectors the interleaved lower or upper lanes. Leaves eight vectors of 32-bit lanes, shifted. */
// @ts-ignore: decorator
@inline
function transform(x04: v128, x26: v128, x13: v128, x57: v128, bias: i32, shift: i32, to: usize): void {
  const start = i32x4.splat(bias);
  const sum = i32x4.add(i32x4.dot_i16x8_s(x04, pair(C4, C4)), start);
  const difference = i32x4.add(i32x4.dot_i16x8_s(x04, pair(C4, -C4)), start);
  const wide = i32x4.dot_i16x8_s(x26, pair(C2, C6));
  const narrow = i32x4.dot_i16x8_s(x26, pair(C6, -C2));
  const even0 = i32x4.add(sum, wide);
  const even1 = i32x4.add(difference, narrow);
  const even2 = i32x4.sub(difference, narrow);
  const even3 = i32x4.sub(sum, wide);
  const odd0 = i32x4.add(i32x4.dot_i16x8_s(x13, pair(C1, C3)), i32x4.dot_i16x8_s(x57, pair(C5, C7)));
  const odd1 = i32x4.add(i32x4.dot_i16x8_s(x13, pair(C3, -C7)), i32x4.dot_i16x8_s(x57, pair(-C1, -C5)));
  const odd2 = i32x4.add(i32x4.dot_i16x8_s(x13, pair(C5, -C1)), i32x4.dot_i16x8_s(x57, pair(C7, C3)));
  const odd3 = i32x4.add(i32x4.dot_i16x8_s(x13, pair(C7, -C5)), i32x4.dot_i16x8_s(x57, pair(C3, -C1)));
  v128.store(to, i32x4.shr_s(i32x4.add(even0, odd0), shift), 0);
  v128.store(to, i32x4.shr_s(i32x4.add(even1, odd1), shift), 16);
  v128.store(to, i32x4.shr_s(i32x4.add(even2, odd2), shift), 32);
  v128.store(to, i32x4.shr_s(i32x4.add(even3, odd3), shift), 48);
  v128.store(to, i32x4.shr_s(i32x4.sub(even3, odd3), shift), 64);
  v128.store(to, i32x4.shr_s(i32x4.sub(even2, odd2), shift), 80);
  v128.store(to, i32x4.shr_s(i32x4.sub(even1, odd1), shift), 96);
  v128.store(to, i32x4.shr_s(i32x4.sub(even0, odd0), shift), 112);
}

/** The vector of 16-bit lanes that both halves of a pass left for an output. */
// @ts-ignore: decorator
@inline
function join(index: i32): v128 {
  return i16x8.narrow_i32x4_s(v128.load(half + index * 16), v128.load(half + index * 16, 128));
}

/** Multiplies a line of coefficients with its quantisation steps. */
// @ts-ignore: decorator
@inline
function dequantised(block: usize, steps: usize, line: i32): v128 {
  return i16x8.mul(v128.load(block + line * 16), v128.load(steps + line * 16));
}

/**
 * Transforms a block and writes its 8 × 8 samples.
 *
 * @param block 64 coefficients as they come from the stream
 * @param steps the quantisation steps, in the same order, as 16-bit numbers
 * @param to where the first row goes
 * @param stride bytes from one row to the next
 */
export function inverseDct(block: usize, steps: usize, to: usize, stride: usize): void {
  let x0 = dequantised(block, steps, 0);
  let x1 = dequantised(block, steps, 1);
  let x2 = dequantised(block, steps, 2);
  let x3 = dequantised(block, steps, 3);
  let x4 = dequantised(block, steps, 4);
  let x5 = dequantised(block, steps, 5);
  let x6 = dequantised(block, steps, 6);
  let x7 = dequantised(block, steps, 7);
  transform(lower(x0, x4), lower(x2, x6), lower(x1, x3), lower(x5, x7), FIRST_BIAS, FIRST_SHIFT, half);
  transform(upper(x0, x4), upper(x2, x6), upper(x1, x3), upper(x5, x7), FIRST_BIAS, FIRST_SHIFT, half + 128);
  x0 = join(0);
  x1 = join(1);
  x2 = join(2);
  x3 = join(3);
  x4 = join(4);
  x5 = join(5);
  x6 = join(6);
  x7 = join(7);
  // Transposes in three rounds of interleaving.
  const a0 = lower(x0, x4);
  const a1 = upper(x0, x4);
  const a2 = lower(x1, x5);
  const a3 = upper(x1, x5);
  const a4 = lower(x2, x6);
  const a5 = upper(x2, x6);
  const a6 = lower(x3, x7);
  const a7 = upper(x3, x7);
  const b0 = lower(a0, a4);
  const b1 = upper(a0, a4);
  const b2 = lower(a1, a5);
  const b3 = upper(a1, a5);
  const b4 = lower(a2, a6);
  const b5 = upper(a2, a6);
  const b6 = lower(a3, a7);
  const b7 = upper(a3, a7);
  x0 = lower(b0, b4);
  x1 = upper(b0, b4);
  x2 = lower(b1, b5);
  x3 = upper(b1, b5);
  x4 = lower(b2, b6);
  x5 = upper(b2, b6);
  x6 = lower(b3, b7);
  x7 = upper(b3, b7);
  transform(lower(x0, x4), lower(x2, x6), lower(x1, x3), lower(x5, x7), SECOND_BIAS, SECOND_SHIFT, half);
  transform(upper(x0, x4), upper(x2, x6), upper(x1, x3), upper(x5, x7), SECOND_BIAS, SECOND_SHIFT, half + 128);
  let row = to;
  for (let y = 0; y < 8; y += 2) {
    const samples = i8x16.narrow_i16x8_u(join(y), join(y + 1));
    v128.store64_lane(row, samples, 0);
    v128.store64_lane(row + stride, samples, 1);
    row += stride << 1;
  }
}

/** As `inverseDct` for a block that has nothing but its mean. */
export function flatBlock(mean: i32, step: i32, to: usize, stride: usize): void {
  const dc = <i32>(<i16>(mean * step));
  const sample = <u64>max(0, min(255, ((dc + 4) >> 3) + 128));
  const row = sample * 0x0101010101010101;
  for (let y = 0, at = to; y < 8; y++, at += stride) store<u64>(at, row);
}
