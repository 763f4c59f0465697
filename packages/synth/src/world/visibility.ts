import { type Passage, type PlacedSolid, passThrough, placeSolids } from "./rays.ts";
import type { Scene } from "./scene.ts";

/** Rays across a body, and heights of them as shares of the body's height. */
const acrossCount = 9;
const heights = [0.2, 0.5, 0.8];

/** Tells how much of each body of a scene is hidden from one place. */
export class Visibility {
  readonly #scene: Scene;
  readonly #solids: readonly PlacedSolid[];
  readonly #eye: { readonly x: number; readonly y: number; readonly z: number };

  /** `eye` in the vehicle frame, m. */
  constructor(scene: Scene, eye: { readonly x: number; readonly y: number; readonly z: number }) {
    this.#scene = scene;
    this.#solids = placeSolids(scene);
    this.#eye = eye;
  }

  /**
   * Share of a body (index into `scene.things`) that nothing hides, 0 … 1, by rays to points spread over its outline as seen from
   * the eye. Leaves hide like walls.
   */
  share(index: number): number {
    const thing = this.#scene.things[index];
    if (!thing) return 0;
    const dx = thing.x - this.#eye.x;
    const dy = thing.y - this.#eye.y;
    const distance = Math.sqrt(dx * dx + dy * dy);
    const ux = dx / distance;
    const uy = dy / distance;
    const alongSight = Math.abs(ux * thing.cosYaw + uy * thing.sinYaw);
    const acrossSight = Math.sqrt(Math.max(0, 1 - alongSight * alongSight));
    const halfWidth = 0.47 * (thing.body.length * acrossSight + thing.body.width * alongSight);
    const between = this.#between(index, distance, halfWidth);
    if (between.length === 0) return 1;
    let free = 0;
    for (let i = 0; i < acrossCount; i++) {
      const side = halfWidth * ((2 * i) / (acrossCount - 1) - 1);
      for (const height of heights) {
        if (this.#isFree(between, thing.x - uy * side, thing.y + ux * side, height * thing.body.height))
          free++;
      }
    }
    return free / (acrossCount * heights.length);
  }

  /** The solids that may be in the way: nearer, and not far from the line of sight. */
  #between(index: number, distance: number, halfWidth: number): PlacedSolid[] {
    const target = this.#scene.things[index];
    if (!target) return [];
    const ux = (target.x - this.#eye.x) / distance;
    const uy = (target.y - this.#eye.y) / distance;
    return this.#solids.filter((placed) => {
      if (placed.thing === index) return false;
      const x = placed.x - this.#eye.x;
      const y = placed.y - this.#eye.y;
      const along = x * ux + y * uy;
      const beside = Math.abs(y * ux - x * uy);
      return along > -placed.radius && along < distance + placed.radius && beside < placed.radius + halfWidth;
    });
  }

  #isFree(between: readonly PlacedSolid[], x: number, y: number, z: number): boolean {
    const dx = x - this.#eye.x;
    const dy = y - this.#eye.y;
    const distance = Math.sqrt(dx * dx + dy * dy);
    const slope = (z - this.#eye.z) / distance;
    const passage: Passage = { enter: 0, leave: 0 };
    for (const placed of between) {
      if (!passThrough(placed, this.#eye.x, this.#eye.y, dx / distance, dy / distance, passage)) continue;
      if (passage.enter > distance - 0.3) continue;
      const low = this.#eye.z + slope * passage.enter;
      const high = this.#eye.z + slope * Math.min(distance, passage.leave);
      if (Math.min(low, high) < placed.solid.toZ && Math.max(low, high) > placed.solid.fromZ) return false;
    }
    return true;
  }
}
