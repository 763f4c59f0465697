import { cameraMount, intrinsics } from "../picture/lens.ts";
import { truthClassOf } from "../world/body.ts";
import { closestPoint, nearSide } from "../world/footprint.ts";
import { street } from "../world/road.ts";
import type { Scene, Thing } from "../world/scene.ts";
import { Visibility } from "../world/visibility.ts";
import type { World } from "../world/world.ts";
import type { TruthFrame, TruthObject } from "./truth-frame.ts";

/** Objects farther away are left out; scenery sooner, and behind the vehicle. m */
const reach = 110;
const sceneryReach = 75;

/** Writes down how everything is, rounded to what matters. */
export function observe(world: World, scene: Scene, timeUs: number): TruthFrame {
  const { ego } = scene;
  const visibility = new Visibility(scene, cameraMount);
  const objects: TruthObject[] = [];
  scene.things.forEach((thing, index) => {
    const distance = Math.sqrt(thing.x * thing.x + thing.y * thing.y);
    const scenery = truthClassOf(thing.body.kind) === "static";
    if (distance > (scenery ? sceneryReach : reach)) return;
    if (scenery && thing.x < -0.5 * thing.body.length - 2) return;
    objects.push(describe(thing, visibility.share(index), isInLane(world, scene, thing)));
  });
  return {
    time_us: timeUs,
    ego: {
      x: round(ego.x, 3),
      y: round(ego.y, 3),
      yaw: round(wrapped(ego.heading), 5),
      speed: round(ego.speed, 4),
      acceleration: round(ego.acceleration, 4),
      yaw_rate: round(ego.yawRate, 6),
      curvature: round(ego.curvature, 6),
      pitch: round(ego.pitch, 5),
    },
    objects,
  };
}

function describe(thing: Thing, visible: number, inLane: boolean): TruthObject {
  const { body } = thing;
  const nearest = closestPoint(thing, 0, 0);
  const side = nearSide(thing, 0, 0);
  const ahead = thing.x - cameraMount.x;
  return {
    id: body.id,
    class: truthClassOf(body.kind),
    kind: body.kind,
    x: round(thing.x, 3),
    y: round(thing.y, 3),
    yaw: round(wrapped(thing.yaw), 4),
    vx: round(thing.vx, 3),
    vy: round(thing.vy, 3),
    length: round(body.length, 3),
    width: round(body.width, 3),
    height: round(body.height, 3),
    nearest: [round(nearest.x, 3), round(nearest.y, 3)],
    near_side: [round(side.x, 3), round(side.y, 3)],
    visible: round(visible, 3),
    in_lane: inLane,
    in_view: ahead > 0 && Math.abs(thing.y) * intrinsics.fx < ahead * intrinsics.cx,
    moving: thing.speed > 0.05,
  };
}

/** Whether the footprint reaches into the own lane, by the offset of its corners and sides from the centre line. */
function isInLane(world: World, scene: Scene, thing: Thing): boolean {
  const offset = world.offsetOf(scene.ego, thing);
  const reachesOut =
    0.5 * (thing.body.width * Math.abs(thing.cosYaw) + thing.body.length * Math.abs(thing.sinYaw));
  return offset - reachesOut < 0 && offset + reachesOut > -street.laneWidth;
}

/** The same angle from −π to π. */
function wrapped(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}

function round(value: number, digits: number): number {
  const scale = powers[digits] ?? 1;
  const rounded = Math.round(value * scale) / scale;
  return rounded === 0 ? 0 : rounded;
}

const powers = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];
