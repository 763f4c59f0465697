import { atan2, cos, sin } from "@playhead/exact-math";
import type { CurvePoint, Road } from "./road.ts";

/** A place on a path, with its curvature (1/m, positive to the left) and the station of the road beside it (m). */
export interface PathPoint extends CurvePoint {
  curvature: number;
  station: number;
}

/** Distance between the nodes of a path, m along the road. */
const nodeStep = 0.5;

/**
 * What a vehicle drives along: a curve beside the road's centre line, measured by its own length, so that the speed of whoever follows it
 * is the rate of that length exactly.
 */
export class Path {
  readonly #station: Float64Array;
  readonly #length: Float64Array;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #heading: Float64Array;
  readonly #curvature: Float64Array;

  /** `offsetAt(station)` is the distance to the left of the centre line, m: smooth, and changing slowly. */
  constructor(road: Road, fromStation: number, toStation: number, offsetAt: (station: number) => number) {
    const count = Math.max(3, Math.ceil((toStation - fromStation) / nodeStep) + 1);
    this.#station = new Float64Array(count);
    this.#length = new Float64Array(count);
    this.#x = new Float64Array(count);
    this.#y = new Float64Array(count);
    this.#heading = new Float64Array(count);
    this.#curvature = new Float64Array(count);
    const point: CurvePoint = { x: 0, y: 0, heading: 0 };
    for (let i = 0; i < count; i++) {
      const station = fromStation + i * nodeStep;
      const offset = offsetAt(station);
      const slope = (offsetAt(station + 0.25) - offsetAt(station - 0.25)) * 2;
      road.pointAt(station, point);
      this.#station[i] = station;
      this.#x[i] = point.x - offset * sin(point.heading);
      this.#y[i] = point.y + offset * cos(point.heading);
      this.#heading[i] = point.heading + atan2(slope, 1 - road.curvature(station) * offset);
    }
    this.#measure();
  }

  #measure(): void {
    const last = this.#x.length - 1;
    for (let i = 1; i <= last; i++) {
      const dx = (this.#x[i] ?? 0) - (this.#x[i - 1] ?? 0);
      const dy = (this.#y[i] ?? 0) - (this.#y[i - 1] ?? 0);
      this.#length[i] = (this.#length[i - 1] ?? 0) + Math.sqrt(dx * dx + dy * dy);
    }
    for (let i = 0; i <= last; i++) {
      const before = Math.max(0, i - 1);
      const after = Math.min(last, i + 1);
      const turn = (this.#heading[after] ?? 0) - (this.#heading[before] ?? 0);
      this.#curvature[i] = turn / ((this.#length[after] ?? 0) - (this.#length[before] ?? 0));
    }
  }

  /** The point `distance` m from the start; before the start and behind the end the path goes straight on. */
  at(distance: number): PathPoint {
    const i = this.#cell(this.#length, distance);
    const from = this.#length[i] ?? 0;
    const t = (distance - from) / ((this.#length[i + 1] ?? 0) - from);
    const inside = Math.max(0, Math.min(1, t));
    return {
      x: mix(this.#x, i, t),
      y: mix(this.#y, i, t),
      heading: mix(this.#heading, i, inside),
      curvature: inside === t ? mix(this.#curvature, i, t) : 0,
      station: mix(this.#station, i, t),
    };
  }

  /** How far along the path the station is, m. */
  distanceAt(station: number): number {
    const i = this.#cell(this.#station, station);
    return mix(this.#length, i, (station - (this.#station[i] ?? 0)) / nodeStep);
  }

  /** Index of the last node at or before the value, never the last node of all. */
  #cell(values: Float64Array, value: number): number {
    let low = 0;
    let high = values.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((values[middle] ?? 0) <= value) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function mix(values: Float64Array, index: number, t: number): number {
  const from = values[index] ?? 0;
  return from + ((values[index + 1] ?? 0) - from) * t;
}
