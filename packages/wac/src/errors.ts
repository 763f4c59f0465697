import { type Position, positionAt, type Range, type Source } from "./source.ts";

/**
 * Text that is not WAC:
 * - `invalid-character`, `unterminated-comment`, `unterminated-string`, `invalid-name`, `invalid-version`: no token.
 * - `syntax`: a token where another one was expected. `empty-type`: a type without members. `too-deep`: nested too deep.
 * - `sketch-syntax`: the `compose { a <-> b }` of early sketches, which is not WAC.
 *
 * Names:
 * - `undefined-name`, `duplicate-name`, `used-before-definition`.
 * - `cycle`: statements, or instantiations of a graph, that need each other.
 *
 * Packages:
 * - `unknown-package`: the resolver has none of this name. `invalid-package`: what it has is not a component.
 * - `unknown-path`: a package has no such interface or world. `wrong-kind`: the path or name stands for something else.
 *
 * Instantiation and access:
 * - `unknown-argument`, `duplicate-argument`, `missing-argument`, `mismatched-argument`.
 * - `fill-not-last`: `...` is not the last argument. `unmatched-spread`: a spread that gives nothing.
 * - `not-an-instance`, `unknown-export`.
 * - `import-conflict`: an explicit import has the name of an implicit one. `merge-conflict`: two implicit imports differ.
 *
 * Imports and exports of the composition:
 * - `duplicate-import`, `duplicate-export`, `invalid-extern-name`, `export-needs-name`.
 * - `target-import`, `target-export`, `target-mismatch`: the composition does not fit the world that it targets.
 *
 * Writing a component:
 * - `not-encodable`: an import speaks of a resource that an instance inside brings; only the host can link that.
 *
 * Types:
 * - `duplicate-member`, `not-a-type`, `borrow-in-result`, `include-conflict`.
 */
export type WacErrorCode =
  | "invalid-character"
  | "unterminated-comment"
  | "unterminated-string"
  | "invalid-name"
  | "invalid-version"
  | "syntax"
  | "empty-type"
  | "too-deep"
  | "sketch-syntax"
  | "undefined-name"
  | "duplicate-name"
  | "used-before-definition"
  | "cycle"
  | "unknown-package"
  | "invalid-package"
  | "unknown-path"
  | "wrong-kind"
  | "unknown-argument"
  | "duplicate-argument"
  | "missing-argument"
  | "mismatched-argument"
  | "fill-not-last"
  | "unmatched-spread"
  | "not-an-instance"
  | "unknown-export"
  | "import-conflict"
  | "merge-conflict"
  | "duplicate-import"
  | "duplicate-export"
  | "invalid-extern-name"
  | "export-needs-name"
  | "target-import"
  | "target-export"
  | "target-mismatch"
  | "not-encodable"
  | "duplicate-member"
  | "not-a-type"
  | "borrow-in-result"
  | "include-conflict";

/** A second place that belongs to an error, such as the first definition of a name that is defined twice. */
export interface RelatedPlace {
  readonly range: Range;
  readonly label: string;
}

export interface WacErrorDetails {
  readonly code: WacErrorCode;
  readonly message: string;
  readonly range: Range;
  /** What to write beside the marked range; a few words. */
  readonly label?: string | undefined;
  readonly expected?: string | undefined;
  readonly found?: string | undefined;
  /** Facts that explain the error, one a line: where a type differs, where a package was looked for. */
  readonly notes?: readonly string[] | undefined;
  /** What to do about it, one a line. */
  readonly hints?: readonly string[] | undefined;
  readonly related?: readonly RelatedPlace[] | undefined;
  readonly cause?: unknown;
}

/**
 * What is wrong with a composition, and where. Where a text has several independent errors, the first in the text
 * is thrown and has the others in `others`. `formatWacError` shows it with the source.
 */
export class WacError extends Error {
  override readonly name = "WacError";
  readonly code: WacErrorCode;
  /** Empty where the error is not about a text, but about a graph that was built without one. */
  readonly file: string;
  readonly range: Range;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  readonly label: string | undefined;
  readonly expected: string | undefined;
  readonly found: string | undefined;
  readonly notes: readonly string[];
  readonly hints: readonly string[];
  readonly related: readonly RelatedPlace[];
  /** Further errors of the same text, in its order; empty in the errors of this list themselves. */
  readonly others: readonly WacError[];

  constructor(source: Source, details: WacErrorDetails, others: readonly WacError[] = []) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    const position: Position = positionAt(source.text, details.range.start);
    this.code = details.code;
    this.file = source.file;
    this.range = { start: details.range.start, end: details.range.end };
    this.line = position.line;
    this.column = position.column;
    this.label = details.label;
    this.expected = details.expected;
    this.found = details.found;
    this.notes = details.notes ?? [];
    this.hints = details.hints ?? [];
    this.related = details.related ?? [];
    this.others = others;
  }

  /** `adas.wac:3:7: unknown package …` */
  override toString(): string {
    return this.file === "" ? this.message : `${this.file}:${this.line}:${this.column}: ${this.message}`;
  }
}

/** Collects what is wrong with one text, so that one run tells more than one error. */
export class Problems {
  readonly #source: Source;
  readonly #found: WacErrorDetails[] = [];
  readonly #limit: number;

  constructor(source: Source, limit = 20) {
    this.#source = source;
    this.#limit = limit;
  }

  get full(): boolean {
    return this.#found.length >= this.#limit;
  }

  add(details: WacErrorDetails): void {
    if (!this.full) {
      this.#found.push(details);
    }
  }

  /**
   * Runs a step that throws a `Problem` when it can't go on, and keeps the problem. Returns undefined in that case.
   */
  attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (error instanceof Consequence) {
        return undefined;
      }
      if (!(error instanceof Problem)) {
        throw error;
      }
      this.add(error.details);
      return undefined;
    }
  }

  /** Throws the first error in the text, with the others in it, if there is any. */
  throwIfAny(): void {
    const sorted = [...this.#found].sort((a, b) => a.range.start - b.range.start);
    const [first, ...rest] = sorted;
    if (first !== undefined) {
      throw new WacError(
        this.#source,
        first,
        rest.map((details) => new WacError(this.#source, details)),
      );
    }
  }
}

/** Thrown inside this package where a step can't go on; becomes a `WacError` that knows its source. */
export class Problem extends Error {
  readonly details: WacErrorDetails;

  constructor(details: WacErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.details = details;
  }
}

/** Thrown where a step can't go on because of an error that is told already. */
export class Consequence extends Error {}

/** `names`: each needs the next; the first stands at the end again. Of a long cycle, the beginning and the end. */
export function cycleMessage(names: readonly string[]): string {
  const shown = names.length <= 12 ? names : [...names.slice(0, 8), undefined, ...names.slice(-2)];
  return `a cycle: ${shown.map((name) => (name === undefined ? "…" : `\`${name}\``)).join(" needs ")}`;
}
