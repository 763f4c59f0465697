import { isMap, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { messageOf, SimulationError } from "../errors.ts";

/** Of a file, characters. */
const LONGEST_TEXT = 1024 * 1024;

/**
 * Reads a mapping from YAML text and checks it.
 * @returns what the text says, and the same with what holds where it says nothing
 * @throws SimulationError `bad-configuration` with the file, the line, the column and what was expected.
 */
export function parseYaml<T>(
  text: string,
  file: string,
  schema: z.ZodType<T>,
): { readonly value: unknown; readonly checked: T } {
  if (text.length > LONGEST_TEXT)
    throw new SimulationError(
      "bad-configuration",
      `${file}: expected at most ${LONGEST_TEXT} characters, found ${text.length}`,
    );
  const lines = new LineCounter();
  const document = parsed(text, file, lines);
  const syntax = document.errors[0];
  if (syntax !== undefined) {
    if (overflowed(syntax)) throw unreadable(file, syntax);
    const { line, col } = lines.linePos(syntax.pos[0]);
    throw new SimulationError(
      "bad-configuration",
      `${file}:${line}:${col}: ${syntax.message.split("\n")[0] ?? ""}`,
    );
  }
  if (document.contents !== null && !isMap(document.contents))
    throw new SimulationError("bad-configuration", `${file}: expected a mapping with keys such as "units"`);
  const value = plainValue(document, file) ?? {};
  const result = schema.safeParse(value);
  if (result.success) return { value, checked: result.data };
  const issue = result.error.issues[0];
  const path = (issue?.path ?? []).map(String);
  throw new SimulationError(
    "bad-configuration",
    `${file}${positionOf(document, path, lines)}: ${path.join(".") || "the configuration"}: ${issue?.message ?? "not valid"}`,
  );
}

function parsed(text: string, file: string, lineCounter: LineCounter): ReturnType<typeof parseDocument> {
  try {
    return parseDocument(text, { lineCounter });
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** What reads YAML calls itself for every level, and passes on that the stack was full as text. */
function overflowed(error: unknown): boolean {
  return error instanceof RangeError || messageOf(error).includes("call stack size exceeded");
}

function unreadable(file: string, error: unknown): SimulationError {
  const message = overflowed(error)
    ? "expected a configuration, found one that is nested too deeply"
    : messageOf(error);
  return new SimulationError("bad-configuration", `${file}: ${message}`, { cause: error });
}

/** The document as plain values; aliases may multiply it a hundredfold at most. */
function plainValue(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw unreadable(file, error);
  }
}

function positionOf(document: ReturnType<typeof parseDocument>, path: string[], lines: LineCounter): string {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = (node as { range?: [number, number, number] } | undefined)?.range;
    if (range) {
      const { line, col } = lines.linePos(range[0]);
      return `:${line}:${col}`;
    }
  }
  return "";
}
