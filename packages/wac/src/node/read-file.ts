/** Files from elsewhere, of any kind and size: reading them ends, and takes no more memory than a limit says. */
import { type FileHandle, open } from "node:fs/promises";

/** Longest text, in bytes. */
const TEXT_LIMIT = 16 << 20;
/** Largest component, in bytes. Engines take no larger modules. */
const BINARY_LIMIT = 2 ** 30;

/** A file that is larger than anything of its kind. */
export class FileTooLargeError extends Error {
  override readonly name = "FileTooLargeError";
  readonly code = "file-too-large";

  constructor(path: string, limit: number) {
    super(`${path}: expected at most ${limit / 2 ** 20} MiB, found more`);
  }
}

/**
 * @throws FileTooLargeError, or the file system's error, which has the path
 */
export async function readText(path: string, limit: number = TEXT_LIMIT): Promise<string> {
  return (await readBytes(path, limit)).toString("utf8");
}

/**
 * @throws FileTooLargeError, or the file system's error, which has the path
 */
export async function readBytes(path: string, limit: number = BINARY_LIMIT): Promise<Buffer> {
  const handle = await open(path);
  try {
    const stats = await handle.stat();
    if (stats.size > limit) {
      throw new FileTooLargeError(path, limit);
    }
    // Pipes and devices have no size: they are read until they have given too much.
    return stats.isFile() ? await handle.readFile() : await readStream(handle, path, limit);
  } catch (error) {
    throw withPath(error, path);
  } finally {
    await handle.close();
  }
}

async function readStream(handle: FileHandle, path: string, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of handle.createReadStream({ autoClose: false, end: limit })) {
    chunks.push(chunk);
    size += chunk.length;
  }
  if (size > limit) {
    throw new FileTooLargeError(path, limit);
  }
  return Buffer.concat(chunks);
}

/** Of an open file, the file system's errors do not say which it is. */
function withPath(error: unknown, path: string): unknown {
  return error instanceof Error && "syscall" in error && !("path" in error)
    ? Object.assign(error, { path })
    : error;
}
