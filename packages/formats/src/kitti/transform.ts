import * as exact from "@playhead/exact-math";

/** Three by three, row by row. */
type Matrix = readonly number[];
type Vector = readonly number[];

/** From one frame's coordinates to another's: turned, then moved. */
export interface Transform {
  readonly rotation: Matrix;
  readonly translation: Vector;
}

export const IDENTITY: Transform = { rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1], translation: [0, 0, 0] };

/** First `inner`, then `outer`. */
export function compose(outer: Transform, inner: Transform): Transform {
  const rotation = multiply(outer.rotation, inner.rotation);
  return { rotation, translation: add(turn(outer.rotation, inner.translation), outer.translation) };
}

export function inverse({ rotation, translation }: Transform): Transform {
  const back = transpose(rotation);
  return { rotation: back, translation: turn(back, translation).map((value) => -value) };
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return Array.from({ length: 9 }, (_, place) => {
    const [row, column] = [Math.floor(place / 3), place % 3];
    return [0, 1, 2].reduce((sum, k) => sum + at(a, 3 * row + k) * at(b, 3 * k + column), 0);
  });
}

function turn(matrix: Matrix, vector: Vector): Vector {
  return [0, 1, 2].map((row) =>
    [0, 1, 2].reduce((sum, k) => sum + at(matrix, 3 * row + k) * at(vector, k), 0),
  );
}

function transpose(matrix: Matrix): Matrix {
  return [0, 3, 6, 1, 4, 7, 2, 5, 8].map((place) => at(matrix, place));
}

function add(a: Vector, b: Vector): Vector {
  return a.map((value, index) => value + at(b, index));
}

function at(values: readonly number[], place: number): number {
  return values[place] ?? 0;
}

/** Where a sensor sits and how it is turned (wit/PAYLOADS.md): roll about x, then pitch about y, then yaw about z. */
export function mountOf({ rotation, translation }: Transform): Record<string, string> {
  const pitch = -exact.asin(Math.min(1, Math.max(-1, at(rotation, 6))));
  const roll = exact.atan2(at(rotation, 7), at(rotation, 8));
  const yaw = exact.atan2(at(rotation, 3), at(rotation, 0));
  const [x = 0, y = 0, z = 0] = translation;
  const entries = Object.entries({ x, y, z, roll, pitch, yaw });
  return Object.fromEntries(entries.map(([key, value]) => [`mount.${key}`, rounded(value)]));
}

/** To a millionth: finer than any calibration. */
export function rounded(value: number): string {
  return String(Math.round(value * 1e6) / 1e6);
}
