import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { StoredRecording } from "@playhead/store";

const EXTENSION = ".mcap";

/** What a folder of MCAP files is and has as a store. */
export interface FolderStatus {
  readonly location: string;
  readonly recordings: number;
  readonly messages: number;
  readonly sizeBytes: number;
  /** Recordings that their writers have not finished. */
  readonly unfinished: readonly { readonly name: string; readonly messages: number }[];
  /** What is wrong in it. */
  readonly notes: readonly string[];
}

export async function folderStatus(
  location: string,
  recordings: readonly StoredRecording[],
): Promise<FolderStatus> {
  const known = new Set(recordings.map(({ name }) => `${name}${EXTENSION}`));
  const files = (await readdir(location)).filter((name) => name.endsWith(EXTENSION)).sort();
  const sizes = await Promise.all(
    [...known].map(async (name) => (await stat(join(location, name)).catch(() => undefined))?.size ?? 0),
  );
  return {
    location,
    recordings: recordings.length,
    messages: recordings.reduce((sum, { messageCount }) => sum + messageCount, 0),
    sizeBytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
    unfinished: recordings
      .filter(({ sealed }) => !sealed)
      .map(({ name, messageCount }) => ({ name, messages: messageCount })),
    notes: files
      .filter((name) => !known.has(name))
      .map((name) => `${name}: cannot be opened; \`playhead inspect\` says why`),
  };
}
