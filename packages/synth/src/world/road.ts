import { cos, sin } from "@playhead/exact-math";

/** A place and a direction on a curve, in the world frame (x east, y north, m; heading from east to the left, rad). */
export interface CurvePoint {
  x: number;
  y: number;
  heading: number;
}

/** Lateral layout of the street, m to the left of the centre line; the right half mirrors it. */
export const street = {
  laneWidth: 3.5,
  laneCentre: 1.75,
  /** Where the lane ends and the parking strip begins. */
  laneEdge: 3.5,
  kerb: 6.1,
  /** Far edge of the pavement (sidewalk). */
  pavementEdge: 8.2,
} as const;

/** Distance between the nodes of a curve, m. */
const nodeStep = 0.5;
/** Distance between the control points of the curvature, m. */
const controlStep = 60;

/**
 * The centre line of the street: a curve given by its curvature over the station (distance along it). The curvature runs smoothly
 * through control points; heading is its integral, position the integral of the direction.
 */
export class Road {
  /** First and last station that is defined, m. */
  readonly firstStation: number;
  readonly lastStation: number;
  readonly #controls: Float64Array;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #heading: Float64Array;

  /**
   * `curvatureAt(i)` gives the curvature (1/m, positive to the left) at control point i, which lies at `firstStation + 60·i`.
   */
  constructor(
    firstStation: number,
    lastStation: number,
    heading: number,
    curvatureAt: (control: number) => number,
  ) {
    const count = Math.ceil((lastStation - firstStation) / nodeStep) + 1;
    this.firstStation = firstStation;
    this.lastStation = firstStation + (count - 1) * nodeStep;
    const controls = Math.ceil(((count - 1) * nodeStep) / controlStep) + 2;
    this.#controls = Float64Array.from({ length: controls }, (_, i) => curvatureAt(i));
    this.#x = new Float64Array(count);
    this.#y = new Float64Array(count);
    this.#heading = new Float64Array(count);
    this.#integrate(heading);
  }

  #integrate(heading: number): void {
    let theta = heading;
    this.#heading[0] = theta;
    for (let i = 1; i < this.#x.length; i++) {
      const middle = this.curvature(this.firstStation + (i - 0.5) * nodeStep);
      const half = theta + middle * nodeStep * 0.5;
      theta += middle * nodeStep;
      this.#heading[i] = theta;
      this.#x[i] = (this.#x[i - 1] ?? 0) + nodeStep * cos(half);
      this.#y[i] = (this.#y[i - 1] ?? 0) + nodeStep * sin(half);
    }
  }

  /** Curvature at a station, 1/m, positive to the left. */
  curvature(station: number): number {
    const place = Math.max(0, (station - this.firstStation) / controlStep);
    const index = Math.min(Math.floor(place), this.#controls.length - 2);
    const t = Math.min(1, place - index);
    const from = this.#controls[index] ?? 0;
    const to = this.#controls[index + 1] ?? 0;
    return from + (to - from) * t * t * (3 - 2 * t);
  }

  /** The point of the centre line at a station; beyond the ends the line goes straight on. Writes into `out`. */
  pointAt(station: number, out: CurvePoint): CurvePoint {
    const place = (station - this.firstStation) / nodeStep;
    const index = Math.max(0, Math.min(Math.floor(place), this.#x.length - 2));
    const t = place - index;
    const x = this.#x[index] ?? 0;
    const y = this.#y[index] ?? 0;
    const heading = this.#heading[index] ?? 0;
    const inside = Math.max(0, Math.min(1, t));
    out.x = x + ((this.#x[index + 1] ?? 0) - x) * t;
    out.y = y + ((this.#y[index + 1] ?? 0) - y) * t;
    out.heading = heading + ((this.#heading[index + 1] ?? 0) - heading) * inside;
    return out;
  }

  /** The point `offset` m to the left of the centre line. */
  besideAt(station: number, offset: number): CurvePoint {
    const point = this.pointAt(station, { x: 0, y: 0, heading: 0 });
    point.x -= offset * sin(point.heading);
    point.y += offset * cos(point.heading);
    return point;
  }
}
