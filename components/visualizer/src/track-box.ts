/** The box that a track's object fills on the ground, and how fast it moves. */
import { CLASS_UNKNOWN, TrackAt, isVulnerable, rowClass, rowValue, usualSize } from "../../lib/perception-rows";
import { Scene } from "./scene";

/** Below this speed over ground a thing tells no heading, m/s. */
const HEADING_SPEED: f64 = 4;
/** What a thing of unknown size is drawn as, m. */
const GUESS: f64 = 1.2;

export class TrackBox {
  id: u32 = 0;
  kind: i32 = 0;
  confidence: f64 = 0;
  /** The middle of its near side, vehicle frame, m. */
  x: f64 = 0;
  y: f64 = 0;
  /** Over ground where the vehicle's speed is known, else relative to it, m/s. */
  vx: f64 = 0;
  vy: f64 = 0;
  /** Its speed, m/s. */
  speed: f64 = 0;
  length: f64 = 0;
  width: f64 = 0;
  height: f64 = 0;
  /** Unit vector from the near side to the far one. */
  alongX: f64 = 1;
  alongY: f64 = 0;

  read(scene: Scene, row: i32): void {
    const values = scene.trackValues;
    this.id = <u32>rowValue(values, row, TrackAt.ID);
    this.kind = rowClass(values, row, TrackAt.CLASS);
    this.confidence = rowValue(values, row, TrackAt.CONFIDENCE);
    this.x = rowValue(values, row, TrackAt.X);
    this.y = rowValue(values, row, TrackAt.Y);
    this.vx = rowValue(values, row, TrackAt.VX) + (isNaN(scene.speed) ? 0 : scene.speed);
    this.vy = rowValue(values, row, TrackAt.VY);
    this.speed = Math.sqrt(this.vx * this.vx + this.vy * this.vy);
    this.length = sizeOf(rowValue(values, row, TrackAt.LENGTH), this.kind, 0);
    this.width = sizeOf(rowValue(values, row, TrackAt.WIDTH), this.kind, 1);
    this.height = sizeOf(rowValue(values, row, TrackAt.HEIGHT), this.kind, 2);
    this.turn();
  }

  /** Corner 0 … 3: near left, near right, far right, far left, as seen from the near side. */
  cornerX(corner: i32): f64 {
    return this.x + this.alongX * this.away(corner) - this.alongY * this.aside(corner);
  }

  cornerY(corner: i32): f64 {
    return this.y + this.alongY * this.away(corner) + this.alongX * this.aside(corner);
  }

  /** The middle of the box. */
  get middleX(): f64 {
    return this.x + this.alongX * this.length * 0.5;
  }

  get middleY(): f64 {
    return this.y + this.alongY * this.length * 0.5;
  }

  private away(corner: i32): f64 {
    return corner >= 2 ? this.length : 0;
  }

  private aside(corner: i32): f64 {
    return corner == 0 || corner == 3 ? this.width * 0.5 : -this.width * 0.5;
  }

  /** Vehicles that move point where they go; the box always reaches away from us. */
  private turn(): void {
    this.alongX = 1;
    this.alongY = 0;
    const vehicle = this.kind != CLASS_UNKNOWN && !isVulnerable(this.kind);
    if (vehicle && this.speed > HEADING_SPEED && abs<f64>(this.vy) < 0.7 * abs<f64>(this.vx)) {
      this.alongX = this.vx / this.speed;
      this.alongY = this.vy / this.speed;
    }
    if (this.alongX * this.x + this.alongY * this.y < 0) {
      this.alongX = -this.alongX;
      this.alongY = -this.alongY;
    }
  }
}

function sizeOf(size: f64, kind: i32, dimension: i32): f64 {
  if (isFinite(size) && size > 0.1) return min<f64>(size, 30);
  const usual = usualSize(kind, dimension);
  return isNaN(usual) ? GUESS : usual;
}
