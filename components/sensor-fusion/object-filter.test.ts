import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { type Probe, startProbe } from "../testing/wasm.ts";

interface FilterProbe extends Probe {
  filterModel(acceleration: number, fading: number, jitter: number): void;
  filterEgo(speed: number, yawRate: number): void;
  filterMeasurement(x: number, y: number, axisX: number, axisY: number, along: number, across: number, rangeRate: number, deviation: number): void;
  filterStart(vxDeviation: number, vyDeviation: number): void;
  filterPredict(seconds: number): void;
  filterDistance(): number;
  filterUpdate(): void;
  filterState(index: number): number;
  filterCovariance(row: number, column: number): number;
}

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const data = process.env["PLAYHEAD_DATA"] ?? join(repository, "../shared/data");
const recorded = join(data, "ekf/obj_pose-laser-radar-synthetic-input.txt");

let probe: FilterProbe;
beforeAll(async () => {
  probe = await startProbe<FilterProbe>("sensor-fusion/probe.ts");
});

/** A position seen by a lidar that errs alike in all directions. */
function seeAt(x: number, y: number, deviation = 0.1, rangeRate = Number.NaN): void {
  probe.filterMeasurement(x, y, 1, 0, deviation, deviation, rangeRate, 0.1);
}

describe("object filter", () => {
  it("learns velocity and acceleration of an object ahead while the vehicle drives", () => {
    probe.filterModel(3, 1.2, 0.3);
    probe.filterEgo(20, 0);
    // Starts 40 m ahead at 20 m/s over ground and brakes with 4 m/s².
    for (let i = 0; i <= 40; i++) {
      const t = i * 0.05;
      seeAt(40 - 2 * t * t, 0.5, 0.1, -4 * t);
      if (i === 0) probe.filterStart(20, 8);
      else probe.filterUpdate();
      probe.filterPredict(0.05);
    }
    expect(probe.filterState(0)).toBeCloseTo(40 - 2 * 2.05 ** 2, 0);
    expect(probe.filterState(2)).toBeCloseTo(20 - 4 * 2.05, 0);
    expect(Math.abs(probe.filterState(4) + 4)).toBeLessThan(0.8);
  });

  it("keeps an object that stands where it is while the vehicle turns past it", () => {
    probe.filterModel(1, 1, 0.1);
    probe.filterEgo(10, 0.3);
    seeAt(30, 5);
    probe.filterStart(1, 1);
    for (let i = 0; i < 20; i++) probe.filterPredict(0.05);
    // The vehicle went 1 s on a circle of radius 10 / 0.3 to the left and turned by 0.3 rad.
    const radius = 10 / 0.3;
    const dx = 30 - radius * Math.sin(0.3);
    const dy = 5 - radius * (1 - Math.cos(0.3));
    expect(probe.filterState(0)).toBeCloseTo(Math.cos(0.3) * dx + Math.sin(0.3) * dy, 1);
    expect(probe.filterState(1)).toBeCloseTo(-Math.sin(0.3) * dx + Math.cos(0.3) * dy, 1);
  });

  it("measures distances in units of what is uncertain", () => {
    probe.filterEgo(Number.NaN, Number.NaN);
    seeAt(20, 0, 1);
    probe.filterStart(1, 1);
    seeAt(20 + Math.SQRT2 * 2, 0, 1);
    expect(probe.filterDistance()).toBeCloseTo(4, 6);
    // The error of this one lies along a diagonal: 3 m along it are as likely as 1 m across.
    probe.filterMeasurement(20 + 2, 0 + 2, Math.SQRT1_2, Math.SQRT1_2, 3, 1, Number.NaN, 1);
    expect(probe.filterDistance()).toBeCloseTo(8 / (1 + 9), 6);
  });

  it("takes from a range rate the velocity along the line of sight only", () => {
    probe.filterEgo(0, 0);
    probe.filterMeasurement(30, 40, 1, 0, 0.1, 0.1, -5, 0.1);
    probe.filterStart(10, 10);
    expect(probe.filterState(2)).toBeCloseTo(-3, 1);
    expect(probe.filterState(3)).toBeCloseTo(-4, 1);
    const across = 0.64 * probe.filterCovariance(2, 2) - 0.96 * probe.filterCovariance(2, 3) + 0.36 * probe.filterCovariance(3, 3);
    expect(across).toBeGreaterThan(90);
  });

  it("stays finite with absurd measurements", () => {
    probe.filterEgo(0, 0);
    seeAt(0, 0, 1e-9, 1e6);
    probe.filterStart(1e4, 1e4);
    for (let i = 0; i < 200; i++) {
      seeAt(i % 2 === 0 ? 1e5 : -1e5, 0.001, 1e-6, -1e6);
      probe.filterUpdate();
      probe.filterPredict(i % 3);
    }
    for (let i = 0; i < 6; i++) expect(Number.isFinite(probe.filterState(i))).toBe(true);
    for (let i = 0; i < 6; i++) expect(probe.filterCovariance(i, i)).toBeGreaterThanOrEqual(0);
  });

  it.skipIf(!existsSync(recorded))("stays within the known errors on the lidar and radar data (skipped without the data folder)", () => {
    probe.filterModel(1.5, 1, 2);
    probe.filterEgo(Number.NaN, Number.NaN);
    const sums = [0, 0, 0, 0];
    let lastUs = 0;
    const lines = readFileSync(recorded, "utf8").trim().split("\n");
    for (const line of lines) {
      const [kind, ...fields] = line.split("\t");
      const numbers = fields.map(Number);
      const isLidar = kind === "L";
      const [timeUs, ...truth] = numbers.slice(isLidar ? 2 : 3) as [number, ...number[]];
      const [first, second, third] = numbers as [number, number, number];
      if (lastUs > 0) probe.filterPredict((timeUs - lastUs) * 1e-6);
      if (isLidar) probe.filterMeasurement(first, second, 1, 0, 0.15, 0.15, Number.NaN, 1);
      else {
        const c = Math.cos(second);
        const s = Math.sin(second);
        probe.filterMeasurement(first * c, first * s, c, s, 0.3, 0.03 * first, third, 0.3);
      }
      if (lastUs === 0) probe.filterStart(5, 5);
      else probe.filterUpdate();
      lastUs = timeUs;
      for (let i = 0; i < 4; i++) sums[i]! += (probe.filterState(i) - truth[i]!) ** 2;
    }
    const errors = sums.map((sum) => Math.sqrt(sum / lines.length));
    const limits = [0.11, 0.11, 0.52, 0.52];
    errors.forEach((error, i) => { expect(error, `root mean square error ${errors.map((e) => e.toFixed(3))}`).toBeLessThan(limits[i]!); });
  });
});
