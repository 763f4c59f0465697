import type { AlertRecord } from "../control/report.ts";
import type { Output } from "../outputs/output.ts";
import type { LogLine } from "./unit.ts";

const KEPT_LOG_LINES = 1000;
const LONGEST_LINE = 4096;
const KEPT_ALERTS = 10_000;
const LONGEST_ALERT_BYTES = 64 * 1024;
const DEEPEST_ALERT = 100;

/** Never changed: lists are shared with the journal that they were saved from. */
export interface JournalState {
  readonly lines: readonly LogLine[];
  readonly lineCount: number;
  readonly alerts: readonly AlertRecord[];
}

/** What a run tells beside its outputs: the first lines that units logged, and the warnings that they raised. */
export class Journal {
  #lines: LogLine[] = [];
  #lineCount = 0;
  #alerts: AlertRecord[] = [];

  /** The first lines logged up to now. */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** Messages on topics with the role `alerts`, the first ten thousand. */
  get alerts(): readonly AlertRecord[] {
    return this.#alerts;
  }

  log(line: LogLine): void {
    if (this.#lines.length < KEPT_LOG_LINES)
      this.#lines.push({ ...line, message: line.message.slice(0, LONGEST_LINE) });
    this.#lineCount++;
  }

  alert({ timeUs, unit, topic, payload }: Output): void {
    if (this.#alerts.length < KEPT_ALERTS)
      this.#alerts.push({ timeUs, unit, topic, message: parsed(payload) });
  }

  save(): JournalState {
    return { lines: [...this.#lines], lineCount: this.#lineCount, alerts: [...this.#alerts] };
  }

  restore({ lines, lineCount, alerts }: JournalState): void {
    this.#lines = [...lines];
    this.#lineCount = lineCount;
    this.#alerts = [...alerts];
  }
}

/** JSON as its value, where it is JSON of a sensible size and depth; the text otherwise. */
function parsed(payload: Uint8Array): unknown {
  const text = new TextDecoder().decode(payload.subarray(0, LONGEST_ALERT_BYTES));
  try {
    const value: unknown = JSON.parse(text);
    return isShallow(value, DEEPEST_ALERT) ? value : text;
  } catch {
    return text;
  }
}

/** Whether values lie in each other at most so deep: what takes them in calls itself, on any machine's stack. */
function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}
