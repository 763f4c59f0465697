/** Sub-scanlines per row: vertical anti-aliasing. Horizontal coverage is exact. */
const subRows = 4;

/** A picture in the making: red, green, blue as floats 0 … 255, rows from the top. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  /** width × height × 3 */
  readonly pixels: Float32Array;
  readonly #left = new Float64Array(subRows);
  readonly #right = new Float64Array(subRows);

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.pixels = new Float32Array(width * height * 3);
  }

  /**
   * Fills a convex polygon; `points` holds x and y of `count` corners, px, with pixel centres at halves. `fade` is how much lighter
   * the top is than the bottom, as a share of the colour.
   */
  fillPolygon(
    points: Float64Array,
    count: number,
    red: number,
    green: number,
    blue: number,
    alpha = 1,
    fade = 0,
  ): void {
    let top = Number.POSITIVE_INFINITY;
    let bottom = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      const y = points[2 * i + 1] as number;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
    const firstRow = Math.max(0, Math.floor(top));
    const lastRow = Math.min(this.height - 1, Math.floor(bottom));
    for (let row = firstRow; row <= lastRow; row++) {
      for (let k = 0; k < subRows; k++) {
        const y = row + (k + 0.5) / subRows;
        let left = Number.POSITIVE_INFINITY;
        let right = Number.NEGATIVE_INFINITY;
        let previousX = points[2 * count - 2] as number;
        let previousY = points[2 * count - 1] as number;
        for (let i = 0; i < count; i++) {
          const cornerX = points[2 * i] as number;
          const cornerY = points[2 * i + 1] as number;
          if (previousY <= y !== cornerY <= y) {
            const x = previousX + ((y - previousY) / (cornerY - previousY)) * (cornerX - previousX);
            if (x < left) left = x;
            if (x > right) right = x;
          }
          previousX = cornerX;
          previousY = cornerY;
        }
        this.#left[k] = left;
        this.#right[k] = right;
      }
      const tone = fade === 0 ? 1 : 1 + fade * (0.5 - (row + 0.5 - top) / (bottom - top));
      this.#fillRow(row, red * tone, green * tone, blue * tone, alpha);
    }
  }

  /** Fills an ellipse with upright axes. */
  fillEllipse(
    centreX: number,
    centreY: number,
    radiusX: number,
    radiusY: number,
    red: number,
    green: number,
    blue: number,
    alpha = 1,
  ): void {
    const firstRow = Math.max(0, Math.floor(centreY - radiusY));
    const lastRow = Math.min(this.height - 1, Math.floor(centreY + radiusY));
    for (let row = firstRow; row <= lastRow; row++) {
      for (let k = 0; k < subRows; k++) {
        const y = (row + (k + 0.5) / subRows - centreY) / radiusY;
        const rest = 1 - y * y;
        const half = rest > 0 ? radiusX * Math.sqrt(rest) : -1;
        this.#left[k] = half < 0 ? Number.POSITIVE_INFINITY : centreX - half;
        this.#right[k] = half < 0 ? Number.NEGATIVE_INFINITY : centreX + half;
      }
      this.#fillRow(row, red, green, blue, alpha);
    }
  }

  /** Blends the colour into what the sub-scanlines of a row cover. */
  #fillRow(row: number, red: number, green: number, blue: number, alpha: number): void {
    const left = this.#left;
    const right = this.#right;
    let from = Number.POSITIVE_INFINITY;
    let to = Number.NEGATIVE_INFINITY;
    let innerFrom = Number.NEGATIVE_INFINITY;
    let innerTo = Number.POSITIVE_INFINITY;
    for (let k = 0; k < subRows; k++) {
      const l = left[k] as number;
      const r = right[k] as number;
      if (l < from) from = l;
      if (r > to) to = r;
      if (l > innerFrom) innerFrom = l;
      if (r < innerTo) innerTo = r;
    }
    const first = Math.max(0, Math.floor(from));
    const last = Math.min(this.width - 1, Math.ceil(to) - 1);
    const pixels = this.pixels;
    let at = (row * this.width + first) * 3;
    for (let x = first; x <= last; x++, at += 3) {
      let share = alpha;
      if (x < innerFrom || x + 1 > innerTo) {
        let covered = 0;
        for (let k = 0; k < subRows; k++) {
          const l = left[k] as number;
          const r = right[k] as number;
          const width = Math.min(r, x + 1) - Math.max(l, x);
          if (width > 0) covered += width;
        }
        share = (alpha * covered) / subRows;
      }
      pixels[at] = (pixels[at] as number) + (red - (pixels[at] as number)) * share;
      pixels[at + 1] = (pixels[at + 1] as number) + (green - (pixels[at + 1] as number)) * share;
      pixels[at + 2] = (pixels[at + 2] as number) + (blue - (pixels[at + 2] as number)) * share;
    }
  }
}
