import type { Thing } from "../world/scene.ts";
import type { Canvas } from "./canvas.ts";
import { circle } from "./circle.ts";
import type { Lens } from "./lens.ts";
import type { Point } from "./mesh.ts";

const dark = 34;
/** How much of the ground's light a cast shadow and the shade under a car take away. */
const castStrength = 0.5;
const contactStrength = 0.82;

/** Draws shadows on the ground: what the sun casts, and the dark below vehicles. */
export class ShadowPainter {
  readonly #points = new Float64Array(3 * 20);
  readonly #flat = new Float64Array(2 * 20);

  /** `sun`: direction to the sun in the vehicle frame. */
  paint(canvas: Canvas, lens: Lens, sun: Point, thing: Thing): void {
    const { body } = thing;
    const alongX = -sun[0] / sun[2];
    const alongY = -sun[1] / sun[2];
    if (body.kind === "tree") {
      const middle = 0.68 * body.height;
      this.#oval(
        canvas,
        lens,
        thing.x + alongX * middle,
        thing.y + alongY * middle,
        0.5 * body.width,
        castStrength * 0.9,
      );
      return;
    }
    if (body.kind === "lamp" || body.kind === "sign" || body.kind === "bollard") return;
    const vehicle = body.kind === "car" || body.kind === "van" || body.kind === "truck";
    const height = vehicle ? 0.86 * body.height : body.height;
    this.#cast(canvas, lens, thing, alongX * height, alongY * height);
    if (vehicle) this.#contact(canvas, lens, thing);
  }

  /** The footprint drawn out along the sun's rays: the hull of the footprint and of its copy at the shadow's end. */
  #cast(canvas: Canvas, lens: Lens, thing: Thing, shiftX: number, shiftY: number): void {
    const narrow = thing.body.kind === "pedestrian" ? 0.5 : 1;
    let count = 0;
    for (const [shareX, shareY] of corners) {
      const x = shareX * thing.body.length * narrow;
      const y = shareY * thing.body.width * narrow;
      const atX = thing.x + x * thing.cosYaw - y * thing.sinYaw;
      const atY = thing.y + x * thing.sinYaw + y * thing.cosYaw;
      for (const share of [0, 1]) {
        this.#flat[2 * count] = atX + share * shiftX;
        this.#flat[2 * count + 1] = atY + share * shiftY;
        count++;
      }
    }
    this.#fillHull(canvas, lens, count, castStrength);
  }

  #contact(canvas: Canvas, lens: Lens, thing: Thing): void {
    for (const [grow, strength] of [
      [1.04, 0.45],
      [0.94, contactStrength],
    ] as const) {
      corners.forEach(([shareX, shareY], i) => {
        const x = shareX * thing.body.length * grow;
        const y = shareY * thing.body.width * grow;
        this.#points[3 * i] = thing.x + x * thing.cosYaw - y * thing.sinYaw;
        this.#points[3 * i + 1] = thing.y + x * thing.sinYaw + y * thing.cosYaw;
        this.#points[3 * i + 2] = 0;
      });
      this.#fill(canvas, lens, 4, strength);
    }
  }

  #oval(canvas: Canvas, lens: Lens, x: number, y: number, radius: number, strength: number): void {
    octagon.forEach(([c, s], i) => {
      this.#points[3 * i] = x + radius * c;
      this.#points[3 * i + 1] = y + radius * s;
      this.#points[3 * i + 2] = 0;
    });
    this.#fill(canvas, lens, 8, strength);
  }

  /** Convex hull of the flat points by gift wrapping. */
  #fillHull(canvas: Canvas, lens: Lens, count: number, strength: number): void {
    const flat = this.#flat;
    let start = 0;
    for (let i = 1; i < count; i++) if ((flat[2 * i] as number) < (flat[2 * start] as number)) start = i;
    let current = start;
    let kept = 0;
    do {
      this.#points[3 * kept] = flat[2 * current] as number;
      this.#points[3 * kept + 1] = flat[2 * current + 1] as number;
      this.#points[3 * kept + 2] = 0;
      kept++;
      let next = current === 0 ? 1 : 0;
      for (let i = 0; i < count; i++) {
        if (i !== current && this.#turn(current, next, i) < 0) next = i;
      }
      current = next;
    } while (current !== start && kept < count);
    this.#fill(canvas, lens, kept, strength);
  }

  #turn(a: number, b: number, c: number): number {
    const flat = this.#flat;
    const ax = flat[2 * a] as number;
    const ay = flat[2 * a + 1] as number;
    return (
      ((flat[2 * b] as number) - ax) * ((flat[2 * c + 1] as number) - ay) -
      ((flat[2 * b + 1] as number) - ay) * ((flat[2 * c] as number) - ax)
    );
  }

  #fill(canvas: Canvas, lens: Lens, count: number, strength: number): void {
    const kept = lens.polygon(this.#points, count);
    if (kept >= 3) canvas.fillPolygon(lens.projected, kept, dark, dark, dark + 4, strength);
  }
}

const corners: readonly (readonly [number, number])[] = [
  [-0.5, -0.5],
  [0.5, -0.5],
  [0.5, 0.5],
  [-0.5, 0.5],
];
const octagon = circle(8);
