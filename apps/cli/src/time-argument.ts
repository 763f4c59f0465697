import { UsageError } from "./failure.ts";

/**
 * A time on the command line: seconds from the start (`12.5`, `1:05.2`, `1:00:00`), or an ISO 8601 time with its zone.
 *
 * @returns µs since the Unix epoch
 */
export function parseTime(option: string, text: string, startUs: number): number {
  const clock = /^(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:\.\d+)?)$/.exec(text);
  if (clock !== null) {
    const [hours, minutes, seconds] = [clock[1] ?? "0", clock[2] ?? "0", clock[3] ?? "0"].map(Number);
    return startUs + Math.round(((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1e6);
  }
  const date = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(date)) return date * 1000;
  throw new UsageError(
    `${option}: expected seconds from the start such as 12.5 or 1:05, or a time such as 2026-01-31T12:00:00Z; found ${JSON.stringify(text)}`,
  );
}
