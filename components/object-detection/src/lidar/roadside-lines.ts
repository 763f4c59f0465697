/**
 * Walls, guard rails and fences. A lidar sees them at a flat angle, so they fall apart into pieces the size of cars; but the pieces
 * are thin, lie on one line, and together are longer than any vehicle.
 */
import { Box } from "./box-fit";

const MAX_BOXES: i32 = 384;
/** Pieces are at most this thick, and at least this long, m. */
const THICKEST: f32 = 0.45;
const SHORTEST: f32 = 0.7;
/** Pieces of one line: the gap between them, how far off the line, m, and the difference of direction (as a sine). */
const GAP: f32 = 7;
const OFF_LINE: f32 = 0.45;
const TURN: f32 = 0.17;
/** A line is longer than this in all, m. */
const LEAST_LENGTH: f32 = 9;

export class RoadsideLines {
  /** For each box the first box of its line, itself if it is alone. */
  private line: StaticArray<i32> = new StaticArray<i32>(MAX_BOXES);
  /** Whether the box is a piece; ends of its axis and of the whole line along x and y, m. */
  private piece: StaticArray<bool> = new StaticArray<bool>(MAX_BOXES);
  private lowX: StaticArray<f32> = new StaticArray<f32>(MAX_BOXES);
  private lowY: StaticArray<f32> = new StaticArray<f32>(MAX_BOXES);
  private highX: StaticArray<f32> = new StaticArray<f32>(MAX_BOXES);
  private highY: StaticArray<f32> = new StaticArray<f32>(MAX_BOXES);

  private count: i32 = 0;

  /** Joins the pieces to lines. */
  find(boxes: StaticArray<Box>, count: i32): void {
    this.count = count;
    for (let i = 0; i < count; i++) {
      const box = boxes[i];
      this.line[i] = i;
      this.piece[i] = box.shorter <= THICKEST && box.longer >= SHORTEST;
      const first = box.along >= box.across;
      const dx = (first ? box.cos : -box.sin) * box.longer * 0.5;
      const dy = (first ? box.sin : box.cos) * box.longer * 0.5;
      this.lowX[i] = box.x - dx;
      this.lowY[i] = box.y - dy;
      this.highX[i] = box.x + dx;
      this.highY[i] = box.y + dy;
    }
    for (let i = 0; i < count; i++) {
      if (!this.piece[i]) continue;
      for (let j = 0; j < i; j++) {
        if (this.piece[j] && this.join(i, j)) this.merge(i, j);
      }
    }
  }

  /** Whether the box belongs to a line. */
  holds(i: i32): bool {
    if (!this.piece[i]) return false;
    return this.extent(this.line[i]) > LEAST_LENGTH;
  }

  /** Whether two pieces continue each other. */
  private join(i: i32, j: i32): bool {
    const ix = this.highX[i] - this.lowX[i];
    const iy = this.highY[i] - this.lowY[i];
    const jx = this.highX[j] - this.lowX[j];
    const jy = this.highY[j] - this.lowY[j];
    const li = Mathf.sqrt(ix * ix + iy * iy);
    const lj = Mathf.sqrt(jx * jx + jy * jy);
    if (abs<f32>(ix * jy - iy * jx) > TURN * li * lj) return false;
    // The direction of the longer piece is the surer one.
    const ux = li > lj ? ix / li : jx / lj;
    const uy = li > lj ? iy / li : jy / lj;
    const cx = (this.lowX[i] + this.highX[i] - this.lowX[j] - this.highX[j]) * 0.5;
    const cy = (this.lowY[i] + this.highY[i] - this.lowY[j] - this.highY[j]) * 0.5;
    const along = abs<f32>(cx * ux + cy * uy);
    const off = abs<f32>(cy * ux - cx * uy);
    return along - (li + lj) * 0.5 <= GAP && off <= OFF_LINE + 0.03 * along;
  }

  private merge(i: i32, j: i32): void {
    const from = this.line[i];
    const to = this.line[j];
    if (from == to) return;
    const keep = min<i32>(from, to);
    const drop = max<i32>(from, to);
    for (let k = 0; k < this.count; k++) {
      if (this.line[k] == drop) this.line[k] = keep;
    }
  }

  /** From one end of a line to the other, m. */
  private extent(line: i32): f32 {
    let west: f32 = Infinity;
    let east: f32 = -Infinity;
    let south: f32 = Infinity;
    let north: f32 = -Infinity;
    for (let k = 0; k < this.count; k++) {
      if (this.line[k] != line || !this.piece[k]) continue;
      west = min<f32>(west, min<f32>(this.lowX[k], this.highX[k]));
      east = max<f32>(east, max<f32>(this.lowX[k], this.highX[k]));
      south = min<f32>(south, min<f32>(this.lowY[k], this.highY[k]));
      north = max<f32>(north, max<f32>(this.lowY[k], this.highY[k]));
    }
    return Mathf.sqrt((east - west) * (east - west) + (north - south) * (north - south));
  }
}
