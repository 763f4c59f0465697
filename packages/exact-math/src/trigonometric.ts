/** sin, cos and tan of angles in radians: series about 0 after the reduction to an eighth of a turn. */

import { type ReducedAngle, reduceAngle } from "./angle.ts";
import { divide, fastTwoSum } from "./double-double.ts";

/** Sine. Within 0.8 units in the last place. */
export function sin(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  if (Math.abs(x) < 1e-8) return x;
  const angle = reduceAngle(x);
  const value = angle.quarter % 2 === 0 ? sine(angle) : cosine(angle);
  return angle.quarter < 2 ? value.high : -value.high;
}

/** Cosine. Within 0.8 units in the last place. */
export function cos(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  const angle = reduceAngle(x);
  const value = angle.quarter % 2 === 0 ? cosine(angle) : sine(angle);
  return angle.quarter === 0 || angle.quarter === 3 ? value.high : -value.high;
}

/** Tangent. Within 0.8 units in the last place. */
export function tan(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  if (Math.abs(x) < 1e-8) return x;
  const angle = reduceAngle(x);
  if (angle.quarter % 2 === 0) return divide(sine(angle), cosine(angle)).high;
  return -divide(cosine(angle), sine(angle)).high;
}

/** r − r³/3! + r⁵/5! − … to r¹⁷, for |r| ≤ π/4. */
function sine({ high: r, low }: ReducedAngle) {
  const z = r * r;
  let sum = 1 / 355687428096000;
  sum = sum * z - 1 / 1307674368000;
  sum = sum * z + 1 / 6227020800;
  sum = sum * z - 1 / 39916800;
  sum = sum * z + 1 / 362880;
  sum = sum * z - 1 / 5040;
  sum = sum * z + 1 / 120;
  sum = sum * z - 1 / 6;
  return fastTwoSum(r, sum * z * r + low * (1 - 0.5 * z));
}

/** 1 − r²/2! + r⁴/4! − … to r¹⁸, for |r| ≤ π/4. */
function cosine({ high: r, low }: ReducedAngle) {
  const z = r * r;
  let sum = -1 / 6402373705728000;
  sum = sum * z + 1 / 20922789888000;
  sum = sum * z - 1 / 87178291200;
  sum = sum * z + 1 / 479001600;
  sum = sum * z - 1 / 3628800;
  sum = sum * z + 1 / 40320;
  sum = sum * z - 1 / 720;
  sum = sum * z + 1 / 24;
  const start = fastTwoSum(1, -0.5 * z);
  return fastTwoSum(start.high, start.low + (sum * z * z - r * low));
}
