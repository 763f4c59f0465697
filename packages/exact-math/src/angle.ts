/** Any finite angle as a quarter turn plus a rest. */

import { exponentOf, powerOfTwo } from "./bits.ts";
import { twoSum } from "./double-double.ts";

/** The angle is (4k + quarter) · π/2 + high + low, with |high| at most about π/4. */
export interface ReducedAngle {
  /** 0 … 3. */
  readonly quarter: number;
  readonly high: number;
  readonly low: number;
}

// π/2 in three parts (W. J. Cody and W. Waite): the first two have 33 bits, so that multiples below 2²⁰ are exact.
const HALF_PI_FIRST = 1.5707963267341256;
const HALF_PI_SECOND = 6.077100506303966e-11;
const HALF_PI_THIRD = 2.0222662487959506e-21;
const TWO_OVER_PI = 0.6366197723675814;
const QUARTER_PI = 0.7853981633974483;
const GREATEST_FAST_ANGLE = 1_600_000;

export function reduceAngle(x: number): ReducedAngle {
  const magnitude = Math.abs(x);
  if (magnitude <= QUARTER_PI) return { quarter: 0, high: x, low: 0 };
  if (magnitude > GREATEST_FAST_ANGLE) return reduceLargeAngle(x);
  const turns = Math.floor(x * TWO_OVER_PI + 0.5);
  const rest = twoSum(x - turns * HALF_PI_FIRST, -turns * HALF_PI_SECOND);
  const low = rest.low - turns * HALF_PI_THIRD;
  const high = rest.high + low;
  return { quarter: turns & 3, high, low: rest.high - high + low };
}

// Bits behind the point: of π/2, for angles up to 2¹⁰²⁴, and of the rest, which can be as small as 2⁻⁶².
const PRECISION_BITS = 1300n;
const FRACTION_BITS = 160n;
let halfPiDigits: bigint | undefined;

/** In whole numbers: exact for every double. */
function reduceLargeAngle(x: number): ReducedAngle {
  const exponent = exponentOf(Math.abs(x)) - 52;
  const integer = BigInt(Math.abs(x) * powerOfTwo(-exponent));
  halfPiDigits ??= halfPi(PRECISION_BITS);
  const scaled = integer << (PRECISION_BITS + BigInt(exponent));
  const quarters = (2n * scaled + halfPiDigits) / (2n * halfPiDigits);
  const rest = (scaled - quarters * halfPiDigits) >> (PRECISION_BITS - FRACTION_BITS);
  const high = Number(rest);
  const low = Number(rest - BigInt(high));
  const sign = x < 0 ? -1 : 1;
  const unit = sign * powerOfTwo(-Number(FRACTION_BITS));
  return { quarter: (sign * Number(quarters & 3n)) & 3, high: high * unit, low: low * unit };
}

/** π/2 · 2^bits, by Machin's formula: π/4 = 4 atan(1/5) − atan(1/239). */
function halfPi(bits: bigint): bigint {
  const guard = 32n;
  const one = 1n << (bits + guard);
  return (2n * (4n * inverseTangent(5n, one) - inverseTangent(239n, one))) >> guard;
}

/** atan(1/n) · one. */
function inverseTangent(n: bigint, one: bigint): bigint {
  let power = one / n;
  let sum = power;
  for (let k = 3n; power !== 0n; k += 2n) {
    power /= -(n * n);
    sum += power / k;
  }
  return sum;
}
