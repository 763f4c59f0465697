/** Decimal digits → ns, exactly: `166.000001` s is 166000001000 ns. `exponent` is that of the unit: 9 for s, 6 for ms, 3 for µs, 0 for ns. */
export function decimalNs(text: string, exponent: number): bigint | undefined {
  const parts = /^([+-]?)(\d{1,20})(?:\.(\d{0,30}))?$/.exec(text.trim());
  if (parts === null) return undefined;
  const [, sign, whole = "0", fraction = ""] = parts;
  const digits = fraction.slice(0, exponent).padEnd(exponent, "0");
  const value = BigInt(`${whole}${digits}`);
  return sign === "-" ? -value : value;
}

/** Days since the Unix epoch of a date of the Gregorian calendar; month from 1. Undefined where there is no such date. */
export function dayNumber(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isDate = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1;
  return isDate ? Math.round(date.getTime() / 86_400_000) : undefined;
}

export const DAY_NS = 86_400_000_000_000n;
