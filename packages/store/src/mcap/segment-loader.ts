import { RecordingError } from "@playhead/recording";
import type { ProblemLog } from "../readings/problem-log.ts";
import type { CheckedSegments } from "./checked-segments.ts";
import type { PlacedSegment } from "./groups.ts";
import { MessageTable } from "./message-table.ts";
import { packRows } from "./pack-rows.ts";
import type { ReadSegment, SegmentReader, SegmentRequest } from "./segment-reader.ts";

const MOST_FREE_BUFFERS = 8;

/** Segments that were used last stay in memory up to this size, decompressed. */
const CACHE_BYTES = 16 * 1024 * 1024;

/** Buffers that were read into and are needed no more. */
export class BufferRoom {
  readonly #free: ArrayBuffer[] = [];

  /** Undefined where there is none. */
  take(): ArrayBuffer | undefined {
    return this.#free.pop();
  }

  put(buffer: ArrayBuffer): void {
    if (this.#free.length < MOST_FREE_BUFFERS) this.#free.push(buffer);
  }
}

/** A table that is valid until it is given back. */
export interface Lease {
  readonly table: MessageTable;
  giveBack(): void;
}

/** Tables of segments that were read together, valid until they are given back. */
export interface LeasedSpan {
  /** By place among the segments. */
  table(index: number): MessageTable;
  giveBack(): void;
}

/** Keeps the segments that were read last. One that is damaged becomes a problem and has no messages, or those that come before the damage. */
export class SegmentLoader {
  readonly #path: string;
  readonly #problems: ProblemLog;
  readonly #reader: SegmentReader;
  readonly #checked: CheckedSegments;
  /** By place in the file, least recently used first. */
  readonly #cache = new Map<number, MessageTable>();
  readonly #coming = new Map<number, Promise<MessageTable>>();
  #cachedBytes = 0;
  #isClosed = false;

  constructor(path: string, problems: ProblemLog, reader: SegmentReader, checked: CheckedSegments) {
    this.#path = path;
    this.#problems = problems;
    this.#reader = reader;
    this.#checked = checked;
  }

  /** How much may be asked for before it is needed. */
  get credits(): SegmentReader["credits"] {
    return this.#reader.credits;
  }

  /**
   * Reads a segment that is passed through. It is opened when it is its turn, so that what is wrong with segments is told in their order; and kept only where it
   * had to be decompressed, so that its memory is free again as soon as its readings are let go.
   */
  async readOnce(placed: PlacedSegment): Promise<() => MessageTable> {
    const known = await this.#known(placed);
    if (known !== undefined) return () => known;
    const open = await this.#fetch(placed);
    return () => {
      const table = open();
      if (table.isDecompressed) this.#keep(placed.place, table);
      return table;
    };
  }

  load(placed: PlacedSegment): Promise<MessageTable> {
    const { place } = placed;
    const cached = this.#cache.get(place);
    if (cached !== undefined) {
      this.#cache.delete(place);
      this.#cache.set(place, cached);
      return Promise.resolve(cached);
    }
    const coming = this.#coming.get(place);
    if (coming !== undefined) return coming;
    const table = this.#readAndKeep(placed).finally(() => this.#coming.delete(place));
    this.#coming.set(place, table);
    return table;
  }

  /** Reads a segment that is needed once: its buffer comes from `room`, and goes back there when it is given back. */
  async lease(placed: PlacedSegment, room: BufferRoom): Promise<Lease> {
    const { table, giveBack } = await this.#leaseOne(placed, room);
    return { table: table(0), giveBack };
  }

  /**
   * Reads segments that follow each other in the file and are needed once, with one call: see `SegmentReader.readTogether`. Their buffer comes from `room`, and
   * goes back there when they are given back. Each is opened when it is its turn.
   */
  async leaseTogether(span: readonly PlacedSegment[], room: BufferRoom): Promise<LeasedSpan> {
    const [first, ...others] = span;
    if (first !== undefined && others.length === 0) return this.#leaseOne(first, room);
    const requests = span.map((segment) => this.#request(segment));
    const together = await this.#reader.readTogether?.(requests, room.take()).catch(() => undefined);
    // What cannot be read is told of each segment for itself.
    if (together === undefined) return this.#leaseEach(span, room);
    return {
      table: (index) => this.#tableOf(span[index] as PlacedSegment, () => together.open(index)),
      giveBack: () => room.put(together.buffer),
    };
  }

  async #leaseEach(span: readonly PlacedSegment[], room: BufferRoom): Promise<LeasedSpan> {
    const leases: LeasedSpan[] = [];
    for (const segment of span) leases.push(await this.#leaseOne(segment, room));
    return {
      table: (index) => (leases[index] as LeasedSpan).table(0),
      giveBack: () => {
        for (const { giveBack } of leases) giveBack();
      },
    };
  }

  async #leaseOne(segment: PlacedSegment, room: BufferRoom): Promise<LeasedSpan> {
    const known = await this.#known(segment);
    if (known !== undefined) return { table: () => known, giveBack: () => undefined };
    const open = await this.#fetch(segment, room.take());
    let table: MessageTable | undefined;
    return {
      table: () => {
        table ??= open();
        return table;
      },
      giveBack: () => {
        if (table !== undefined) room.put(table.records.buffer as ArrayBuffer);
      },
    };
  }

  #known({ place }: PlacedSegment): MessageTable | Promise<MessageTable> | undefined {
    return this.#cache.get(place) ?? this.#coming.get(place);
  }

  /** Ends all reading. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cache.clear();
    await this.#reader.close();
  }

  async #readAndKeep(placed: PlacedSegment): Promise<MessageTable> {
    const table = await this.#read(placed);
    this.#keep(placed.place, table);
    return table;
  }

  async #read(segment: PlacedSegment): Promise<MessageTable> {
    return (await this.#fetch(segment))();
  }

  /** Reads a segment; the function that it gives opens it, and tells what is wrong with it. */
  async #fetch(segment: PlacedSegment, room?: ArrayBuffer): Promise<() => MessageTable> {
    try {
      const packed = await this.#reader.read(this.#request(segment), room);
      return () => this.#tableOf(segment, () => packed);
    } catch (cause) {
      return () => this.#withoutMessages(segment, cause);
    }
  }

  #request({ kind, offset, length, count, first, last, place }: PlacedSegment): SegmentRequest {
    return { kind, offset, length, count, first, last, checkCrc: !this.#checked.has(place) };
  }

  #tableOf(segment: PlacedSegment, open: () => ReadSegment): MessageTable {
    try {
      const packed = open();
      if (packed.damage === undefined) this.#checked.add(segment.place);
      else this.#report(segment, `${packed.damage}; the messages that do not fit are left out`);
      return new MessageTable(packed, packed.isCompressed);
    } catch (cause) {
      return this.#withoutMessages(segment, cause);
    }
  }

  /** An empty table in the place of a segment that is damaged. Throws where it is the reading that failed. */
  #withoutMessages(segment: PlacedSegment, cause: unknown): MessageTable {
    if (cause instanceof RecordingError) throw cause;
    if ((cause as NodeJS.ErrnoException).code !== undefined && !(cause instanceof RangeError)) {
      throw readingError(this.#path, segment, cause);
    }
    this.#report(segment, `${(cause as Error).message}; its ${segment.count} messages are left out`);
    return new MessageTable(packRows(new Uint8Array(0), 0, segment.first, segment.last));
  }

  #report(segment: PlacedSegment, message: string): void {
    const what = segment.kind === "chunk" ? "the chunk" : "the records";
    this.#problems.add(`${segment.offset}`, {
      code: "damaged-chunk",
      message: `${what} at byte ${segment.offset}: ${message}`,
      sensor: undefined,
      timeUs: segment.first.timeUs,
    });
  }

  #keep(place: number, table: MessageTable): void {
    if (this.#isClosed) return;
    // Others may have read it at the same time.
    this.#drop(place);
    this.#cache.set(place, table);
    this.#cachedBytes += table.sizeBytes;
    for (const oldest of this.#cache.keys()) {
      if (this.#cachedBytes <= CACHE_BYTES || oldest === place) break;
      this.#drop(oldest);
    }
  }

  #drop(place: number): void {
    this.#cachedBytes -= this.#cache.get(place)?.sizeBytes ?? 0;
    this.#cache.delete(place);
  }
}

function readingError(path: string, segment: PlacedSegment, cause: unknown): RecordingError {
  return new RecordingError("unreadable", {
    expected: `${segment.length} bytes`,
    found: (cause as Error).message,
    where: `${path}, byte ${segment.offset}`,
    cause,
  });
}
