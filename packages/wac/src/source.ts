/** A piece of the source text, in UTF-16 code units: `start` inclusive, `end` exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The text of a composition and the name under which messages speak of it. */
export interface Source {
  /** File name for messages. */
  readonly file: string;
  readonly text: string;
}

/** A place in a text as editors count: both from 1, columns in Unicode characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The place of an offset. An offset beyond the end is the place after the last character. */
export function positionAt(text: string, offset: number): Position {
  const end = Math.min(offset, text.length);
  let line = 1;
  let lineStart = 0;
  for (let next = text.indexOf("\n"); next !== -1 && next < end; next = text.indexOf("\n", next + 1)) {
    line++;
    lineStart = next + 1;
  }
  return { line, column: countCharacters(text.slice(lineStart, end)) + 1 };
}

/** The text of a line (counted from 1), without its end. */
export function lineAt(text: string, line: number): string {
  let start = 0;
  for (let current = 1; current < line; current++) {
    const next = text.indexOf("\n", start);
    if (next === -1) {
      return "";
    }
    start = next + 1;
  }
  const end = text.indexOf("\n", start);
  return text.slice(start, end === -1 ? text.length : end).replace(/\r$/, "");
}

/** The smallest range that holds both. */
export function spanning(first: Range, last: Range): Range {
  return { start: first.start, end: last.end };
}

export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) {
    count++;
  }
  return count;
}
