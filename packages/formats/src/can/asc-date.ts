import { DAY_NS, dayNumber, decimalNs } from "../text/decimal-time.ts";

/** English and German, as the program's language was; an umlaut may be one byte or two. */
const MONTHS: readonly (readonly string[])[] = [
  ["jan"],
  ["feb"],
  ["mar", "mär", "mrz", "mã¤"],
  ["apr"],
  ["may", "mai"],
  ["jun"],
  ["jul"],
  ["aug"],
  ["sep"],
  ["oct", "okt"],
  ["nov"],
  ["dec", "dez"],
];

const DATE =
  /^\S+\s+(\S+)\s+(\d{1,2})\s+(\d{1,2}):(\d{2}):(\d{2}(?:\.\d{1,9})?)(?:\s*([ap])\.?m\.?)?\s+(\d{4})$/i;

/** `Wed Apr 16 09:21:13.159 am 2014` in ns since the Unix epoch, the time taken as UTC; undefined for what is no date. */
export function ascDateNs(text: string): bigint | undefined {
  const parts = DATE.exec(text.trim());
  if (parts === null) return undefined;
  const [, name = "", day, hours, minutes, seconds = "", half, year] = parts;
  const start = name.slice(0, 3).toLowerCase();
  const month = 1 + MONTHS.findIndex((names) => names.includes(start));
  const days = dayNumber(Number(year), month, Number(day));
  const secondsNs = decimalNs(seconds, 9);
  if (month === 0 || days === undefined || secondsNs === undefined) return undefined;
  const hour =
    half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  return BigInt(days) * DAY_NS + BigInt(hour * 3600 + Number(minutes) * 60) * 1_000_000_000n + secondsNs;
}
