import { cos, exp, type Random, sin } from "@playhead/exact-math";
import type { Colour } from "../world/body.ts";

/** Light of one drive: where the sun stands and how hazy it is. */
export class Light {
  /** Direction to the sun: azimuth in the world frame (rad from east to the left) and elevation (rad). */
  readonly azimuth: number;
  readonly elevation: number;
  /** Colour of the air in the distance. */
  readonly haze: Colour;
  /** Distance over which the air hides all but 1/e, m. */
  readonly visibility: number;

  constructor(random: Random) {
    this.azimuth = random.uniform(-3.14, 3.14);
    this.elevation = random.uniform(0.65, 0.95);
    this.haze = [200 + random.uniform(-6, 10), 210 + random.uniform(-5, 8), 220 + random.uniform(-5, 8)];
    this.visibility = random.uniform(750, 1300);
  }

  /** The direction to the sun in the vehicle frame, for a heading of the vehicle. */
  direction(heading: number): readonly [number, number, number] {
    const flat = cos(this.elevation);
    return [flat * cos(this.azimuth - heading), flat * sin(this.azimuth - heading), sin(this.elevation)];
  }

  /** Share of the haze at a distance, 0 … 1. */
  hazeAt(distance: number): number {
    return 1 - exp(-Math.max(0, distance) / this.visibility);
  }
}
