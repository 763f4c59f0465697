import { asin, atan2, cos, type Random, sin, tan } from "@playhead/exact-math";
import { gaussianNoise } from "../picture/noise.ts";
import { cloudMessage, floatFields, RosWriter, rosChannel, stampOf } from "../ros/message-writer.ts";
import { pointCloud } from "../ros/schemas.ts";
import { meet, type Passage, type PlacedSolid, passThrough, placeSolids } from "../world/rays.ts";
import type { Scene } from "../world/scene.ts";
import { type Instrument, mountMetadata, steadily } from "./instrument.ts";

const topic = "/lidar/top";
const mount = { x: -1.9, y: 0, z: 1.85 };
const degree = Math.PI / 180;
const twoPi = 2 * Math.PI;

/** Elevations of the 32 beams, degrees: closest together around the horizon, as beams of automotive lidars are. */
const rings = [
  -22, -19, -16.5, -14.2, -12.2, -10.5, -9.1, -8, -7, -6.2, -5.5, -4.9, -4.35, -3.85, -3.4, -3, -2.65, -2.3,
  -1.95, -1.6, -1.3, -1, -0.7, -0.4, -0.1, 0.2, 0.6, 1.1, 1.8, 2.8, 4.2, 6,
];
/** Azimuth steps, degrees: fine ahead, coarse elsewhere. */
const frontHalf = 60;
const frontStep = 0.3;
const aroundStep = 1.5;
/** Greatest range, m, standard deviation of a range, m, and the share of rays that never come back. */
const greatestRange = 110;
const rangeDeviation = 0.02;
const dropOut = 0.02;
/** Coordinates come in steps of this, m. */
const resolution = 1 / 512;
const tableSize = 1 << 16;

/** The lidar on the roof: 32 beams, 10 Hz. A sweep is taken in one instant. */
export function topLidar(random: Random): Instrument {
  const scanner = new Scanner(random.fork("table"));
  const writer = new RosWriter(pointCloud);
  const fields = floatFields("x", "y", "z", "intensity");
  const noise = random.fork("sweeps");
  return {
    channel: rosChannel(topic, pointCloud, mountMetadata(mount)),
    series: [
      {
        dueUs: steadily(10, 11_000),
        measure(moment) {
          const points = scanner.sweep(moment.scene(), noise);
          return writer.write(cloudMessage(stampOf(moment.timeUs, "lidar_top"), fields, points));
        },
      },
    ],
  };
}

class Scanner {
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #angles: readonly number[];
  readonly #slopes = rings.map((ring) => tan(ring * degree));
  /** Length of the ray per metre of level distance, per ring. */
  readonly #lengths = rings.map((ring) => 1 / cos(ring * degree));
  readonly #gaussian: Float32Array;
  readonly #uniform: Float32Array;
  readonly #buckets: PlacedSolid[][];
  readonly #points: Float32Array;
  readonly #nearest = new Float64Array(rings.length);
  readonly #hit: (PlacedSolid | undefined)[] = [];

  constructor(random: Random) {
    this.#angles = azimuths();
    this.#cos = Float64Array.from(this.#angles, (angle) => cos(angle));
    this.#sin = Float64Array.from(this.#angles, (angle) => sin(angle));
    this.#gaussian = gaussianNoise(random, tableSize);
    this.#uniform = Float32Array.from({ length: tableSize }, () => random.uniform());
    this.#buckets = this.#angles.map(() => []);
    this.#points = new Float32Array(this.#angles.length * rings.length * 4);
  }

  /** Points of one sweep: x, y, z (m, sensor frame) and intensity (0 … 255) each. */
  sweep(scene: Scene, random: Random): Float32Array {
    this.#sort(placeSolids(scene));
    let length = 0;
    const passage: Passage = { enter: 0, leave: 0 };
    for (let column = 0; column < this.#angles.length; column++) {
      const dx = this.#cos[column] as number;
      const dy = this.#sin[column] as number;
      const tilt = scene.ego.pitch * dx;
      this.#castGround(tilt);
      for (const placed of this.#buckets[column] as PlacedSolid[]) {
        if (passThrough(placed, mount.x, mount.y, dx, dy, passage)) this.#castSolid(placed, passage, tilt);
      }
      length = this.#collect(length, dx, dy, random.nextU32());
    }
    return this.#points.slice(0, length);
  }

  /** Puts each solid into the columns that can meet it. */
  #sort(solids: readonly PlacedSolid[]): void {
    for (const bucket of this.#buckets) bucket.length = 0;
    for (const placed of solids) {
      const x = placed.x - mount.x;
      const y = placed.y - mount.y;
      const distance = Math.sqrt(x * x + y * y);
      if (distance > greatestRange + placed.radius) continue;
      const half = distance > placed.radius ? asin(placed.radius / distance) : twoPi;
      const middle = atan2(y, x);
      for (const turn of [-twoPi, 0, twoPi]) this.#fill(placed, middle - half + turn, middle + half + turn);
    }
  }

  #fill(placed: PlacedSolid, from: number, to: number): void {
    const angles = this.#angles;
    let low = 0;
    let high = angles.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((angles[middle] as number) < from) low = middle + 1;
      else high = middle;
    }
    for (let i = low; i < angles.length && (angles[i] as number) <= to; i++)
      (this.#buckets[i] as PlacedSolid[]).push(placed);
  }

  #castGround(tilt: number): void {
    for (let ring = 0; ring < rings.length; ring++) {
      const slope = (this.#slopes[ring] as number) - tilt;
      this.#nearest[ring] = slope < 0 ? -mount.z / slope : Number.POSITIVE_INFINITY;
      this.#hit[ring] = undefined;
    }
  }

  #castSolid(placed: PlacedSolid, passage: Passage, tilt: number): void {
    for (let ring = 0; ring < rings.length; ring++) {
      const at = meet(placed.solid, passage, mount.z, (this.#slopes[ring] as number) - tilt);
      if (at < (this.#nearest[ring] as number)) {
        this.#nearest[ring] = at;
        this.#hit[ring] = placed;
      }
    }
  }

  /** Appends what came back to the points; `pick` chooses the noise. */
  #collect(start: number, dx: number, dy: number, pick: number): number {
    const mask = tableSize - 1;
    let length = start;
    for (let ring = 0; ring < rings.length; ring++) {
      const level = this.#nearest[ring] as number;
      const at = pick + ring * 2_503;
      const chance = this.#uniform[at & mask] as number;
      if (level > greatestRange || chance < dropOut) continue;
      const hit = this.#hit[ring];
      const albedo = hit ? hit.solid.albedo : groundAlbedo(level, chance);
      if (albedo <= 0 || (hit && chance < dropOut + hit.solid.porosity)) continue;
      const scatter = hit && hit.solid.porosity > 0.2 ? 0.25 : rangeDeviation;
      const noise = scatter * (this.#gaussian[(at * 3) & mask] as number);
      const range = level * (this.#lengths[ring] as number) + noise;
      const flat = range / (this.#lengths[ring] as number);
      this.#points[length] = rounded(flat * dx);
      this.#points[length + 1] = rounded(flat * dy);
      this.#points[length + 2] = rounded(flat * (this.#slopes[ring] as number));
      this.#points[length + 3] = Math.max(
        0,
        Math.round(albedo * (215 - 0.9 * level) + 5 * (this.#gaussian[(at * 5) & mask] as number)),
      );
      length += 4;
    }
    return length;
  }
}

/** Asphalt gives little back, and less the flatter the ray: the farther, the more rays get lost. */
function groundAlbedo(distance: number, chance: number): number {
  return chance < Math.min(0.97, (distance * distance) / 2200) ? 0 : 0.14;
}

function rounded(value: number): number {
  return Math.round(value / resolution) * resolution;
}

function azimuths(): number[] {
  const found: number[] = [];
  const front = Math.round((2 * frontHalf) / frontStep);
  const around = Math.round((360 - 2 * frontHalf) / aroundStep);
  const side = Math.round((180 - frontHalf) / aroundStep);
  for (let i = 0; i < front; i++) found.push((-frontHalf + i * frontStep) * degree);
  for (let i = 0; i < around; i++)
    found.push((frontHalf + (i < side ? i * aroundStep : i * aroundStep - 360)) * degree);
  return found.sort((a, b) => a - b);
}
