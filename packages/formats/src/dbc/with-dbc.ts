import { readFile, stat } from "node:fs/promises";
import { RecordingError } from "@playhead/recording";
import { openingError } from "../candidate.ts";
import type { DbcFile } from "../format.ts";
import { ProblemList } from "../problem-list.ts";
import type { MessageSource } from "../source.ts";
import { type BusMessages, DecodedSource } from "./decoded-source.ts";
import { parseDbc } from "./parse-dbc.ts";
import type { DbcMessage } from "./signal.ts";

/** Larger than any real one by far. */
const MOST_FILE_BYTES = 64 * 1024 * 1024;

/**
 * A source with its CAN frames decoded by DBC files too. Where several define a frame of a bus, the first does it. Throws a RecordingError for a
 * file that cannot be read or defines no message; the source is the caller's then.
 */
export async function withDbc(
  source: MessageSource,
  files: readonly DbcFile[],
  signal?: AbortSignal,
): Promise<MessageSource> {
  const problems = new ProblemList();
  const definitions: BusMessages[] = [];
  for (const { path, bus } of files) definitions.push({ path, bus, messages: await readDbc(path, problems) });
  const decoded = new DecodedSource(source, definitions, problems);
  await decoded.scan(signal);
  return decoded;
}

async function readDbc(path: string, problems: ProblemList): Promise<readonly DbcMessage[]> {
  const messages = parseDbc(decodeText(await readBytes(path)), path, problems);
  if (messages.length > 0) return messages;
  const found = problems.problems.at(-1)?.message ?? "none";
  throw new RecordingError("damaged", { expected: "a DBC file with messages", found, where: path });
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > MOST_FILE_BYTES) {
      const expected = `a DBC file of at most ${MOST_FILE_BYTES} bytes`;
      throw new RecordingError("unsupported", { expected, found: `${size}`, where: path });
    }
    return await readFile(path);
  } catch (cause) {
    throw openingError(path, cause);
  }
}

/** DBC files are in Windows-1252 of old; newer ones in UTF-8. */
function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
