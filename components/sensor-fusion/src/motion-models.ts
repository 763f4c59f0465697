/** How the kinds of objects move: vehicles brake hard and steer gently, people change their minds slowly in all directions. */
import { CLASS_PEDESTRIAN, CLASS_UNKNOWN, isVulnerable } from "../../lib/perception-rows";
import { MotionModel } from "./object-filter";

const vehicle = new MotionModel(3.0, 1.0, 1.2, 0.1);
const person = new MotionModel(1.0, 1.0, 1.0, 0.05);
const unknown = new MotionModel(2.0, 1.0, 1.0, 0.1);

export function motionModel(kind: i32): MotionModel {
  if (kind == CLASS_UNKNOWN) return unknown;
  return isVulnerable(kind) ? person : vehicle;
}

/** Standard deviations of the velocity that a new object of a class has, along the road and across it, m/s. */
export function newSpeedDeviation(kind: i32): f64 {
  return kind == CLASS_PEDESTRIAN ? 2.5 : isVulnerable(kind) ? 6 : 12;
}

export function newSidewaysDeviation(kind: i32): f64 {
  return kind == CLASS_PEDESTRIAN ? 2.5 : 5;
}
