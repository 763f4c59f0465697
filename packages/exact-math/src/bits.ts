/** Powers of two and the bits of a double. */

const LEAST_EXPONENT = -1074;
const GREATEST_EXPONENT = 1023;

/** Every power of two that a double can hold, made by exact doubling and halving. */
const POWERS = powersOfTwo();

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(GREATEST_EXPONENT - LEAST_EXPONENT + 1);
  let value = 1;
  for (let exponent = 0; exponent <= GREATEST_EXPONENT; exponent++, value *= 2) {
    powers[exponent - LEAST_EXPONENT] = value;
  }
  value = 1;
  for (let exponent = 0; exponent >= LEAST_EXPONENT; exponent--, value /= 2) {
    powers[exponent - LEAST_EXPONENT] = value;
  }
  return powers;
}

/** 2^exponent for an integer exponent from −1074 to 1023. */
export function powerOfTwo(exponent: number): number {
  return POWERS[exponent - LEAST_EXPONENT] as number;
}

/** value · 2^exponent, rounded once, for a value between 1/4 and 4. */
export function scale(value: number, exponent: number): number {
  if (exponent > GREATEST_EXPONENT)
    return exponent > 1030 ? value * Infinity : value * powerOfTwo(1000) * powerOfTwo(exponent - 1000);
  if (exponent >= LEAST_EXPONENT) return value * powerOfTwo(exponent);
  return exponent < -1080 ? value * 0 : value * powerOfTwo(-20) * powerOfTwo(exponent + 20);
}

const view = new DataView(new ArrayBuffer(8));

/** The biased exponent of a finite double: 0 for zero and subnormal numbers, else 1 … 2046. */
function biasedExponent(value: number): number {
  view.setFloat64(0, value);
  return (view.getUint16(0) >> 4) & 0x7ff;
}

/** Exponent e of a finite, positive x with x = m · 2^e and 1 ≤ m < 2. */
export function exponentOf(x: number): number {
  const biased = biasedExponent(x);
  return biased === 0 ? biasedExponent(x * powerOfTwo(54)) - 1023 - 54 : biased - 1023;
}
