/**
 * Sums and products with the error that a double cannot hold (T. J. Dekker, "A floating-point technique for extending the
 * available precision", 1971; D. E. Knuth, TAOCP vol. 2, 4.2.2).
 */

/** `high + low` is the value; `low` is at most half a unit in the last place of `high`. */
export interface DoubleDouble {
  readonly high: number;
  readonly low: number;
}

/** Exact a + b. */
export function twoSum(a: number, b: number): DoubleDouble {
  const high = a + b;
  const bPart = high - a;
  return { high, low: a - (high - bPart) + (b - bPart) };
}

/** Exact a + b for |a| ≥ |b|. */
export function fastTwoSum(a: number, b: number): DoubleDouble {
  const high = a + b;
  return { high, low: a - high + b };
}

const SPLITTER = 134217729; // 2^27 + 1

/** Exact a · b, as long as nothing overflows (below about 2^996). */
export function twoProduct(a: number, b: number): DoubleDouble {
  const high = a * b;
  const aScaled = SPLITTER * a;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = SPLITTER * b;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  return { high, low: aLow * bLow - (high - aHigh * bHigh - aLow * bHigh - aHigh * bLow) };
}

export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const sum = twoSum(a.high, b.high);
  return fastTwoSum(sum.high, sum.low + (a.low + b.low));
}

export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const product = twoProduct(a.high, b.high);
  return fastTwoSum(product.high, product.low + (a.high * b.low + a.low * b.high));
}

export function divide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const quotient = a.high / b.high;
  const product = twoProduct(quotient, b.high);
  const remainder = a.high - product.high - product.low + a.low - quotient * b.low;
  return fastTwoSum(quotient, remainder / b.high);
}
