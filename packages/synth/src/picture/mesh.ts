import type { Colour } from "../world/body.ts";
import type { Thing } from "../world/scene.ts";
import type { Canvas } from "./canvas.ts";
import type { Lens } from "./lens.ts";
import type { Light } from "./light.ts";

/** What a face is made of; lamps shine by themselves. */
export type Material = "matt" | "glass" | "lit" | "brake" | "tail";

/** A flat convex polygon of a body, seen from one side only. Corners counter-clockwise from outside: x, y, z in the body's frame. */
export interface Face {
  readonly points: Float64Array;
  readonly normal: readonly [number, number, number];
  readonly colour: Colour;
  readonly material: Material;
  /** Not drawn beyond this distance, m: too small to see. */
  readonly until: number;
}

export type Point = readonly [number, number, number];

/** Makes a face; the normal follows from its first corners. */
export function face(
  corners: readonly Point[],
  colour: Colour,
  material: Material = "matt",
  until = 1e9,
): Face {
  const [a, b, c] = corners as [Point, Point, Point];
  const ux = b[0] - a[0];
  const uy = b[1] - a[1];
  const uz = b[2] - a[2];
  const vx = c[0] - a[0];
  const vy = c[1] - a[1];
  const vz = c[2] - a[2];
  const nx = uy * vz - uz * vy;
  const ny = uz * vx - ux * vz;
  const nz = ux * vy - uy * vx;
  const length = Math.sqrt(nx * nx + ny * ny + nz * nz) || 1;
  return {
    points: Float64Array.from(corners.flat()),
    normal: [nx / length, ny / length, nz / length],
    colour,
    material,
    until,
  };
}

/** A part of a quadrilateral face, by shares of its sides: across from the first to the second corner, up from the first to the last. */
export function inset(
  quad: readonly [Point, Point, Point, Point],
  across: readonly [number, number],
  up: readonly [number, number],
): readonly [Point, Point, Point, Point] {
  const at = (s: number, t: number): Point => {
    const low = between(quad[0], quad[1], s);
    const high = between(quad[3], quad[2], s);
    return between(low, high, t);
  };
  return [at(across[0], up[0]), at(across[1], up[0]), at(across[1], up[1]), at(across[0], up[1])];
}

function between(a: Point, b: Point, t: number): Point {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** The six (or, without a floor, five) faces of a box. */
export function boxFaces(from: Point, to: Point, colour: Colour): Face[] {
  const [x0, y0, z0] = from;
  const [x1, y1, z1] = to;
  return [
    face(
      [
        [x0, y1, z0],
        [x0, y0, z0],
        [x0, y0, z1],
        [x0, y1, z1],
      ],
      colour,
    ),
    face(
      [
        [x1, y0, z0],
        [x1, y1, z0],
        [x1, y1, z1],
        [x1, y0, z1],
      ],
      colour,
    ),
    face(
      [
        [x0, y0, z0],
        [x1, y0, z0],
        [x1, y0, z1],
        [x0, y0, z1],
      ],
      colour,
    ),
    face(
      [
        [x1, y1, z0],
        [x0, y1, z0],
        [x0, y1, z1],
        [x1, y1, z1],
      ],
      colour,
    ),
    face(
      [
        [x0, y0, z1],
        [x1, y0, z1],
        [x1, y1, z1],
        [x0, y1, z1],
      ],
      colour,
    ),
  ];
}

/** Brightness of faces in the shade, and what the sun and the open sky add. */
const ambient = 0.5;
const sunshine = 0.62;
const skylight = 0.16;

/** Draws the faces of bodies, in their order, those that face the camera. */
export class MeshPainter {
  readonly #corners = new Float64Array(3 * 20);

  paint(canvas: Canvas, lens: Lens, light: Light, sun: Point, thing: Thing, faces: readonly Face[]): void {
    const { cosYaw: c, sinYaw: s, x, y } = thing;
    const eyeX = lens.eyeX - x;
    const eyeY = lens.eyeY - y;
    const localX = eyeX * c + eyeY * s;
    const localY = eyeY * c - eyeX * s;
    const sunX = sun[0] * c + sun[1] * s;
    const sunY = sun[1] * c - sun[0] * s;
    const distance = Math.sqrt(eyeX * eyeX + eyeY * eyeY);
    const haze = light.hazeAt(distance);
    for (const part of faces) {
      if (distance > part.until) continue;
      const points = part.points;
      const [nx, ny, nz] = part.normal;
      const facing =
        nx * (localX - (points[0] as number)) +
        ny * (localY - (points[1] as number)) +
        nz * (lens.eyeZ - (points[2] as number));
      if (facing <= 0) continue;
      const count = points.length / 3;
      for (let i = 0; i < count; i++) {
        const px = points[3 * i] as number;
        const py = points[3 * i + 1] as number;
        this.#corners[3 * i] = x + px * c - py * s;
        this.#corners[3 * i + 1] = y + px * s + py * c;
        this.#corners[3 * i + 2] = points[3 * i + 2] as number;
      }
      const kept = lens.polygon(this.#corners, count);
      if (kept < 3) continue;
      const glow = glowOf(part, thing);
      const shade =
        ambient + sunshine * Math.max(0, nx * sunX + ny * sunY + nz * sun[2]) + skylight * Math.max(0, nz);
      const tone = glow ? 1 : part.material === "glass" ? 0.75 + 0.25 * shade : shade;
      const [red, green, blue] = glow ?? part.colour;
      const clear = (1 - haze) * tone;
      canvas.fillPolygon(
        lens.projected,
        kept,
        red * clear + light.haze[0] * haze,
        green * clear + light.haze[1] * haze,
        blue * clear + light.haze[2] * haze,
        1,
        fadeOf(part, glow !== undefined),
      );
    }
  }
}

/** Upright faces get more light above than below; glass shows the sky. */
function fadeOf(part: Face, shines: boolean): number {
  if (shines) return 0;
  if (part.material === "glass") return 0.7;
  return part.normal[2] < 0.5 ? 0.22 : 0;
}

const brakeGlow: Colour = [255, 48, 36];
const headGlow: Colour = [255, 252, 240];

/** The colour of a lamp that shines now. */
function glowOf(part: Face, thing: Thing): Colour | undefined {
  if (part.material === "lit") return headGlow;
  if (part.material === "brake" && thing.brakeLights) return brakeGlow;
  return undefined;
}
