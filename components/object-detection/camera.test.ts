import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Detected, Detectors } from "./testing/detectors.ts";
import { drawRoad, type PicturedCar, type RoadPicture } from "./testing/road-picture.ts";

let detectors: Detectors;
beforeAll(async () => {
  detectors = await Detectors.start();
});
beforeEach(() => {
  detectors.probe.setMount(-1.7, 0, 1.3, 0, 0, 0);
  detectors.probe.resetCamera(Number.NaN, Number.NaN, Number.NaN, false);
});

const view = { width: 640, height: 360, focal: 554, horizon: 180 };

/** Shows pictures with fresh noise; what is reported in the last one. */
function show(picture: Omit<RoadPicture, "seed">, pictures = 5, colour = true): Detected[] {
  let found: Detected[] = [];
  for (let i = 0; i < pictures; i++) {
    const planes = drawRoad({ ...picture, seed: i + 1 });
    found = detectors.camera(i * 33_000, planes, picture.width, picture.height, colour);
  }
  return found;
}

const box = (car: PicturedCar) => {
  const metre = view.focal / car.depth;
  const centre = view.width / 2 - car.y * metre;
  return [centre - 0.9 * metre, centre + 0.9 * metre, view.horizon + 1.3 * metre] as const;
};

describe("camera", () => {
  it("finds cars of any brightness, with their boxes and places", () => {
    for (const luma of [40, 90, 150, 220]) {
      for (const depth of [9, 16, 28]) {
        const car = { depth, y: 0.3, luma, tailLights: true };
        const found = show({ ...view, cars: [car] });
        expect(found.length, `${luma} at ${depth} m`).toBe(1);
        const [left, right, bottom] = box(car);
        const [l, , r, b] = found[0]?.box ?? [0, 0, 0, 0];
        const tolerance = 0.2 * (right - left) + 2;
        expect(Math.abs(l - left)).toBeLessThan(tolerance);
        expect(Math.abs(r - right)).toBeLessThan(tolerance);
        expect(Math.abs(b - bottom)).toBeLessThan(0.1 * (right - left) + 3);
        expect(Math.abs((found[0]?.x ?? 0) - (depth - 1.7))).toBeLessThan(2 * (found[0]?.sigmaX ?? 0));
        expect(Math.abs((found[0]?.y ?? 9) - 0.3)).toBeLessThan(2 * (found[0]?.sigmaY ?? 0));
      }
    }
  });

  it("finds several cars, and works without colour and at another size", () => {
    const cars = [{ depth: 14, y: -0.2, luma: 190 }, { depth: 22, y: 3.5, luma: 60 }, { depth: 33, y: 0, luma: 130 }];
    expect(show({ ...view, cars: cars.slice(0, 2) }, 6, false).length).toBe(2);
    detectors.probe.resetCamera(831, 480, 270, true);
    const found = show({ width: 960, height: 540, focal: 831, horizon: 270, cars: cars.slice(1) });
    expect(found.length).toBe(2);
    expect(Math.abs((found.find((each) => each.y > 2)?.x ?? 0) - 20.3)).toBeLessThan(2.5);
  });

  it("reports nothing on an empty road, nor for a patch of tar", () => {
    expect(show({ ...view, cars: [] })).toEqual([]);
    expect(show({ ...view, cars: [], patch: { depth: 15, y: 0, width: 1.9 } })).toEqual([]);
  });

  it("finds the horizon of a camera whose mounting is not known", () => {
    show({ ...view, horizon: 205, cars: [{ depth: 20, y: 0, luma: 150 }] }, 12);
    expect(detectors.probe.horizonY()).toBeGreaterThan(201);
    expect(detectors.probe.horizonY()).toBeLessThan(209);
    expect(Math.abs(detectors.probe.horizonX() - 320)).toBeLessThan(6);
  });

  it("takes the horizon from the mounting", () => {
    detectors.probe.setMount(-1.7, 0, 1.3, 0, 0.05, 0);
    detectors.probe.resetCamera(554, 320, 180, true);
    show({ ...view, horizon: 180 - 554 * Math.tan(0.05), cars: [] }, 3);
    expect(Math.abs(detectors.probe.horizonY() - (180 - 554 * Math.tan(0.05)))).toBeLessThan(2);
  });

  it("reports only what it has seen several times", () => {
    const car = { depth: 16, y: 0, luma: 190, tailLights: true };
    expect(show({ ...view, cars: [car] }, 2)).toEqual([]);
  });

  it("gives nothing for pictures of odd sizes and plain ones, and the same for the same pictures", () => {
    for (const [width, height] of [[0, 0], [8, 8], [64, 48], [65, 49], [641, 361], [4000, 30]] as const) {
      const planes = new Uint8Array(width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2)).fill(90);
      for (let i = 0; i < 4; i++) expect(detectors.camera(i * 33_000, planes, width, height, true)).toEqual([]);
    }
    const cars = [{ depth: 16, y: 0, luma: 190 }];
    detectors.probe.resetCamera(Number.NaN, Number.NaN, Number.NaN, false);
    const first = show({ ...view, cars });
    detectors.probe.resetCamera(Number.NaN, Number.NaN, Number.NaN, false);
    expect(show({ ...view, cars })).toEqual(first);
  });
});
