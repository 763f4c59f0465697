import { RecordingError } from "@playhead/recording";
import { lookAt } from "../candidate.ts";
import type { Candidate, SourceFormat, SourceOptions } from "../format.ts";
import type { MessageSource } from "../source.ts";
import { decimalNs } from "../text/decimal-time.ts";
import { type Emit, LineError, quote, type TextDialect } from "../text/dialect.ts";
import { readIsoNs } from "../text/iso-time.ts";
import { mostLinesAre, startLines } from "../text/start-lines.ts";
import { openText } from "../text/text-source.ts";
import { cellsOf, guessDelimiter } from "./cells.ts";
import { kindChannel, kindMessage, type RowValues } from "./kinds.ts";
import { type Column, type CsvMapping, readMapping, type TimeUnit, type TopicMapping } from "./mapping.ts";
import { ownMapping } from "./own-mapping.ts";

/** Tables of text, whose columns a mapping explains; or that name a time with its unit. */
export const csv: SourceFormat = {
  name: "a CSV file",
  recognises: (candidate) => isTable(candidate),
  open: openCsv,
};

/** Decided last: other texts have delimiters too. */
function isTable(candidate: Candidate): boolean {
  const lines = startLines(candidate);
  if (!/\.(csv|tsv|txt)$/i.test(candidate.path)) return false;
  return mostLinesAre(lines, (line) => /[,;\t|]/.test(line));
}

async function openCsv(path: string, { csvMap, signal }: SourceOptions): Promise<MessageSource> {
  const given = csvMap === undefined ? undefined : await readMapping(csvMap);
  const comment = given?.comment ?? "#";
  const lines = firstLines(await lookAt(path), comment);
  const delimiter = given?.delimiter ?? guessDelimiter(lines);
  const heading = headingOf(lines[0] ?? "", delimiter, path);
  const mapping = given ?? ownMapping(heading, path);
  const rows = mapping.topics.map((topic) => rowReader(topic, mapping, heading, csvMap ?? path));
  const dialect: TextDialect<State> = {
    begin: () => ({ hasHeading: mapping.hasHeading }),
    readLine(line, state, emit) {
      if (line.trim() === "" || line.startsWith(comment)) return;
      if (!state.hasHeading) {
        const cells = cellsOf(line, delimiter);
        for (const readRow of rows) readRow(cells, emit);
      }
      state.hasHeading = false;
    },
  };
  return openText(path, dialect, { format: "CSV file", encoding: "utf8", quoted: true, signal });
}

/** As they stand, but for empty ones and comments. */
function firstLines({ start }: Candidate, comment: string): string[] {
  const text = Buffer.from(start)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
  const lines = text.split(/\r?\n/, 100).filter((line) => line.trim() !== "" && !line.startsWith(comment));
  return lines.slice(0, 20);
}

/** Throws a RecordingError for a first line that no cells can be made of. */
function headingOf(line: string, delimiter: string, where: string): readonly string[] {
  try {
    return cellsOf(line, delimiter);
  } catch (cause) {
    if (!(cause instanceof LineError)) throw cause;
    const expected = "a first line of names";
    throw new RecordingError("damaged", { expected, found: cause.message, where: `${where}, line 1`, cause });
  }
}

interface State {
  /** Whether the next line is the one that names the columns. */
  hasHeading: boolean;
}

type ReadRow = (cells: readonly string[], emit: Emit) => void;

/** How the rows of a topic become messages; those of other topics are passed over. */
function rowReader(
  topic: TopicMapping,
  { startNs }: CsvMapping,
  heading: readonly string[],
  where: string,
): ReadRow {
  const place = (column: Column): number => placeOf(column, heading, where);
  const { kind, time, metadata, frame } = topic;
  const timePlace = place(time.column);
  const condition =
    topic.where === undefined ? undefined : { ...topic.where, place: place(topic.where.column) };
  const fields =
    topic.fields === undefined
      ? heading.flatMap((name, at) => (at === timePlace ? [] : [{ name, at, scale: 1, offset: 0 }]))
      : Object.entries(topic.fields).map(([name, { column, scale, offset }]) => ({
          name,
          at: place(column),
          scale,
          offset,
        }));
  const names = fields.map(({ name }) => name);
  return (cells, emit) => {
    if (condition !== undefined && cells[condition.place] !== condition.equals) return;
    const timeNs = startNs + timeOf(cells[timePlace] ?? "", time.unit);
    const values = valuesOf(cells, fields, kind !== "json");
    emit({
      key: topic.topic,
      timeNs,
      declare: () => kindChannel(kind, topic.topic, names, metadata),
      write: () => kindMessage(kind, values, timeNs, frame),
    });
  };
}

/** From 0. Throws a RecordingError for a column that the file does not have. */
function placeOf(column: Column, heading: readonly string[], where: string): number {
  if (typeof column === "number") return column - 1;
  const place = heading.indexOf(column);
  if (place >= 0) return place;
  const expected = `one of the file's columns (${heading.slice(0, 50).join(", ")})`;
  throw new RecordingError("invalid-argument", { expected, found: JSON.stringify(column), where });
}

interface PlacedField {
  readonly name: string;
  readonly at: number;
  readonly scale: number;
  readonly offset: number;
}

/** Empty cells are left out. */
function valuesOf(cells: readonly string[], fields: readonly PlacedField[], areNumbers: boolean): RowValues {
  const values: Record<string, number | string> = {};
  for (const { name, at, scale, offset } of fields) {
    const text = cells[at] ?? "";
    if (text === "") continue;
    const value = Number(text);
    // Longer whole numbers, such as times in ns, would be rounded: they stay texts.
    const isRounded = !areNumbers && /^-?\d{16,}$/.test(text) && !Number.isSafeInteger(value);
    if (isRounded && scale === 1 && offset === 0) values[name] = text;
    else if (!Number.isNaN(value)) values[name] = value * scale + offset;
    else if (areNumbers && !/^nan$/i.test(text)) throw new LineError(`a number for ${name}`, quote(text));
    else if (!areNumbers) values[name] = text;
  }
  return values;
}

const EXPONENTS: Readonly<Record<Exclude<TimeUnit, "iso">, number>> = { s: 9, ms: 6, us: 3, ns: 0 };

function timeOf(text: string, unit: TimeUnit): bigint {
  const timeNs =
    unit === "iso"
      ? readIsoNs(text)
      : (decimalNs(text, EXPONENTS[unit]) ?? scientificNs(text, EXPONENTS[unit]));
  if (timeNs === undefined)
    throw new LineError(unit === "iso" ? "a time of ISO 8601" : `a time in ${unit}`, quote(text));
  return timeNs;
}

/** `1.477010443e+15`: as exact as a double is. */
function scientificNs(text: string, exponent: number): bigint | undefined {
  const value = /^[+-]?\d+(\.\d+)?e[+-]?\d{1,2}$/i.test(text) ? Number(text) * 10 ** exponent : Number.NaN;
  return Math.abs(value) < 1e19 ? BigInt(Math.round(value)) : undefined;
}
