import { describe, expect, it } from "vitest";
import type { TruthFrame, TruthObject } from "../truth/truth-frame.ts";
import { assign } from "./assignment.ts";
import { evaluateDetections } from "./detections.ts";
import { evaluateTracks } from "./tracks.ts";

const ego = { x: 0, y: 0, yaw: 0, speed: 10, acceleration: 0, yaw_rate: 0, curvature: 0, pitch: 0 };

/** A car that stands lengthwise, its rear at x. */
function car(id: number, x: number, y: number, more: Partial<TruthObject> = {}): TruthObject {
  return {
    id,
    class: "car",
    kind: "car",
    x: x + 2.2,
    y,
    yaw: 0,
    vx: -2,
    vy: 0,
    length: 4.4,
    width: 1.8,
    height: 1.5,
    nearest: [x, Math.sign(y) * Math.max(0, Math.abs(y) - 0.9)],
    near_side: [x, y],
    visible: 1,
    in_lane: true,
    in_view: true,
    moving: true,
    ...more,
  };
}

function frames(...objects: TruthObject[]): TruthFrame[] {
  return [0, 1, 2].map((i) => ({ time_us: i * 50_000, ego, objects }));
}

describe("assign", () => {
  it("finds the least sum, not the least single cost", () => {
    const costs = [
      [1, 2],
      [2, 9],
    ];
    expect([...assign(2, 2, (r, c) => costs[r]?.[c] ?? 0)]).toEqual([1, 0]);
  });

  it("prefers more pairs over cheaper ones, and leaves out what must not meet", () => {
    const infinity = Number.POSITIVE_INFINITY;
    const costs = [
      [1, 50],
      [2, infinity],
      [infinity, infinity],
    ];
    expect([...assign(3, 2, (r, c) => costs[r]?.[c] ?? 0)]).toEqual([1, 0, -1]);
    expect([...assign(0, 2, () => 1)]).toEqual([]);
    expect([...assign(2, 0, () => 1)]).toEqual([-1, -1]);
  });

  it("agrees with trying everything", () => {
    for (let seed = 1; seed <= 30; seed++) {
      const costs = Array.from({ length: 5 }, (_, r) =>
        Array.from(
          { length: 5 },
          (__, c) => (seed * 7919 + r * 104_729 + c * 1_299_709 + r * c * seed * 31) % 97,
        ),
      );
      const found = assign(5, 5, (r, c) => costs[r]?.[c] ?? 0);
      const sum = [...found].reduce((total, c, r) => total + (costs[r]?.[c] ?? 0), 0);
      expect(sum).toBe(leastSum(costs, 0, new Set()));
    }
  });
});

function leastSum(costs: number[][], row: number, used: Set<number>): number {
  if (row === costs.length) return 0;
  let least = Number.POSITIVE_INFINITY;
  for (let column = 0; column < costs.length; column++) {
    if (used.has(column)) continue;
    const rest = leastSum(costs, row + 1, new Set([...used, column]));
    least = Math.min(least, (costs[row]?.[column] ?? 0) + rest);
  }
  return least;
}

describe("evaluateDetections", () => {
  const truth = frames(
    car(1, 20, 0),
    car(2, 40, 3.5),
    car(3, 30, -5, { visible: 0.1 }),
    car(4, 25, 9, { class: "static", kind: "tree", length: 1, width: 1, x: 25 }),
  );

  it("counts found, missed, right, wrong and ignored", () => {
    const detections = [
      { x: 20.5, y: 0.3 }, // right
      { x: 21, y: 0.1 }, // a second one on the same car: wrong
      { x: 30, y: -5 }, // on a hidden car: ignored
      { x: 25, y: 8.5 }, // on the tree: ignored
      { x: 80, y: 0 }, // too far to count: ignored
      { x: 10, y: 3 }, // nothing there: wrong
    ];
    const result = evaluateDetections(truth, [{ timeUs: 50_000, source: "lidar", detections }]);
    expect(result.sources.lidar).toMatchObject({ found: 1, missed: 1, right: 1, wrong: 2, ignored: 3 });
    expect(result.sources.lidar?.recall).toBe(0.5);
    expect(result.sources.lidar?.precision).toBeCloseTo(1 / 3);
    expect(result.sources.lidar?.meanErrorM).toBeCloseTo(Math.hypot(0.5, 0.3));
  });

  it("lets the sources complete each other", () => {
    const radar = [0, 50_000, 100_000].map((timeUs) => ({
      timeUs,
      source: "radar",
      detections: [{ x: 20, y: 0 }],
    }));
    const camera = [0, 50_000, 100_000].map((timeUs) => ({
      timeUs,
      source: "camera",
      detections: [{ x: 40, y: 3 }],
    }));
    const result = evaluateDetections(truth, [...radar, ...camera]);
    expect(result.sources.radar?.recall).toBe(0.5);
    expect(result.sources.camera?.recall).toBe(0.5);
    expect(result.all.recall).toBe(1);
    expect(result.all.precision).toBe(1);
    expect(result.recallByClass).toEqual({ car: 1 });
  });

  it("widens the gate with distance", () => {
    const at = (x: number) => [{ timeUs: 0, source: "camera", detections: [{ x, y: 0 }] }];
    expect(evaluateDetections(frames(car(1, 50, 0)), at(43.5)).all.right).toBe(1);
    expect(evaluateDetections(frames(car(1, 50, 0)), at(42.5)).all.right).toBe(0);
    expect(evaluateDetections(frames(car(1, 10, 0)), at(6.5)).all.right).toBe(0);
  });

  it("interpolates the truth, and leaves out batches that have none", () => {
    const moving: TruthFrame[] = [0, 1].map((i) => ({
      time_us: i * 100_000,
      ego,
      objects: [car(1, 20 + 10 * i, 0)],
    }));
    const batch = (timeUs: number, x: number) => ({ timeUs, source: "lidar", detections: [{ x, y: 0 }] });
    const result = evaluateDetections(moving, [batch(50_000, 25), batch(9e6, 25)]);
    expect(result.sources.lidar?.meanErrorM).toBeCloseTo(0, 9);
    expect(result.batchesWithoutTruth).toBe(1);
  });

  it("counts nothing where nothing is due", () => {
    const result = evaluateDetections(frames(), []);
    expect(result.all).toMatchObject({ recall: 1, precision: 1, found: 0, right: 0 });
  });
});

describe("evaluateTracks", () => {
  const truth = frames(car(1, 20, 0), car(2, 40, 3.5));
  const track = (id: number, x: number, y: number, vx = -2) => ({ id, x, y, vx, vy: 0 });

  it("measures the errors of position and velocity", () => {
    const lists = [0, 50_000].map((timeUs) => ({
      timeUs,
      tracks: [track(1, 20.3, 0.4), track(2, 40, 3.5, -1)],
    }));
    const result = evaluateTracks(truth, lists);
    expect(result.position.mean).toBeCloseTo(0.25);
    expect(result.position.rms).toBeCloseTo(Math.sqrt(0.125));
    expect(result.velocity.mean).toBeCloseTo(0.5);
    expect(result).toMatchObject({ recall: 1, precision: 1, idSwitches: 0, pairs: 4 });
  });

  it("counts changed ids, missing tracks and wrong ones", () => {
    const result = evaluateTracks(truth, [
      { timeUs: 0, tracks: [track(1, 20, 0), track(2, 40, 3.5)] },
      { timeUs: 50_000, tracks: [track(7, 20, 0), track(9, 12, 3)] },
      { timeUs: 100_000, tracks: [track(7, 20, 0), track(2, 40, 3.5)] },
    ]);
    expect(result.idSwitches).toBe(1);
    expect(result.recall).toBeCloseTo(5 / 6);
    expect(result.precision).toBeCloseTo(5 / 6);
  });

  it("keeps pairs together while the gate allows it", () => {
    const result = evaluateTracks(truth, [
      { timeUs: 0, tracks: [track(1, 20, 0)] },
      { timeUs: 50_000, tracks: [track(1, 22, 0), track(5, 20, 0)] },
    ]);
    expect(result.idSwitches).toBe(0);
    expect(result.position.mean).toBeCloseTo(1);
  });
});
