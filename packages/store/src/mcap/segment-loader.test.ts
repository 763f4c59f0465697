import { describe, expect, test } from "vitest";
import { ProblemLog } from "../readings/problem-log.ts";
import { CheckedSegments } from "./checked-segments.ts";
import type { PlacedSegment } from "./groups.ts";
import { packRows } from "./pack-rows.ts";
import { SegmentLoader } from "./segment-loader.ts";
import type { ReadSegment, SegmentReader, SegmentRequest } from "./segment-reader.ts";

const MIB = 1024 * 1024;
const TIME = { timeUs: 1, remainderNs: 0 };

function placed(place: number): PlacedSegment {
  return { kind: "chunk", offset: place, length: 1, place, count: 0, first: TIME, last: TIME };
}

/** Segments of 6 MiB that were compressed, so that two of them are kept. */
class CompressedSegments implements SegmentReader {
  readonly credits = { calls: 4, bytes: 4 * MIB, togetherBytes: 0 };
  /** Places in the order in which they were read. */
  readonly reads: number[] = [];

  async read({ offset, first, last }: SegmentRequest): Promise<ReadSegment> {
    this.reads.push(offset);
    return { ...packRows(new Uint8Array(6 * MIB), 0, first, last), isCompressed: true };
  }

  async close(): Promise<void> {}
}

describe("segments that were read last", () => {
  test("stay in memory, also where several have read the same at once", async () => {
    const reader = new CompressedSegments();
    const loader = new SegmentLoader("drive.mcap", new ProblemLog(), reader, new CheckedSegments(9));
    for (let round = 0; round < 4; round++) {
      const opens = await Promise.all([0, 1, 0, 1].map((place) => loader.readOnce(placed(place))));
      for (const open of opens) open();
      await loader.load(placed(2));
    }
    reader.reads.length = 0;
    for (const place of [3, 4, 3, 4, 3]) await loader.load(placed(place));
    expect(reader.reads).toEqual([3, 4]);
    await loader.close();
  });
});
