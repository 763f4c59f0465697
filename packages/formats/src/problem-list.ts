import type { Problem } from "@playhead/recording";

const MOST_PROBLEMS = 1_000;

/** The problems of a source: each once, however often a place is read, and not without end. */
export class ProblemList {
  readonly problems: Problem[] = [];
  readonly #seen = new Set<string>();

  /** `sensor` is the topic that it concerns, if one. */
  add(code: string, message: string, sensor?: string): void {
    if (this.#seen.has(message) || this.problems.length > MOST_PROBLEMS) return;
    this.#seen.add(message);
    const isLast = this.problems.length === MOST_PROBLEMS;
    this.problems.push(
      isLast
        ? { code: "too-many-problems", message: TOO_MANY, sensor: undefined, timeUs: undefined }
        : { code, message, sensor, timeUs: undefined },
    );
  }
}

const TOO_MANY = `expected fewer than ${MOST_PROBLEMS} problems, found more: those behind are not listed`;
