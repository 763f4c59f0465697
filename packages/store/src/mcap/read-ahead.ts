import type { Group } from "./groups.ts";
import type { SegmentLoader } from "./segment-loader.ts";

/** Gives groups as they come, and has the segments of those behind them read meanwhile, within the loader's credits. */
export async function* readAhead(groups: AsyncIterable<Group>, loader: SegmentLoader): AsyncGenerator<Group> {
  const { credits } = loader;
  const waiting: Group[] = [];
  let bytes = 0;
  for await (const group of groups) {
    waiting.push(group);
    bytes += bytesOf(group);
    // Of segments that are merged, only the first few are needed soon: they are read when they are.
    const [only, ...others] = group.segments;
    if (only !== undefined && others.length === 0) loader.expect(only);
    while (waiting.length > 0 && (waiting.length >= credits.segments || bytes >= credits.bytes)) {
      const next = waiting.shift() as Group;
      bytes -= bytesOf(next);
      yield next;
    }
  }
  yield* waiting;
}

function bytesOf(group: Group): number {
  return group.segments.reduce((sum, { length }) => sum + length, 0);
}
