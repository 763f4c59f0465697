import type { BigIntStats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { RecordingError } from "@playhead/recording";

/** A file that can be read anywhere: what `@mcap/core` asks for, and the same with plain numbers. */
export class FileBytes {
  readonly path: string;
  /** Changes when the file is replaced or written to. */
  readonly fingerprint: string;
  readonly #handle: FileHandle;
  /** No single read is larger: a length that a damaged file claims is refused before memory is taken. */
  readonly #maxReadBytes: number;
  #sizeBytes: number;
  #closed = false;

  private constructor(path: string, handle: FileHandle, stat: BigIntStats, maxReadBytes: number) {
    this.path = path;
    this.#sizeBytes = Number(stat.size);
    this.fingerprint = [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(":");
    this.#handle = handle;
    this.#maxReadBytes = maxReadBytes;
  }

  static async open(path: string, maxReadBytes: number): Promise<FileBytes> {
    try {
      const handle = await open(path, "r");
      const stat = await handle.stat({ bigint: true });
      if (stat.isFile()) return new FileBytes(path, handle, stat, maxReadBytes);
      await handle.close();
    } catch (cause) {
      throw openingError(path, cause);
    }
    throw new RecordingError("unreadable", { expected: "a file", found: "something else", where: path });
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Takes up what the file has grown by since it was opened. */
  async refresh(): Promise<void> {
    if (this.#closed) return;
    this.#sizeBytes = Math.max(this.#sizeBytes, (await this.#handle.stat()).size);
  }

  /** For another thread of this process, as long as the file is open. */
  get fd(): number {
    return this.#handle.fd;
  }

  async size(): Promise<bigint> {
    return BigInt(this.sizeBytes);
  }

  async read(offset: bigint, size: bigint): Promise<Uint8Array> {
    return this.readAt(Number(offset), Number(size));
  }

  /**
   * Exactly `length` bytes, in `room` where it is given and large enough. Throws a RecordingError where the file is closed, and an Error that says so
   * where it has fewer bytes or is asked for too many.
   */
  async readAt(offset: number, length: number, room?: ArrayBuffer): Promise<Uint8Array> {
    this.checkRange(offset, length);
    this.checkOpen();
    const bytes =
      room !== undefined && room.byteLength >= length ? new Uint8Array(room, 0, length) : unfilled(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.#handle.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0)
        throw new Error(`expected ${length} bytes at byte ${offset}, found ${done}: the file has shrunk`);
      done += bytesRead;
    }
    return bytes;
  }

  /** Throws an Error where the file has no such part, or it is too long to be read at once. */
  checkRange(offset: number, length: number): void {
    if (length > this.#maxReadBytes) {
      throw new Error(`expected at most ${this.#maxReadBytes} bytes at byte ${offset}, found ${length}`);
    }
    if (offset < 0 || offset + length > this.sizeBytes) {
      throw new Error(
        `expected ${length} bytes at byte ${offset}, found the end of the file at ${this.sizeBytes}`,
      );
    }
  }

  /** Throws a RecordingError where the file is closed. */
  checkOpen(): void {
    if (this.#closed) {
      throw new RecordingError("closed", {
        expected: "an open recording",
        found: "a closed one",
        where: this.path,
      });
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#handle.close();
  }
}

/** Memory that is written over in full: filling it with zeros first would be for nothing. */
function unfilled(length: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}

/** Why a path cannot be opened, in the words of a recording. */
export function openingError(path: string, cause: unknown): RecordingError {
  if (cause instanceof RecordingError) return cause;
  const code = (cause as NodeJS.ErrnoException).code ?? "unknown error";
  const found =
    { ENOENT: "nothing there", EACCES: "no permission to read", EISDIR: "a folder" }[code] ?? code;
  const kind = code === "ENOENT" ? "not-found" : "unreadable";
  return new RecordingError(kind, { expected: "a file that can be read", found, where: path, cause });
}
