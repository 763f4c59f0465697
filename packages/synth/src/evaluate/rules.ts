import { atan2, cos, sin } from "@playhead/exact-math";
import type { TruthObject } from "../truth/truth-frame.ts";

/**
 * Which objects count, and how near is near enough. An object is *due* when it is no scenery, its nearest point lies between `nearestM` and
 * `farthestM` from the vehicle's front and within `halfAngle` of straight ahead, and at least `leastVisible` of it is not hidden.
 */
export interface EvaluationRules {
  readonly nearestM: number;
  readonly farthestM: number;
  /** rad */
  readonly halfAngle: number;
  /** 0 … 1 */
  readonly leastVisible: number;
  /** A place belongs to an object when it is at most `gateM` + `gateShare` · (distance of the object) away, m. */
  readonly gateM: number;
  readonly gateShare: number;
  /** Whether a detection on scenery is wrong; otherwise it is ignored: a lamp post is an obstacle, if no road user. */
  readonly sceneryIsWrong?: boolean;
}

/** 2 to 60 m ahead, 45° to each side, at least 30 % visible; gate 2 m + 10 %. */
export const defaultRules: EvaluationRules = {
  nearestM: 2,
  farthestM: 60,
  halfAngle: Math.PI / 4,
  leastVisible: 0.3,
  gateM: 2,
  gateShare: 0.1,
};

/** Whether a place is where objects are due: in range and ahead. */
export function isInRegion(rules: EvaluationRules, x: number, y: number): boolean {
  const range = Math.sqrt(x * x + y * y);
  return range >= rules.nearestM && range <= rules.farthestM && Math.abs(atan2(y, x)) <= rules.halfAngle;
}

/** Whether the object ought to be found. */
export function isDue(rules: EvaluationRules, object: TruthObject): boolean {
  if (object.class === "static" || object.visible < rules.leastVisible) return false;
  return isInRegion(rules, object.nearest[0], object.nearest[1]);
}

/** How far from the object a place may be and still belong to it, m. */
export function gateOf(rules: EvaluationRules, object: TruthObject): number {
  const [x, y] = object.nearest;
  return rules.gateM + rules.gateShare * Math.sqrt(x * x + y * y);
}

/**
 * Distance from a place to where a sensor may rightly put the object, m: its nearest point, or the middle of a side that faces the
 * vehicle's front; whichever is closest.
 */
export function distanceToFace(object: TruthObject, x: number, y: number): number {
  let least = distance(object.nearest[0], object.nearest[1], x, y);
  const c = cos(object.yaw);
  const s = sin(object.yaw);
  for (const [along, across] of sides) {
    const ax = (along * object.length) / 2;
    const ay = (across * object.width) / 2;
    const sideX = object.x + ax * c - ay * s;
    const sideY = object.y + ax * s + ay * c;
    const facing = sideX * (along * c - across * s) + sideY * (along * s + across * c);
    if (facing < 0) least = Math.min(least, distance(sideX, sideY, x, y));
  }
  return least;
}

/** Distance from a place to the object's footprint, m; 0 within. */
export function distanceToFootprint(object: TruthObject, x: number, y: number): number {
  const c = cos(object.yaw);
  const s = sin(object.yaw);
  const dx = x - object.x;
  const dy = y - object.y;
  const along = Math.max(0, Math.abs(dx * c + dy * s) - object.length / 2);
  const across = Math.max(0, Math.abs(dy * c - dx * s) - object.width / 2);
  return Math.sqrt(along * along + across * across);
}

const sides: readonly (readonly [number, number])[] = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];

function distance(ax: number, ay: number, bx: number, by: number): number {
  return Math.sqrt((ax - bx) * (ax - bx) + (ay - by) * (ay - by));
}
