import { DAY_NS, dayNumber, decimalNs } from "../text/decimal-time.ts";

/**
 * Lines such as `2011-09-26 13:02:25.964389445` → ns since the Unix epoch; undefined for a line that is none. The recordings do not say which clock
 * it is: it is taken as UTC.
 */
export function readTimestamps(text: string): readonly (bigint | undefined)[] {
  return text.trimEnd().split("\n").map(timestampNs);
}

function timestampNs(line: string): bigint | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2}(?:\.\d{1,9})?)\s*$/.exec(line);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts.slice(1, 6).map(Number);
  const days = dayNumber(year, month, day);
  const seconds = decimalNs(parts[6] ?? "", 9);
  if (days === undefined || seconds === undefined) return undefined;
  return BigInt(days) * DAY_NS + BigInt(hour * 3600 + minute * 60) * 1_000_000_000n + seconds;
}
