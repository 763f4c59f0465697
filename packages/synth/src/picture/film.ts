import type { Random } from "@playhead/exact-math";
import type { Canvas } from "./canvas.ts";
import { gaussianNoise } from "./noise.ts";

/** Noise of the sensor, 8-bit levels: of the brightness and of each colour. */
const brightnessNoise = 1.7;
const colourNoise = 0.9;
/** How much darker the corners are. */
const vignette = 0.2;
const tableSize = 1 << 16;

/** From the scene's light to the pixels of a picture: vignetting and noise. */
export class Film {
  /** width × height × 4: red, green, blue, 255. */
  readonly rgba: Uint8ClampedArray;
  readonly #width: number;
  readonly #height: number;
  readonly #falloff: Float32Array;
  readonly #noise: Float32Array;

  constructor(width: number, height: number, random: Random) {
    this.#width = width;
    this.#height = height;
    this.rgba = new Uint8ClampedArray(width * height * 4).fill(255);
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
    const { pixels } = canvas;
    const noise = this.#noise;
    const mask = tableSize - 1;
    for (let y = 0; y < this.#height; y++) {
      let pick = random.nextU32();
      const end = (y + 1) * this.#width;
      for (let i = y * this.#width; i < end; i++) {
        const light = this.#falloff[i] as number;
        const grey = brightnessNoise * (noise[pick & mask] as number);
        pick += 1;
        const red = colourNoise * (noise[(pick * 7) & mask] as number);
        const blue = colourNoise * (noise[(pick * 13) & mask] as number);
        this.rgba[4 * i] = (pixels[3 * i] as number) * light + grey + red;
        this.rgba[4 * i + 1] = (pixels[3 * i + 1] as number) * light + grey;
        this.rgba[4 * i + 2] = (pixels[3 * i + 2] as number) * light + grey + blue;
      }
    }
  }
}
