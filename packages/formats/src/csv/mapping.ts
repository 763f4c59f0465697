import { readFile, stat } from "node:fs/promises";
import { RecordingError } from "@playhead/recording";
import { parse } from "yaml";
import { openingError } from "../candidate.ts";
import { readIsoNs } from "../text/iso-time.ts";
import { isKind, KIND_FIELDS, type Kind } from "./kinds.ts";

/** What the columns of a CSV file mean. */
export interface CsvMapping {
  /** One character; told by the first lines without. */
  readonly delimiter: string | undefined;
  /** Whether the first line names the columns. */
  readonly hasHeading: boolean;
  /** Lines that begin with it say nothing. */
  readonly comment: string;
  /** Added to all times, ns since the Unix epoch. */
  readonly startNs: bigint;
  readonly topics: readonly TopicMapping[];
}

export interface TopicMapping {
  readonly topic: string;
  readonly kind: Kind;
  readonly frame: string;
  readonly time: { readonly column: Column; readonly unit: TimeUnit };
  /** Rows that are of this topic: where a column has this text. */
  readonly where: { readonly column: Column; readonly equals: string } | undefined;
  /** By the names of the kind's fields, for JSON by any; all columns without. */
  readonly fields: Readonly<Record<string, FieldMapping>> | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Its name in the first line, or its number from 1. */
export type Column = string | number;

export type TimeUnit = "s" | "ms" | "us" | "ns" | "iso";

interface FieldMapping {
  readonly column: Column;
  /** value · scale + offset; a text stays one. */
  readonly scale: number;
  readonly offset: number;
}

const MOST_BYTES = 1024 * 1024;

/** Reads a mapping in YAML or JSON. Throws a RecordingError that names the place. */
export async function readMapping(path: string): Promise<CsvMapping> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw new Error(`a file of ${size} bytes`);
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw openingError(path, cause);
  }
  return parseMapping(text, path);
}

export function parseMapping(text: string, where: string): CsvMapping {
  const reader = new MappingReader(where);
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    throw reader.error("", "YAML or JSON", (cause as Error).message.split("\n")[0] ?? "", cause);
  }
  return reader.mapping(value);
}

type Fields = Readonly<Record<string, unknown>>;

class MappingReader {
  readonly #where: string;

  constructor(where: string) {
    this.#where = where;
  }

  error(place: string, expected: string, found: unknown, cause?: unknown): RecordingError {
    const shown =
      typeof found === "string" ? found.slice(0, 200) : (JSON.stringify(found) ?? "nothing").slice(0, 200);
    const where = place === "" ? this.#where : `${this.#where}, ${place}`;
    return new RecordingError("invalid-argument", { expected, found: shown, where, cause });
  }

  mapping(value: unknown): CsvMapping {
    const all = this.#object(value, "", ["delimiter", "header", "comment", "start", "time", "topics"]);
    const { delimiter, header, comment = "#", start, topics } = all;
    if (!Array.isArray(topics) || topics.length === 0 || topics.length > MOST_TOPICS)
      throw this.error("topics", `a list of 1 to ${MOST_TOPICS}`, topics);
    const mapped = topics.map((topic, index) => this.#topic(topic, all.time, `topics[${index}]`));
    if (delimiter !== undefined && (typeof delimiter !== "string" || delimiter.length !== 1))
      throw this.error("delimiter", "one character", delimiter);
    if (header !== undefined && typeof header !== "boolean")
      throw this.error("header", "true or false", header);
    return {
      delimiter,
      hasHeading: header ?? mapped.some(usesNames),
      comment: this.#text(comment, "comment"),
      startNs: this.#start(start),
      topics: mapped,
    };
  }

  #topic(value: unknown, commonTime: unknown, place: string): TopicMapping {
    const keys = ["topic", "kind", "frame", "time", "where", "fields", "metadata"];
    const {
      topic,
      kind = "json",
      frame,
      time = commonTime,
      where,
      fields,
      metadata,
    } = this.#object(value, place, keys);
    if (!isKind(kind))
      throw this.error(`${place}.kind`, `one of ${Object.keys(KIND_FIELDS).join(", ")}`, kind);
    const name = this.#text(topic, `${place}.topic`);
    return {
      ...{ topic: name, kind },
      frame: frame === undefined ? name.replace(/^\//, "") : this.#text(frame, `${place}.frame`),
      time: this.#time(time, `${place}.time`),
      where: where === undefined ? undefined : this.#condition(where, `${place}.where`),
      fields: this.#fields(fields, kind, `${place}.fields`),
      metadata: this.#metadata(metadata, `${place}.metadata`),
    };
  }

  #time(value: unknown, place: string): TopicMapping["time"] {
    const { column, unit } = this.#object(value, place, ["column", "unit"]);
    if (typeof unit !== "string" || !UNITS.has(unit))
      throw this.error(`${place}.unit`, "s, ms, us, ns or iso", unit);
    return { column: this.#column(column, `${place}.column`), unit: unit as TimeUnit };
  }

  #condition(value: unknown, place: string): NonNullable<TopicMapping["where"]> {
    const { column, equals } = this.#object(value, place, ["column", "equals"]);
    if (typeof equals !== "string" && typeof equals !== "number")
      throw this.error(`${place}.equals`, "a text", equals);
    return { column: this.#column(column, `${place}.column`), equals: String(equals) };
  }

  #fields(value: unknown, kind: Kind, place: string): TopicMapping["fields"] {
    const known = KIND_FIELDS[kind];
    if (value === undefined && known === undefined) return undefined;
    const fields = this.#object(
      value,
      place,
      known?.map(({ name }) => name),
    );
    for (const { name, isNeeded } of known ?? [])
      if (isNeeded && fields[name] === undefined)
        throw this.error(place, `a column for ${name}`, Object.keys(fields));
    const entries = Object.entries(fields).map(([name, field]) => [
      name,
      this.#field(field, `${place}.${name}`),
    ]);
    return Object.fromEntries(entries);
  }

  #field(value: unknown, place: string): FieldMapping {
    if (typeof value !== "object" || value === null)
      return { column: this.#column(value, place), scale: 1, offset: 0 };
    const { column, scale = 1, offset = 0 } = this.#object(value, place, ["column", "scale", "offset"]);
    if (typeof scale !== "number" || typeof offset !== "number")
      throw this.error(place, "numbers for scale and offset", value);
    return { column: this.#column(column, `${place}.column`), scale, offset };
  }

  #metadata(value: unknown, place: string): Record<string, string> {
    if (value === undefined) return {};
    const entries = Object.entries(this.#object(value, place)).map(([key, text]) => {
      if (typeof text === "object") throw this.error(`${place}.${key}`, "a text or a number", text);
      return [key, String(text)];
    });
    return Object.fromEntries(entries);
  }

  #start(value: unknown): bigint {
    if (value === undefined) return 0n;
    const startNs = readIsoNs(value instanceof Date ? value.toISOString() : String(value));
    if (startNs === undefined) throw this.error("start", "a time such as 2026-01-31T12:00:00Z", value);
    return startNs;
  }

  #column(value: unknown, place: string): Column {
    if (typeof value === "string" && value !== "") return value;
    if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= MOST_COLUMNS)
      return value;
    throw this.error(place, "a column's name, or its number from 1", value);
  }

  #text(value: unknown, place: string): string {
    if (typeof value === "string" && value !== "") return value;
    throw this.error(place, "a text", value);
  }

  #object(value: unknown, place: string, keys?: readonly string[]): Fields {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw this.error(
        place,
        keys === undefined ? "names and values" : `names and values (${keys.join(", ")})`,
        value,
      );
    const foreign = keys === undefined ? undefined : Object.keys(value).find((key) => !keys.includes(key));
    if (foreign !== undefined) throw this.error(place, `one of ${keys?.join(", ")}`, foreign);
    return value as Fields;
  }
}

const UNITS: ReadonlySet<string> = new Set(["s", "ms", "us", "ns", "iso"]);
const MOST_TOPICS = 1000;
const MOST_COLUMNS = 100_000;

function usesNames({ time, where, fields }: TopicMapping): boolean {
  const columns = [time.column, where?.column, ...Object.values(fields ?? {}).map(({ column }) => column)];
  return fields === undefined || columns.some((column) => typeof column === "string");
}
