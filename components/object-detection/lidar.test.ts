import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Detectors } from "./testing/detectors.ts";
import { type Block, castLidar } from "./testing/lidar-scene.ts";

let detectors: Detectors;
beforeAll(async () => {
  detectors = await Detectors.start();
});
beforeEach(() => {
  detectors.probe.setMount(-1.5, 0, 1.8, 0, 0, 0);
});

/** A car with its nearest side at x. */
const car = (x: number, y: number, yaw = 0): Block => ({ x: x + 2.25, y, length: 4.5, width: 1.8, height: 1.45, yaw });

describe("lidar", () => {
  it("finds a car ahead, with its place and size", () => {
    for (const x of [8, 20, 40, 60]) {
      const found = detectors.lidar(castLidar({ blocks: [car(x, 0.4)] }));
      expect(found.length, `at ${x} m`).toBe(1);
      expect(found[0]?.kind).toBe("car");
      expect(found[0]?.x).toBeCloseTo(x, 0);
      expect(Math.abs((found[0]?.x ?? 0) - x)).toBeLessThan(0.3);
      // The nearest point of the rear to the own front's centre.
      expect(Math.abs(found[0]?.y ?? 9)).toBeLessThan(0.3);
      expect(found[0]?.width).toBeGreaterThan(1.3);
      expect(found[0]?.width).toBeLessThan(2.2);
      expect(found[0]?.height).toBeGreaterThan(0.8);
      expect(found[0]?.height).toBeLessThan(1.7);
    }
  });

  it("tells people, cyclists and trucks from cars", () => {
    const person: Block = { x: 14, y: 3, length: 0.45, width: 0.5, height: 1.75 };
    const cyclist: readonly Block[] = [
      { x: 22, y: -4, length: 0.45, width: 0.5, height: 1.75, from: 0.5 },
      { x: 22, y: -4, length: 0.2, width: 1.8, height: 1.0, from: 0.1 },
    ];
    const truck: Block = { x: 37, y: 4.5, length: 9, width: 2.5, height: 3.4 };
    const found = detectors.lidar(castLidar({ blocks: [person, ...cyclist, truck, car(18, 0)] }));
    const kinds = new Map(found.map((each) => [each.kind, each]));
    expect([...kinds.keys()].sort()).toEqual(["car", "cyclist", "pedestrian", "truck"]);
    expect(kinds.get("pedestrian")?.x).toBeCloseTo(13.8, 0);
    expect(kinds.get("truck")?.height).toBeGreaterThan(2.5);
  });

  it("sees the turn of a car that stands across the road", () => {
    const found = detectors.lidar(castLidar({ blocks: [{ ...car(18, 0), x: 18, yaw: Math.PI / 2 }] }));
    expect(found[0]?.kind).toBe("car");
    expect(found[0]?.length).toBeGreaterThan(4);
    expect(Math.abs((found[0]?.x ?? 0) - 17.1)).toBeLessThan(0.3);
  });

  it("leaves out walls, barriers, poles, kerbs and what hangs above the road", () => {
    const wall: Block = { x: 30, y: 9, length: 50, width: 0.3, height: 3 };
    const barrier: Block = { x: 25, y: -6, length: 30, width: 0.15, height: 0.75 };
    const pole: Block = { x: 16, y: 6, length: 0.15, width: 0.15, height: 4 };
    const kerb: Block = { x: 20, y: 5, length: 30, width: 0.3, height: 0.15, from: 0 };
    const gantry: Block = { x: 25, y: 0, length: 0.5, width: 18, height: 6, from: 5 };
    expect(detectors.lidar(castLidar({ blocks: [wall, barrier, pole, kerb, gantry] }))).toEqual([]);
  });

  it("follows ground that rises or falls", () => {
    for (const slope of [-0.03, 0.04]) {
      const found = detectors.lidar(castLidar({ slope, blocks: [car(20, 3)] }));
      expect(found.map((each) => each.kind), `slope ${slope}`).toEqual(["car"]);
      expect(detectors.probe.groundHeight(30, 0)).toBeCloseTo(slope * 30, 1);
    }
  });

  it("uses the mounting", () => {
    detectors.probe.setMount(-0.5, 0, 0.9, 0, 0, 0.3);
    const found = detectors.lidar(castLidar({ sensor: { x: -0.5, z: 0.9, yaw: 0.3 }, blocks: [car(15, 2)] }));
    expect(found.length).toBe(1);
    expect(Math.abs((found[0]?.x ?? 0) - 15)).toBeLessThan(0.3);
    expect(Math.abs((found[0]?.y ?? 0) - 1.1)).toBeLessThan(0.3);
  });

  it("gives nothing for empty, broken and absurd clouds, and the same for the same cloud", () => {
    expect(detectors.lidar(new Float32Array(0))).toEqual([]);
    expect(detectors.lidar(new Float32Array(3))).toEqual([]);
    const absurd = new Float32Array(4000);
    const values = [Number.NaN, Number.POSITIVE_INFINITY, -1e30, 1e30, 0, 5];
    for (let i = 0; i < absurd.length; i++) absurd[i] = values[(i * 7) % 6] ?? 0;
    expect(() => detectors.lidar(absurd)).not.toThrow();
    const cloud = castLidar({ blocks: [car(20, 0), car(35, 3.5)] });
    expect(detectors.lidar(cloud)).toEqual(detectors.lidar(cloud));
  });

  it("copes with more points than it keeps", () => {
    const crowd = new Float32Array(4 * 120_000);
    for (let i = 0; i < 120_000; i++) crowd.set([5 + (i % 900) / 10, ((i * 31) % 300) / 10 - 15, ((i * 17) % 30) / 10 - 1, 0], i * 4);
    expect(() => detectors.lidar(crowd)).not.toThrow();
    expect(detectors.lidar(castLidar({ blocks: [car(20, 0)] })).length).toBe(1);
  });
});
