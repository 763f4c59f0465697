/**
 * What a cluster of lidar points is, by its size. Sizes are of what is seen: the far side of an object is hidden, so
 * lengths are lower bounds, and far away the gaps between the scan lines cut off the top.
 */

import { CLASS_UNKNOWN, CLASS_CAR, CLASS_TRUCK, CLASS_PEDESTRIAN, CLASS_CYCLIST } from "../../../lib/perception-rows";
import { isPersonLike } from "./assembly";
import { Box } from "./box-fit";

/** A cluster that is no object of the road: a wall, vegetation, a pole, a kerb. */
export const REJECTED: i32 = -1;

/** Lower than this is a kerb or lies on the road, m. */
const LEAST_HEIGHT: f32 = 0.45;
/** Higher than this is a building, a tree or a gantry, m. */
const GREATEST_HEIGHT: f32 = 4.3;
/** What starts higher than this hangs above the road, m. */
const GREATEST_CLEARANCE: f32 = 1.2;
/** Longest vehicle, m. */
const LONGEST: f32 = 15;
/** Widest vehicle, m. */
const WIDEST: f32 = 3.2;
/** Lateral distance up to which unknown objects matter, m. */
const CORRIDOR: f32 = 3;

/** The class of a fitted cluster, or `REJECTED`. `range` is the distance to its nearest point, m. */
export function classify(box: Box, range: f32): i32 {
  const points = box.points;
  const longer = box.longer;
  const shorter = box.shorter;
  const height = box.top;
  if (points < leastPoints(range) || height < LEAST_HEIGHT || height > GREATEST_HEIGHT) return REJECTED;
  if (box.bottom > GREATEST_CLEARANCE || longer > LONGEST || shorter > WIDEST) return REJECTED;
  if (longer > 5 && shorter < 0.6 && height < 1.3) return REJECTED; // a barrier
  if (height > 2.15 && longer < 0.9) return REJECTED; // a pole, a trunk
  if (isTruck(box, longer, shorter, height)) return CLASS_TRUCK;
  if (isCyclist(box, longer, shorter, height)) return CLASS_CYCLIST;
  if (isCar(longer, shorter, height, range, box.onSides)) return CLASS_CAR;
  if (isPedestrian(box, range)) return CLASS_PEDESTRIAN;
  const inTheWay = abs<f32>(box.nearY) < CORRIDOR && points >= 6;
  return inTheWay && longer >= 0.4 && longer <= 6 && height <= 2.5 ? CLASS_UNKNOWN : REJECTED;
}

function leastPoints(range: f32): i32 {
  return range < 15 ? 6 : range < 35 ? 4 : 3;
}

function isTruck(box: Box, longer: f32, shorter: f32, height: f32): bool {
  // A crown stands on a narrow trunk, a truck on wheels at both ends.
  if (box.onSides < 0.4 || box.lowExtent < 0.6 * longer) return false;
  if (height >= 2.3 && longer >= 1.7) return true;
  return longer > 6 && height > 1.7 && shorter > 0.1;
}

function isCar(longer: f32, shorter: f32, height: f32, range: f32, onSides: f32): bool {
  if (longer > 6 || shorter > 2.6 || height > 2.3) return false;
  if (range < 40 && onSides < 0.35) return false;
  const least: f32 = range < 40 ? 1.2 : 0.95;
  return longer >= least && (height >= 0.6 || range > 25);
}

function isPedestrian(box: Box, range: f32): bool {
  // Far away the scan lines miss the head.
  if (range > 35 && box.top >= 1.1 && box.top < 1.56) return box.longer <= 0.6 && box.longer >= 0.16 && box.bottom < 0.9;
  return isPersonLike(box);
}

/** Longer than a person, as narrow, and narrow at the top, where a car still is wide. */
function isCyclist(box: Box, longer: f32, shorter: f32, height: f32): bool {
  return longer >= 1.25 && longer <= 2.3 && shorter <= 0.9 && height >= 1.4 && height <= 2.1 && box.topExtent < 0.5 * longer;
}
