import type { Random } from "@playhead/exact-math";
import { Planes } from "../jpeg/encoder.ts";
import type { Canvas } from "./canvas.ts";
import { gaussianNoise } from "./noise.ts";

/** Standard deviations of the sensor's noise, 8-bit levels: of the brightness and of the colour differences. */
const brightnessNoise = 1.7;
const colourNoise = 0.8;
/** How much darker the corners are. */
const vignette = 0.2;
const tableSize = 1 << 16;

/** From the scene's light to a picture in brightness and colour differences, with vignetting and noise. */
export class Film {
  /** Overwritten by every exposure. */
  readonly planes: Planes;
  readonly #falloff: Float32Array;
  readonly #noise: Float32Array;

  /** Sides must be even. */
  constructor(width: number, height: number, random: Random) {
    this.planes = new Planes(width, height);
    this.#falloff = new Float32Array(width * height);
    this.#noise = gaussianNoise(random, tableSize);
    const corner = (width * width + height * height) / 4;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const dx = x + 0.5 - width / 2;
        const dy = y + 0.5 - height / 2;
        const r = (dx * dx + dy * dy) / corner;
        this.#falloff[y * width + x] = 1 - vignette * r * r;
      }
    }
  }

  /** `random` decides the noise of this picture. */
  expose(canvas: Canvas, random: Random): void {
    for (let y = 0; y < canvas.height; y += 2) this.#exposeRows(canvas, y, random.nextU32());
    this.#pad();
  }

  /** Two rows at once: their brightness, and one row of colours. */
  #exposeRows({ pixels, width }: Canvas, y: number, pick: number): void {
    const { brightness, blueness, redness, stride } = this.planes;
    const falloff = this.#falloff;
    const noise = this.#noise;
    const mask = tableSize - 1;
    const toHalf = (y * stride) / 4;
    for (let x = 0; x < width; x += 2) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let k = 0; k < 4; k++) {
        const from = (y + (k >> 1)) * width + x + (k & 1);
        const light = falloff[from] as number;
        const r = exposed((pixels[3 * from] as number) * light);
        const g = exposed((pixels[3 * from + 1] as number) * light);
        const b = exposed((pixels[3 * from + 2] as number) * light);
        red += r;
        green += g;
        blue += b;
        const grain = brightnessNoise * (noise[(pick + 2 * x + k) & mask] as number);
        brightness[(y + (k >> 1)) * stride + x + (k & 1)] = clip(0.299 * r + 0.587 * g + 0.114 * b + grain);
      }
      const grain = pick + 7919 + x;
      const at = toHalf + x / 2;
      const cb = -0.168735892 * red - 0.331264108 * green + 0.5 * blue;
      const cr = 0.5 * red - 0.418687589 * green - 0.081312411 * blue;
      blueness[at] = 0.25 * cb + colourNoise * (noise[grain & mask] as number);
      redness[at] = 0.25 * cr + colourNoise * (noise[(grain + 1) & mask] as number);
    }
  }

  /** Repeats the last row and column into the padding. */
  #pad(): void {
    const { brightness, blueness, redness, stride, rows, width, height } = this.planes;
    padPlane(brightness, stride, rows, width, height);
    padPlane(blueness, stride / 2, rows / 2, width / 2, height / 2);
    padPlane(redness, stride / 2, rows / 2, width / 2, height / 2);
  }
}

function exposed(light: number): number {
  return Math.min(255, light);
}

function clip(value: number): number {
  return value < 0 ? -128 : value > 255 ? 127 : value - 128;
}

function padPlane(plane: Float32Array, stride: number, rows: number, width: number, height: number): void {
  for (let y = 0; width < stride && y < height; y++) {
    plane.fill(plane[y * stride + width - 1] ?? 0, y * stride + width, (y + 1) * stride);
  }
  for (let y = height; y < rows; y++) plane.copyWithin(y * stride, (height - 1) * stride, height * stride);
}
