import { closeSync, fdatasyncSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from "node:fs";

/** The few things that are done with files; tests put a disk in its place that fills up. */
export interface Files {
  write(descriptor: number, bytes: Uint8Array, position: number): void;
}

export const nodeFiles: Files = {
  write: (descriptor, bytes, position) => {
    for (let at = 0; at < bytes.length; )
      at += writeSync(descriptor, bytes, at, bytes.length - at, position + at);
  },
};

/** A file that only grows, until it is cut or removed. */
export class GrowingFile {
  readonly path: string;
  readonly #descriptor: number;
  readonly #files: Files;
  #bytes: number;

  constructor(path: string, files: Files, bytes = 0) {
    this.path = path;
    this.#files = files;
    this.#bytes = bytes;
    this.#descriptor = openSync(path, bytes > 0 ? "r+" : "w+");
    ftruncateSync(this.#descriptor, bytes);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @returns where it lies. After an error nothing has been added. */
  append(bytes: Uint8Array): number {
    const at = this.#bytes;
    try {
      this.#files.write(this.#descriptor, bytes, at);
    } catch (error) {
      ftruncateSync(this.#descriptor, at);
      throw error;
    }
    this.#bytes += bytes.length;
    return at;
  }

  /** @throws Error where there are fewer bytes */
  read(at: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length; ) {
      const count = readSync(this.#descriptor, bytes, done, length - done, at + done);
      if (count === 0) throw new Error(`${this.path}: expected ${length} bytes at ${at}, found ${done}`);
      done += count;
    }
    return bytes;
  }

  sync(): void {
    fdatasyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
  }
}
