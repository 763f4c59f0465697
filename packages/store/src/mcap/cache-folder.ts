import { readdir, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { makeFolders } from "../make-folders.ts";

/** Where this user's programs keep what they can make again: `$XDG_CACHE_HOME/playhead`, or what the system has for it. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, "playhead");
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "playhead");
  if (process.platform === "win32" && LOCALAPPDATA) return join(LOCALAPPDATA, "playhead");
  return join(homedir(), ".cache", "playhead");
}

/** Makes a folder that only its owner can read. */
export async function makeFolder(path: string): Promise<void> {
  makeFolders(path, 0o700);
}

/** Removes the files that were used longest ago until the others fit. Other programs may do the same at the same time. */
export async function trimFolder(path: string, maxBytes: number, maxFiles: number): Promise<void> {
  const files: { file: string; size: number; usedMs: number }[] = [];
  for (const name of await readdir(path)) {
    const file = join(path, name);
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile()) files.push({ file, size: found.size, usedMs: found.mtimeMs });
  }
  files.sort((a, b) => b.usedMs - a.usedMs || (a.file < b.file ? -1 : 1));
  let bytes = 0;
  for (const [index, { file, size }] of files.entries()) {
    bytes += size;
    if (bytes > maxBytes || index >= maxFiles) await rm(file, { force: true });
  }
}
