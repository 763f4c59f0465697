import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Probe, startProbe } from "../testing/wasm.ts";

interface TrackerProbe extends Probe {
  trackerEgo(speed: number, yawRate: number, acceleration: number): void;
  trackerAccept(timeUs: bigint, source: number, values: number, count: number): void;
  trackerFinish(nowUs: bigint): number;
  trackerConfirmed(): number;
  trackRow(row: number, at: number): number;
  trackerClear(): void;
}

const CAMERA = 0;
const LIDAR = 1;
const RADAR = 2;
const CAR = 1;
const PEDESTRIAN = 3;

/** A detection with what a test cares about; the rest is not known. */
interface Seen {
  x: number;
  y: number;
  kind?: number;
  score?: number;
  deviationX?: number;
  deviationY?: number;
  rangeRate?: number;
  width?: number;
}

let probe: TrackerProbe;
let buffer = 0;
let nowUs = 1_000_000;

beforeAll(async () => {
  probe = await startProbe<TrackerProbe>("sensor-fusion/probe.ts");
  buffer = probe.alloc(256 * 64);
});

beforeEach(() => {
  nowUs += 60_000_000;
  probe.trackerClear();
  probe.trackerEgo(Number.NaN, Number.NaN, Number.NaN);
  probe.trackerFinish(BigInt(nowUs));
});

function see(timeUs: number, source: number, seen: readonly Seen[]): void {
  const values = new Float32Array(probe.memory.buffer, buffer, 256 * 16).fill(Number.NaN);
  seen.forEach((one, i) => {
    const row = [one.kind ?? 0, one.score ?? 0.9, one.x, one.y, one.deviationX ?? 0.15, one.deviationY ?? 0.15];
    values.set([...row, one.rangeRate ?? Number.NaN, 0.2, Number.NaN, one.width ?? Number.NaN], i * 16);
  });
  probe.trackerAccept(BigInt(timeUs), source, buffer, seen.length);
}

/** The tracks, by the places of their rows. */
function finish(timeUs: number): number[][] {
  const count = probe.trackerFinish(BigInt(timeUs));
  return Array.from({ length: count }, (_, row) => Array.from({ length: 16 }, (_, at) => probe.trackRow(row, at)));
}

/** A repeatable number in −1 … 1. */
function jitter(seed: number): number {
  return (((Math.imul(seed + 17, 2654435761) >>> 0) % 20001) - 10000) / 10000;
}

describe("tracker", () => {
  it("confirms what is seen again and again, and gives it up some time after it is gone", () => {
    let tracks: number[][] = [];
    for (let i = 0; i < 10; i++) {
      see(nowUs + i * 50_000, LIDAR, [{ x: 20, y: 1, kind: CAR }]);
      tracks = finish(nowUs + i * 50_000);
      if (i < 2) expect(tracks).toHaveLength(0);
    }
    expect(tracks).toHaveLength(1);
    expect(tracks[0]![1]).toBe(CAR);
    expect(tracks[0]![2]).toBeGreaterThan(0.9);
    let gone = 0;
    while (finish(nowUs + 450_000 + gone * 50_000).length > 0) gone++;
    expect(gone * 50).toBeGreaterThan(300);
    expect(gone * 50).toBeLessThan(2000);
  });

  it("doubts what only the camera sees where the lidar looks too", () => {
    const phantom = { x: 15, y: -1, kind: CAR, score: 0.75, deviationX: 0.8, deviationY: 0.4 };
    const seen = (lidar: boolean) => {
      let best = 0;
      for (let i = 0; i < 60; i++) {
        see(nowUs + i * 50_000, CAMERA, [phantom]);
        if (lidar && i % 2 === 0) see(nowUs + i * 50_000, LIDAR, [{ x: 25, y: 4, kind: CAR, width: 1.8 }]);
        const track = finish(nowUs + i * 50_000).find((one) => Math.abs(one[5]! + 1) < 1);
        best = Math.max(best, track?.[2] ?? 0);
      }
      return best;
    };
    expect(seen(false)).toBeGreaterThan(0.9);
    probe.trackerClear();
    nowUs += 60_000_000;
    expect(seen(true)).toBeLessThan(0.8);
  });

  it("takes nothing for a person that has a vehicle's radar echo", () => {
    const kinds = [0, CAR].map((echo) => {
      nowUs += 60_000_000;
      probe.trackerClear();
      let tracks: number[][] = [];
      for (let i = 0; i < 40; i++) {
        if (i % 2 === 0) see(nowUs + i * 50_000, LIDAR, [{ x: 25, y: -3, kind: PEDESTRIAN }]);
        see(nowUs + i * 50_000, RADAR, [{ x: 25, y: -3.2, kind: echo, score: 0.5, rangeRate: 0, deviationY: 0.4 }]);
        tracks = finish(nowUs + i * 50_000);
      }
      return tracks[0]?.[1];
    });
    expect(kinds).toEqual([PEDESTRIAN, 0]);
  });

  it("does not confirm single false detections", () => {
    const before = probe.trackerConfirmed();
    for (let i = 0; i < 100; i++) {
      see(nowUs + i * 50_000, RADAR, [{ x: 60 + 50 * jitter(i), y: 20 * jitter(i * 7 + 3), rangeRate: 20 * jitter(i * 3 + 1) }]);
      finish(nowUs + i * 50_000);
    }
    expect(probe.trackerConfirmed() - before).toBe(0);
  });

  it("makes one track of what lidar, radar and camera see of one car, better than each alone", () => {
    probe.trackerEgo(15, 0, 0);
    const before = probe.trackerConfirmed();
    let worst = 0;
    for (let i = 0; i < 120; i++) {
      const t = i * 0.05;
      const x = 35 - 3 * t;
      const timeUs = nowUs + i * 50_000;
      see(timeUs - 20_000, CAMERA, [{ x: x + 3 * jitter(i), y: 0.2 * jitter(i + 500), kind: CAR, deviationX: 3, deviationY: 0.3 }]);
      if (i % 2 === 0) see(timeUs - 10_000, LIDAR, [{ x: x + 0.1 * jitter(i + 900), y: 0.1 * jitter(i + 1200), width: 1.8 }]);
      see(timeUs, RADAR, [{ x: x + 0.4 * jitter(i + 1500), y: 0.6 * jitter(i + 1800), deviationX: 0.3, deviationY: 0.6, rangeRate: -3 }]);
      const tracks = finish(timeUs);
      if (i < 20) continue;
      expect(tracks).toHaveLength(1);
      worst = Math.max(worst, Math.abs(tracks[0]![4]! - x));
      expect(tracks[0]![6]).toBeCloseTo(-3, 0);
    }
    expect(worst).toBeLessThan(0.3);
    expect(probe.trackerConfirmed() - before).toBe(1);
  });

  it("finds the middle of a car's rear from the nearest point that lidar tells", () => {
    let tracks: number[][] = [];
    for (let i = 0; i < 60; i++) {
      const timeUs = nowUs + i * 50_000;
      // Two cars 1.8 m wide: one in our lane with its middle 0.4 m to the left, one in the next lane with its middle 3.5 m to the right.
      see(timeUs, LIDAR, [{ x: 20, y: 0, width: 1.8 }, { x: 20, y: -2.6, width: 1.8 }]);
      see(timeUs, RADAR, [{ x: 20, y: 0.4 + 0.3 * jitter(i), deviationY: 0.5, rangeRate: 0 }]);
      tracks = finish(timeUs);
    }
    const sideways = tracks.map((track) => track[5]!).sort((a, b) => a - b);
    expect(sideways).toHaveLength(2);
    expect(Math.abs(sideways[0]! + 3.5)).toBeLessThan(0.1);
    expect(Math.abs(sideways[1]! - 0.4)).toBeLessThan(0.25);
  });

  it("keeps two objects apart that pass each other", () => {
    const ids = new Set<number>();
    for (let i = 0; i < 80; i++) {
      const t = i * 0.05;
      const timeUs = nowUs + i * 50_000;
      const people = [{ x: 15, y: -4 + 2 * t, kind: PEDESTRIAN }, { x: 16.5, y: 4 - 2 * t, kind: PEDESTRIAN }];
      see(timeUs, LIDAR, i % 2 === 0 ? people : [...people].reverse());
      const tracks = finish(timeUs);
      if (i < 20) continue;
      expect(tracks).toHaveLength(2);
      for (const track of tracks) ids.add(track[0]!);
      expect(tracks.map((track) => Math.sign(track[7]!)).sort()).toEqual([-1, 1]);
    }
    expect(ids.size).toBe(2);
  });

  it("takes the second reflection of a lorry for a part of it, and another car beside it for a track", () => {
    let tracks: number[][] = [];
    for (let i = 0; i < 40; i++) {
      const timeUs = nowUs + i * 50_000;
      const lorry = { x: 30, y: 0, rangeRate: -1 };
      see(timeUs, RADAR, [lorry, { ...lorry, x: 33, y: 0.4 }, { x: 32, y: 3.6, rangeRate: -9 }]);
      tracks = finish(timeUs);
    }
    // Radar tells the speed along the line of sight only.
    expect(tracks.length).toBeLessThanOrEqual(2);
    expect(tracks.some((track) => Math.abs(track[5]!) < 0.6)).toBe(true);
  });

  it("moves positions to the time of the step, whatever order the batches came in", () => {
    probe.trackerEgo(10, 0, 0);
    let tracks: number[][] = [];
    for (let i = 0; i < 40; i++) {
      const timeUs = nowUs + i * 50_000;
      const at = (lateUs: number) => 60 - 10 * (i * 0.05 - lateUs * 1e-6);
      see(timeUs - 5_000, LIDAR, [{ x: at(5_000), y: 0 }]);
      see(timeUs - 30_000, LIDAR, [{ x: at(30_000), y: 0 }]);
      tracks = finish(timeUs);
    }
    expect(tracks[0]![4]).toBeCloseTo(60 - 10 * 39 * 0.05, 1);
    expect(tracks[0]![6]).toBeCloseTo(-10, 0);
  });

  it("goes on smoothly when the vehicle's speed becomes known", () => {
    for (let i = 0; i < 60; i++) {
      const timeUs = nowUs + i * 50_000;
      if (i === 30) probe.trackerEgo(20, 0, 0);
      see(timeUs, LIDAR, [{ x: 40, y: 0 }]);
      const tracks = finish(timeUs);
      if (i < 25) continue;
      expect(tracks[0]![4]).toBeCloseTo(40, 1);
      expect(Math.abs(tracks[0]![6]!)).toBeLessThan(0.3);
    }
  });

  it("copes with rows that say nothing, with too many, and with gaps in time", () => {
    const nothing = { x: Number.NaN, y: Number.POSITIVE_INFINITY };
    see(nowUs, LIDAR, [nothing, { x: 10, y: 0, score: Number.NaN, deviationX: -1, deviationY: Number.NaN }]);
    finish(nowUs);
    const crowd = Array.from({ length: 200 }, (_, i) => ({ x: 5 + (i % 20) * 6, y: -30 + Math.floor(i / 20) * 6 }));
    for (let i = 0; i < 20; i++) {
      see(nowUs + i * 50_000, LIDAR, crowd);
      expect(finish(nowUs + i * 50_000).length).toBeLessThanOrEqual(64);
    }
    expect(finish(nowUs + 3_600_000_000)).toHaveLength(0);
  });
});
