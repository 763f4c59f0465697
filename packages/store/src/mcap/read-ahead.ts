import type { Group, PlacedSegment } from "./groups.ts";
import { mergeSegments, type Run } from "./merge.ts";
import { BufferRoom, type Lease, type SegmentLoader } from "./segment-loader.ts";

/** Gives groups as they come, and has the segments of those behind them read meanwhile, within the loader's credits. */
export async function* readAhead(groups: AsyncIterable<Group>, loader: SegmentLoader): AsyncGenerator<Group> {
  // Of segments that are merged, only the first few are needed soon: they are read when they are.
  const begin = (group: Group): void => {
    const only = onlySegment(group);
    if (only !== undefined) loader.expect(only);
  };
  for await (const { group } of ahead(groups, loader, begin)) yield group;
}

/** Runs of rows in total order. A table is used again once the next run is asked for. */
export async function* leasedRuns(
  groups: AsyncIterable<Group>,
  loader: SegmentLoader,
): AsyncGenerator<{ readonly group: Group; readonly run: Run }> {
  const room = new BufferRoom();
  const begin = (group: Group): Promise<Lease> | undefined => {
    const only = onlySegment(group);
    const lease = only === undefined ? undefined : loader.lease(only, room);
    lease?.catch(() => undefined); // told when it is needed
    return lease;
  };
  for await (const { group, begun } of ahead(groups, loader, begin)) {
    if (begun === undefined) {
      for await (const run of mergeSegments(group.segments, loader)) yield { group, run };
      continue;
    }
    const { table, giveBack } = await begun;
    yield { group, run: { table, from: 0, to: table.count } };
    giveBack();
  }
}

/** Begins with what lies ahead, as far as the credits go. */
async function* ahead<T>(
  groups: AsyncIterable<Group>,
  loader: SegmentLoader,
  begin: (group: Group) => T,
): AsyncGenerator<{ readonly group: Group; readonly begun: T }> {
  const waiting: { readonly group: Group; readonly begun: T }[] = [];
  let bytes = 0;
  for await (const group of groups) {
    waiting.push({ group, begun: begin(group) });
    bytes += bytesOf(group);
    // What the loader can take turns out while it reads.
    const { credits } = loader;
    while (waiting.length > 0 && (waiting.length >= credits.segments || bytes >= credits.bytes)) {
      const [next] = waiting.splice(0, 1);
      if (next === undefined) break;
      bytes -= bytesOf(next.group);
      yield next;
    }
  }
  yield* waiting;
}

/** Undefined where several are merged. */
function onlySegment({ segments }: Group): PlacedSegment | undefined {
  return segments.length === 1 ? segments[0] : undefined;
}

function bytesOf(group: Group): number {
  return group.segments.reduce((sum, { length }) => sum + length, 0);
}
