import { RecordingError } from "@playhead/recording";
import { lookAt } from "./candidate.ts";
import { csv } from "./csv/csv.ts";
import { withDbc } from "./dbc/with-dbc.ts";
import type { Candidate, SourceFormat, SourceOptions } from "./format.ts";
import { FORMATS } from "./formats.ts";
import { withHeaderTime } from "./header-time/with-header-time.ts";
import { mcap } from "./mcap/mcap-source.ts";
import { withMounting } from "./mounting/with-mounting.ts";
import type { MessageSource } from "./source.ts";
import { withIntrinsics } from "./with-intrinsics.ts";

/**
 * Opens a recording in another format by its content, whatever its name. Throws a RecordingError that says what was found and what can be
 * opened.
 */
export async function openSource(path: string, options: SourceOptions = {}): Promise<MessageSource> {
  const candidate = await lookAt(path);
  const format = await formatOf(candidate);
  if (format !== undefined) return interpretSource(await openAs(format, candidate, options), options);
  const isEmpty = !candidate.isFolder && candidate.sizeBytes === 0;
  if (!isEmpty) throw unknownFormat(candidate, described(candidate));
  throw new RecordingError("empty", { expected: EXPECTED, found: "an empty file", where: path });
}

const EXPECTED = `a recording that can be read (${FORMATS.map(({ name }) => name).join(", ")})`;

function unknownFormat({ path }: Candidate, found: string, cause?: unknown): RecordingError {
  return new RecordingError("unknown-format", { expected: EXPECTED, found, where: path, cause });
}

/** Texts with a name of CSV are taken for CSV where no other format fits. What cannot be read as that is what it resembles rather. */
async function openAs(
  format: SourceFormat,
  candidate: Candidate,
  options: SourceOptions,
): Promise<MessageSource> {
  try {
    return await format.open(candidate.path, options);
  } catch (error) {
    const nearly = format === csv && options.csvMap === undefined ? nearlyOf(candidate) : undefined;
    throw nearly === undefined ? error : unknownFormat(candidate, nearly, error);
  }
}

function nearlyOf(candidate: Candidate): string | undefined {
  for (const format of FORMATS) {
    const nearly = format.nearly?.(candidate);
    if (nearly !== undefined) return nearly;
  }
  return undefined;
}

/**
 * A source with the clock and the extra channels that the options ask for, and what it has as messages about its sensors. Closing it closes the source, which
 * is closed too where this throws.
 */
export async function interpretSource(
  source: MessageSource,
  { dbc = [], signal, time }: Pick<SourceOptions, "dbc" | "signal" | "time">,
): Promise<MessageSource> {
  try {
    const placed = await withMounting(await withIntrinsics(source, signal), signal);
    const timed = time === "header" ? await withHeaderTime(placed, signal) : placed;
    return dbc.length === 0 ? timed : await withDbc(timed, dbc, signal);
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Whether a file or folder is a recording in another format than MCAP, which is opened as it is; or has to be decoded or put in another order. */
export async function needsImport(path: string, options: SourceOptions = {}): Promise<boolean> {
  const format = await formatOf(await lookAt(path));
  return format !== undefined && (format !== mcap || isInterpreted(options));
}

/** What a file or folder is instead of a CSV file, whose columns a mapping could explain; undefined where it is one, or nobody recognises it. */
export async function insteadOfCsv(path: string): Promise<string | undefined> {
  const format = await formatOf(await lookAt(path));
  return format === csv ? undefined : format?.name;
}

/** Whether a recording of ours becomes another one by these options. */
export function isInterpreted({ dbc = [], time }: SourceOptions): boolean {
  return dbc.length > 0 || time === "header";
}

async function formatOf(candidate: Candidate): Promise<SourceFormat | undefined> {
  for (const format of FORMATS) if (await format.recognises(candidate)) return format;
  return undefined;
}

function described(candidate: Candidate): string {
  const nearly = nearlyOf(candidate);
  if (nearly !== undefined) return nearly;
  const { isFolder, start, entries } = candidate;
  if (!isFolder) {
    const text = Buffer.from(start.subarray(0, 16)).toString("latin1");
    return `a file that begins with ${JSON.stringify(text)}`;
  }
  if (entries.length === 0) return "an empty folder";
  const more = entries.length > 5 ? ", …" : "";
  return `a folder with ${entries.slice(0, 5).join(", ")}${more}`;
}
