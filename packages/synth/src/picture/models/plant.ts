import { Random } from "@playhead/exact-math";
import type { Body, Colour } from "../../world/body.ts";
import type { Thing } from "../../world/scene.ts";
import type { Canvas } from "../canvas.ts";
import type { Lens } from "../lens.ts";
import type { Light } from "../light.ts";
import { noiseAt } from "../noise.ts";

/** A tuft of leaves: place in the tree's frame, radius, m, and how light it is. */
interface Tuft {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly radius: number;
  readonly tone: number;
}

const tuftCount = 16;

/** Draws trees: a trunk and tufts of leaves with ragged edges. */
export class TreePainter {
  readonly #leaves: Float32Array;
  readonly #tufts = new Map<number, readonly Tuft[]>();
  readonly #quad = new Float64Array(8);

  /** `leaves`: white noise. */
  constructor(leaves: Float32Array) {
    this.#leaves = leaves;
  }

  paint(canvas: Canvas, lens: Lens, light: Light, thing: Thing): void {
    const { body } = thing;
    const depth = lens.depth(thing.x, 0.4 * body.height);
    if (depth < 2) return;
    const haze = light.hazeAt(thing.x);
    this.#trunk(canvas, lens, light, thing, haze);
    for (const tuft of this.#tuftsOf(body)) {
      const x = thing.x + tuft.x * thing.cosYaw - tuft.y * thing.sinYaw;
      const y = thing.y + tuft.x * thing.sinYaw + tuft.y * thing.cosYaw;
      const near = lens.point(x, y, tuft.z);
      if (near <= 0) continue;
      const radius = tuft.radius * lens.scale(near);
      this.#tuft(
        canvas,
        lens.projected[0] as number,
        lens.projected[1] as number,
        radius,
        body,
        tuft,
        light.haze,
        haze,
      );
    }
  }

  #trunk(canvas: Canvas, lens: Lens, light: Light, thing: Thing, haze: number): void {
    const { body, x, y } = thing;
    if (lens.point(x, y, 0) <= 0) return;
    const footX = lens.projected[0] as number;
    const footY = lens.projected[1] as number;
    const scale = lens.scale(lens.point(x, y, 0.5 * body.height));
    const topX = lens.projected[0] as number;
    const topY = lens.projected[1] as number;
    const quad = this.#quad;
    quad.set([
      footX - 0.2 * scale,
      footY,
      footX + 0.2 * scale,
      footY,
      topX + 0.11 * scale,
      topY,
      topX - 0.11 * scale,
      topY,
    ]);
    const shade = 0.8 * (1 - haze);
    const [red, green, blue] = body.second;
    canvas.fillPolygon(
      quad,
      4,
      red * shade + light.haze[0] * haze,
      green * shade + light.haze[1] * haze,
      blue * shade + light.haze[2] * haze,
    );
  }

  /** Higher tufts are lighter; drawn from the lowest. */
  #tuftsOf(body: Body): readonly Tuft[] {
    const known = this.#tufts.get(body.id);
    if (known) return known;
    const random = Random.fromSeed(body.variety);
    const radius = 0.5 * body.width;
    const middle = 0.68 * body.height;
    const tufts = Array.from({ length: tuftCount }, (): Tuft => {
      const height = random.uniform(-1, 1);
      const spread = radius * Math.sqrt(Math.max(0.05, 1 - height * height)) * 0.75;
      return {
        x: random.uniform(-spread, spread),
        y: random.uniform(-spread, spread),
        z: middle + height * 0.27 * body.height,
        radius: radius * random.uniform(0.32, 0.5),
        tone: 0.72 + 0.22 * height + random.uniform(-0.08, 0.08),
      };
    }).sort((a, b) => a.tone - b.tone);
    this.#tufts.set(body.id, tufts);
    return tufts;
  }

  #tuft(
    canvas: Canvas,
    centreX: number,
    centreY: number,
    radius: number,
    body: Body,
    tuft: Tuft,
    air: Colour,
    haze: number,
  ): void {
    const firstRow = Math.max(0, Math.floor(centreY - radius));
    const lastRow = Math.min(canvas.height - 1, Math.ceil(centreY + radius));
    const first = Math.max(0, Math.floor(centreX - radius));
    const last = Math.min(canvas.width - 1, Math.ceil(centreX + radius));
    if (first > last || firstRow > lastRow) return;
    const perPixel = 1 / radius;
    const leaf = Math.max(3, Math.min(48, radius * 0.4));
    const salt = Math.floor(tuft.z * 37 + body.id * 11);
    const clear = (1 - haze) * tuft.tone;
    const [red, green, blue] = body.colour;
    for (let row = firstRow; row <= lastRow; row++) {
      const v = (row + 0.5 - centreY) * perPixel;
      let at = (row * canvas.width + first) * 3;
      for (let x = first; x <= last; x++, at += 3) {
        const u = (x + 0.5 - centreX) * perPixel;
        const noise = noiseAt(this.#leaves, Math.floor(u * leaf) + salt, Math.floor(v * leaf) + salt);
        const inside = 1 - u * u - v * v + 0.42 * noise;
        if (inside <= 0) continue;
        const share = inside > 0.35 ? 1 : inside / 0.35;
        const tone = clear * (1 + 0.24 * noise - 0.28 * v);
        const pixels = canvas.pixels;
        pixels[at] = (pixels[at] as number) + (red * tone + air[0] * haze - (pixels[at] as number)) * share;
        pixels[at + 1] =
          (pixels[at + 1] as number) + (green * tone + air[1] * haze - (pixels[at + 1] as number)) * share;
        pixels[at + 2] =
          (pixels[at + 2] as number) + (blue * tone + air[2] * haze - (pixels[at + 2] as number)) * share;
      }
    }
  }
}
