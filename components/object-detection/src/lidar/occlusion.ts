/**
 * What the other boxes say about a box: whether something nearer cuts it off, so that its size is not its own, and whether it carries the crown of a
 * tree. Seen from above, from the lidar's place.
 */
import { Box } from "./box-fit";

const MAX_BOXES: i32 = 384;
/** An edge this close to the outline of something nearer is cut off by it: as an angle, rad, and at the box, m. */
const EDGE_ANGLE: f32 = 0.006;
const EDGE: f32 = 0.12;
/** How much nearer that must be, m. */
const NEARER: f32 = 1.2;
/** A crown: begins at least this high, and is at least this wide, m. */
const CROWN_BOTTOM: f32 = 1.3;
const CROWN_WIDTH: f32 = 0.9;

export class Occlusion {
  /** Directions of the right and left edge, rad, and distance of the near side, m, per box. */
  private right: StaticArray<f32> = new StaticArray<f32>(MAX_BOXES);
  private left: StaticArray<f32> = new StaticArray<f32>(MAX_BOXES);
  private near: StaticArray<f32> = new StaticArray<f32>(MAX_BOXES);
  private count: i32 = 0;

  /** Looks at the boxes from the lidar's place, m. */
  observe(boxes: StaticArray<Box>, count: i32, sensorX: f32, sensorY: f32): void {
    this.count = count;
    for (let i = 0; i < count; i++) this.measure(i, boxes[i], sensorX, sensorY);
  }

  /** Whether something nearer cuts the box off on one side. */
  isCut(boxes: StaticArray<Box>, i: i32): bool {
    const margin = EDGE_ANGLE + EDGE / max<f32>(this.near[i], 1);
    for (let j = 0; j < this.count; j++) {
      if (j == i || this.near[j] > this.near[i] - NEARER || boxes[j].top < 0.5 * boxes[i].top) continue;
      if (this.left[j] >= this.right[i] - margin && this.right[j] <= this.left[i] + margin) return true;
    }
    return false;
  }

  /** Whether the crown of a tree stands on the box. */
  isTrunk(boxes: StaticArray<Box>, i: i32): bool {
    const middle = (this.left[i] + this.right[i]) / 2;
    for (let j = 0; j < this.count; j++) {
      const crown = boxes[j];
      if (j == i || crown.bottom < CROWN_BOTTOM || crown.longer < CROWN_WIDTH) continue;
      if (boxes[i].top < crown.bottom - 1) continue;
      const inset = (this.left[j] - this.right[j]) * 0.12;
      if (middle < this.right[j] + inset || middle > this.left[j] - inset) continue;
      const behind = this.near[i] - this.near[j];
      if (behind > -0.5 && behind < max<f32>(2.5, crown.longer)) return true;
    }
    return false;
  }

  private measure(i: i32, box: Box, sensorX: f32, sensorY: f32): void {
    let right: f32 = Infinity;
    let left: f32 = -Infinity;
    let near: f32 = Infinity;
    for (let corner = 0; corner < 4; corner++) {
      const a = ((corner & 1) != 0 ? box.along : -box.along) * 0.5;
      const b = ((corner & 2) != 0 ? box.across : -box.across) * 0.5;
      const x = box.x + a * box.cos - b * box.sin - sensorX;
      const y = box.y + a * box.sin + b * box.cos - sensorY;
      const angle = Mathf.atan2(y, x);
      right = min<f32>(right, angle);
      left = max<f32>(left, angle);
      near = min<f32>(near, Mathf.sqrt(x * x + y * y));
    }
    this.right[i] = right;
    this.left[i] = left;
    this.near[i] = near;
  }
}
