/** The lane that the vehicle is about to drive through: an arc by its yaw rate, as long as it goes in a few seconds. */
import { Scene } from "./scene";

/** Half its width, m. */
export const HALF_WIDTH: f64 = 1.3;
const SECONDS: f64 = 3.5;
const LEAST_LENGTH: f64 = 12;
const MOST_LENGTH: f64 = 70;
/** Of a vehicle whose speed is not known. */
const USUAL_LENGTH: f64 = 40;
const LEAST_SPEED: f64 = 2.5;
const MAX_CURVATURE: f64 = 0.2;
/** Smaller ones are straight, 1/m. */
const STRAIGHT: f64 = 1e-5;

export class EgoPath {
  /** m. */
  length: f64 = 0;
  /** 1/m, positive to the left. */
  curvature: f64 = 0;

  read(scene: Scene): void {
    const speed = scene.speed;
    this.length = isNaN(speed) ? USUAL_LENGTH : min<f64>(max<f64>(speed * SECONDS, LEAST_LENGTH), MOST_LENGTH);
    this.curvature = 0;
    if (!(speed > LEAST_SPEED) || !isFinite(scene.yawRate)) return;
    this.curvature = min<f64>(max<f64>(scene.yawRate / speed, -MAX_CURVATURE), MAX_CURVATURE);
    // No further than a quarter of a turn.
    this.length = min<f64>(this.length, 1.5 / max<f64>(abs<f64>(this.curvature), STRAIGHT));
  }

  /** The point at a way along the path, so far to its left, vehicle frame, m. */
  x(way: f64, left: f64): f64 {
    const k = this.curvature;
    if (abs<f64>(k) < STRAIGHT) return way;
    return (1 / k - left) * Math.sin(k * way);
  }

  y(way: f64, left: f64): f64 {
    const k = this.curvature;
    if (abs<f64>(k) < STRAIGHT) return left;
    return 1 / k - (1 / k - left) * Math.cos(k * way);
  }
}
