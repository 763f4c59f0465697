/**
 * Assigns rows to columns one to one, so that the sum of the costs is least; `cost(row, column)` is infinity where the two must not
 * meet. As many pairs as possible come first, small costs second. Returns the column of each row, −1 for none.
 *
 * The Hungarian method with potentials, O(rows² · columns), by shortest augmenting paths (J. Munkres 1957; E. L. Lawler 1976).
 */
export function assign(
  rows: number,
  columns: number,
  cost: (row: number, column: number) => number,
): Int32Array {
  const size = Math.max(rows, columns);
  let greatest = 1;
  const costs = new Float64Array(size * size);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = cost(row, column);
      costs[row * size + column] = value;
      if (Number.isFinite(value)) greatest = Math.max(greatest, Math.abs(value));
    }
  }
  // Not to be paired costs more than all pairs together, so that no allowed pair is given up for cheaper ones.
  const forbidden = (greatest + 1) * (size + 1);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const inside = row < rows && column < columns;
      if (!inside || !Number.isFinite(costs[row * size + column])) costs[row * size + column] = forbidden;
    }
  }
  const matched = solve(costs, size);
  const out = new Int32Array(rows).fill(-1);
  for (let column = 0; column < columns; column++) {
    const row = matched[column] as number;
    if (row < rows && costs[row * size + column] !== forbidden) out[row] = column;
  }
  return out;
}

/** The row of each column, for a square matrix of finite costs. */
function solve(costs: Float64Array, size: number): Int32Array {
  const rowPotential = new Float64Array(size + 1);
  const columnPotential = new Float64Array(size + 1);
  // Index 0 stands for "none": rows and columns count from 1 here.
  const rowOf = new Int32Array(size + 1);
  const before = new Int32Array(size + 1);
  for (let row = 1; row <= size; row++) {
    rowOf[0] = row;
    const distance = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY);
    const used = new Uint8Array(size + 1);
    let column = 0;
    do {
      used[column] = 1;
      const from = rowOf[column] as number;
      let step = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let j = 1; j <= size; j++) {
        if (used[j]) continue;
        const reduced =
          (costs[(from - 1) * size + j - 1] as number) -
          (rowPotential[from] as number) -
          (columnPotential[j] as number);
        if (reduced < (distance[j] as number)) {
          distance[j] = reduced;
          before[j] = column;
        }
        if ((distance[j] as number) < step) {
          step = distance[j] as number;
          next = j;
        }
      }
      for (let j = 0; j <= size; j++) {
        if (used[j]) {
          const owner = rowOf[j] as number;
          rowPotential[owner] = (rowPotential[owner] as number) + step;
          columnPotential[j] = (columnPotential[j] as number) - step;
        } else {
          distance[j] = (distance[j] as number) - step;
        }
      }
      column = next;
    } while (rowOf[column] !== 0);
    do {
      const previous = before[column] as number;
      rowOf[column] = rowOf[previous] as number;
      column = previous;
    } while (column !== 0);
  }
  return rowOf.slice(1).map((row) => row - 1);
}
