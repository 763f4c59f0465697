import type { Body, Colour } from "../../world/body.ts";
import { circle } from "../circle.ts";
import { type Face, face, type Point } from "../mesh.ts";

export const tyre: Colour = [26, 26, 27];
export const glass: Colour = [52, 62, 72];
export const plastic: Colour = [42, 43, 45];
export const plate: Colour = [228, 226, 214];
export const rearLens: Colour = [138, 20, 20];
export const lampGlass: Colour = [190, 196, 200];
const rim: Colour = [132, 134, 136];

const twelve = circle(12);

/** Wheels in their arches, as discs on the body's sides. */
export function wheels(body: Body): Face[] {
  const found: Face[] = [];
  const radius = body.kind === "car" ? 0.32 : body.kind === "van" ? 0.35 : 0.5;
  const axles = [-body.length / 2 + 0.19 * body.length, body.length / 2 - 0.18 * body.length];
  for (const x of axles) {
    for (const side of [1, -1]) {
      const y = side * (body.width / 2 + 0.01);
      const disc = (size: number): Point[] => {
        const points = twelve.map(([c, s]): Point => [x + size * c, y, radius + size * s]);
        return side > 0 ? points.reverse() : points;
      };
      found.push(
        face(disc(radius + 0.06), plastic),
        face(disc(radius), tyre),
        face(disc(0.62 * radius), rim, "matt", 50),
      );
    }
  }
  return found;
}
