import type { ProblemList } from "../problem-list.ts";
import { LineError, quote } from "../text/dialect.ts";

/** What of a log is not read. Plain data. */
export interface PassedOver {
  /** Sentences by their types. */
  readonly types: Map<string, number>;
  /** Sentences of types beyond those, and lines that are no sentences. */
  otherTypes: number;
  lines: number;
}

/** More types are no receiver's but damage. */
const MOST_TYPES = 32;
/** So many lines that are no sentences are told one by one. */
const MOST_LINES = 10;

export function nothingPassedOver(): PassedOver {
  return { types: new Map(), otherTypes: 0, lines: 0 };
}

/** Counts a sentence of a type that is not read. */
export function passOverSentence(passed: PassedOver, type: string): void {
  const count = passed.types.get(type);
  if (count === undefined && passed.types.size >= MOST_TYPES) passed.otherTypes++;
  else passed.types.set(type, (count ?? 0) + 1);
}

/** Takes a line without a `$`. Throws a LineError for one that is no comment and no sentence of AIS, as long as there were few. */
export function passOverLine(passed: PassedOver, line: string): void {
  const text = line.trim();
  if (text === "" || text.startsWith("#")) return;
  const [, , type] = /(^|\\)!([A-Z]{5}),/.exec(text) ?? [];
  if (type !== undefined) passOverSentence(passed, type);
  else if (++passed.lines <= MOST_LINES) throw new LineError("a sentence that begins with $", quote(text));
}

/** Tells what was passed over, once all is read. */
export function reportPassedOver(passed: PassedOver, path: string, problems: ProblemList): void {
  for (const [type, count] of passed.types)
    problems.add("unknown-sentence", `${path}: sentences of type ${type} are not read; there are ${count}`);
  if (passed.otherTypes > 0)
    problems.add("unknown-sentence", `${path}: ${passed.otherTypes} sentences of more types are not read`);
  if (passed.lines > MOST_LINES) {
    const found = `expected sentences that begin with $, found ${passed.lines} lines that do not`;
    problems.add("malformed-line", `${path}: ${found}; the first ${MOST_LINES} are listed, all are left out`);
  }
}
