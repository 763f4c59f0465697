import { RecordingError } from "@playhead/recording";
import type { ProblemLog } from "../readings/problem-log.ts";
import { openChunk } from "./chunk.ts";
import type { FileBytes } from "./file-bytes.ts";
import type { PlacedSegment } from "./groups.ts";
import { MessageTable } from "./message-table.ts";
import type { Segment } from "./segment.ts";

/** Segments that were used last stay in memory up to this size, decompressed. */
const CACHE_BYTES = 64 * 1024 * 1024;

/** Reads segments. One that is damaged becomes a problem and has no messages, or those that come before the damage. */
export class SegmentLoader {
  readonly #file: FileBytes;
  readonly #problems: ProblemLog;
  readonly #maxChunkBytes: number;
  /** By place in the file, least recently used first. */
  readonly #cache = new Map<number, MessageTable>();
  #cachedBytes = 0;

  constructor(file: FileBytes, problems: ProblemLog, maxChunkBytes: number) {
    this.#file = file;
    this.#problems = problems;
    this.#maxChunkBytes = maxChunkBytes;
  }

  async load({ segment, place }: PlacedSegment): Promise<MessageTable> {
    const cached = this.#cache.get(place);
    if (cached !== undefined) {
      this.#cache.delete(place);
      this.#cache.set(place, cached);
      return cached;
    }
    const table = await this.#read(segment);
    this.#keep(place, table);
    return table;
  }

  async #read(segment: Segment): Promise<MessageTable> {
    const count = segment.channels.reduce((sum, channel) => sum + channel.count, 0);
    try {
      const bytes = await this.#file.readAt(segment.offset, segment.length);
      const records = segment.kind === "chunk" ? openChunk(bytes, this.#maxChunkBytes) : bytes;
      const table = new MessageTable(records, count, segment.first, segment.last);
      if (table.damage !== undefined)
        this.#report(segment, `${table.damage}; the messages that do not fit are left out`);
      return table;
    } catch (cause) {
      if (cause instanceof RecordingError) throw cause;
      if ((cause as NodeJS.ErrnoException).code !== undefined && !(cause instanceof RangeError)) {
        throw readingError(this.#file.path, segment, cause);
      }
      this.#report(segment, `${(cause as Error).message}; its ${count} messages are left out`);
      return new MessageTable(new Uint8Array(0), 0, segment.first, segment.last);
    }
  }

  #report(segment: Segment, message: string): void {
    const what = segment.kind === "chunk" ? "the chunk" : "the records";
    this.#problems.add(`${segment.offset}`, {
      code: "damaged-chunk",
      message: `${what} at byte ${segment.offset}: ${message}`,
      sensor: undefined,
      timeUs: segment.first.timeUs,
    });
  }

  #keep(place: number, table: MessageTable): void {
    const again = this.#cache.get(place);
    if (again !== undefined) this.#cachedBytes -= again.records.length;
    this.#cache.set(place, table);
    this.#cachedBytes += table.records.length;
    for (const [oldest, old] of this.#cache) {
      if (this.#cachedBytes <= CACHE_BYTES || oldest === place) break;
      this.#cache.delete(oldest);
      this.#cachedBytes -= old.records.length;
    }
  }
}

function readingError(path: string, segment: Segment, cause: unknown): RecordingError {
  return new RecordingError("unreadable", {
    expected: `${segment.length} bytes`,
    found: (cause as Error).message,
    where: `${path}, byte ${segment.offset}`,
    cause,
  });
}
