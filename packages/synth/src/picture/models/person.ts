import { cos, sin } from "@playhead/exact-math";
import type { Colour } from "../../world/body.ts";
import type { Thing } from "../../world/scene.ts";
import type { Canvas } from "../canvas.ts";
import type { Lens } from "../lens.ts";
import type { Light } from "../light.ts";

const skin: Colour = [196, 152, 124];
const hair: Colour = [62, 46, 36];
const shoe: Colour = [40, 38, 38];
/** Length of two steps, m. */
const stride = 1.45;
const twoPi = 2 * Math.PI;

/** Draws people: limbs and trunk as tapered strokes that always face the camera. */
export class PersonPainter {
  readonly #quad = new Float64Array(8);

  paint(canvas: Canvas, lens: Lens, light: Light, thing: Thing): void {
    const { body, walked } = thing;
    const size = body.height / 1.75;
    const swing = thing.speed > 0.05 ? sin((twoPi * walked) / stride) : 0.12;
    const knee = thing.speed > 0.05 ? cos((twoPi * walked) / stride) : 0;
    const haze = light.hazeAt(thing.x);
    const tint = (colour: Colour, tone: number): Colour => [
      colour[0] * tone * (1 - haze) + light.haze[0] * haze,
      colour[1] * tone * (1 - haze) + light.haze[1] * haze,
      colour[2] * tone * (1 - haze) + light.haze[2] * haze,
    ];
    const stroke = (from: Joint, to: Joint, fromWidth: number, toWidth: number, colour: Colour) =>
      this.#stroke(canvas, lens, thing, size, from, to, fromWidth, toWidth, colour);
    for (const side of [-1, 1]) {
      const tone = side < 0 ? 0.72 : 0.86;
      const step = side * swing;
      const lifted = Math.max(0, side * knee) * 0.12;
      const kneeAt: Joint = [0.2 * step + 0.25 * lifted, 0.09 * side, 0.48 + 0.2 * lifted];
      const foot: Joint = [0.37 * step, 0.09 * side, 0.07 + lifted];
      stroke([0, 0.08 * side, 0.9], kneeAt, 0.17, 0.13, tint(body.second, tone));
      stroke(kneeAt, foot, 0.13, 0.1, tint(body.second, tone));
      stroke(
        [foot[0] - 0.06, foot[1], foot[2] - 0.03],
        [foot[0] + 0.16, foot[1], foot[2] - 0.04],
        0.08,
        0.07,
        tint(shoe, tone),
      );
    }
    const arm = (side: number, tone: number) => {
      const reach = -0.26 * side * swing;
      stroke([0, 0.23 * side, 1.4], [0.5 * reach, 0.26 * side, 1.13], 0.11, 0.1, tint(body.colour, tone));
      stroke(
        [0.5 * reach, 0.26 * side, 1.13],
        [reach + 0.06, 0.25 * side, 0.88],
        0.1,
        0.07,
        tint(body.colour, tone),
      );
    };
    arm(-1, 0.6);
    stroke(
      [0, 0, 0.98],
      [0, 0, 1.34],
      this.#trunkWidth(thing, 0.27),
      this.#trunkWidth(thing, 0.37),
      tint(body.colour, 0.92),
    );
    arm(1, 0.74);
    stroke([0.01, 0, 1.42], [0.02, 0, 1.55], 0.1, 0.1, tint(skin, 0.8));
    const scale = this.#project(lens, thing, size, [0.02, 0, 1.63]);
    if (scale <= 0) return;
    const headX = lens.projected[0] as number;
    const headY = lens.projected[1] as number;
    const face = tint(skin, 0.95);
    const top = tint(hair, 0.9);
    canvas.fillEllipse(headX, headY - 0.025 * size * scale, 0.1 * size * scale, 0.12 * size * scale, ...top);
    canvas.fillEllipse(
      headX,
      headY + 0.025 * size * scale,
      0.083 * size * scale,
      0.1 * size * scale,
      ...face,
    );
  }

  /** Shoulders are broad from the front and narrow from the side. */
  #trunkWidth(thing: Thing, broad: number): number {
    const across = Math.abs(thing.cosYaw);
    return broad * (0.66 + 0.34 * across);
  }

  /** Projects a joint (ahead, to the left, up, m) and returns pixels per metre there. */
  #project(lens: Lens, thing: Thing, size: number, joint: Joint): number {
    const ahead = joint[0] * size;
    const left = joint[1] * size;
    const x = thing.x + ahead * thing.cosYaw - left * thing.sinYaw;
    const y = thing.y + ahead * thing.sinYaw + left * thing.cosYaw;
    const depth = lens.point(x, y, joint[2] * size);
    return depth > 0 ? lens.scale(depth) : 0;
  }

  #stroke(
    canvas: Canvas,
    lens: Lens,
    thing: Thing,
    size: number,
    from: Joint,
    to: Joint,
    fromWidth: number,
    toWidth: number,
    colour: Colour,
  ): void {
    const scale = this.#project(lens, thing, size, from) * size;
    if (scale <= 0) return;
    const x0 = lens.projected[0] as number;
    const y0 = lens.projected[1] as number;
    if (this.#project(lens, thing, size, to) <= 0) return;
    const x1 = lens.projected[0] as number;
    const y1 = lens.projected[1] as number;
    const length = Math.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0)) || 1;
    const acrossX = (-(y1 - y0) / length) * 0.5 * scale;
    const acrossY = ((x1 - x0) / length) * 0.5 * scale;
    const quad = this.#quad;
    quad[0] = x0 + acrossX * fromWidth;
    quad[1] = y0 + acrossY * fromWidth;
    quad[2] = x1 + acrossX * toWidth;
    quad[3] = y1 + acrossY * toWidth;
    quad[4] = x1 - acrossX * toWidth;
    quad[5] = y1 - acrossY * toWidth;
    quad[6] = x0 - acrossX * fromWidth;
    quad[7] = y0 - acrossY * fromWidth;
    canvas.fillPolygon(quad, 4, ...colour);
    canvas.fillEllipse(x0, y0, 0.48 * fromWidth * scale, 0.48 * fromWidth * scale, ...colour);
    canvas.fillEllipse(x1, y1, 0.48 * toWidth * scale, 0.48 * toWidth * scale, ...colour);
  }
}

type Joint = readonly [number, number, number];
