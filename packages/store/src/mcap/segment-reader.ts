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

const MEBIBYTE = 1024 * 1024;

/** Reads segments of a file: in this thread, or in another one. */
export interface SegmentReader {
  readonly credits: ReadCredits;
  /**
   * `room` is a buffer that nobody needs any more: it may be used, and given to another thread. Throws an Error that says what is damaged, or one with a
   * `code` where the file cannot be read.
   */
  read(request: SegmentRequest, room?: ArrayBuffer): Promise<ReadSegment>;
  /**
   * Reads segments that follow each other in the file with one call, so that fewer calls go to another thread and back. Throws where not all of it can be read.
   */
  readTogether?(requests: readonly SegmentRequest[], room?: ArrayBuffer): Promise<ReadSpan>;
  close(): Promise<void>;
}

/** How much may be asked for before it is needed. */
export interface ReadCredits {
  /** Calls that are under way at once. */
  readonly calls: number;
  readonly bytes: number;
  /** Segments are read together up to this size; 0: each by itself. */
  readonly togetherBytes: number;
}

/** Segments that were read with one call. */
export interface ReadSpan {
  /** What they lie in. */
  readonly buffer: ArrayBuffer;
  /** By place among the requests. Throws an Error that says what is damaged. */
  open(index: number): ReadSegment;
}

/** Takes the messages out of the bytes of a segment. Throws an Error that says what is damaged. */
export function openSegment(bytes: Uint8Array, request: SegmentRequest, maxChunkBytes: number): ReadSegment {
  const { kind, count, first, last, checkCrc } = request;
  const records = kind === "chunk" ? openChunk(bytes, maxChunkBytes, checkCrc) : bytes;
  return { ...packRows(records, count, first, last), isCompressed: records.buffer !== bytes.buffer };
}

/** Reads in this thread. What comes next is on its way while this is worked through. */
export class DirectSegments implements SegmentReader {
  readonly credits: ReadCredits = { calls: 2, bytes: 8 * MEBIBYTE, togetherBytes: 4 * MEBIBYTE };
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

  async readTogether(requests: readonly SegmentRequest[], room?: ArrayBuffer): Promise<ReadSpan> {
    const [first, last] = [requests[0], requests.at(-1)];
    if (first === undefined || last === undefined) throw new Error("Invariant: a segment to read");
    const bytes = await this.#file.readAt(first.offset, last.offset + last.length - first.offset, room);
    return {
      buffer: bytes.buffer as ArrayBuffer,
      open: (index) => {
        const request = requests[index] as SegmentRequest;
        const start = request.offset - first.offset;
        return openSegment(bytes.subarray(start, start + request.length), request, this.#maxChunkBytes);
      },
    };
  }

  async close(): Promise<void> {}
}

/**
 * Gives to another thread what is work: decompressing. Plain chunks are read and checked faster here than they are handed over. Which of the two a file
 * has, its first segment tells.
 */
export class SharedSegments implements SegmentReader {
  readonly #here: DirectSegments;
  readonly #there: SegmentReader;
  /** Unknown before the first segment. */
  #isCompressed: boolean | undefined;

  constructor(here: DirectSegments, there: SegmentReader) {
    this.#here = here;
    this.#there = there;
  }

  get credits(): ReadCredits {
    const { credits } = this.#isCompressed === true ? this.#there : this.#here;
    return this.#isCompressed === false ? credits : { ...credits, togetherBytes: 0 };
  }

  async read(request: SegmentRequest, room?: ArrayBuffer): Promise<ReadSegment> {
    const segment = await (this.#isCompressed === true ? this.#there : this.#here).read(request, room);
    this.#isCompressed = this.#isCompressed === true || segment.isCompressed;
    return segment;
  }

  readTogether(requests: readonly SegmentRequest[], room?: ArrayBuffer): Promise<ReadSpan> {
    return this.#here.readTogether(requests, room);
  }

  async close(): Promise<void> {
    await Promise.all([this.#here.close(), this.#there.close()]);
  }
}
