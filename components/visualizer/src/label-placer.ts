/** Keeps labels from covering each other: remembers where labels lie, and tells whether there is room for one more. */

const CAPACITY: i32 = 192;
/** Between labels, px. */
const GAP: f64 = 1;

export class LabelPlacer {
  private boxes: StaticArray<f64> = new StaticArray<f64>(CAPACITY * 4);
  private count: i32 = 0;
  private width: f64 = 0;
  private height: f64 = 0;

  /** Begins a picture of this size, px. */
  begin(width: f64, height: f64): void {
    this.count = 0;
    this.width = width;
    this.height = height;
  }

  /** Whether a label fits there; if so, the place is taken. */
  take(left: f64, top: f64, width: f64, height: f64): bool {
    if (left < 2 || top < 2 || left + width > this.width - 2 || top + height > this.height - 2) return false;
    for (let i = 0; i < this.count; i++) {
      const x = unchecked(this.boxes[i * 4]);
      const y = unchecked(this.boxes[i * 4 + 1]);
      const right = x + unchecked(this.boxes[i * 4 + 2]);
      const bottom = y + unchecked(this.boxes[i * 4 + 3]);
      if (left < right + GAP && left + width + GAP > x && top < bottom + GAP && top + height + GAP > y) return false;
    }
    this.block(left, top, width, height);
    return true;
  }

  /** Takes a place without asking. */
  block(left: f64, top: f64, width: f64, height: f64): void {
    if (this.count == CAPACITY) return;
    const at = this.count++ * 4;
    unchecked(this.boxes[at] = left);
    unchecked(this.boxes[at + 1] = top);
    unchecked(this.boxes[at + 2] = width);
    unchecked(this.boxes[at + 3] = height);
  }
}
