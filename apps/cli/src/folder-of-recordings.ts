import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { needsImport } from "@playhead/formats";
import { RecordingError } from "@playhead/recording";

/** So many entries are looked at, and so many names are told. */
const MOST_ENTRIES = 200;
const MOST_NAMES = 5;

/** What to tell of a folder that is no recording itself, where there are recordings in it; undefined for anything else. */
export async function folderOfRecordings(path: string): Promise<RecordingError | undefined> {
  const entries = await readdir(path).catch(() => []);
  const names: string[] = [];
  for (const name of entries.sort().slice(0, MOST_ENTRIES))
    if (await isRecording(join(path, name))) names.push(name);
  if (names.length === 0) return undefined;
  const more = names.length > MOST_NAMES ? ", …" : "";
  const list = names.some((name) => name.endsWith(".mcap"))
    ? "; `playhead db list` lists the MCAP files of a folder"
    : "";
  return new RecordingError("unknown-format", {
    expected: "one recording",
    found: `a folder in which each of these can be opened: ${names.slice(0, MOST_NAMES).join(", ")}${more}${list}`,
    where: path,
  });
}

/** By another clock, whatever is a recording would be imported. */
async function isRecording(path: string): Promise<boolean> {
  return await needsImport(path, { time: "header" }).catch(() => false);
}
