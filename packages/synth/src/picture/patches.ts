import { cos, type Random, sin } from "@playhead/exact-math";
import type { Road } from "../world/road.ts";
import type { EgoState } from "../world/scene.ts";
import type { Canvas } from "./canvas.ts";
import type { Lens } from "./lens.ts";

/** A repaired piece of road, its corners in the world frame. */
interface Patch {
  readonly station: number;
  readonly corners: Float64Array;
  readonly tone: number;
  readonly strength: number;
}

/** How far ahead patches are drawn, m along the road. */
const reach = 90;

/** Draws pieces of the road that were repaired: lighter or darker rectangles with dark seams. */
export class PatchPainter {
  readonly #patches: Patch[] = [];
  readonly #points = new Float64Array(12);

  /** `free`: stations of pedestrian crossings, where nothing is repaired. */
  constructor(road: Road, free: readonly number[], random: Random) {
    for (let station = road.firstStation; station < road.lastStation; station += random.uniform(6, 30)) {
      if (free.some((place) => Math.abs(place - station) < 16)) continue;
      const lane = random.uniform() < 0.5 ? -1 : 1;
      const middle = lane * random.uniform(0.7, 2.6);
      const half = random.uniform(0.25, 0.7);
      const long = random.uniform() < 0.3 ? random.uniform(6, 14) : random.uniform(0.8, 3);
      const tone = random.uniform() < 0.7 ? 62 : 138;
      const strength = random.uniform(0.12, 0.34);
      const seam = 0.05;
      this.#patches.push({ station, corners: corners(road, station, long, middle, half), tone, strength });
      for (const side of [1, -1]) {
        const edge = corners(road, station, long, middle + side * half, seam / 2);
        this.#patches.push({ station, corners: edge, tone: 50, strength: 0.4 });
      }
    }
  }

  paint(canvas: Canvas, lens: Lens, ego: EgoState): void {
    const c = cos(ego.heading);
    const s = sin(ego.heading);
    for (const patch of this.#patches) {
      if (patch.station < ego.station - 16 || patch.station > ego.station + reach) continue;
      for (let i = 0; i < 4; i++) {
        const dx = (patch.corners[2 * i] as number) - ego.x;
        const dy = (patch.corners[2 * i + 1] as number) - ego.y;
        this.#points[3 * i] = dx * c + dy * s;
        this.#points[3 * i + 1] = dy * c - dx * s;
      }
      const kept = lens.polygon(this.#points, 4);
      if (kept >= 3)
        canvas.fillPolygon(lens.projected, kept, patch.tone, patch.tone, patch.tone, patch.strength);
    }
  }
}

function corners(road: Road, station: number, long: number, middle: number, half: number): Float64Array {
  const places = [
    road.besideAt(station, middle - half),
    road.besideAt(station + long, middle - half),
    road.besideAt(station + long, middle + half),
    road.besideAt(station, middle + half),
  ];
  return Float64Array.from(places.flatMap(({ x, y }) => [x, y]));
}
