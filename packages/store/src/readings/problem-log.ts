import type { Problem } from "@playhead/recording";

const MAX_PROBLEMS = 1_000;

/** The problems of a recording: each once, however often it is read, and not without end. */
export class ProblemLog {
  readonly problems: Problem[] = [];
  readonly #seen = new Set<string>();

  /** `key` tells problems apart: the place in the file. */
  add(key: string, problem: Problem): void {
    if (this.#seen.has(key) || this.problems.length > MAX_PROBLEMS) return;
    this.#seen.add(key);
    this.problems.push(this.problems.length < MAX_PROBLEMS ? problem : TOO_MANY);
  }

  /** A problem of the file rather than of one sensor's message. */
  addForFile(key: string, code: string, message: string): void {
    this.add(key, { code, message, sensor: undefined, timeUs: undefined });
  }
}

const TOO_MANY: Problem = {
  code: "too-many-problems",
  message: `expected fewer than ${MAX_PROBLEMS} problems, found more: those behind are not listed`,
  sensor: undefined,
  timeUs: undefined,
};
