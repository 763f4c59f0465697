import type { Random } from "@playhead/exact-math";
import type { Body } from "../world/body.ts";
import { street } from "../world/road.ts";
import type { BodyMaker } from "./paints.ts";

/** Something that stands beside the road. */
export interface Standing {
  readonly body: Body;
  readonly station: number;
  /** m to the left of the centre line. */
  readonly offset: number;
  /** From the direction of the road to the left, rad. */
  readonly turn: number;
}

const sides = [1, -1] as const;
/** Room that is kept free around a crossing, m. */
const clearance = 10;

/** Puts things along the street, without standing in the way of the crossings; sorted by station. */
export function planScenery(
  from: number,
  to: number,
  crossings: readonly number[],
  maker: BodyMaker,
  random: Random,
): readonly Standing[] {
  const all = [
    ...parked(from, to, crossings, maker, random.fork("parked")),
    ...furniture(from, to, crossings, maker, random.fork("furniture")),
    ...trees(from, to, crossings, maker, random.fork("trees")),
    ...buildings(from, to, maker, random.fork("buildings")),
  ];
  return all.sort((a, b) => a.station - b.station || a.body.id - b.body.id);
}

function near(station: number, places: readonly number[], reach: number): boolean {
  return places.some((place) => Math.abs(place - station) < reach);
}

/** Cars at the kerb, in groups. */
function parked(
  from: number,
  to: number,
  crossings: readonly number[],
  maker: BodyMaker,
  random: Random,
): Standing[] {
  const found: Standing[] = [];
  for (const side of sides) {
    let crowd = 0.4;
    for (let station = from; station < to; station += random.uniform(5.8, 7.6)) {
      crowd = Math.max(0.08, Math.min(0.75, crowd + random.uniform(-0.22, 0.22)));
      if (random.uniform() > crowd || near(station, crossings, clearance)) continue;
      const body = maker.vehicle(random, false);
      const offset = side * (street.kerb - 0.22 - body.width / 2 - random.uniform(0, 0.15));
      found.push({ body, station, offset, turn: (side > 0 ? Math.PI : 0) + random.uniform(-0.02, 0.02) });
    }
  }
  return found;
}

/** Street lamps, signs and bollards on the pavement. */
function furniture(
  from: number,
  to: number,
  crossings: readonly number[],
  maker: BodyMaker,
  random: Random,
): Standing[] {
  const found: Standing[] = [];
  let side: 1 | -1 = 1;
  for (let station = from + random.uniform(0, 30); station < to; station += 36) {
    side = side > 0 ? -1 : 1;
    if (near(station, crossings, 2)) continue;
    const body = maker.make("lamp", 0.16, 0.16, 7.4, random);
    found.push({ body, station, offset: side * (street.kerb + 0.55), turn: side > 0 ? Math.PI : 0 });
  }
  for (let station = from + random.uniform(0, 40); station < to; station += random.uniform(45, 90)) {
    if (near(station, crossings, 4)) continue;
    const body = maker.make("sign", 0.08, 0.08, 2.6, random);
    found.push({ body, station, offset: -(street.kerb + 0.6), turn: Math.PI });
  }
  for (let station = from + random.uniform(0, 60); station < to; station += random.uniform(50, 110)) {
    const row = 3 + Math.floor(random.uniform() * 4);
    for (let i = 0; i < row; i++) {
      if (near(station + 1.8 * i, crossings, 4)) continue;
      const body = maker.make("bollard", 0.14, 0.14, 1, random);
      found.push({ body, station: station + 1.8 * i, offset: side * (street.kerb + 0.35), turn: 0 });
    }
    side = side > 0 ? -1 : 1;
  }
  return found;
}

function trees(
  from: number,
  to: number,
  crossings: readonly number[],
  maker: BodyMaker,
  random: Random,
): Standing[] {
  const found: Standing[] = [];
  for (const side of sides) {
    for (let station = from; station < to; station += random.uniform(9, 26)) {
      if (near(station, crossings, 5)) continue;
      const height = random.uniform(5, 9.5);
      const body = maker.make("tree", 0.55 * height, 0.55 * height, height, random);
      const offset = side * (street.pavementEdge + random.uniform(0.9, 3));
      found.push({ body, station, offset, turn: random.uniform(0, 6) });
    }
  }
  return found;
}

function buildings(from: number, to: number, maker: BodyMaker, random: Random): Standing[] {
  const found: Standing[] = [];
  for (const side of sides) {
    let station = from;
    while (station < to) {
      const length = random.uniform(9, 17);
      const gap = random.uniform(3, 22);
      const body = maker.make("building", length, random.uniform(8, 11), random.uniform(5, 9), random);
      const offset = side * (random.uniform(13, 17) + body.width / 2);
      if (random.uniform() < 0.82)
        found.push({ body, station: station + length / 2, offset, turn: side > 0 ? Math.PI : 0 });
      station += length + gap;
    }
  }
  return found;
}
