import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { RecordingError } from "@playhead/recording";

/** Where a file that exists is written on. */
export interface FileRest {
  /** What stands before is kept. */
  readonly sizeBytes: number;
  /** CRC-32 of what is kept. */
  readonly crc: number;
  /** What stands from here on goes at once. What lies between is overwritten by what is written, so that it is there until then. */
  readonly endBytes: number;
}

/** A file that is written from its start to its end. After a failure it takes nothing more, so that no later success hides the gap. */
export class FileSink {
  readonly #path: string;
  readonly #handle: FileHandle;
  #sizeBytes: number;
  #crc: number;
  /** Where the file ends, when that is behind what is written. */
  #endBytes: number;
  #closed = false;
  #failure: RecordingError | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(path: string, handle: FileHandle, { sizeBytes, crc, endBytes }: FileRest) {
    this.#path = path;
    this.#handle = handle;
    this.#sizeBytes = sizeBytes;
    this.#crc = crc;
    this.#endBytes = endBytes;
  }

  /** Replaces an existing file. */
  static async create(path: string): Promise<FileSink> {
    try {
      return new FileSink(path, await open(path, "w"), { sizeBytes: 0, crc: 0, endBytes: 0 });
    } catch (cause) {
      throw writingError(path, cause);
    }
  }

  /** Goes on with an existing file. */
  static async continue(path: string, rest: FileRest): Promise<FileSink> {
    try {
      const handle = await open(path, "r+");
      await handle.truncate(rest.endBytes);
      return new FileSink(path, handle, rest);
    } catch (cause) {
      throw writingError(path, cause);
    }
  }

  /** How many bytes are written. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** CRC-32 of them. */
  get crc(): number {
    return this.#crc;
  }

  /** Throws where nothing can be written any more. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#closed) return;
    throw new RecordingError("closed", {
      expected: "an open recording",
      found: "a closed one",
      where: this.#path,
    });
  }

  /** Only inside of `run` and `finish`. */
  async write(bytes: Uint8Array): Promise<void> {
    const end = this.#sizeBytes + bytes.length;
    if (this.#endBytes > end) await this.#handle.truncate(end);
    this.#endBytes = 0;
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(
        bytes,
        done,
        bytes.length - done,
        this.#sizeBytes + done,
      );
      done += bytesWritten;
    }
    this.#sizeBytes = end;
    this.#crc = crc32(bytes, this.#crc);
  }

  /** Runs what writes, behind all that was asked for before. Throws a RecordingError where it fails, and for every call after that. */
  run<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#last.then(() => this.#attempt(action));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Makes sure that what is written survives a loss of power. */
  async sync(): Promise<void> {
    await this.run(() => this.#handle.datasync());
  }

  /** Runs what writes the end, makes sure that it is on the disk, and closes the file in any case. A second call does nothing. */
  async finish(action: () => Promise<void>): Promise<void> {
    if (this.#closed) return;
    const end = this.run(action);
    this.#closed = true;
    try {
      await end;
      await this.#handle.sync();
    } catch (cause) {
      throw this.#fail(cause);
    } finally {
      await this.#handle.close();
    }
  }

  /** Closes the file as it is. */
  async abandon(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#last;
    await this.#handle.close();
  }

  async #attempt<T>(action: () => Promise<T>): Promise<T> {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return await action();
    } catch (cause) {
      throw this.#fail(cause);
    }
  }

  #fail(cause: unknown): RecordingError {
    this.#failure ??= writingError(this.#path, cause);
    return this.#failure;
  }
}

const FOUND: Readonly<Record<string, string>> = {
  ENOENT: "that its folder does not exist",
  ENOTDIR: "a file where its folder should be",
  EISDIR: "a folder",
  EACCES: "no permission to write",
  EPERM: "no permission to write",
  EROFS: "a file system that is read-only",
  ENOSPC: "a full disk",
  EDQUOT: "a full disk",
  ENAMETOOLONG: "a name that is too long",
};

function writingError(path: string, cause: unknown): RecordingError {
  if (cause instanceof RecordingError) return cause;
  const code = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
  return new RecordingError("write-failed", {
    expected: "a file that can be written",
    found: FOUND[code] ?? code,
    where: path,
    cause,
  });
}
