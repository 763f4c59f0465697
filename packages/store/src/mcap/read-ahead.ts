import type { Group, PlacedSegment } from "./groups.ts";
import { mergeSegments, type Run } from "./merge.ts";
import type { MessageTable } from "./message-table.ts";
import { BufferRoom, type LeasedSpan, type SegmentLoader } from "./segment-loader.ts";

/** Rows of a group that follow each other in total order. */
export interface GroupRun {
  readonly group: Group;
  readonly run: Run;
}

/** Runs of rows in total order, with what lies behind them read meanwhile, within the loader's credits. */
export async function* keptRuns(
  groups: AsyncIterable<Group>,
  loader: SegmentLoader,
): AsyncGenerator<GroupRun> {
  // Of segments that are merged, only the first few are needed soon: they are read when they are.
  const begin = (group: Group): Promise<() => MessageTable> | undefined => {
    const only = onlySegment(group);
    const read = only === undefined ? undefined : loader.readOnce(only);
    read?.catch(() => undefined); // told when it is needed
    return read;
  };
  for await (const { item: group, begun } of ahead(groups, loader, bytesOf, begin)) {
    const open = await begun;
    if (open !== undefined) yield { group, run: wholeOf(open()) };
    else for await (const run of mergeSegments(group.segments, loader)) yield { group, run };
  }
}

/** The same; a table is used again once the next run is asked for. */
export async function* borrowedRuns(
  groups: AsyncIterable<Group>,
  loader: SegmentLoader,
): AsyncGenerator<GroupRun> {
  const room = new BufferRoom();
  const begin = ({ segments }: Span): Promise<LeasedSpan> | undefined => {
    const leased = segments.length === 0 ? undefined : loader.leaseTogether(segments, room);
    leased?.catch(() => undefined); // told when it is needed
    return leased;
  };
  const spanBytes = ({ groups }: Span): number => groups.reduce((sum, group) => sum + bytesOf(group), 0);
  for await (const { item, begun } of ahead(spansOf(groups, loader), loader, spanBytes, begin)) {
    const leased = await begun;
    for (const [index, group] of item.groups.entries()) {
      if (leased !== undefined) yield { group, run: wholeOf(leased.table(index)) };
      else for await (const run of mergeSegments(group.segments, loader)) yield { group, run };
    }
    leased?.giveBack();
  }
}

function wholeOf(table: MessageTable): Run {
  return { table, from: 0, to: table.count };
}

/** Groups that are read with one call. */
interface Span {
  readonly groups: Group[];
  /** The one segment of each; none where a group has several, which are merged. */
  readonly segments: PlacedSegment[];
}

/** What may lie between two segments that are read together: the indexes of a chunk's messages, or a chunk that is not wanted. */
const MOST_GAP_BYTES = 64 * 1024;

/** Puts groups together whose segments follow each other in the file, as far as the credits go. */
async function* spansOf(groups: AsyncIterable<Group>, loader: SegmentLoader): AsyncGenerator<Span> {
  let span: Span | undefined;
  for await (const group of groups) {
    const only = onlySegment(group);
    const { togetherBytes } = loader.credits;
    if (span !== undefined && only !== undefined && canFollow(span.segments, only, togetherBytes)) {
      span.groups.push(group);
      span.segments.push(only);
      continue;
    }
    if (span !== undefined) yield span;
    span = { groups: [group], segments: only === undefined ? [] : [only] };
    if (togetherBytes > 0) continue;
    yield span;
    span = undefined;
  }
  if (span !== undefined) yield span;
}

function canFollow(before: readonly PlacedSegment[], next: PlacedSegment, togetherBytes: number): boolean {
  const [first, last] = [before[0], before.at(-1)];
  if (first === undefined || last === undefined) return false;
  const gapBytes = next.offset - (last.offset + last.length);
  const isNear = gapBytes >= 0 && gapBytes <= MOST_GAP_BYTES;
  return isNear && next.offset + next.length - first.offset <= togetherBytes;
}

/** Begins with what lies ahead, as far as the credits go. */
async function* ahead<Item, Begun>(
  items: AsyncIterable<Item>,
  loader: SegmentLoader,
  sizeOf: (item: Item) => number,
  begin: (item: Item) => Begun,
): AsyncGenerator<{ readonly item: Item; readonly begun: Begun }> {
  const waiting: { readonly item: Item; readonly begun: Begun }[] = [];
  let bytes = 0;
  for await (const item of items) {
    waiting.push({ item, begun: begin(item) });
    bytes += sizeOf(item);
    // What the loader can take turns out while it reads.
    const { credits } = loader;
    while (waiting.length > 0 && (waiting.length >= credits.calls || bytes >= credits.bytes)) {
      const [next] = waiting.splice(0, 1);
      if (next === undefined) break;
      bytes -= sizeOf(next.item);
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
