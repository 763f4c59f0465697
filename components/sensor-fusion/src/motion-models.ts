/** How the kinds of objects move: vehicles brake hard and steer gently, people change their minds slowly in all directions. */
import { CLASS_UNKNOWN, isVulnerable } from "../../lib/perception-rows";
import { MotionModel } from "./object-filter";

const vehicle = new MotionModel(3.0, 1.0, 1.2, 0.1);
const person = new MotionModel(1.0, 1.0, 1.0, 0.05);
const unknown = new MotionModel(2.0, 1.0, 1.0, 0.1);

export function motionModel(kind: i32): MotionModel {
  if (kind == CLASS_UNKNOWN) return unknown;
  return isVulnerable(kind) ? person : vehicle;
}
