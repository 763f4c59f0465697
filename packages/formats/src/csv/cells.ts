import { CsvError, parse } from "csv-parse/sync";
import { LineError, quote } from "../text/dialect.ts";

/** The cells of a row. A row without quotes needs no more than cutting; the others are CSV's own affair. Throws a LineError. */
export function cellsOf(line: string, delimiter: string): readonly string[] {
  if (!line.includes('"')) return line.split(delimiter).map((cell) => cell.trim());
  try {
    const rows = parse(line, { delimiter, relax_column_count: true, trim: true });
    return rows[0] ?? [];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new LineError("cells, quoted where they have quotes", quote(line));
  }
}

const DELIMITERS = [",", ";", "\t", "|", " "];

/** The character that cuts the first lines into most cells, as many in each where that is so. */
export function guessDelimiter(lines: readonly string[]): string {
  const scores = DELIMITERS.map((delimiter) => {
    const counts = lines.map((line) => line.split(delimiter).length);
    const least = counts.reduce((smallest, count) => Math.min(smallest, count), Number.POSITIVE_INFINITY);
    return { delimiter, least: Number.isFinite(least) ? least : 0 };
  });
  return scores.reduce((best, score) => (score.least > best.least ? score : best)).delimiter;
}
