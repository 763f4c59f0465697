import type { Random } from "@playhead/exact-math";
import { street } from "../world/road.ts";

/** Width that the table covers on each side of the centre line, m, and its resolution, values per metre. */
const reach = 14;
const resolution = 400;
const size = 2 * reach * resolution;

type Rgb = readonly [number, number, number];

const lineWidth = 0.13;
const paint: Rgb = [228, 226, 218];
const asphalt: Rgb = [118, 117, 115];
const strip: Rgb = [102, 101, 99];
const kerb: Rgb = [158, 156, 150];
const pavement: Rgb = [156, 150, 140];
const grass: Rgb = [96, 114, 58];

/**
 * What lies on the ground across the street, as sums from the left end, so that the mean over any width is one subtraction: thin
 * lines stay smooth at any distance. Offsets are m to the left of the centre line.
 */
export class CrossSection {
  /** Sums of red, green and blue at every step, interleaved. */
  readonly ground = new Float64Array(3 * (size + 1));
  /** Sums of the paint of the dashed centre line and of a pedestrian crossing (share 0 … 1). */
  readonly dashes = new Float64Array(size + 1);
  readonly zebra = new Float64Array(size + 1);
  /** How strongly the ground is textured. */
  readonly texture = new Float32Array(size + 1);

  constructor(random: Random) {
    const tone = random.uniform(-9, 9);
    const wear = random.uniform(0.72, 0.92);
    for (let i = 0; i < size; i++) {
      const offset = (i + 0.5) / resolution - reach;
      const colour = groundColour(offset, tone, wear);
      for (let c = 0; c < 3; c++) {
        this.ground[3 * (i + 1) + c] = (this.ground[3 * i + c] as number) + (colour[c] as number);
      }
      const beside = Math.abs(offset);
      const stripe = beside < street.laneEdge + 0.3 && (offset + reach) % 1 < 0.5;
      this.dashes[i + 1] = (this.dashes[i] as number) + (beside < lineWidth / 2 ? wear : 0);
      this.zebra[i + 1] = (this.zebra[i] as number) + (stripe ? wear : 0);
      this.texture[i] = beside > street.pavementEdge ? 0.3 : beside > street.kerb ? 0.05 : 0.075;
    }
    this.texture[size] = 0.3;
  }

  /** Place in the tables of an offset. */
  index(offset: number): number {
    const place = (offset + reach) * resolution;
    return place < 0 ? 0 : place > size ? size : Math.floor(place);
  }
}

/** Colour of the painted lines. */
export const linePaint = paint;

function groundColour(offset: number, tone: number, wear: number): Rgb {
  const beside = Math.abs(offset);
  if (beside > street.pavementEdge) return grass;
  if (beside > street.kerb + 0.15) return pavement;
  if (beside > street.kerb) return kerb;
  if (Math.abs(beside - street.laneEdge) < lineWidth / 2) return mixed(asphalt, paint, wear, tone);
  if (beside > street.laneEdge) return shaded(strip, tone * 0.6);
  return shaded(asphalt, tone + tracks(beside));
}

/** Tyres polish two tracks in a lane, and oil darkens its middle. */
function tracks(beside: number): number {
  const fromMiddle = Math.abs(beside - street.laneCentre);
  const track = Math.max(0, 1 - Math.abs(fromMiddle - 0.78) / 0.32);
  const oil = Math.max(0, 1 - fromMiddle / 0.4);
  return 6 * track - 8 * oil;
}

function shaded(colour: Rgb, by: number): Rgb {
  return [colour[0] + by, colour[1] + by, colour[2] + by];
}

function mixed(under: Rgb, over: Rgb, share: number, tone: number): Rgb {
  const mix = (a: number, b: number) => (a + tone) * (1 - share) + b * share;
  return [mix(under[0], over[0]), mix(under[1], over[1]), mix(under[2], over[2])];
}
