import { open, readdir, stat } from "node:fs/promises";
import { RecordingError } from "@playhead/recording";
import type { Candidate } from "./format.ts";

/** Enough for a few hundred lines of text. */
const START_BYTES = 64 * 1024;

/** Looks at a file or folder. Throws a RecordingError where that is not possible. */
export async function lookAt(path: string): Promise<Candidate> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      const entries = (await readdir(path)).sort();
      return { path, isFolder: true, sizeBytes: 0, start: new Uint8Array(0), entries };
    }
    if (!found.isFile()) {
      throw new RecordingError("unreadable", {
        expected: "a file or a folder",
        found: "a device",
        where: path,
      });
    }
    return { path, isFolder: false, sizeBytes: found.size, start: await readStart(path), entries: [] };
  } catch (cause) {
    throw openingError(path, cause);
  }
}

/** Why a path cannot be opened. */
export function openingError(path: string, cause: unknown): Error {
  if (cause instanceof RecordingError) return cause;
  const code = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
  const found = { ENOENT: "nothing there", EACCES: "no permission to read" }[code] ?? code;
  const expected = "a file or folder that can be read";
  return new RecordingError(code === "ENOENT" ? "not-found" : "unreadable", {
    expected,
    found,
    where: path,
    cause,
  });
}

async function readStart(path: string): Promise<Uint8Array> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(START_BYTES), 0, START_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Whether a file begins with these characters, one per byte. */
export function startsWith({ start }: Candidate, text: string): boolean {
  if (start.length < text.length) return false;
  for (let index = 0; index < text.length; index++) {
    if (start[index] !== text.charCodeAt(index)) return false;
  }
  return true;
}
