import type { RecordedOutput } from "./recorded-run.ts";

/** The next messages of two runs that are not equal one by one: all that are left of one instant. */
export interface DifferentInstant {
  readonly a: readonly RecordedOutput[];
  readonly b: readonly RecordedOutput[];
}

/**
 * Goes through two runs side by side and gives the instants in which they differ, in the order of time. Memory follows the largest instant that
 * differs, never the runs.
 *
 * @param onEqual is called for each pair of equal messages
 */
export async function* differentInstants(
  a: AsyncIterator<RecordedOutput>,
  b: AsyncIterator<RecordedOutput>,
  onEqual: (output: RecordedOutput) => void,
): AsyncGenerator<DifferentInstant> {
  const heads = { a: await next(a), b: await next(b) };
  while (heads.a !== undefined || heads.b !== undefined) {
    if (heads.a !== undefined && heads.b !== undefined && areEqual(heads.a, heads.b)) {
      onEqual(heads.a);
      heads.a = await next(a);
      heads.b = await next(b);
      continue;
    }
    const now = earlier(heads.a, heads.b);
    const instant: { a: RecordedOutput[]; b: RecordedOutput[] } = { a: [], b: [] };
    for (; heads.a !== undefined && compareTimes(heads.a, now) === 0; heads.a = await next(a))
      instant.a.push(heads.a);
    for (; heads.b !== undefined && compareTimes(heads.b, now) === 0; heads.b = await next(b))
      instant.b.push(heads.b);
    yield instant;
  }
}

/** Whether two messages are the same, wherever they stand. */
export function areEqual(a: RecordedOutput, b: RecordedOutput): boolean {
  return (
    compareTimes(a, b) === 0 &&
    a.topic.topic === b.topic.topic &&
    a.topic.unit === b.topic.unit &&
    a.publishTimeNs === b.publishTimeNs &&
    Buffer.compare(a.payload, b.payload) === 0
  );
}

function compareTimes(a: RecordedOutput, b: RecordedOutput): number {
  return a.timeUs - b.timeUs || a.remainderNs - b.remainderNs;
}

/** One of the two is there. */
function earlier(a: RecordedOutput | undefined, b: RecordedOutput | undefined): RecordedOutput {
  const first = a !== undefined && (b === undefined || compareTimes(a, b) <= 0) ? a : b;
  if (first === undefined) throw new Error("Invariant: one of two runs has a message left");
  return first;
}

async function next(outputs: AsyncIterator<RecordedOutput>): Promise<RecordedOutput | undefined> {
  const result = await outputs.next();
  return result.done === true ? undefined : result.value;
}
