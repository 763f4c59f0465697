import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { RecordingError } from "@playhead/recording";
import {
  openFolderStore,
  openPostgresStore,
  parsePostgresUrl,
  type RecordingStore,
  type StoreStatus,
} from "@playhead/store";
import { type FolderStatus, folderStatus } from "./folder-status.ts";
import { isLikeAddress } from "./refuse-addresses.ts";

/** Recordings in one place, by name. */
export interface Catalogue {
  readonly store: RecordingStore;
  /** The recording that was named with the place. */
  readonly recording: string | undefined;
  status(): Promise<StoreStatus | FolderStatus>;
}

/**
 * Opens a database by its address, or a folder of MCAP files.
 *
 * @param named whether the name of a recording may stand behind a folder, with `.mcap` or without; behind a database it always may
 * @throws RecordingError where there is no such thing
 */
export async function openCatalogue(given: string, named: boolean): Promise<Catalogue> {
  if (isLikeAddress(given)) {
    const store = openPostgresStore(given);
    return { store, recording: parsePostgresUrl(given).recording, status: () => store.status() };
  }
  const { folder, recording } = await folderOf(given, named);
  const store = openFolderStore(folder);
  return { store, recording, status: async () => await folderStatus(folder, await store.list()) };
}

async function folderOf(
  given: string,
  named: boolean,
): Promise<{ readonly folder: string; readonly recording: string | undefined }> {
  const found = await kindOf(given);
  if (found === "a folder") return { folder: given, recording: undefined };
  const folder = dirname(given);
  if (named && (await kindOf(folder)) === "a folder") return { folder, recording: basename(given, ".mcap") };
  const expected = "postgres://user@host/database or a folder of MCAP files";
  throw new RecordingError(found === "a file" ? "unreadable" : "not-found", {
    expected,
    found,
    where: given,
  });
}

async function kindOf(path: string): Promise<"a folder" | "a file" | "nothing there"> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return "nothing there";
  return found.isDirectory() ? "a folder" : "a file";
}
