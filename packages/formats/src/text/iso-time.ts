import { DAY_NS, dayNumber, decimalNs } from "./decimal-time.ts";

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}(?:[.,]\d{1,9})?))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/** A time of ISO 8601, to the nanosecond, in ns since the Unix epoch; without a zone it is UTC. Undefined for anything else. */
export function readIsoNs(text: string): bigint | undefined {
  const parts = ISO.exec(text.trim());
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts
    .slice(1, 6)
    .map((part) => Number(part ?? 0));
  const days = dayNumber(year, month, day);
  const seconds = decimalNs((parts[6] ?? "0").replace(",", "."), 9);
  if (days === undefined || seconds === undefined || hour > 24 || minute > 59) return undefined;
  const minutes = hour * 60 + minute - zoneMinutes(parts[7]);
  return BigInt(days) * DAY_NS + BigInt(minutes) * 60_000_000_000n + seconds;
}

function zoneMinutes(zone: string | undefined): number {
  const parts = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? "");
  if (parts === null) return 0;
  return (parts[1] === "-" ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3]));
}
