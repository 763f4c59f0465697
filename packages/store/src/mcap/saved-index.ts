import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, open, realpath, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { Problem } from "@playhead/recording";
import type { RecordedChannel, RecordedChannels, RecordedSchema } from "../readings/channel-sensors.ts";
import { cacheFolder, makeFolder, trimFolder } from "./cache-folder.ts";
import { CheckedSegments } from "./checked-segments.ts";
import type { FileBytes } from "./file-bytes.ts";
import type { BlockSource, PositionIndex } from "./group-index.ts";

/** Changes with the format. */
const START = Buffer.from("PLAYIDX1");
const HEADER_OFFSET = START.length + 8;
const END_BYTES = 4096;
const MAX_FOLDER_BYTES = 256 * 1024 * 1024;
const MAX_FOLDER_FILES = 2000;
const MAX_HEADER_BYTES = 64 * 1024 * 1024;
/** An index of a smaller file is made faster than it is worth keeping. */
const DEFAULT_FROM_BYTES = 32 * 1024 * 1024;

export interface SavedIndexOptions {
  /** Where indexes are kept; in the user's cache folder without. */
  readonly folder?: string;
  /** Files from this size on have one; 32 MiB without. */
  readonly fromBytes?: number;
}

/** What opening a file found out. */
export interface FileIndex extends RecordedChannels {
  readonly positions: PositionIndex;
  readonly problems: readonly Problem[];
}

/** An index that was found. */
export interface LoadedIndex extends RecordedChannels {
  readonly positions: Pick<PositionIndex, "segmentCount" | "heads" | "ranges">;
  readonly problems: readonly Problem[];
  readonly blocks: BlockSource;
  readonly checked: CheckedSegments;
  /** Remembers which segments are checked. */
  close(): Promise<void>;
}

interface Header extends Pick<PositionIndex, "segmentCount" | "heads"> {
  /** What the index belongs to. */
  readonly file: string;
  readonly schemas: readonly (Omit<RecordedSchema, "data"> & { readonly data: string })[];
  readonly channels: readonly (Omit<RecordedChannel, "metadata"> & {
    readonly metadata: readonly (readonly [string, string])[];
  })[];
  readonly ranges: readonly (PositionIndex["ranges"][number] | null)[];
  readonly problems: readonly Problem[];
  readonly blockBytes: number;
}

/**
 * Keeps position indexes of files, so that opening them again reads neither their summary nor their message indexes. Each is one file in a cache folder;
 * it is used while the recording has the same path, size, times and last 4 KiB. One that is damaged or of another version is ignored
 * and replaced. Nothing is ever written beside a recording, and where nothing can be written at all, nothing is kept.
 */
export class SavedIndexes {
  readonly #folder: string;
  readonly #name: string;
  readonly #identity: string;

  private constructor(folder: string, path: string, identity: string) {
    this.#folder = folder;
    this.#name = join(folder, `${createHash("sha256").update(path).digest("hex").slice(0, 32)}.index`);
    this.#identity = identity;
  }

  /** Undefined where the file is too small to have one. */
  static async of(file: FileBytes, options: SavedIndexOptions): Promise<SavedIndexes | undefined> {
    if (file.sizeBytes < (options.fromBytes ?? DEFAULT_FROM_BYTES)) return undefined;
    const path = await realpath(file.path);
    const endBytes = Math.min(END_BYTES, file.sizeBytes);
    const end = crc32(await file.readAt(file.sizeBytes - endBytes, endBytes));
    const identity = JSON.stringify([path, file.sizeBytes, file.fingerprint, end]);
    return new SavedIndexes(options.folder ?? join(cacheFolder(), "indexes"), path, identity);
  }

  /** Undefined where there is none that can be used. */
  async load(): Promise<LoadedIndex | undefined> {
    let handle: FileHandle;
    try {
      handle = await open(this.#name, "r+");
    } catch {
      return undefined;
    }
    try {
      const loaded = await readIndexFile(handle, this.#identity);
      if (loaded !== undefined) return loaded;
    } catch {
      // damaged: made anew
    }
    await handle.close();
    return undefined;
  }

  /** Keeps an index. Returns whether it could. */
  async save(index: FileIndex): Promise<boolean> {
    const part = `${this.#name}.${randomUUID()}.part`;
    try {
      await makeFolder(this.#folder);
      await writeFile(part, encodeIndex(index, this.#identity), { mode: 0o600 });
      await rename(part, this.#name);
      await trimFolder(this.#folder, MAX_FOLDER_BYTES, MAX_FOLDER_FILES);
      return true;
    } catch {
      await rm(part, { force: true }).catch(() => undefined);
      return false;
    }
  }
}

function encodeIndex(index: FileIndex, file: string): Buffer[] {
  const { segmentCount, heads, ranges, bytes } = index.positions;
  const header: Header = {
    file,
    schemas: Array.from(index.schemas.values(), ({ data, ...rest }) => ({
      ...rest,
      data: Buffer.from(data).toString("base64"),
    })),
    channels: Array.from(index.channels.values(), ({ metadata, ...rest }) => ({
      ...rest,
      metadata: [...metadata],
    })),
    ranges: ranges.map((range) => range ?? null),
    problems: index.problems,
    segmentCount,
    heads,
    blockBytes: bytes.length,
  };
  const text = Buffer.from(JSON.stringify(header));
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32LE(text.length, 0);
  numbers.writeUInt32LE(crc32(text), 4);
  return [START, numbers, text, Buffer.from(bytes), Buffer.alloc(segmentCount)];
}

/** Undefined where the file is another one's. */
async function readIndexFile(handle: FileHandle, identity: string): Promise<LoadedIndex | undefined> {
  const start = await readAt(handle, 0, HEADER_OFFSET);
  if (Buffer.compare(start.subarray(0, START.length), START) !== 0) return undefined;
  const length = start.readUInt32LE(START.length);
  if (length > MAX_HEADER_BYTES) return undefined;
  const text = await readAt(handle, HEADER_OFFSET, length);
  if (crc32(text) !== start.readUInt32LE(START.length + 4)) return undefined;
  const header = JSON.parse(text.toString()) as Header;
  if (header.file !== identity) return undefined;
  const blocksOffset = HEADER_OFFSET + length;
  for (const head of header.heads) {
    if (crc32(await readAt(handle, blocksOffset + head.offset, head.length)) !== head.crc) return undefined;
  }
  const marksOffset = blocksOffset + header.blockBytes;
  const checked = new CheckedSegments(
    header.segmentCount,
    await readAt(handle, marksOffset, header.segmentCount),
  );
  // Writing tells when the index was last used, whatever the file system notes of reading.
  await handle.write(START, 0, START.length, 0);
  return {
    schemas: new Map(
      header.schemas.map(({ data, ...rest }) => [rest.id, { ...rest, data: bytesOf(data) }] as const),
    ),
    channels: new Map(
      header.channels.map(
        ({ metadata, ...rest }) => [rest.id, { ...rest, metadata: new Map(metadata) }] as const,
      ),
    ),
    positions: {
      segmentCount: header.segmentCount,
      heads: header.heads,
      ranges: header.ranges.map((range) => range ?? undefined),
    },
    problems: header.problems,
    blocks: (offset, bytes) => readAt(handle, blocksOffset + offset, bytes),
    checked,
    async close() {
      const marks = checked.marks();
      if (checked.isChanged) await handle.write(marks, 0, marks.length, marksOffset).catch(() => undefined);
      await handle.close();
    },
  };
}

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"));
}

/** Throws an Error where the file has fewer bytes. */
async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0)
      throw new Error(`expected ${length} bytes at byte ${offset} of the saved index, found ${done}`);
    done += bytesRead;
  }
  return bytes;
}
