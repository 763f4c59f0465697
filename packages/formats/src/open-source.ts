import { RecordingError } from "@playhead/recording";
import { lookAt } from "./candidate.ts";
import { withDbc } from "./dbc/with-dbc.ts";
import type { Candidate, SourceFormat, SourceOptions } from "./format.ts";
import { FORMATS } from "./formats.ts";
import { mcap } from "./mcap/mcap-source.ts";
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

/** With the extra channels that the options ask for, and what the recording has as messages of its cameras. */
async function decoded(source: MessageSource, { dbc = [], signal }: SourceOptions): Promise<MessageSource> {
  try {
    const calibrated = await withIntrinsics(source, signal);
    return dbc.length === 0 ? calibrated : await withDbc(calibrated, dbc, signal);
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Whether a file or folder is a recording in another format than MCAP, which is opened as it is; or has to be decoded. */
export async function needsImport(path: string, { dbc = [] }: SourceOptions = {}): Promise<boolean> {
  const format = await formatOf(await lookAt(path));
  return format !== undefined && (format !== mcap || dbc.length > 0);
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
