import type { PlacedSegment } from "./groups.ts";
import type { MessageTable } from "./message-table.ts";
import type { SegmentLoader } from "./segment-loader.ts";

/** Rows of one table that follow each other in total order: from `from` (inclusive) to `to` (exclusive). */
export interface Run {
  readonly table: MessageTable;
  readonly from: number;
  readonly to: number;
}

/** A segment that has begun and has messages left. Its table may leave memory in between. */
interface Cursor {
  readonly placed: PlacedSegment;
  row: number;
  timeUs: number;
  remainderNs: number;
}

/** Merges segments, given by first time, then by place, into runs: all messages by (log time, place of the segment, place in it). */
export async function* mergeSegments(
  segments: readonly PlacedSegment[],
  loader: SegmentLoader,
): AsyncGenerator<Run> {
  const [only, ...others] = segments;
  if (only === undefined) return;
  if (others.length === 0) {
    const table = await loader.load(only);
    yield { table, from: 0, to: table.count };
    return;
  }
  const waiting = segments.map(waitingCursor);
  const active: Cursor[] = [];
  for (;;) {
    await startDue(waiting, active, loader);
    const cursor = leastOf(active);
    if (cursor === undefined) return;
    active.splice(active.indexOf(cursor), 1);
    const limit = leastOf(waiting.length === 0 ? active : [...active, waiting[0] as Cursor]);
    const table = await loader.load(cursor.placed);
    const from = cursor.row;
    moveTo(cursor, table, from + 1);
    while (cursor.row < table.count && (limit === undefined || compare(cursor, limit) < 0)) {
      moveTo(cursor, table, cursor.row + 1);
    }
    if (cursor.row < table.count) active.push(cursor);
    yield { table, from, to: cursor.row };
  }
}

function waitingCursor(placed: PlacedSegment): Cursor {
  return { placed, row: 0, ...placed.first };
}

/** Starts the segments that begin before all messages that are left, or at the same time. */
async function startDue(waiting: Cursor[], active: Cursor[], loader: SegmentLoader): Promise<void> {
  for (;;) {
    const next = waiting[0];
    const least = leastOf(active);
    if (next === undefined || (least !== undefined && compare(least, next) < 0)) return;
    waiting.shift();
    const table = await loader.load(next.placed);
    moveTo(next, table, 0);
    if (table.count > 0) active.push(next);
  }
}

function moveTo(cursor: Cursor, table: MessageTable, row: number): void {
  cursor.row = row;
  if (row >= table.count) return;
  cursor.timeUs = table.timeUs[row] as number;
  cursor.remainderNs = table.remainderNs[row] as number;
}

function leastOf(cursors: readonly Cursor[]): Cursor | undefined {
  let least: Cursor | undefined;
  for (const cursor of cursors) if (least === undefined || compare(cursor, least) < 0) least = cursor;
  return least;
}

function compare(a: Cursor, b: Cursor): number {
  return a.timeUs - b.timeUs || a.remainderNs - b.remainderNs || a.placed.place - b.placed.place;
}
