import fc from "fast-check";
import { expect, test } from "vitest";
import type { RecordedMessage } from "../recording-store.ts";
import { Slabs } from "./copy-buffer.ts";
import { CopyDecoder, type MessagePage } from "./copy-decoding.ts";
import { CopyRows } from "./copy-encoding.ts";

const numbers = { recordingId: 7, position: 3, ordinal: 2, sequence: 1 };

/** What the server does between the two: it gives the columns that are read, without the first of those that are written. */
function served(rows: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.concat(rows);
  const parts: Uint8Array[] = [bytes.subarray(0, 19)];
  let offset = 19;
  while (bytes.readInt16BE(offset) !== -1) {
    const fields: Buffer[] = [];
    let at = offset + 2;
    for (let column = 0; column < 8; column++) {
      const end = at + 4 + bytes.readInt32BE(at);
      fields.push(bytes.subarray(at, end));
      at = end;
    }
    parts.push(Uint8Array.of(0, 7), ...fields.slice(1));
    offset = at;
  }
  return Buffer.concat([...parts, bytes.subarray(offset)]);
}

function decoded(bytes: Uint8Array, pieces: readonly number[], decoder: CopyDecoder): MessagePage[] {
  const pages: MessagePage[] = [];
  let offset = 0;
  for (let turn = 0; offset < bytes.length; turn++) {
    const end = offset + (pieces[turn % pieces.length] as number);
    pages.push(...decoder.push(bytes.subarray(offset, end)));
    offset = end;
  }
  expect(decoder.isComplete).toBe(true);
  return decoder.rest.count > 0 ? [...pages, decoder.rest] : pages;
}

const message: fc.Arbitrary<RecordedMessage> = fc.record({
  channel: fc.integer({ min: 0, max: 65_534 }),
  logTimeNs: fc.bigInt({ min: 0n, max: 9_007_199_254_740_991_999n }),
  publishTimeNs: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  sequence: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  data: fc.uint8Array({ maxLength: 300 }),
});

test("messages come back as they were, in pieces of any size", () => {
  const pieces = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), pieces, (messages, sizes) => {
      const rows = new CopyRows(new Slabs());
      for (const [position, entry] of messages.entries())
        rows.add(entry, { ...numbers, position: position * 2 ** 33, sequence: entry.sequence ?? 0 });
      expect(rows.rowCount).toBe(messages.length);
      const pages = decoded(served(rows.take()), sizes, new CopyDecoder(7, 1000));
      const found = pages.flatMap((page) => {
        expect(page.count).toBeLessThanOrEqual(7);
        return Array.from({ length: page.count }, (_, row) => ({
          channel: page.channelId[row],
          logTimeNs: page.logTimeNs(row),
          parts: BigInt(page.timeUs[row] as number) * 1000n + BigInt(page.remainderNs[row] as number),
          publishTimeNs: page.publishTimeNs(row),
          position: page.position[row],
          ordinal: page.ordinal[row],
          sequence: page.sequence(row),
          data: page.data(row),
        }));
      });
      const expected = messages.map((entry, position) => ({
        ...entry,
        parts: entry.logTimeNs,
        position: position * 2 ** 33,
        ordinal: 2,
      }));
      expect(found).toEqual(expected);
    }),
    { seed: 1, numRuns: 60 },
  );
});

test("data of megabytes come back, and stay as they are while more is read", () => {
  const rows = new CopyRows(new Slabs());
  const sizes = [3_000_000, 0, 1_048_576, 5, 1_048_495];
  for (const [index, size] of sizes.entries()) {
    const data = new Uint8Array(size).fill(index + 1);
    rows.add({ channel: 0, logTimeNs: BigInt(index), publishTimeNs: 0n, data }, numbers);
    data.fill(0);
  }
  const pages = decoded(served(rows.take()), [65_536], new CopyDecoder(1, 1));
  expect(pages.map((page) => page.data(0).length)).toEqual(sizes);
  for (const [index, page] of pages.entries())
    expect(page.data(0).every((byte) => byte === index + 1)).toBe(true);
});

test("rows of other columns are refused, and an end that is missing is seen", () => {
  const rows = new CopyRows(new Slabs());
  rows.add({ channel: 0, logTimeNs: 1n, publishTimeNs: 1n, data: new Uint8Array(3) }, numbers);
  const written = Buffer.concat(rows.take());
  expect(() => [...new CopyDecoder(10, 10).push(written)]).toThrow("expected rows of 7 columns, found 8");
  const cut = new CopyDecoder(10, 10);
  expect([...cut.push(written.subarray(0, 19))]).toEqual([]);
  expect(cut.isComplete).toBe(false);
});
