/** exp, log and pow. Series about 0 after a reduction by powers of two; no tables, no library functions. */

import { exponentOf, powerOfTwo, scale } from "./bits.ts";
import { add, type DoubleDouble, divide, fastTwoSum, multiply, twoProduct, twoSum } from "./double-double.ts";

// ln 2 = LN2_HIGH + LN2_MIDDLE + LN2_LOW; the first two have 32 bits, so that their multiples by an exponent are exact.
const LN2_HIGH = 0.6931471803691238;
const LN2_MIDDLE = 1.9082149288430703e-10;
const LN2_LOW = 4.275175589747649e-20;
const INVERSE_LN2 = Math.LOG2E;

/** Above it the result is Infinity, below the second one it is 0. */
const GREATEST_EXP_ARGUMENT = 709.782712893384;
const LEAST_EXP_ARGUMENT = -745.1332191019412;

/** eˣ. Within 0.6 units in the last place. */
export function exp(x: number): number {
  return expOfSum(x, 0);
}

/** e^(high + low), where low is small against high. */
function expOfSum(high: number, low: number): number {
  if (Number.isNaN(high)) return high;
  if (high > GREATEST_EXP_ARGUMENT) return Infinity;
  if (high < LEAST_EXP_ARGUMENT) return 0;
  const exponent = Math.floor(high * INVERSE_LN2 + 0.5);
  const first = high - exponent * LN2_HIGH;
  const second = low - exponent * LN2_MIDDLE - exponent * LN2_LOW;
  const r = first + second;
  const tail = first - r + second;
  const sum = fastTwoSum(1, r);
  return scale(sum.high + (sum.low + (expTerms(r) + tail * (1 + r))), exponent);
}

/** eʳ − 1 − r = r²/2! + r³/3! + … + r¹⁴/14! for |r| ≤ ln 2 / 2: the rest is below 10⁻¹⁹. */
function expTerms(r: number): number {
  let sum = 1 / 87178291200;
  sum = sum * r + 1 / 6227020800;
  sum = sum * r + 1 / 479001600;
  sum = sum * r + 1 / 39916800;
  sum = sum * r + 1 / 3628800;
  sum = sum * r + 1 / 362880;
  sum = sum * r + 1 / 40320;
  sum = sum * r + 1 / 5040;
  sum = sum * r + 1 / 720;
  sum = sum * r + 1 / 120;
  sum = sum * r + 1 / 24;
  sum = sum * r + 1 / 6;
  return (sum * r + 0.5) * r * r;
}

/** Natural logarithm. Within 0.6 units in the last place. */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return Infinity;
  return logOfPositive(x).high;
}

const TWO_THIRDS: DoubleDouble = { high: 0.6666666666666666, low: 3.700743415417188e-17 };
const TWO_FIFTHS: DoubleDouble = { high: 0.4, low: -2.2204460492503132e-17 };

/** ln x of a finite x > 0, to about 2⁻⁶⁸. With x = m·2ᵏ, √½ ≤ m < √2 and s = (m − 1)/(m + 1): ln m = 2 (s + s³/3 + s⁵/5 + …). */
function logOfPositive(x: number): DoubleDouble {
  let exponent = exponentOf(x);
  let mantissa =
    exponent < -1000 ? x * powerOfTwo(100) * powerOfTwo(-exponent - 100) : x * powerOfTwo(-exponent);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent++;
  }
  const s = divide({ high: mantissa - 1, low: 0 }, twoSum(mantissa, 1));
  const square = multiply(s, s);
  const rest = { high: square.high * logTerms(square.high), low: 0 };
  const series = add(TWO_THIRDS, multiply(square, add(TWO_FIFTHS, rest)));
  const twice = { high: 2 * s.high, low: 2 * s.low };
  const logarithm = add(twice, multiply(multiply(s, square), series));
  const powers = fastTwoSum(exponent * LN2_HIGH, exponent * LN2_MIDDLE);
  return add({ high: powers.high, low: powers.low + exponent * LN2_LOW }, logarithm);
}

/** 2/7 + 2/9 z + 2/11 z² + … for z ≤ 0.0295. */
function logTerms(z: number): number {
  let sum = 2 / 23;
  sum = sum * z + 2 / 21;
  sum = sum * z + 2 / 19;
  sum = sum * z + 2 / 17;
  sum = sum * z + 2 / 15;
  sum = sum * z + 2 / 13;
  sum = sum * z + 2 / 11;
  sum = sum * z + 2 / 9;
  return sum * z + 2 / 7;
}

/** x to the power of y, with the special cases of ECMAScript's `**`. Within 0.6 units in the last place. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const magnitude = Math.abs(x);
  if (!Number.isFinite(y)) {
    if (magnitude === 1) return NaN;
    return magnitude > 1 === y > 0 ? Infinity : 0;
  }
  const negative = (x < 0 || Object.is(x, -0)) && isOdd(y);
  if (magnitude === 0 || magnitude === Infinity) {
    const grows = (magnitude === Infinity) === y > 0;
    const result = grows ? Infinity : 0;
    return negative ? -result : result;
  }
  if (x < 0 && Math.floor(y) !== y) return NaN;
  const result = magnitude === 1 ? 1 : powOfPositive(magnitude, y);
  return negative ? -result : result;
}

function powOfPositive(x: number, y: number): number {
  const logarithm = logOfPositive(x);
  const estimate = logarithm.high * y;
  if (estimate > 710) return Infinity;
  if (estimate < -746) return 0;
  if (Math.abs(estimate) < 1e-20) return 1 + estimate;
  const product = Math.abs(y) > 1e280 ? { high: estimate, low: 0 } : twoProduct(logarithm.high, y);
  const exponent = fastTwoSum(product.high, product.low + logarithm.low * y);
  return expOfSum(exponent.high, exponent.low);
}

function isOdd(y: number): boolean {
  const half = y / 2;
  return Math.floor(y) === y && Math.floor(half) !== half;
}
