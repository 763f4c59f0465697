/** Angles from ratios: atan, atan2, asin, acos; and hypot. */

import { exponentOf, powerOfTwo } from "./bits.ts";
import { fastTwoSum, twoProduct } from "./double-double.ts";

const PI = Math.PI;
const PI_LOW = 1.2246467991473532e-16;
const HALF_PI = Math.PI / 2;
const HALF_PI_LOW = 6.123233995736766e-17;

/** atan(k/4) for k = 0 … 4, and what a double leaves out of it. */
const ATAN_QUARTERS = [0, 0.24497866312686414, 0.4636476090008061, 0.6435011087932844, 0.7853981633974483];
const ATAN_QUARTERS_LOW = [
  0, 1.0698755618734451e-17, 2.2698777452961687e-17, 1.5834785051444286e-17, 3.061616997868383e-17,
];

/** Arc tangent, −π/2 … π/2. Within 1.5 units in the last place. */
export function atan(x: number): number {
  if (Number.isNaN(x) || Math.abs(x) < 1e-8) return x;
  const magnitude = Math.abs(x);
  const angle = magnitude <= 1 ? atanToOne(magnitude) : HALF_PI - (atanToOne(1 / magnitude) - HALF_PI_LOW);
  return x < 0 ? -angle : angle;
}

/** For 0 ≤ x ≤ 1: atan x = atan c + atan((x − c)/(1 + x c)), with c the nearest quarter. */
function atanToOne(x: number): number {
  const quarter = Math.floor(x * 4 + 0.5);
  const c = quarter / 4;
  const t = (x - c) / (1 + x * c);
  const z = t * t;
  let sum = -1 / 19;
  sum = sum * z + 1 / 17;
  sum = sum * z - 1 / 15;
  sum = sum * z + 1 / 13;
  sum = sum * z - 1 / 11;
  sum = sum * z + 1 / 9;
  sum = sum * z - 1 / 7;
  sum = sum * z + 1 / 5;
  sum = sum * z - 1 / 3;
  const rest = t + sum * z * t;
  return (ATAN_QUARTERS[quarter] as number) + ((ATAN_QUARTERS_LOW[quarter] as number) + rest);
}

/** Angle of the point (x, y), −π … π, with the special cases of ECMAScript's `Math.atan2`. Within 2 units in the last place. */
export function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const up = y > 0 || Object.is(y, 0);
  const right = x > 0 || Object.is(x, 0);
  const angle = firstQuadrant(Math.abs(y), Math.abs(x));
  const upper = right ? angle : PI - (angle - PI_LOW);
  return up ? upper : -upper;
}

function firstQuadrant(y: number, x: number): number {
  if (y === 0) return 0;
  if (x === 0) return HALF_PI;
  if (y === Infinity) return x === Infinity ? HALF_PI / 2 : HALF_PI;
  if (x === Infinity) return 0;
  return y <= x ? atan(y / x) : HALF_PI - (atan(x / y) - HALF_PI_LOW);
}

/** Arc sine, −π/2 … π/2; NaN outside −1 … 1. Within 2 units in the last place. */
export function asin(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude <= 1)) return NaN;
  if (magnitude < 1e-8) return x;
  return atan2(x, Math.sqrt((1 - x) * (1 + x)));
}

/** Arc cosine, 0 … π; NaN outside −1 … 1. Within 2 units in the last place. */
export function acos(x: number): number {
  if (!(Math.abs(x) <= 1)) return NaN;
  return 2 * atan2(Math.sqrt(1 - x), Math.sqrt(1 + x));
}

/** √(x² + y² + z²) without overflow on the way. Within 1.5 units in the last place. */
export function hypot(x: number, y: number, z = 0): number {
  const greatest = Math.max(Math.abs(x), Math.abs(y), Math.abs(z));
  if (Math.abs(x) === Infinity || Math.abs(y) === Infinity || Math.abs(z) === Infinity) return Infinity;
  if (greatest === 0 || Number.isNaN(greatest)) return greatest;
  const exponent = Math.max(-1000, Math.min(1000, exponentOf(greatest)));
  const down = powerOfTwo(-exponent);
  return Math.sqrt(sumOfSquares(x * down, y * down, z * down)) * powerOfTwo(exponent);
}

function sumOfSquares(x: number, y: number, z: number): number {
  const xx = twoProduct(x, x);
  const yy = twoProduct(y, y);
  const zz = twoProduct(z, z);
  const [least, middle, most] = [xx, yy, zz].sort((a, b) => a.high - b.high) as [
    typeof xx,
    typeof xx,
    typeof xx,
  ];
  const first = fastTwoSum(most.high, middle.high);
  const second = fastTwoSum(first.high, least.high);
  return second.high + (second.low + first.low + (most.low + middle.low + least.low));
}
