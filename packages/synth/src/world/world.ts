import { cos, Random, sin } from "@playhead/exact-math";
import type { DriveOptions } from "../options.ts";
import { planDrive } from "../plan/drive-plan.ts";
import { BodyMaker } from "../plan/paints.ts";
import { planScenery } from "../plan/scenery.ts";
import type { Body } from "./body.ts";
import { type Mover, planTraffic } from "./movers.ts";
import type { Path } from "./path.ts";
import { Road } from "./road.ts";
import type { EgoState, Scene, Thing } from "./scene.ts";
import { playStory, type Story } from "./story.ts";
import { Suspension } from "./suspension.ts";

/** How far the scene reaches: ahead and behind, m along the road. */
const reachAhead = 170;
const reachBehind = 45;
/** Room of road before the start and behind the end, m. */
const margin = 400;

interface Stander {
  readonly body: Body;
  readonly station: number;
  readonly x: number;
  readonly y: number;
  readonly heading: number;
}

/** Everything that is and happens in a drive, as a function of time. */
export class World {
  readonly options: DriveOptions;
  readonly road: Road;
  readonly story: Story;
  /** Stations of the pedestrian crossings that are painted on the road, m. */
  readonly crossingStations: readonly number[];
  /** Number of the lead vehicle. */
  readonly leadId: number;
  /** Numbers of the crossing pedestrians, in the order of the story's crossings. */
  readonly pedestrianIds: readonly number[];
  readonly #path: Path;
  readonly #pathStart: number;
  readonly #suspension: Suspension;
  readonly #movers: readonly Mover[];
  readonly #standers: readonly Stander[];

  constructor(options: DriveOptions) {
    this.options = options;
    const random = Random.fromSeed(options.seed).fork(options.scenario);
    const plan = planDrive(options, random.fork("plan"));
    this.story = playStory(plan, random.fork("story"));
    const end = this.story.lead.at(options.durationS).distance + margin;
    const curves = random.fork("curves");
    this.road = new Road(
      -margin,
      end + margin,
      plan.heading,
      (i) => (i < 7 ? 0.3 : 1) * plan.greatestCurvature * curves.uniform(-1, 1),
    );
    const traffic = planTraffic(
      this.story,
      this.road,
      end,
      options.durationS,
      new BodyMaker(),
      random.fork("traffic"),
    );
    this.#movers = traffic.movers;
    this.#path = traffic.egoPath;
    this.#pathStart = this.#path.distanceAt(0);
    this.crossingStations = traffic.crossingStations;
    this.leadId = traffic.leadId;
    this.pedestrianIds = traffic.pedestrianIds;
    this.#suspension = new Suspension(this.story.ego, options.durationS, random.fork("suspension"));
    const scenery = planScenery(-120, end, this.crossingStations, traffic.maker, random.fork("scenery"));
    this.#standers = scenery.map(({ body, station, offset, turn }) => {
      const { x, y, heading } = this.road.besideAt(station, offset);
      return { body, station, x, y, heading: heading + turn };
    });
  }

  /** The own vehicle's state, seconds after the start. */
  ego(timeS: number): EgoState {
    const { distance, speed, acceleration } = this.story.ego.at(timeS);
    const { x, y, heading, curvature, station } = this.#path.at(this.#pathStart + distance);
    const pitch = this.#suspension.at(timeS);
    const yawRate = curvature * speed;
    return {
      x,
      y,
      heading,
      station,
      speed,
      acceleration,
      yawRate,
      curvature,
      pitch: pitch.angle,
      pitchRate: pitch.rate,
    };
  }

  /** Everything within reach, seconds after the start. */
  look(timeS: number): Scene {
    const ego = this.ego(timeS);
    const frame = new VehicleFrame(ego);
    const things: Thing[] = [];
    for (const mover of this.#movers) {
      const { distance, speed, acceleration } = mover.motion.at(timeS);
      const point = mover.path.at(mover.start + distance);
      const beside = point.station - ego.station;
      if (beside > reachAhead || beside < -reachBehind) continue;
      const brakeLights = mover.hasBrakeLights && (acceleration < -0.6 || speed < 0.3);
      things.push(
        frame.place(
          mover.body,
          point.x,
          point.y,
          point.heading + mover.turn,
          point.heading,
          speed,
          brakeLights,
          distance,
        ),
      );
    }
    for (let i = this.#firstStander(ego.station - reachBehind); i < this.#standers.length; i++) {
      const { body, station, x, y, heading } = this.#standers[i] as Stander;
      if (station > ego.station + reachAhead) break;
      things.push(frame.place(body, x, y, heading, heading, 0, false, 0));
    }
    things.sort((a, b) => a.body.id - b.body.id);
    return { timeS, ego, things };
  }

  /** How far a thing is to the left of the road's centre line, m: by the closest point of the line, found in small steps. */
  offsetOf(ego: EgoState, thing: Thing): number {
    const c = cos(ego.heading);
    const s = sin(ego.heading);
    const x = ego.x + thing.x * c - thing.y * s;
    const y = ego.y + thing.x * s + thing.y * c;
    let station = ego.station + thing.x;
    const point = { x: 0, y: 0, heading: 0 };
    for (let round = 0; round < 4; round++) {
      this.road.pointAt(station, point);
      station += (x - point.x) * cos(point.heading) + (y - point.y) * sin(point.heading);
    }
    this.road.pointAt(station, point);
    return (y - point.y) * cos(point.heading) - (x - point.x) * sin(point.heading);
  }

  #firstStander(station: number): number {
    let low = 0;
    let high = this.#standers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#standers[middle] as Stander).station < station) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** From the world frame into the vehicle frame of one instant. */
class VehicleFrame {
  readonly #ego: EgoState;
  readonly #cos: number;
  readonly #sin: number;

  constructor(ego: EgoState) {
    this.#ego = ego;
    this.#cos = cos(ego.heading);
    this.#sin = sin(ego.heading);
  }

  place(
    body: Body,
    worldX: number,
    worldY: number,
    facing: number,
    course: number,
    speed: number,
    brakeLights: boolean,
    walked: number,
  ): Thing {
    const dx = worldX - this.#ego.x;
    const dy = worldY - this.#ego.y;
    const yaw = facing - this.#ego.heading;
    const direction = course - this.#ego.heading;
    return {
      body,
      x: dx * this.#cos + dy * this.#sin,
      y: dy * this.#cos - dx * this.#sin,
      yaw,
      cosYaw: cos(yaw),
      sinYaw: sin(yaw),
      vx: speed * cos(direction) - this.#ego.speed,
      vy: speed * sin(direction),
      speed: Math.abs(speed),
      brakeLights,
      walked,
    };
  }
}
