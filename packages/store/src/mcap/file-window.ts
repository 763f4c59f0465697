import type { FileBytes } from "./file-bytes.ts";

const WINDOW_BYTES = 1024 * 1024;

/** The part of the file around the record at hand. */
export class FileWindow {
  readonly #file: FileBytes;
  #end = 0;
  start = 0;
  view: DataView = new DataView(new ArrayBuffer(0));

  constructor(file: FileBytes) {
    this.#file = file;
  }

  /** Makes the bytes from an offset on available, as many as the file has of them. */
  async cover(offset: number, length: number): Promise<void> {
    const end = Math.min(offset + length, this.#file.sizeBytes);
    if (offset >= this.start && end <= this.#end) return;
    const bytes = await this.#file.readAt(offset, Math.min(WINDOW_BYTES, this.#file.sizeBytes - offset));
    this.start = offset;
    this.#end = offset + bytes.length;
    this.view = new DataView(bytes.buffer);
  }

  /** A part of the file: a view, valid until the window moves, or bytes of their own where it is longer than the window. */
  async bytes(offset: number, length: number): Promise<Uint8Array> {
    if (length > WINDOW_BYTES) return this.#file.readAt(offset, length);
    await this.cover(offset, length);
    return new Uint8Array(this.view.buffer, this.view.byteOffset + offset - this.start, length);
  }
}
