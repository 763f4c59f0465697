import type { WacError } from "./errors.ts";
import { countCharacters, lineAt, positionAt, type Range } from "./source.ts";

/** A range to mark in the source: the error's own with `^`, the related ones with `-`. */
interface Mark {
  readonly range: Range;
  readonly label: string;
  readonly sign: "^" | "-";
}

/** Longest piece of a source line to show, in characters: untrusted text may have lines of any length. */
const LINE_LIMIT = 160;

/**
 * An error as text to read, with the source lines and the ranges marked in them. Further errors follow, separated by a
 * blank line. No colours, no line feed at the end. Control characters of the source are not passed on.
 */
export function formatWacError(error: WacError, source: string): string {
  return [error, ...error.others].map((each) => formatOne(each, source)).join("\n\n");
}

function formatOne(error: WacError, source: string): string {
  const remarks = [
    ...error.notes.map((note) => `note: ${note}`),
    ...error.hints.map((hint) => `hint: ${hint}`),
  ];
  // Of what comes from no text there is no line to show.
  if (error.file === "") {
    return [headline(error), ...remarks.flatMap((remark) => formatRemark(remark, ""))].join("\n");
  }
  const marks: Mark[] = [
    { range: error.range, label: error.label ?? "", sign: "^" },
    ...error.related.map(({ range, label }): Mark => ({ range, label, sign: "-" })),
  ];
  const byLine = groupByLine(marks, source);
  const gutter = " ".repeat(String(Math.max(...byLine.keys())).length);
  const lines = [
    headline(error),
    `${gutter}--> ${printable(error.file)}:${error.line}:${error.column}`,
    `${gutter} |`,
  ];
  let previous: number | undefined;
  for (const [line, marksOfLine] of byLine) {
    if (previous !== undefined && line > previous + 1) {
      lines.push(`${gutter} :`);
    }
    lines.push(...formatLine(line, marksOfLine, source, gutter));
    previous = line;
  }
  if (remarks.length > 0) {
    lines.push(`${gutter} |`, ...remarks.flatMap((remark) => formatRemark(remark, gutter)));
  }
  return lines.join("\n");
}

function headline({ code, message }: WacError): string {
  return `error[${code}]: ${printable(message)}`;
}

function groupByLine(marks: readonly Mark[], source: string): Map<number, Mark[]> {
  const byLine = new Map<number, Mark[]>();
  const sorted = [...marks].sort((a, b) => a.range.start - b.range.start);
  for (const mark of sorted) {
    const { line } = positionAt(source, mark.range.start);
    byLine.set(line, [...(byLine.get(line) ?? []), mark]);
  }
  return byLine;
}

/** The source line, and below it one line of signs for each mark. A range over several lines is marked to its first line's end. */
function formatLine(line: number, marks: readonly Mark[], source: string, gutter: string): string[] {
  const text = lineAt(source, line);
  const length = countCharacters(text);
  const firstColumn = Math.min(...marks.map((mark) => positionAt(source, mark.range.start).column));
  const skipped = firstColumn > LINE_LIMIT - 20 ? firstColumn - 40 : 0;
  const shown = [...text].slice(skipped, skipped + LINE_LIMIT).join("");
  const out = [
    `${String(line).padStart(gutter.length)} | ${skipped > 0 ? "…" : ""}${printable(shown)}`.trimEnd(),
  ];
  for (const mark of marks) {
    const start = positionAt(source, mark.range.start).column - 1;
    const end = start + Math.max(1, countCharacters(source.slice(mark.range.start, mark.range.end)));
    const width = Math.max(1, Math.min(end, length, skipped + LINE_LIMIT) - start);
    const indent = " ".repeat(start - skipped + (skipped > 0 ? 1 : 0));
    out.push(`${gutter} | ${indent}${mark.sign.repeat(width)} ${printable(mark.label)}`.trimEnd());
  }
  return out;
}

function formatRemark(remark: string, gutter: string): string[] {
  const [first = "", ...rest] = remark.split("\n");
  return [
    `${gutter} = ${printable(first)}`,
    ...rest.map((line) => `${gutter}   ${printable(line)}`.trimEnd()),
  ];
}

/** Longest text of a message, label or remark, in code units: names of untrusted text may have any length. */
const TEXT_LIMIT = 1000;

function clipped(text: string): string {
  return text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}…` : text;
}

/** Tabs count as one character, as columns do; control characters and bidirectional overrides are replaced. */
function printable(text: string): string {
  return clipped(text)
    .replace(/[\t\n]/g, " ")
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}
