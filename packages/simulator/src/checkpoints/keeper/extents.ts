import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { type Files, GrowingFile } from "./files.ts";

/** Some bytes that were written together, compressed. */
export interface Extent {
  readonly id: number;
  /** Of the bytes as written. */
  readonly length: number;
  segment: number;
  offset: number;
  /** What of it is still wanted. */
  live: number;
}

/** Where an extent lies. */
export type ExtentPlace = readonly [id: number, segment: number, offset: number, length: number];

/**
 * Bytes on disk, in files (segments) of bounded size: appended to, and never changed. A segment that nothing is wanted of any more is removed; of
 * others, what is still wanted can be moved to the end, so that they can be removed.
 */
export class Extents {
  readonly #folder: string;
  readonly #files: Files;
  readonly #segmentBytes: number;
  readonly #extents = new Map<number, Extent>();
  readonly #segments = new Map<number, { readonly file: GrowingFile; live: number }>();
  #current = 0;
  #nextId = 1;

  /** @param places of the extents that are there already */
  constructor(folder: string, files: Files, segmentBytes: number, places: Iterable<ExtentPlace>) {
    this.#folder = folder;
    this.#files = files;
    this.#segmentBytes = segmentBytes;
    for (const [id, segment, offset, length] of places) {
      this.#extents.set(id, { id, segment, offset, length, live: 0 });
      this.#nextId = Math.max(this.#nextId, id + 1);
    }
    for (const name of readdirSync(folder)) {
      const number = Number(/^pages-(\d+)\.bin$/.exec(name)?.[1] ?? Number.NaN);
      if (Number.isNaN(number)) continue;
      const path = join(folder, name);
      const file = new GrowingFile(path, files, statSync(path).size);
      this.#segments.set(number, { file, live: 0 });
      this.#current = Math.max(this.#current, number);
    }
  }

  /** Bytes of all segments. */
  get bytes(): number {
    let bytes = 0;
    for (const { file } of this.#segments.values()) bytes += file.bytes;
    return bytes;
  }

  /** Bytes of what is wanted. */
  get liveBytes(): number {
    let bytes = 0;
    for (const { live } of this.#segments.values()) bytes += live;
    return bytes;
  }

  /** Compresses and writes several extents at once. @throws the file system's error; then nothing is there */
  write(contents: readonly { readonly bytes: Uint8Array; readonly live: number }[]): Extent[] {
    const packed = contents.map(({ bytes }) => deflateRawSync(bytes, { level: 1, chunkSize: 65_536 }));
    const { number, file } = this.#end();
    let offset = file.append(Buffer.concat(packed));
    return packed.map(({ length }, at) => {
      const extent = { id: this.#nextId++, segment: number, offset, length, live: 0 };
      offset += length;
      this.#extents.set(extent.id, extent);
      this.want(extent.id, contents[at]?.live ?? 0);
      return extent;
    });
  }

  /** @throws Error where it cannot be read, or is damaged */
  read(id: number, mostBytes: number): Buffer {
    const extent = this.#extent(id);
    return inflateRawSync(this.#segment(extent.segment).read(extent.offset, extent.length), {
      chunkSize: 65_536,
      maxOutputLength: mostBytes,
    });
  }

  get(id: number): Readonly<Extent> {
    return this.#extent(id);
  }

  has(id: number): boolean {
    const extent = this.#extents.get(id);
    if (extent === undefined) return false;
    const file = this.#segments.get(extent.segment)?.file;
    return file !== undefined && extent.offset + extent.length <= file.bytes;
  }

  /** So much more of it is wanted. */
  want(id: number, count = 1): void {
    const extent = this.#extent(id);
    if (extent.live === 0) this.#addLive(extent.segment, extent.length);
    extent.live += count;
  }

  /** One less of it is wanted. */
  unwant(id: number): void {
    const extent = this.#extent(id);
    if (--extent.live > 0) return;
    this.#extents.delete(id);
    this.#addLive(extent.segment, -extent.length);
    if (this.#segments.get(extent.segment)?.live === 0 && extent.segment !== this.#current)
      this.#remove(extent.segment);
  }

  /** After what there is was wanted: the rest goes, and writing goes on in a new segment. */
  recovered(): void {
    for (const { id, live } of [...this.#extents.values()]) if (live === 0) this.#extents.delete(id);
    for (const [number, { live }] of [...this.#segments]) if (live === 0) this.#remove(number);
    this.#current++;
  }

  /**
   * Empties the segment of which least is wanted. The segment stays until `removeEmpty`, so that the new places can be noted down first.
   *
   * @returns the extents that have moved; undefined where all segments but the last are full of what is wanted
   */
  compact(): Extent[] | undefined {
    let [emptiest, least] = [-1, 0.9];
    for (const [number, { file, live }] of this.#segments)
      if (number !== this.#current && live / file.bytes < least)
        [emptiest, least] = [number, live / file.bytes];
    if (emptiest < 0) return undefined;
    const from = this.#segment(emptiest);
    const moving = [...this.#extents.values()].filter(({ segment }) => segment === emptiest);
    const places = moving.map((extent) => {
      const { number, file } = this.#end();
      return { segment: number, offset: file.append(from.read(extent.offset, extent.length)) };
    });
    for (const [at, extent] of moving.entries()) {
      this.#addLive(extent.segment, -extent.length);
      Object.assign(extent, places[at]);
      this.#addLive(extent.segment, extent.length);
    }
    return moving;
  }

  removeEmpty(): void {
    for (const [number, { live }] of [...this.#segments])
      if (live === 0 && number !== this.#current) this.#remove(number);
  }

  sync(): void {
    for (const { file } of this.#segments.values()) file.sync();
  }

  close(): void {
    for (const { file } of this.#segments.values()) file.close();
    this.#segments.clear();
  }

  #addLive(number: number, bytes: number): void {
    const segment = this.#segments.get(number);
    if (segment !== undefined) segment.live += bytes;
  }

  #extent(id: number): Extent {
    const extent = this.#extents.get(id);
    if (extent === undefined) throw new Error(`Invariant: extent ${id} exists`);
    return extent;
  }

  #segment(number: number): GrowingFile {
    const segment = this.#segments.get(number);
    if (segment === undefined)
      throw new Error(`${this.#folder}: expected pages-${number}.bin, which is missing`);
    return segment.file;
  }

  /** The segment that is written to. */
  #end(): { number: number; file: GrowingFile } {
    const last = this.#segments.get(this.#current);
    if (last !== undefined && last.file.bytes < this.#segmentBytes)
      return { number: this.#current, file: last.file };
    if (last !== undefined) this.#current++;
    const file = new GrowingFile(join(this.#folder, `pages-${this.#current}.bin`), this.#files);
    this.#segments.set(this.#current, { file, live: 0 });
    return { number: this.#current, file };
  }

  #remove(number: number): void {
    this.#segments.get(number)?.file.remove();
    this.#segments.delete(number);
  }
}
