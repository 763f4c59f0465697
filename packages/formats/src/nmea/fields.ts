import { dayNumber, decimalNs } from "../text/decimal-time.ts";
import { LineError, quote } from "../text/dialect.ts";

/** A number; undefined for an empty field. Throws a LineError for anything else. */
export function numberField(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) || text.length > 30)
    throw new LineError("a number", quote(text));
  return Number(text);
}

/** `4134.49795459`, `N`: degrees and minutes → degrees, to the north or east. */
export function degreesField(text: string | undefined, side: string | undefined): number | undefined {
  if (text === undefined || text === "" || side === undefined || side === "") return undefined;
  const parts = /^(\d{1,3})(\d{2}(?:\.\d*)?)$/.exec(text);
  const sign = { N: 1, E: 1, S: -1, W: -1 }[side];
  if (parts === null || sign === undefined || text.length > 30)
    throw new LineError("degrees, minutes and a side, such as 4134.4979 N", quote(`${text} ${side}`));
  const degrees = Number(parts[1]) + Number(parts[2]) / 60;
  if (degrees > (side === "N" || side === "S" ? 90 : 180))
    throw new LineError("an angle of the globe", quote(text));
  return sign * degrees;
}

/** `132819.60`: ns since midnight; undefined for an empty field. */
export function timeField(text: string | undefined): bigint | undefined {
  if (text === undefined || text === "") return undefined;
  const parts = /^(\d{2})(\d{2})(\d{2}(?:\.\d{1,9})?)$/.exec(text);
  const seconds = parts === null ? undefined : decimalNs(parts[3] ?? "", 9);
  if (
    parts === null ||
    seconds === undefined ||
    Number(parts[1]) > 23 ||
    Number(parts[2]) > 59 ||
    seconds >= 61n * SECOND_NS
  )
    throw new LineError("a time such as 132819.60", quote(text));
  return BigInt(Number(parts[1]) * 3600 + Number(parts[2]) * 60) * SECOND_NS + seconds;
}

/** `180320` is the 18th of March 2020: days since the Unix epoch. Years from 80 on are those of the last century. */
export function dateField(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const parts = /^(\d{2})(\d{2})(\d{2})$/.exec(text);
  const [day, month, year] = (parts?.slice(1).map(Number) ?? []) as [number?, number?, number?];
  if (day === undefined || month === undefined || year === undefined)
    throw new LineError("a date such as 180320", quote(text));
  return checkedDay(year + (year < 80 ? 2000 : 1900), month, day, text);
}

/** Throws a LineError where there is no such date. */
export function checkedDay(year: number, month: number, day: number, text: string): number {
  const days = dayNumber(year, month, day);
  if (days === undefined) throw new LineError("a date", quote(text));
  return days;
}

const SECOND_NS = 1_000_000_000n;
