import { type Solid, solidsOf } from "./body.ts";
import type { Scene } from "./scene.ts";

/** A solid of a thing, placed in the vehicle frame. */
export interface PlacedSolid {
  readonly thing: number;
  readonly solid: Solid;
  /** Centre of the solid, m. */
  readonly x: number;
  readonly y: number;
  readonly cosYaw: number;
  readonly sinYaw: number;
  /** No part is farther from the centre, m (seen from above). */
  readonly radius: number;
}

/** All solids of a scene; `thing` is the index into `scene.things`. */
export function placeSolids(scene: Scene): PlacedSolid[] {
  const placed: PlacedSolid[] = [];
  scene.things.forEach((thing, index) => {
    const { cosYaw, sinYaw } = thing;
    for (const solid of solidsOf(thing.body)) {
      if (solid.shape === "cylinder") {
        placed.push({ thing: index, solid, x: thing.x, y: thing.y, cosYaw, sinYaw, radius: solid.radius });
        continue;
      }
      const middle = (solid.fromX + solid.toX) / 2;
      const half = (solid.toX - solid.fromX) / 2;
      const radius = Math.sqrt(half * half + solid.halfY * solid.halfY);
      const x = thing.x + middle * cosYaw;
      const y = thing.y + middle * sinYaw;
      placed.push({ thing: index, solid, x, y, cosYaw, sinYaw, radius });
    }
  });
  return placed;
}

/** Where a level ray enters and leaves something, m along it. */
export interface Passage {
  enter: number;
  leave: number;
}

/** Seen from above: where the ray from (x, y) in direction (dx, dy) (unit length) passes the solid. False when it misses. */
export function passThrough(
  placed: PlacedSolid,
  x: number,
  y: number,
  dx: number,
  dy: number,
  out: Passage,
): boolean {
  const rx = x - placed.x;
  const ry = y - placed.y;
  const { solid } = placed;
  if (solid.shape === "cylinder") {
    const along = rx * dx + ry * dy;
    const rest = solid.radius * solid.radius - (rx * rx + ry * ry - along * along);
    if (rest <= 0) return false;
    const half = Math.sqrt(rest);
    out.enter = -along - half;
    out.leave = -along + half;
    return out.enter > 0;
  }
  const { cosYaw: c, sinYaw: s } = placed;
  const halfX = (solid.toX - solid.fromX) / 2;
  const px = rx * c + ry * s;
  const py = ry * c - rx * s;
  const vx = dx * c + dy * s;
  const vy = dy * c - dx * s;
  const ax = (-halfX - px) / vx;
  const bx = (halfX - px) / vx;
  const ay = (-solid.halfY - py) / vy;
  const by = (solid.halfY - py) / vy;
  out.enter = Math.max(Math.min(ax, bx), Math.min(ay, by));
  out.leave = Math.min(Math.max(ax, bx), Math.max(ay, by));
  return out.enter < out.leave && out.enter > 0;
}

/**
 * Where a ray that rises by `slope` per metre from height `z` meets the solid between `enter` and `leave`: m along the level
 * ray; infinity when it passes above or below.
 */
export function meet(solid: Solid, passage: Passage, z: number, slope: number): number {
  const atEntry = z + slope * passage.enter;
  if (atEntry >= solid.fromZ && atEntry <= solid.toZ) return passage.enter;
  const edge = atEntry > solid.toZ ? solid.toZ : solid.fromZ;
  const reached = (edge - z) / slope;
  return reached > passage.enter && reached < passage.leave ? reached : Number.POSITIVE_INFINITY;
}
