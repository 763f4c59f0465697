/**
 * Groups points that stand on the ground into clusters: connected cells of a grid, seen from above. Lidar points lie further apart
 * with the distance, so cells further away connect across wider gaps.
 */

/** Size of a cell, m. */
const CELL: f32 = 0.25;
const X0: f32 = -6.0;
const Y0: f32 = -22.0;
const COLUMNS: i32 = 460;
const ROWS: i32 = 176;
const CELLS: i32 = COLUMNS * ROWS;
/** So many points are kept; of a denser cloud the rest is left out. */
export const MAX_POINTS: i32 = 49152;
export const MAX_CLUSTERS: i32 = 2048;

export class Clusters {
  /** The points that were added, vehicle frame, m; z above the ground. */
  x: StaticArray<f32> = new StaticArray<f32>(MAX_POINTS);
  y: StaticArray<f32> = new StaticArray<f32>(MAX_POINTS);
  z: StaticArray<f32> = new StaticArray<f32>(MAX_POINTS);
  points: i32 = 0;
  /** The places of the points, cluster by cluster. */
  order: StaticArray<i32> = new StaticArray<i32>(MAX_POINTS);
  /** Cluster k has the places `order[start[k]]` … `order[start[k + 1] − 1]`. */
  start: StaticArray<i32> = new StaticArray<i32>(MAX_CLUSTERS + 1);
  count: i32 = 0;
  /** Per cell the first point's place + 1; zero everywhere between two scans. */
  private head: StaticArray<i32> = new StaticArray<i32>(CELLS);
  private next: StaticArray<i32> = new StaticArray<i32>(MAX_POINTS);
  /** Cells that wait, and the first point of each. */
  private waiting: StaticArray<i32> = new StaticArray<i32>(MAX_POINTS);
  private waitingHead: StaticArray<i32> = new StaticArray<i32>(MAX_POINTS);

  /** Forgets the scan: what is left of it in memory becomes zeros. The clusters' number stays. */
  clear(): void {
    const bytes = <usize>(this.points * 4);
    memory.fill(changetype<usize>(this.x), 0, bytes);
    memory.fill(changetype<usize>(this.y), 0, bytes);
    memory.fill(changetype<usize>(this.z), 0, bytes);
    memory.fill(changetype<usize>(this.order), 0, bytes);
    memory.fill(changetype<usize>(this.next), 0, bytes);
    memory.fill(changetype<usize>(this.waiting), 0, bytes);
    memory.fill(changetype<usize>(this.waitingHead), 0, bytes);
    memory.fill(changetype<usize>(this.start), 0, <usize>((this.count + 1) * 4));
    this.points = 0;
  }

  /** Takes a point; z is its height above the ground. */
  // @ts-ignore: decorator
  @inline
  add(x: f32, y: f32, z: f32): void {
    const column = <i32>((x - X0) * (1 / CELL));
    const row = <i32>((y - Y0) * (1 / CELL));
    if (<u32>column >= <u32>COLUMNS || <u32>row >= <u32>ROWS || this.points >= MAX_POINTS) return;
    const at = this.points++;
    unchecked((this.x[at] = x));
    unchecked((this.y[at] = y));
    unchecked((this.z[at] = z));
    const cell = column * ROWS + row;
    unchecked((this.next[at] = this.head[cell]));
    unchecked((this.head[cell] = at + 1));
  }

  /** Forms the clusters, in the order of the first points that were added. Empties the grid. */
  group(): void {
    let placed = 0;
    this.count = 0;
    this.start[0] = 0;
    for (let i = 0; i < this.points; i++) {
      const cell = this.cellOf(unchecked(this.x[i]), unchecked(this.y[i]));
      if (unchecked(this.head[cell]) == 0) continue;
      placed = this.flood(cell, placed);
      // Beyond the limit, points join the last cluster, so that the grid is emptied all the same.
      if (this.count < MAX_CLUSTERS) this.count++;
      unchecked((this.start[this.count] = placed));
    }
  }

  // @ts-ignore: decorator
  @inline
  private cellOf(x: f32, y: f32): i32 {
    return <i32>((x - X0) * (1 / CELL)) * ROWS + <i32>((y - Y0) * (1 / CELL));
  }

  /** Puts the points of all cells that are connected with this one behind the `placed` first; how many are placed then. */
  private flood(seed: i32, placed: i32): i32 {
    let waiting = 1;
    let at = placed;
    unchecked((this.waiting[0] = seed));
    unchecked((this.waitingHead[0] = this.head[seed]));
    unchecked((this.head[seed] = 0));
    while (waiting > 0) {
      waiting--;
      const cell = unchecked(this.waiting[waiting]);
      for (let p = unchecked(this.waitingHead[waiting]); p != 0; p = unchecked(this.next[p - 1])) {
        unchecked((this.order[at++] = p - 1));
      }
      const column = cell / ROWS;
      const row = cell - column * ROWS;
      const reach = reachOf(column);
      const firstColumn = max<i32>(column - reach, 0);
      const lastColumn = min<i32>(column + reach, COLUMNS - 1);
      const firstRow = max<i32>(row - reach, 0);
      const lastRow = min<i32>(row + reach, ROWS - 1);
      for (let c = firstColumn; c <= lastColumn; c++) {
        for (let near = c * ROWS + firstRow; near <= c * ROWS + lastRow; near++) {
          const head = unchecked(this.head[near]);
          if (head == 0) continue;
          unchecked((this.waiting[waiting] = near));
          unchecked((this.waitingHead[waiting] = head));
          unchecked((this.head[near] = 0));
          waiting++;
        }
      }
    }
    return at;
  }
}

/** How many cells a gap may span: 0.25 m wide near by, up to 0.75 m far away. */
// @ts-ignore: decorator
@inline
function reachOf(column: i32): i32 {
  const x = X0 + CELL * <f32>column;
  return x < 22 ? 1 : x < 50 ? 2 : 3;
}
