import { UsageError } from "./failure.ts";

const CLOCK = /^(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:\.\d*)?|\.\d+)$/;
const DATE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * A time on the command line: seconds from the start (`12.5`, `1:05.2`, `1:00:00`), or an ISO 8601 time with its zone, to the µs.
 *
 * @returns µs since the Unix epoch
 */
export function parseTime(option: string, text: string, startUs: number): number {
  const clock = CLOCK.exec(text);
  if (clock !== null) {
    const [hours, minutes, seconds] = [clock[1] ?? "0", clock[2] ?? "0", clock[3] ?? "0"].map(Number);
    return startUs + Math.round(((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1e6);
  }
  const dateUs = parseDate(text);
  if (dateUs !== undefined) return dateUs;
  throw new UsageError(
    `${option}: expected seconds from the start such as 12.5 or 1:05, or a time such as 2026-01-31T12:00:00Z; found ${JSON.stringify(text)}`,
  );
}

/** `Date` knows whole ms alone: the fraction is added by itself. */
function parseDate(text: string): number | undefined {
  const [, whole, fraction = "", zone] = DATE.exec(text) ?? [];
  if (whole === undefined || zone === undefined) return undefined;
  const wholeMs = Date.parse(`${whole}${zone}`);
  return Number.isNaN(wholeMs) ? undefined : wholeMs * 1000 + Math.round(Number(`0${fraction}`) * 1e6);
}
