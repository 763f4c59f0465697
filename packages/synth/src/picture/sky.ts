import { atan, exp, type Random, sin } from "@playhead/exact-math";
import type { Canvas } from "./canvas.ts";
import { intrinsics, type Lens } from "./lens.ts";
import type { Light } from "./light.ts";
import { noiseAt, smoothNoise } from "./noise.ts";

const twoPi = 2 * Math.PI;
/** Size of the panorama: all around, and from the horizon up. */
const columns = 2880;
const rows = 176;
/** Elevation per row, rad. */
const perRow = 0.002;

/** Paints what is infinitely far away: sky, clouds, and wooded hills on the horizon, drawn once all around. */
export class SkyPainter {
  readonly #panorama = new Uint8Array(columns * rows * 3);
  readonly #columnAngle = new Float64Array(intrinsics.width);

  constructor(light: Light, random: Random) {
    for (let x = 0; x < intrinsics.width; x++) {
      this.#columnAngle[x] = atan((intrinsics.cx - x - 0.5) / intrinsics.fx);
    }
    const clouds = smoothNoise(random.fork("clouds"), 8, 6);
    const cover = random.uniform(0.02, 0.35);
    for (let row = 0; row < rows; row++) this.#paintSkyRow(row, clouds, cover, light);
    this.#paintHills(light, random.fork("hills"));
  }

  paint(canvas: Canvas, lens: Lens, heading: number): void {
    const scale = columns / twoPi;
    const bottom = Math.min(canvas.height, Math.floor(lens.horizon) + 1);
    const turn = heading * scale + 16 * columns;
    for (let y = 0; y < bottom; y++) {
      const elevation = atan((lens.horizon - y - 0.5) / intrinsics.fy);
      const row = Math.max(0, Math.min(rows - 1, Math.floor(elevation / perRow)));
      let at = y * canvas.width * 3;
      for (let x = 0; x < canvas.width; x++, at += 3) {
        const column = Math.floor(turn + (this.#columnAngle[x] as number) * scale) % columns;
        const from = (row * columns + column) * 3;
        canvas.pixels[at] = this.#panorama[from] as number;
        canvas.pixels[at + 1] = this.#panorama[from + 1] as number;
        canvas.pixels[at + 2] = this.#panorama[from + 2] as number;
      }
    }
  }

  #paintSkyRow(row: number, clouds: Float32Array, cover: number, light: Light): void {
    const elevation = (row + 0.5) * perRow;
    const height = 1 - exp(-elevation / 0.16);
    const [hazeRed, hazeGreen, hazeBlue] = light.haze;
    const red = hazeRed + (118 - hazeRed) * height;
    const green = hazeGreen + (160 - hazeGreen) * height;
    const blue = hazeBlue + (212 - hazeBlue) * height;
    const distance = 26 / (elevation + 0.05);
    for (let column = 0; column < columns; column++) {
      const around = (column / columns) * 2048;
      const cloud = noiseAt(clouds, Math.floor(around), Math.floor(distance * 2.2));
      const detail = noiseAt(clouds, Math.floor(around * 3), Math.floor(distance * 5.5));
      const density = Math.max(0, Math.min(1, (cloud + 0.35 * detail - 0.25 + cover) * 2.2));
      const white = density * (0.35 + 0.6 * height);
      const shade = 246 - 26 * Math.max(0, detail) * density;
      this.#set(
        row,
        column,
        red + (shade - red) * white,
        green + (shade - green) * white,
        blue + (shade + 2 - blue) * white,
      );
    }
  }

  /** Two ranges of hills, the far one paler. */
  #paintHills(light: Light, random: Random): void {
    for (const [height, share, rough] of [
      [0.036, 0.5, 0.3],
      [0.02, 0.2, 1],
    ] as const) {
      const waves = [3, 5, 8, 13, 34, 89, 233].map((count) => ({ count, phase: random.uniform(0, twoPi) }));
      for (let column = 0; column < columns; column++) {
        let rise = 0.55;
        for (const { count, phase } of waves) {
          const strength = (count > 20 ? rough * 0.9 : 1) / Math.sqrt(count + 4);
          rise += 0.42 * strength * sin((twoPi * count * column) / columns + phase);
        }
        const top = Math.max(0.1, rise) * height;
        for (let row = 0; row < Math.min(rows, Math.ceil(top / perRow)); row++) {
          const grain = random.uniform(-7, 7) * rough;
          this.#set(
            row,
            column,
            (78 + grain) * (1 - share) + light.haze[0] * share,
            (96 + grain) * (1 - share) + light.haze[1] * share,
            (74 + grain) * (1 - share) + light.haze[2] * share,
          );
        }
      }
    }
  }

  #set(row: number, column: number, red: number, green: number, blue: number): void {
    const at = (row * columns + column) * 3;
    this.#panorama[at] = Math.max(0, Math.min(255, red));
    this.#panorama[at + 1] = Math.max(0, Math.min(255, green));
    this.#panorama[at + 2] = Math.max(0, Math.min(255, blue));
  }
}
