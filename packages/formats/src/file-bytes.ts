import { type FileHandle, open } from "node:fs/promises";
import { RecordingError } from "@playhead/recording";
import { openingError } from "./candidate.ts";

/** A file that can be read anywhere, by plain byte offsets. */
export class FileBytes {
  readonly path: string;
  readonly sizeBytes: number;
  readonly #handle: FileHandle;
  #closed = false;

  private constructor(path: string, handle: FileHandle, sizeBytes: number) {
    this.path = path;
    this.#handle = handle;
    this.sizeBytes = sizeBytes;
  }

  /** Throws a RecordingError where the file cannot be opened. */
  static async open(path: string): Promise<FileBytes> {
    try {
      const handle = await open(path, "r");
      return new FileBytes(path, handle, (await handle.stat()).size);
    } catch (cause) {
      throw openingError(path, cause);
    }
  }

  /** The bytes from `offset` on: `length` of them, or as many as the file has. The caller bounds what it asks for. */
  async readUpTo(offset: number, length: number): Promise<Uint8Array> {
    if (this.#closed) {
      const where = this.path;
      throw new RecordingError("closed", { expected: "an open source", found: "a closed one", where });
    }
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.sizeBytes - offset)));
    let done = 0;
    while (done < bytes.length) {
      const { bytesRead } = await this.#handle.read(bytes, done, bytes.length - done, offset + done);
      if (bytesRead === 0) return bytes.subarray(0, done);
      done += bytesRead;
    }
    return bytes;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#handle.close();
  }
}
