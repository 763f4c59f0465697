import { createHash } from "node:crypto";
import {
  access,
  constants,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { type ImportOptions, importInto, type SourceOptions } from "@playhead/formats";
import type { Problem, Recording } from "@playhead/recording";
import { cacheFolder, makeFolders, openRecording } from "@playhead/store";
import { OutputError } from "./failure.ts";
import { ImportedRecording } from "./imported-recording.ts";
import { openAnySource } from "./open-any-source.ts";
import { openStoredMessages } from "./open-stored-messages.ts";
import { isAddress } from "./refuse-addresses.ts";
import { VERSION } from "./version.ts";
import { writeWhole } from "./write-whole.ts";

/** Raised whenever an import of the same file becomes another one: those that are kept are made anew then. */
const IMPORT_REVISION = 2;

/** What imports may take on the disk together. Those that were not used for the longest time go first. */
const MOST_BYTES = 16 * 1024 ** 3;

export interface ImportCacheOptions {
  /** Where imports are kept; `playhead/imports` in the user's cache folder without. */
  readonly folder?: string;
  readonly mostBytes?: number;
  readonly onProgress?: ImportOptions["onProgress"];
  readonly signal?: AbortSignal;
}

/** What is kept beside an import. */
interface ImportNotes {
  readonly name: string;
  readonly problems: readonly Problem[];
}

/** An MCAP file that something was imported into. */
export interface ImportedFile extends ImportNotes {
  readonly path: string;
}

/** Opens a recording in another format: as the MCAP file of `importedFile`. */
export async function openImported(
  given: string,
  reading: SourceOptions,
  options: ImportCacheOptions = {},
): Promise<Recording> {
  const { path, name, problems } = await importedFile(given, reading, options);
  return new ImportedRecording(await openRecording(path), name, problems);
}

/**
 * The MCAP file that a recording was imported into before, or that it is imported into now. An import goes by the place, size and time of all files that
 * it was made of, or by the recording in a database that it was made of.
 */
export async function importedFile(
  given: string,
  reading: SourceOptions,
  options: ImportCacheOptions = {},
): Promise<ImportedFile> {
  const folder = options.folder ?? join(cacheFolder(), "imports");
  const place = join(folder, await keyOf(given, reading));
  const notes = (await readNotes(place)) ?? (await importAt(place, folder, given, reading, options));
  const now = new Date();
  await utimes(`${place}.mcap`, now, now).catch(() => undefined);
  return { path: `${place}.mcap`, ...notes };
}

/** Undefined where there is no import, or not all of it. */
async function readNotes(place: string): Promise<ImportNotes | undefined> {
  try {
    const notes = JSON.parse(await readFile(`${place}.json`, "utf8")) as ImportNotes;
    return (await stat(`${place}.mcap`)).isFile() ? notes : undefined;
  } catch {
    return undefined;
  }
}

/** The notes come last: with them the import is there. Several processes may do this at once; each puts a whole one there. */
async function importAt(
  place: string,
  folder: string,
  given: string,
  reading: SourceOptions,
  { onProgress, signal = NEVER, mostBytes = MOST_BYTES }: ImportCacheOptions,
): Promise<ImportNotes> {
  await makeCache(folder);
  const own = `${place}.${process.pid}`;
  const source = await openAnySource(given, { ...reading, signal });
  try {
    const { profile = "" } = source;
    const summary = await writeWhole(`${own}.mcap`, { signal, profile }, (writer) =>
      importInto(writer, source, { signal, ...(onProgress === undefined ? {} : { onProgress }) }),
    );
    signal.throwIfAborted();
    const notes: ImportNotes = { name: source.name, problems: summary?.problems ?? [] };
    await writeFile(`${own}.json`, JSON.stringify(notes));
    await rename(`${own}.mcap`, `${place}.mcap`);
    await rename(`${own}.json`, `${place}.json`);
    await sweep(folder, mostBytes, place);
    return notes;
  } finally {
    await source.close();
  }
}

async function makeCache(folder: string): Promise<void> {
  try {
    makeFolders(folder);
    await access(folder, constants.W_OK);
  } catch {
    const expected =
      "expected a folder that can be written, where recordings in other formats are kept as MCAP";
    throw new OutputError(folder, new Error(`${expected}; XDG_CACHE_HOME names another place for it`));
  }
}

const NEVER = new AbortController().signal;

/** Equal for equal recordings, read in the same way by the same version. */
async function keyOf(
  given: string,
  { dbc = [], csvMap, rateHz, time = "log" }: SourceOptions,
): Promise<string> {
  const files = [...dbc.map((file) => file.path), ...(csvMap === undefined ? [] : [csvMap])];
  const states = [...(await statesOf(given)), ...(await Promise.all(files.map(stateOf)))];
  const key = JSON.stringify([
    VERSION,
    IMPORT_REVISION,
    states,
    dbc.map(({ bus = null }) => bus),
    rateHz,
    time,
  ]);
  return createHash("sha256").update(key).digest("hex").slice(0, 32);
}

async function statesOf(given: string): Promise<unknown[]> {
  if (isAddress(given)) {
    const { fingerprint, messages } = await openStoredMessages(given);
    await messages.close();
    return [fingerprint];
  }
  // Beside an SQLite file lies what its writer has not yet moved into it.
  return [await stateOf(`${given}-wal`).catch(() => null), await stateOf(given)];
}

/** Place, size and time of a file, or of all files in a folder. */
async function stateOf(path: string): Promise<unknown> {
  const { size, mtimeNs } = await stat(path, { bigint: true });
  const own = [await realpath(path), String(size), String(mtimeNs)];
  if (!(await stat(path)).isDirectory()) return own;
  const inside = await readdir(path, { recursive: true, withFileTypes: true });
  const files = inside.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const states: string[] = [];
  for (const file of files.sort()) {
    const found = await stat(file, { bigint: true }).catch(() => undefined);
    if (found !== undefined) states.push(`${file} ${found.size} ${found.mtimeNs}`);
  }
  return [own, states];
}

/** Removes what was not used for the longest time until the rest is small enough. The import at `keep` stays. */
async function sweep(folder: string, mostBytes: number, keep: string): Promise<void> {
  const files: { path: string; bytes: number; usedMs: number }[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && !path.startsWith(`${keep}.`))
      files.push({ path, bytes: found.size, usedMs: found.mtimeMs });
  }
  let bytes = files.reduce((sum, file) => sum + file.bytes, (await stat(`${keep}.mcap`)).size);
  files.sort((a, b) => a.usedMs - b.usedMs);
  for (const file of files) {
    if (bytes <= mostBytes) return;
    await rm(file.path, { force: true });
    bytes -= file.bytes;
  }
}
