/**
 * Puts the pieces of a vehicle together. The scan goes over a rear and meets the roof metres behind it, grazes the flank in single
 * columns, or looks past a vehicle in front: pieces of one car become clusters of their own, and may look like people.
 */
import { Box } from "./box-fit";

const MAX_BOXES: i32 = 384;
/** What pieces are joined to: at least this long, beginning at most this high and ending at least and at most this high, m. */
const LEAST_LENGTH: f32 = 1.0;
const GREATEST_CLEARANCE: f32 = 0.9;
const LEAST_TOP: f32 = 0.6;
const GREATEST_TOP: f32 = 2.7;
/** How large the whole may become, m. */
const LONGEST: f32 = 5.4;
const WIDEST: f32 = 2.4;
/** What is as tall as a grown person, and what is as small as a child but touches a vehicle, m. */
const ADULT: f32 = 1.56;
const TOUCHING: f32 = 0.4;
const MOST_ROUNDS: i32 = 3;

export class Assembly {
  private absorbed: StaticArray<bool> = new StaticArray<bool>(MAX_BOXES);
  /** The boxes, the nearest first: a vehicle takes its pieces before the one behind it does. */
  private order: StaticArray<i32> = new StaticArray<i32>(MAX_BOXES);

  /** Joins pieces to the boxes that they belong to, which thereby grow. Boxes that are in `taken` stay as they are. */
  find(boxes: StaticArray<Box>, count: i32, taken: StaticArray<bool>): void {
    for (let i = 0; i < count; i++) this.absorbed[i] = taken[i];
    this.sort(boxes, count);
    for (let k = 0; k < count; k++) {
      const i = this.order[k];
      const base = boxes[i];
      if (this.absorbed[i] || base.longer < LEAST_LENGTH || base.bottom > GREATEST_CLEARANCE) continue;
      if (base.top < LEAST_TOP || base.top > GREATEST_TOP || base.longer > LONGEST) continue;
      // A box that has grown may reach further pieces.
      let rounds = 0;
      while (this.collect(i, boxes, count) && rounds < MOST_ROUNDS) rounds++;
    }
  }

  /** Joins the pieces that box i reaches; false where there are none. */
  private collect(i: i32, boxes: StaticArray<Box>, count: i32): bool {
    let grown = false;
    for (let j = 0; j < count; j++) {
      if (j == i || this.absorbed[j] || !this.isPiece(boxes[i], boxes[j])) continue;
      boxes[i].absorb(boxes[j]);
      this.absorbed[j] = true;
      grown = true;
    }
    return grown;
  }

  /** Whether the box is a part of another one, or was taken. */
  holds(i: i32): bool {
    return this.absorbed[i];
  }

  private sort(boxes: StaticArray<Box>, count: i32): void {
    for (let i = 0; i < count; i++) {
      let at = i;
      while (at > 0 && boxes[this.order[at - 1]].nearX > boxes[i].nearX) {
        this.order[at] = this.order[at - 1];
        at--;
      }
      this.order[at] = i;
    }
  }

  private isPiece(base: Box, piece: Box): bool {
    if (piece.points > base.points || piece.top > GREATEST_TOP || piece.bottom > base.top + 0.3) return false;
    // The sun visor of a lorry, a branch: what is much higher is something else.
    if (piece.top > base.top + 0.8) return false;
    if (isPersonLike(piece)) {
      if (base.distanceTo(piece.x, piece.y) > TOUCHING) return false;
      if (piece.top >= ADULT && piece.top > base.top + 0.15) return false;
    }
    // A piece that lies nearer than the base is not hidden by it.
    if (piece.nearX < base.nearX - 2.5) return false;
    const along = base.spanWith(piece, true);
    const across = base.spanWith(piece, false);
    return max<f32>(along, across) <= LONGEST && min<f32>(along, across) <= WIDEST;
  }
}

/** Whether a box has the size of a person who stands free. */
export function isPersonLike(box: Box): bool {
  if (box.bottom > 0.9 || box.top > 2.1 || box.longer > 0.85 || box.longer < 0.16) return false;
  if (box.top >= ADULT) return box.shorter >= 0.05 || box.longer < 0.5;
  // A child, as round as a person is; the corner of a car is flat or longer.
  return box.top >= 1.0 && box.longer <= 0.5 && box.shorter >= 0.12;
}
