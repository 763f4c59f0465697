/** Numbers as text without garbage, the same on every engine. */

const POWERS: StaticArray<u64> = [
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
  1000000000000, 10000000000000, 100000000000000, 1000000000000000,
];

/** The most decimal places. */
export const MOST_DIGITS: i32 = 15;

/** |value| in units of 10^-digits, rounded half up; u64.MAX_VALUE where that does not fit. */
export function scaled(value: f64, digits: i32): u64 {
  const units = abs(value) * <f64>POWERS[digits];
  return units < 9.0e15 ? <u64>floor(units + 0.5) : u64.MAX_VALUE;
}

export function powerOfTen(digits: i32): u64 { return POWERS[digits]; }

/** How many decimal digits a number has; 1 for 0. */
export function digitCount(value: u64): i32 {
  let count = 1;
  while (value >= 10) {
    value /= 10;
    count++;
  }
  return count;
}
