import { cos, type Random, sin } from "@playhead/exact-math";
import type { BodyMaker } from "../plan/paints.ts";
import type { Body } from "./body.ts";
import { type Motion, SteadyMotion } from "./motion.ts";
import { Path } from "./path.ts";
import { type Road, street } from "./road.ts";
import { type Crossing, crossingReach, type Story } from "./story.ts";

/** A body that moves along a path. */
export interface Mover {
  readonly body: Body;
  readonly path: { at(distance: number): { x: number; y: number; heading: number; station: number } };
  /** Distance along the path where the motion is at 0, m. */
  readonly start: number;
  readonly motion: Motion;
  /** From the direction of the path to the way that the body faces, rad. */
  readonly turn: number;
  readonly hasBrakeLights: boolean;
}

/** Everybody who moves, and the own vehicle's path. */
export interface Traffic {
  readonly egoPath: Path;
  readonly movers: readonly Mover[];
  readonly crossingStations: readonly number[];
  readonly leadId: number;
  readonly pedestrianIds: readonly number[];
  readonly maker: BodyMaker;
}

const twoPi = 2 * Math.PI;

/** Makes the bodies of those in the story, the oncoming vehicles and the people on the pavements. */
export function planTraffic(
  story: Story,
  road: Road,
  endStation: number,
  durationS: number,
  maker: BodyMaker,
  random: Random,
): Traffic {
  const egoPath = new Path(road, -20, endStation, weave(-street.laneCentre, random.fork("ego weave")));
  const crossingStations = story.crossings.map(
    (crossing) => egoPath.at(egoPath.distanceAt(0) + crossing.station).station,
  );
  const lead = leadVehicle(story, road, endStation, maker, random.fork("lead"));
  const people = story.crossings.map((crossing, i) =>
    crosser(crossing, road, crossingStations[i] ?? 0, maker, random.fork(`crosser ${i}`)),
  );
  const oncoming = oncomingVehicles(
    story,
    road,
    crossingStations,
    endStation,
    durationS,
    maker,
    random.fork("oncoming"),
  );
  const walkers = strollers(road, endStation, maker, random.fork("walkers"));
  return {
    egoPath,
    movers: [lead, ...people, ...oncoming, ...walkers],
    crossingStations,
    leadId: lead.body.id,
    pedestrianIds: people.map((mover) => mover.body.id),
    maker,
  };
}

/** Nobody keeps to the middle of a lane: an offset that wanders by about 15 cm. */
function weave(centre: number, random: Random): (station: number) => number {
  const waves = [97, 163, 241].map((length) => ({
    wave: twoPi / length,
    phase: random.uniform(0, twoPi),
    width: random.uniform(0.03, 0.08),
  }));
  return (station) => {
    let offset = centre;
    for (const { wave, phase, width } of waves) offset += width * sin(wave * station + phase);
    return offset;
  };
}

/** The story tells where its rear bumper is. */
function leadVehicle(story: Story, road: Road, endStation: number, maker: BodyMaker, random: Random): Mover {
  const path = new Path(road, -20, endStation, weave(-street.laneCentre, random));
  const body = maker.vehicle(random, false);
  return {
    body,
    path,
    start: path.distanceAt(0) + body.length / 2,
    motion: story.lead,
    turn: 0,
    hasBrakeLights: true,
  };
}

function crosser(crossing: Crossing, road: Road, station: number, maker: BodyMaker, random: Random): Mover {
  const from = road.besideAt(station, crossing.side * crossingReach);
  const heading = from.heading - (crossing.side * Math.PI) / 2;
  const path = straight(from.x, from.y, heading, station);
  return {
    body: maker.pedestrian(random),
    path,
    start: 0,
    motion: crossing.motion,
    turn: 0,
    hasBrakeLights: false,
  };
}

function straight(x: number, y: number, heading: number, station: number): Mover["path"] {
  const dx = cos(heading);
  const dy = sin(heading);
  return { at: (distance) => ({ x: x + distance * dx, y: y + distance * dy, heading, station }) };
}

/** Vehicles in the other lane, except those that would meet a crossing pedestrian. */
function oncomingVehicles(
  story: Story,
  road: Road,
  crossingStations: readonly number[],
  endStation: number,
  durationS: number,
  maker: BodyMaker,
  random: Random,
): Mover[] {
  const path = new Path(road, -200, endStation, () => street.laneCentre);
  const zero = path.distanceAt(0);
  const movers: Mover[] = [];
  const base = random.uniform(12.5, 15.5);
  for (let meetS = random.uniform(2, 4.5); meetS < durationS + 12; meetS += random.uniform(3, 8.5)) {
    const speed = base + random.uniform(-0.4, 0.4);
    const body = maker.vehicle(random, true);
    const meeting = story.ego.at(meetS).distance;
    const motion = new SteadyMotion(meeting + speed * meetS, -speed);
    const mover: Mover = { body, path, start: zero, motion, turn: Math.PI, hasBrakeLights: false };
    if (!story.crossings.some((crossing, i) => endangers(mover, crossing, crossingStations[i] ?? 0)))
      movers.push(mover);
  }
  return movers;
}

/** Whether the vehicle comes near the crossing while somebody is on it. */
function endangers(mover: Mover, crossing: Crossing, station: number): boolean {
  for (let timeS = crossing.startS - 0.5; timeS < crossing.motion.endS + 0.5; timeS += 0.25) {
    const place = mover.path.at(mover.start + mover.motion.at(timeS).distance).station;
    if (Math.abs(place - station) < 13) return true;
  }
  return false;
}

/** People who walk along the pavements. */
function strollers(road: Road, endStation: number, maker: BodyMaker, random: Random): Mover[] {
  const movers: Mover[] = [];
  for (const side of [1, -1]) {
    const path = new Path(road, -100, endStation, () => side * (street.kerb + 1.25));
    for (
      let station = random.uniform(0, 60);
      station < endStation - 150;
      station += random.uniform(25, 110)
    ) {
      const forward = random.uniform() < 0.5;
      const speed = random.uniform(1, 1.5);
      const body = maker.pedestrian(random);
      const motion = new SteadyMotion(0, forward ? speed : -speed);
      movers.push({
        body,
        path,
        start: path.distanceAt(station),
        motion,
        turn: forward ? 0 : Math.PI,
        hasBrakeLights: false,
      });
    }
  }
  return movers;
}
