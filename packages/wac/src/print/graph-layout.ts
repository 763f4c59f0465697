import { compareBytes } from "../bytes.ts";
import { readyOrder } from "../ready-order.ts";

/** A box before it has a place. Lengths are in pixels. */
interface Sized {
  readonly path: string;
  readonly width: number;
  readonly height: number;
}

export interface Placed extends Sized {
  readonly x: number;
  readonly y: number;
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly labelWidth: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line between two boxes, from left to right. */
export interface Line {
  readonly points: readonly Point[];
  /** The middle of its label's base. */
  readonly label: Point;
}

export interface Layout {
  readonly boxes: readonly Placed[];
  /** In the order of the edges. */
  readonly lines: readonly Line[];
  readonly width: number;
  readonly height: number;
}

const MARGIN = 24;
const ROW_GAP = 28;
const LEAST_COLUMN_GAP = 60;
/** Height of the place that a line has where it passes a column. */
const LANE_HEIGHT = 4;
/** Distance of lines that meet the same side of a box, and of the first from its top. */
const PORT_DISTANCE = 17;
const FIRST_PORT = 20;

/** Where a line passes a column. */
interface Lane {
  readonly left: number;
  readonly right: number;
  readonly y: number;
}

/** A box, or the place where a line passes a column. */
interface Slot {
  readonly path: string;
  readonly edge: number | undefined;
  readonly height: number;
}

/**
 * Puts boxes into columns, each to the right of all from which an edge leads to it, and leads lines around the boxes in
 * between.
 */
export function layOut(sized: readonly Sized[], edges: readonly Edge[]): Layout {
  const columnOf = columnsOf(sized, edges);
  const columns = slotsOf(sized, edges, columnOf);
  const widths = columns.map((slots) =>
    Math.max(
      ...sized.filter(({ path }) => slots.some((slot) => slot.path === path)).map((box) => box.width),
      0,
    ),
  );
  const gaps = columns.map((_, column) =>
    Math.max(
      LEAST_COLUMN_GAP,
      ...edges.filter(({ to }) => columnOf.get(to) === column).map(({ labelWidth }) => labelWidth + 24),
    ),
  );
  const boxes = new Map<string, Placed>();
  const lanes = new Map<string, Lane>();
  let x = MARGIN;
  let height = 0;
  for (const [column, slots] of columns.entries()) {
    const width = widths[column] ?? 0;
    x += column === 0 ? 0 : (gaps[column] ?? 0);
    let y = MARGIN;
    for (const slot of slots) {
      if (slot.edge === undefined) {
        boxes.set(slot.path, { path: slot.path, x, y, width, height: slot.height });
      } else {
        lanes.set(`${slot.edge} ${column}`, { left: x, right: x + width, y });
      }
      y += slot.height + ROW_GAP;
    }
    height = Math.max(height, y - ROW_GAP);
    x += width;
  }
  const lines = drawnLines(edges, boxes, columnOf, lanes, gaps);
  return { boxes: [...boxes.values()], lines, width: x + MARGIN, height: height + MARGIN };
}

/** Each box one column to the right of the last that an edge leads from. */
function columnsOf(sized: readonly Sized[], edges: readonly Edge[]): ReadonlyMap<string, number> {
  const sources = new Map<string, string[]>(sized.map(({ path }) => [path, []]));
  for (const { from, to } of edges) {
    sources.get(to)?.push(from);
  }
  const ordered = readyOrder([...sources].map(([item, needs]) => ({ item, needs: [...new Set(needs)] })));
  const columns = new Map<string, number>();
  for (const path of ordered) {
    const before = (sources.get(path) ?? []).map((source) => columns.get(source) ?? 0);
    columns.set(path, Math.max(-1, ...before) + 1);
  }
  return columns;
}

/** What stands in each column, from its top: boxes by what they are connected to on the left, then passing lines. */
function slotsOf(
  sized: readonly Sized[],
  edges: readonly Edge[],
  columnOf: ReadonlyMap<string, number>,
): readonly (readonly Slot[])[] {
  const columns: Slot[][] = [];
  const rows = new Map<string, number>();
  const row = (path: string): number =>
    Math.min(...edges.flatMap(({ from, to }) => (to === path ? [rows.get(from) ?? 0] : [])), sized.length);
  const last = Math.max(-1, ...columnOf.values());
  for (let column = 0; column <= last; column++) {
    const boxes = sized
      .filter(({ path }) => columnOf.get(path) === column)
      .map(({ path, height }): Slot => ({ path, edge: undefined, height }))
      .sort((a, b) => row(a.path) - row(b.path) || compareBytes(a.path, b.path));
    for (const [index, { path }] of boxes.entries()) {
      rows.set(path, index);
    }
    const passing = edges.flatMap(({ from, to }, edge): readonly Slot[] =>
      (columnOf.get(from) ?? 0) < column && column < (columnOf.get(to) ?? 0)
        ? [{ path: "", edge, height: LANE_HEIGHT }]
        : [],
    );
    columns.push([...boxes, ...passing]);
  }
  return columns;
}

function drawnLines(
  edges: readonly Edge[],
  boxes: ReadonlyMap<string, Placed>,
  columnOf: ReadonlyMap<string, number>,
  lanes: ReadonlyMap<string, Lane>,
  gaps: readonly number[],
): readonly Line[] {
  const ways = edges.map(({ from, to }, edge): readonly Lane[] => {
    const between: Lane[] = [];
    for (let passed = (columnOf.get(from) ?? 0) + 1; passed < (columnOf.get(to) ?? 0); passed++) {
      const lane = lanes.get(`${edge} ${passed}`);
      if (lane !== undefined) {
        between.push(lane);
      }
    }
    return between;
  });
  const ports = new Ports(edges, boxes, ways);
  return edges.map(({ from, to }, edge) => {
    const source = boxes.get(from);
    const target = boxes.get(to);
    if (source === undefined || target === undefined) {
      return { points: [], label: { x: 0, y: 0 } };
    }
    const end = { x: target.x, y: ports.of(target, "left", edge) };
    const lanesPassed = (ways[edge] ?? []).flatMap(({ left, right, y }) => [
      { x: left, y },
      { x: right, y },
    ]);
    return {
      points: [{ x: source.x + source.width, y: ports.of(source, "right", edge) }, ...lanesPassed, end],
      label: { x: end.x - (gaps[columnOf.get(to) ?? 0] ?? 0) / 2, y: end.y - 4 },
    };
  });
}

/** Where lines meet the sides of boxes: in the order in which they come from above, apart as far as there is room. */
class Ports {
  readonly #sides = new Map<string, readonly number[]>();

  constructor(
    edges: readonly Edge[],
    boxes: ReadonlyMap<string, Placed>,
    ways: readonly (readonly Lane[])[],
  ) {
    const heightBefore = (edge: number): number =>
      ways[edge]?.at(-1)?.y ?? boxes.get(edges[edge]?.from ?? "")?.y ?? 0;
    const heightAfter = (edge: number): number =>
      ways[edge]?.[0]?.y ?? boxes.get(edges[edge]?.to ?? "")?.y ?? 0;
    for (const path of boxes.keys()) {
      const arriving = edges.flatMap(({ to }, edge) => (to === path ? [edge] : []));
      const leaving = edges.flatMap(({ from }, edge) => (from === path ? [edge] : []));
      this.#sides.set(
        `left ${path}`,
        arriving.sort((a, b) => heightBefore(a) - heightBefore(b) || a - b),
      );
      this.#sides.set(
        `right ${path}`,
        leaving.sort((a, b) => heightAfter(a) - heightAfter(b) || a - b),
      );
    }
  }

  of(box: Placed, side: "left" | "right", edge: number): number {
    const position = this.#sides.get(`${side} ${box.path}`)?.indexOf(edge) ?? 0;
    return box.y + Math.min(FIRST_PORT + position * PORT_DISTANCE, box.height - 6);
  }
}
