/**
 * The forward discrete cosine transform of 8 × 8 values by Y. Arai, T. Agui and M. Nakajima (A fast DCT-SQ scheme for images,
 * 1988): five multiplications per row or column; what it leaves out is made up for in the quantisation (`transformScales`).
 */
export function transform(block: Float64Array): void {
  for (let i = 0; i < 64; i += 8) pass(block, i, 1);
  for (let i = 0; i < 8; i++) pass(block, i, 8);
}

/** cos(π/4), cos(3π/8), √2·cos(3π/8), √2·cos(π/8) */
const c4 = Math.SQRT1_2;
const c6 = 0.3826834323650898;
const c2MinusC6 = 0.541196100146197;
const c2PlusC6 = 1.3065629648763766;

function pass(block: Float64Array, start: number, step: number): void {
  const v0 = block[start] as number;
  const v1 = block[start + step] as number;
  const v2 = block[start + 2 * step] as number;
  const v3 = block[start + 3 * step] as number;
  const v4 = block[start + 4 * step] as number;
  const v5 = block[start + 5 * step] as number;
  const v6 = block[start + 6 * step] as number;
  const v7 = block[start + 7 * step] as number;
  const s07 = v0 + v7;
  const d07 = v0 - v7;
  const s16 = v1 + v6;
  const d16 = v1 - v6;
  const s25 = v2 + v5;
  const d25 = v2 - v5;
  const s34 = v3 + v4;
  const d34 = v3 - v4;
  const e0 = s07 + s34;
  const e3 = s07 - s34;
  const e1 = s16 + s25;
  const e2 = s16 - s25;
  block[start] = e0 + e1;
  block[start + 4 * step] = e0 - e1;
  const even = (e2 + e3) * c4;
  block[start + 2 * step] = e3 + even;
  block[start + 6 * step] = e3 - even;
  const o0 = d34 + d25;
  const o1 = d25 + d16;
  const o2 = d16 + d07;
  const turn = (o0 - o2) * c6;
  const a = c2MinusC6 * o0 + turn;
  const b = c2PlusC6 * o2 + turn;
  const middle = o1 * c4;
  const p = d07 + middle;
  const q = d07 - middle;
  block[start + 5 * step] = q + a;
  block[start + 3 * step] = q - a;
  block[start + step] = p + b;
  block[start + 7 * step] = p - b;
}

/** 1 and √2·cos(kπ/16) for k = 1 … 7. */
const axis = [
  1, 1.3870398453221475, 1.3065629648763766, 1.1758756024193588, 1, 0.7856949583871023, 0.541196100146197,
  0.2758993792829431,
];

/** How many times too large each coefficient comes out of `transform`, row by row. */
export const transformScales: Float64Array = Float64Array.from(
  { length: 64 },
  (_, i) => 8 * (axis[i >> 3] ?? 1) * (axis[i & 7] ?? 1),
);
