import { RecordingError } from "@playhead/recording";
import { lookAt } from "./candidate.ts";
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
  if (format !== undefined) return decoded(await format.open(path, options), options);
  const isEmpty = !candidate.isFolder && candidate.sizeBytes === 0;
  throw new RecordingError(isEmpty ? "empty" : "unknown-format", {
    expected: `a recording that can be read (${FORMATS.map(({ name }) => name).join(", ")})`,
    found: isEmpty ? "an empty file" : described(candidate),
    where: path,
  });
}

/** With the clock and the extra channels that the options ask for, and what the recording has as messages about its sensors. */
async function decoded(
  source: MessageSource,
  { dbc = [], signal, time }: SourceOptions,
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
export async function needsImport(path: string, { dbc = [], time }: SourceOptions = {}): Promise<boolean> {
  const format = await formatOf(await lookAt(path));
  return format !== undefined && (format !== mcap || dbc.length > 0 || time === "header");
}

async function formatOf(candidate: Candidate): Promise<SourceFormat | undefined> {
  for (const format of FORMATS) if (await format.recognises(candidate)) return format;
  return undefined;
}

function described({ isFolder, start, entries }: Candidate): string {
  if (!isFolder) {
    const text = Buffer.from(start.subarray(0, 16)).toString("latin1");
    return `a file that begins with ${JSON.stringify(text)}`;
  }
  if (entries.length === 0) return "an empty folder";
  const more = entries.length > 5 ? ", …" : "";
  return `a folder with ${entries.slice(0, 5).join(", ")}${more}`;
}
