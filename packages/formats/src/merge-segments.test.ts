import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeSegments } from "./merge-segments.ts";
import { ProblemList } from "./problem-list.ts";
import type { Segment } from "./segment.ts";
import type { SourceMessage } from "./source.ts";

const times = fc.array(fc.array(fc.nat(30), { minLength: 1, maxLength: 12 }), { maxLength: 12 });

/** Segments whose messages say where they come from. */
function segmentsOf(lists: readonly (readonly number[])[], onRead: () => void = () => undefined): Segment[] {
  return lists.map((list, segment) => {
    const messages = list.map((time, index): SourceMessage => {
      const timeNs = BigInt(time);
      return { channel: 0, logTimeNs: timeNs, publishTimeNs: timeNs, data: Uint8Array.of(segment, index) };
    });
    const read = (): Promise<readonly SourceMessage[]> => {
      onRead();
      return Promise.resolve(messages);
    };
    return { firstNs: BigInt(Math.min(...list)), lastNs: BigInt(Math.max(...list)), read };
  });
}

async function merged(segments: readonly Segment[], problems = new ProblemList(), keptBytes?: number) {
  const found: SourceMessage[] = [];
  for await (const batch of mergeSegments(segments, problems, undefined, keptBytes)) found.push(...batch);
  return found;
}

test.each([
  ["all that overlap kept in memory", undefined],
  ["next to nothing kept in memory", 1],
])("gives what a stable sort of everything gives: %s", async (_, keptBytes) => {
  await fc.assert(
    fc.asyncProperty(times, async (lists) => {
      const segments = segmentsOf(lists);
      const everything = (await Promise.all(segments.map((segment) => segment.read()))).flat();
      const sorted = everything.toSorted((a, b) => Number(a.logTimeNs - b.logTimeNs));
      const problems = new ProblemList();
      expect(await merged(segments, problems, keptBytes)).toEqual(sorted);
      expect(problems.problems).toEqual([]);
    }),
    { numRuns: 200, seed: 4 },
  );
});

test("segments behind each other are read once each, however little is kept", async () => {
  let reads = 0;
  const lists = [0, 2, 4].map((time) => [time, time + 1]);
  const segments = segmentsOf(lists, () => reads++);
  const batches = mergeSegments(segments, new ProblemList());
  await batches.next();
  expect(reads).toBe(3);
  expect(await merged(segments, new ProblemList(), 1)).toHaveLength(6);
  expect(reads).toBe(6);
});

test("a message before what its segment promised is left out, and that is said", async () => {
  const [first, second] = segmentsOf([[5], [1, 9]]) as [Segment, Segment];
  const problems = new ProblemList();
  const found = await merged([first, { ...second, firstNs: 6n }], problems);
  expect(found.map(({ logTimeNs }) => logTimeNs)).toEqual([5n, 9n]);
  expect(problems.problems).toMatchObject([
    { code: "out-of-order", message: expect.stringMatching(/found one at 1 ns/) },
  ]);
});

test("ends when it is aborted", async () => {
  const abort = new AbortController();
  abort.abort(new Error("enough"));
  const batches = mergeSegments(segmentsOf([[1]]), new ProblemList(), abort.signal);
  await expect(batches.next()).rejects.toThrow("enough");
});
