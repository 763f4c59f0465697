import { type FileHandle, open } from "node:fs/promises";
import { RecordingError } from "@playhead/recording";

/** A file that is written from its start to its end. After a failure it takes nothing more, so that no later success hides the gap. */
export class FileSink {
  readonly #path: string;
  readonly #handle: FileHandle;
  #position = 0n;
  #closed = false;
  #failure: RecordingError | undefined;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /** Replaces an existing file. */
  static async create(path: string): Promise<FileSink> {
    try {
      return new FileSink(path, await open(path, "w"));
    } catch (cause) {
      throw writingError(path, cause);
    }
  }

  /** How many bytes are written. */
  position(): bigint {
    return this.#position;
  }

  async write(bytes: Uint8Array): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done);
      done += bytesWritten;
    }
    this.#position += BigInt(bytes.length);
  }

  /** Runs what writes. Throws a RecordingError where it fails, and for every call after that. */
  async run<T>(action: () => Promise<T>): Promise<T> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#closed) {
      throw new RecordingError("closed", {
        expected: "an open recording",
        found: "a closed one",
        where: this.#path,
      });
    }
    try {
      return await action();
    } catch (cause) {
      this.#failure = writingError(this.#path, cause);
      throw this.#failure;
    }
  }

  /** Runs what writes the end, makes sure that it is on the disk, and closes the file in any case. A second call does nothing. */
  async finish(action: () => Promise<void>): Promise<void> {
    if (this.#closed) return;
    try {
      await this.run(async () => {
        await action();
        await this.#handle.sync();
      });
    } finally {
      await this.abandon();
    }
  }

  /** Closes the file as it is. */
  async abandon(): Promise<void> {
    this.#closed = true;
    await this.#handle.close();
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
  const code = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
  return new RecordingError("write-failed", {
    expected: "a file that can be written",
    found: FOUND[code] ?? code,
    where: path,
    cause,
  });
}
