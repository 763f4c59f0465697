import type { LogTime } from "../readings/log-time.ts";
import { openChunk } from "./chunk.ts";
import type { FileBytes } from "./file-bytes.ts";
import { type PackedRows, packRows } from "./pack-rows.ts";
import type { Segment } from "./segment.ts";

/** What is read at once, and how: plain data, so that another thread can be asked. */
export interface SegmentRequest {
  readonly kind: Segment["kind"];
  /** Byte offset and length in the file. */
  readonly offset: number;
  readonly length: number;
  /** How many messages the index has. */
  readonly count: number;
  /** Bounds of the log times. */
  readonly first: LogTime;
  readonly last: LogTime;
  /** Whether the chunk's CRC is still to be checked. */
  readonly checkCrc: boolean;
}

export interface ReadSegment extends PackedRows {
  readonly isCompressed: boolean;
}

/** Reads segments of a file: in this thread, or in another one. */
export interface SegmentReader {
  /** How much may be asked for before it is needed. */
  readonly credits: { readonly segments: number; readonly bytes: number };
  /**
   * `room` is a buffer that nobody needs any more: it may be used, and given to another thread. Throws an Error that says what is damaged, or one with a
   * `code` where the file cannot be read.
   */
  read(request: SegmentRequest, room?: ArrayBuffer): Promise<ReadSegment>;
  close(): Promise<void>;
}

/** Takes the messages out of the bytes of a segment. Throws an Error that says what is damaged. */
export function openSegment(bytes: Uint8Array, request: SegmentRequest, maxChunkBytes: number): ReadSegment {
  const { kind, count, first, last, checkCrc } = request;
  const records = kind === "chunk" ? openChunk(bytes, maxChunkBytes, checkCrc) : bytes;
  return { ...packRows(records, count, first, last), isCompressed: records.buffer !== bytes.buffer };
}

/** Reads in this thread. The next segment is on its way while one is worked through. */
export class DirectSegments implements SegmentReader {
  readonly credits = { segments: 2, bytes: 4 * 1024 * 1024 };
  readonly #file: FileBytes;
  readonly #maxChunkBytes: number;

  constructor(file: FileBytes, maxChunkBytes: number) {
    this.#file = file;
    this.#maxChunkBytes = maxChunkBytes;
  }

  async read(request: SegmentRequest, room?: ArrayBuffer): Promise<ReadSegment> {
    const bytes = await this.#file.readAt(request.offset, request.length, room);
    return openSegment(bytes, request, this.#maxChunkBytes);
  }

  async close(): Promise<void> {}
}

/**
 * Gives to another thread what is work: decompressing. Plain chunks are read and checked faster here than they are handed over. Which of the two a file
 * has, its first segment tells.
 */
export class SharedSegments implements SegmentReader {
  readonly #here: SegmentReader;
  readonly #there: SegmentReader;
  #isCompressed = false;

  constructor(here: SegmentReader, there: SegmentReader) {
    this.#here = here;
    this.#there = there;
  }

  get credits(): SegmentReader["credits"] {
    return (this.#isCompressed ? this.#there : this.#here).credits;
  }

  async read(request: SegmentRequest, room?: ArrayBuffer): Promise<ReadSegment> {
    const segment = await (this.#isCompressed ? this.#there : this.#here).read(request, room);
    this.#isCompressed ||= segment.isCompressed;
    return segment;
  }

  async close(): Promise<void> {
    await Promise.all([this.#here.close(), this.#there.close()]);
  }
}
