import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Detectors } from "./testing/detectors.ts";

let detectors: Detectors;
beforeAll(async () => {
  detectors = await Detectors.start();
});
beforeEach(() => {
  detectors.probe.setMount(0, 0, 0.5, 0, 0, 0);
  detectors.probe.resetRadar();
});

type Target = readonly [range: number, azimuth: number, rate: number, strength: number];

/** Posts on both sides of the road, as a vehicle at `speed` sees them after `time` seconds. */
function posts(speed: number, time: number): Target[] {
  return [-7, 7].flatMap((y) =>
    [20, 35, 50, 65, 80].map((x0): Target => {
      const x = x0 - speed * time;
      return [Math.hypot(x, y), Math.atan2(y, x), -speed * Math.cos(Math.atan2(y, x)), -3];
    }),
  );
}

describe("radar", () => {
  it("reports a vehicle ahead that moves, and none of the posts", () => {
    const speed = 20;
    let found = detectors.radar(0, []);
    for (let scan = 0; scan < 8; scan++) {
      const time = scan * 0.05;
      const lead: Target = [40 - 5 * time, 0.01, -5, 12];
      found = detectors.radar(scan * 50_000, [...posts(speed, time), lead], speed + 0.3);
    }
    expect(detectors.probe.radarOwnSpeed()).toBeCloseTo(speed, 1);
    expect(found.length).toBe(1);
    expect(found[0]).toMatchObject({ kind: "car" });
    expect(found[0]?.x).toBeCloseTo(38.25, 1);
    expect(found[0]?.rangeRate).toBeCloseTo(-5, 3);
    expect(found[0]?.score).toBeGreaterThan(0.7);
  });

  it("finds the own speed without help where enough stands still on both sides", () => {
    detectors.radar(0, [...posts(15, 0), [30, 0, 1, 10]]);
    expect(detectors.probe.radarOwnSpeed()).toBeCloseTo(15, 1);
  });

  it("does not take traffic that moves along for the world that stands still", () => {
    const convoy: Target[] = [0, 1, 2, 3, 4, 5].map((i) => [25 + 12 * i, i % 2 === 0 ? 0 : 0.04, -0.2, 10]);
    detectors.radar(0, convoy);
    expect(detectors.probe.radarOwnSpeed()).toBeNaN();
    detectors.radar(50_000, convoy, 25);
    expect(detectors.probe.radarOwnSpeed()).toBe(25);
  });

  it("merges the targets of one vehicle, not those of neighbours", () => {
    for (let scan = 0; scan < 5; scan++) {
      const found = detectors.radar(scan * 50_000, [
        [30, 0, -3, 10], [30.6, 0.02, -3.2, 6], [31.5, -0.015, -3.1, 2],
        [30, 0.12, -8, 9],
      ], 20);
      if (scan === 4) expect(found.map((each) => Math.round(each.rangeRate)).sort()).toEqual([-3, -8].sort());
    }
  });

  it("leaves out what flashes up once", () => {
    for (let scan = 0; scan < 20; scan++) {
      const ghost: Target = [10 + ((scan * 37) % 90), ((scan * 13) % 7) * 0.05 - 0.15, -((scan * 11) % 30), 0];
      expect(detectors.radar(scan * 50_000, [ghost], 20)).toEqual([]);
    }
  });

  it("keeps a vehicle that stands in the own lane", () => {
    let found = detectors.radar(0, []);
    for (let scan = 0; scan < 6; scan++) found = detectors.radar(scan * 50_000, [[50 - scan, 0.0, -20, 14]], 20);
    expect(found.length).toBe(1);
    expect(found[0]?.score).toBeLessThan(0.7);
  });

  it("uses the mounting", () => {
    detectors.probe.setMount(-1, 0.8, 0.5, 0, 0, 0.5);
    let found = detectors.radar(0, []);
    for (let scan = 0; scan < 4; scan++) found = detectors.radar(scan * 50_000, [[20, -0.5, -3, 10]], 20);
    expect(found[0]?.x).toBeCloseTo(19, 3);
    expect(found[0]?.y).toBeCloseTo(0.8, 3);
  });

  it("gives nothing for empty, broken and absurd scans", () => {
    expect(detectors.radar(0, [])).toEqual([]);
    const absurd = [Number.NaN, Number.POSITIVE_INFINITY, -5, 1e30];
    const targets = absurd.flatMap((a) => absurd.map((b): Target => [a, b, a, b]));
    for (let scan = 0; scan < 3; scan++) expect(detectors.radar(scan * 50_000, targets, Number.NaN)).toEqual([]);
    const many: Target[] = Array.from({ length: 2000 }, (_, i) => [1 + (i % 150), ((i * 7) % 100) / 100 - 0.5, 3, 5]);
    expect(() => detectors.radar(200_000, many, 20)).not.toThrow();
  });
});

describe("ultrasonic", () => {
  it("gives one object where there is an echo within the range", () => {
    detectors.probe.setMount(0, 0.5, 0.4, 0, 0, 0);
    expect(detectors.ultrasonic(2.5, 0.2, 5)).toMatchObject([{ kind: "unknown", x: 2.5, y: 0.5 }]);
  });

  it("gives none without an echo, and for values that make no sense", () => {
    for (const range of [Number.POSITIVE_INFINITY, Number.NaN, 5, 7, 0, -1, 0.1]) {
      expect(detectors.ultrasonic(range, 0.2, 5), String(range)).toEqual([]);
    }
    expect(detectors.probe.detectUltrasonic(8, 4)).toBe(0);
  });
});
