import { cos, type Random, sin } from "@playhead/exact-math";
import type { CurvePoint, Road } from "../world/road.ts";
import type { EgoState } from "../world/scene.ts";
import type { Canvas } from "./canvas.ts";
import { CrossSection, linePaint } from "./cross-section.ts";
import { intrinsics, type Lens } from "./lens.ts";
import type { Light } from "./light.ts";
import { noiseAt, smoothNoise, whiteNoise } from "./noise.ts";

/** The dashed centre line: length of a dash and of a period, m. */
const dashLength = 3;
const dashPeriod = 9;
/** Half the length of a pedestrian crossing along the road, m. */
const zebraHalf = 1.9;
/** The road is followed from here to there, m along it from the vehicle, in steps. */
const nearest = -6;
const farthest = 260;
const step = 2;

/** Where a row of the picture meets the road. */
interface RowGeometry {
  /** Offset (m left of the centre line) of the left edge of the first pixel, and its change per pixel. */
  offset: number;
  offsetStep: number;
  /** The same of the station, m. */
  station: number;
  stationStep: number;
  /** Length of road that the row covers, m. */
  reach: number;
  ahead: number;
}

/** Paints the ground: street, lines, pavements, grass. */
export class GroundPainter {
  readonly #road: Road;
  readonly #crossings: readonly number[];
  readonly #section: CrossSection;
  readonly #light: Light;
  readonly #grain: Float32Array;
  readonly #hills: Float32Array;
  readonly #lineX: Float64Array;
  readonly #lineY: Float64Array;
  readonly #lineHeading: Float64Array;

  constructor(road: Road, crossings: readonly number[], light: Light, random: Random) {
    this.#road = road;
    this.#crossings = crossings;
    this.#light = light;
    this.#section = new CrossSection(random.fork("section"));
    this.#grain = whiteNoise(random.fork("grain"));
    this.#hills = smoothNoise(random.fork("hills"), 16, 4);
    const nodes = Math.floor((farthest - nearest) / step) + 1;
    this.#lineX = new Float64Array(nodes);
    this.#lineY = new Float64Array(nodes);
    this.#lineHeading = new Float64Array(nodes);
  }

  paint(canvas: Canvas, lens: Lens, ego: EgoState): void {
    this.#traceRoad(ego);
    const row = { ahead: 0, perPixel: 0 };
    const geometry: RowGeometry = {
      offset: 0,
      offsetStep: 0,
      station: 0,
      stationStep: 0,
      reach: 0,
      ahead: 0,
    };
    let node = this.#lineX.length - 2;
    for (let y = Math.max(0, Math.floor(lens.horizon)); y < canvas.height; y++) {
      const middle = Math.max(y + 0.5, lens.horizon + 0.35);
      lens.groundRow(middle + 0.5, row);
      const nearEdge = row.ahead;
      lens.groundRow(middle, row);
      while (node > 0 && (this.#lineX[node] as number) > row.ahead) node--;
      this.#place(geometry, row, ego, node);
      geometry.reach = 2 * Math.abs(row.ahead - nearEdge);
      this.#paintRow(canvas, y, geometry);
    }
  }

  /** The centre line in the vehicle frame. */
  #traceRoad(ego: EgoState): void {
    const point: CurvePoint = { x: 0, y: 0, heading: 0 };
    const c = cos(ego.heading);
    const s = sin(ego.heading);
    for (let i = 0; i < this.#lineX.length; i++) {
      this.#road.pointAt(ego.station + nearest + i * step, point);
      const dx = point.x - ego.x;
      const dy = point.y - ego.y;
      this.#lineX[i] = dx * c + dy * s;
      this.#lineY[i] = dy * c - dx * s;
      this.#lineHeading[i] = point.heading - ego.heading;
    }
  }

  #place(out: RowGeometry, row: { ahead: number; perPixel: number }, ego: EgoState, node: number): void {
    const x0 = this.#lineX[node] as number;
    const x1 = this.#lineX[node + 1] as number;
    const t = (row.ahead - x0) / (x1 - x0);
    const y0 = this.#lineY[node] as number;
    const lineY = y0 + ((this.#lineY[node + 1] as number) - y0) * t;
    const h0 = this.#lineHeading[node] as number;
    const heading = h0 + ((this.#lineHeading[node + 1] as number) - h0) * Math.max(0, Math.min(1, t));
    const c = cos(heading);
    const s = sin(heading);
    const leftEdge = row.perPixel * intrinsics.cx - lineY;
    out.offset = leftEdge * c;
    out.offsetStep = -row.perPixel * c;
    out.station = ego.station + nearest + (node + t) * step + leftEdge * s;
    out.stationStep = -row.perPixel * s;
    out.ahead = row.ahead;
  }

  #paintRow(canvas: Canvas, y: number, row: RowGeometry): void {
    const section = this.#section;
    const { ground, dashes, zebra, texture } = section;
    const pixels = canvas.pixels;
    const [paintRed, paintGreen, paintBlue] = linePaint;
    const haze = Math.min(0.6, this.#light.hazeAt(row.ahead));
    const clear = 1 - haze;
    const hazeRed = this.#light.haze[0] * haze;
    const hazeGreen = this.#light.haze[1] * haze;
    const hazeBlue = this.#light.haze[2] * haze;
    const cellAcross = cellFor(-row.offsetStep);
    const cellAlong = cellFor(row.reach);
    const grainStrength = 1.25 * Math.sqrt(Math.sqrt((0.02 * 0.02) / (cellAcross * cellAlong)));
    const hillStrength = 1.6 * Math.min(1, 1.5 / row.reach);
    const perAcross = 1 / cellAcross;
    const perAlong = 1 / cellAlong;
    const crossing = this.#nearCrossing(row);
    let offset = row.offset;
    let station = row.station;
    let from = section.index(offset);
    let at = y * canvas.width * 3;
    for (let x = 0; x < canvas.width; x++, at += 3) {
      offset += row.offsetStep;
      station += row.stationStep;
      const to = section.index(offset);
      const first = to < from ? to : Math.max(0, from - 1);
      const last = from === first ? first + 1 : from;
      const share = 1 / (last - first);
      let red = ((ground[3 * last] as number) - (ground[3 * first] as number)) * share;
      let green = ((ground[3 * last + 1] as number) - (ground[3 * first + 1] as number)) * share;
      let blue = ((ground[3 * last + 2] as number) - (ground[3 * first + 2] as number)) * share;
      let line = ((dashes[last] as number) - (dashes[first] as number)) * share;
      if (line > 0) line *= dashShare(station, row.reach);
      if (crossing !== undefined) {
        const covered = bandShare(station - crossing, row.reach);
        line = line * (1 - covered) + ((zebra[last] as number) - (zebra[first] as number)) * share * covered;
      }
      if (line > 0) {
        red += (paintRed - red) * line;
        green += (paintGreen - green) * line;
        blue += (paintBlue - blue) * line;
      }
      const grain = noiseAt(this.#grain, Math.floor(station * perAlong), Math.floor(offset * perAcross));
      const hill = noiseAt(this.#hills, Math.floor(station * 3), Math.floor(offset * 7));
      const tone = clear * (1 + (texture[first] as number) * (grain * grainStrength + hill * hillStrength));
      pixels[at] = red * tone + hazeRed;
      pixels[at + 1] = green * tone + hazeGreen;
      pixels[at + 2] = blue * tone + hazeBlue;
      from = to;
    }
  }

  #nearCrossing(row: RowGeometry): number | undefined {
    const end = row.station + row.stationStep * intrinsics.width;
    const low = Math.min(row.station, end) - zebraHalf - row.reach;
    const high = Math.max(row.station, end) + zebraHalf + row.reach;
    return this.#crossings.find((crossing) => crossing > low && crossing < high);
  }
}

/** The next power of two at or above the footprint, at least 2 cm. */
function cellFor(footprint: number): number {
  let cell = 0.02;
  while (cell < footprint) cell *= 2;
  return cell;
}

/** Share of the dashed line's paint over a stretch of road. */
function dashShare(station: number, reach: number): number {
  const from = station - reach / 2;
  return (dashLengthUpTo(from + reach) - dashLengthUpTo(from)) / reach;
}

/** Length of paint from station 0 to this one. */
function dashLengthUpTo(station: number): number {
  const periods = Math.floor(station / dashPeriod);
  return periods * dashLength + Math.min(dashLength, station - periods * dashPeriod);
}

/** Share of a stretch of road that a pedestrian crossing covers; `station` counts from its middle. */
function bandShare(station: number, reach: number): number {
  const from = Math.max(-zebraHalf, station - reach / 2);
  const to = Math.min(zebraHalf, station + reach / 2);
  return to > from ? (to - from) / reach : 0;
}
