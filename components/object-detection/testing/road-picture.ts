import { noiseSource } from "./detectors.ts";

/** A car in the picture: where its rear touches the road (m ahead of the camera, to the left) and how it looks. */
export interface PicturedCar {
  readonly depth: number;
  readonly y: number;
  readonly luma: number;
  readonly tailLights?: boolean;
}

export interface RoadPicture {
  readonly width: number;
  readonly height: number;
  /** Focal length and row of the horizon, px. */
  readonly focal: number;
  readonly horizon: number;
  readonly cameraHeight?: number;
  readonly cars: readonly PicturedCar[];
  /** Changes the noise. */
  readonly seed?: number;
  /** A dark patch of tar on the road, m. */
  readonly patch?: { readonly depth: number; readonly y: number; readonly width: number };
}

/** Draws a straight road with lane markings, grass, trees and sky, and cars from behind: planes Y, Cb, Cr (yuv420). */
export function drawRoad(picture: RoadPicture): Uint8Array {
  const { width, height, horizon, cars, seed = 1 } = picture;
  const halfWidth = Math.ceil(width / 2);
  const halfHeight = Math.ceil(height / 2);
  const planes = new Uint8Array(width * height + 2 * halfWidth * halfHeight).fill(128);
  const luma = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      // Four places in the pixel, so that edges are smooth as in a real picture.
      const sum = [0.125, 0.375, 0.625, 0.875].reduce((all, part, i) => all + background(picture, row + ((i * 2) % 4) / 4, column + part), 0);
      luma[row * width + column] = sum / 4;
    }
  }
  const reds: [number, number, number, number][] = [];
  for (const car of [...cars].sort((a, b) => b.depth - a.depth)) drawCar(picture, car, luma, reds);
  const random = noiseSource(seed);
  for (let i = 0; i < luma.length; i++) planes[i] = Math.max(0, Math.min(255, Math.round((luma[i] ?? 0) + (random() - 0.5) * 6)));
  for (const [left, top, right, bottom] of reds) {
    for (let y = Math.floor(top / 2); y < bottom / 2; y++) {
      for (let x = Math.floor(left / 2); x < right / 2; x++) planes[width * height + halfWidth * halfHeight + y * halfWidth + x] = 190;
    }
  }
  return planes;

  function background(view: RoadPicture, row: number, column: number): number {
    const below = row - view.horizon;
    if (below <= 0) return below > -18 ? 85 + 12 * Math.sin(column * 0.37) : 205;
    const metre = below / (view.cameraHeight ?? 1.3);
    const y = (view.width / 2 - column) / metre;
    const depth = view.focal / metre;
    if (Math.abs(y) > 5.5) return 135 + 8 * Math.sin(column * 1.3 + row * 2.1);
    if (Math.abs(Math.abs(y) - 1.75) < 0.1 && (y < 0 || depth % 12 < 5)) return 200;
    const { patch } = view;
    if (patch !== undefined && Math.abs(y - patch.y) < patch.width / 2 && Math.abs(depth - patch.depth) < 2) return 62;
    return 95;
  }
}

function drawCar(picture: RoadPicture, car: PicturedCar, luma: Float32Array, reds: [number, number, number, number][]): void {
  const metre = picture.focal / car.depth;
  const base = picture.horizon + metre * (picture.cameraHeight ?? 1.3);
  const centre = picture.width / 2 - car.y * metre;
  const fill = (from: number, to: number, bottom: number, top: number, value: number) => {
    for (let row = Math.max(0, Math.round(base - top * metre)); row < Math.min(picture.height, base - bottom * metre); row++) {
      const last = Math.min(picture.width, centre + to * metre);
      for (let column = Math.max(0, Math.round(centre + from * metre)); column < last; column++) luma[row * picture.width + column] = value;
    }
  };
  fill(-0.9, 0.9, 0, 0.3, 30);
  fill(-0.9, 0.9, 0.3, 0.95, car.luma);
  fill(-0.75, 0.75, 0.95, 1.4, car.luma);
  fill(-0.62, 0.62, 1.0, 1.33, 45);
  fill(-0.25, 0.25, 0.5, 0.65, 210);
  if (car.tailLights === true) {
    for (const side of [-0.8, 0.5]) {
      const left = centre + side * metre;
      reds.push([left, base - 0.9 * metre, left + 0.3 * metre, base - 0.65 * metre]);
    }
  }
}
