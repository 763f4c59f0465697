import { beforeAll, describe, expect, it } from "vitest";
import { type Probe, startProbe } from "../testing/wasm.ts";

interface EgoProbe extends Probe {
  measureSpeed(timeUs: bigint, speed: number, deviation: number, age: number): void;
  speedAt(timeUs: bigint): number;
  accelerationAt(timeUs: bigint): number;
  gpsFix(timeUs: bigint, latitude: number, longitude: number): number;
  gpsAge(): number;
  gyroMount(roll: number, pitch: number, yaw: number): void;
  gyroNew(): void;
  gyroForce(x: number, y: number, z: number): void;
  gyroReading(timeUs: bigint, x: number, y: number, z: number, axes: number): void;
  gyroStep(timeUs: bigint, speed: number): number;
}

let probe: EgoProbe;
beforeAll(async () => {
  probe = await startProbe<EgoProbe>("sensor-fusion/probe.ts");
});

describe("the vehicle's own motion", () => {
  it("follows the speed and finds the acceleration, and forgets both without measurements", () => {
    expect(probe.speedAt(0n)).toBeNaN();
    for (let i = 0; i <= 60; i++) probe.measureSpeed(BigInt(i * 50_000), 20 - 4 * i * 0.05, 0.1, 0);
    expect(probe.speedAt(3_000_000n)).toBeCloseTo(8, 1);
    expect(probe.accelerationAt(3_000_000n)).toBeCloseTo(-4, 0);
    expect(probe.speedAt(4_500_000n)).toBeNaN();
    expect(probe.accelerationAt(4_500_000n)).toBeNaN();
  });

  it("finds the speed from positions, across the date line too", () => {
    const metre = 180 / Math.PI / 6_371_008.8;
    const turn = metre / Math.cos((37 * Math.PI) / 180);
    let speed = Number.NaN;
    for (let i = 0; i <= 12; i++) {
      const east = 179.99995 + 12 * turn * i * 0.1;
      speed = probe.gpsFix(BigInt(i * 100_000), 37 - 9 * metre * i * 0.1, east > 180 ? east - 360 : east);
      if (i < 4) expect(speed).toBeNaN();
    }
    expect(speed).toBeCloseTo(15, 2);
    expect(probe.gpsAge()).toBeCloseTo(0.5, 1);
    expect(probe.gpsFix(1_200_000n, Number.NaN, 0)).toBeCloseTo(15, 2);
    expect(probe.gpsFix(60_000_000n, 37, 12)).toBeNaN();
  });

  it("turns gyroscopes into the vehicle's axes and takes their bias away at standstill", () => {
    probe.gyroMount(0, 0, 0);
    for (let i = 0; i < 400; i++) {
      probe.gyroReading(BigInt(i * 50_000), 0.3, 0.2, -0.01, 2);
      probe.gyroStep(BigInt(i * 50_000), 0);
    }
    expect(probe.gyroStep(20_000_000n, 0)).toBeCloseTo(0, 3);
    let rate = 0;
    for (let i = 400; i < 440; i++) {
      probe.gyroReading(BigInt(i * 50_000), 0.3, 0.2, -0.21, 2);
      rate = probe.gyroStep(BigInt(i * 50_000), 10);
    }
    expect(rate).toBeCloseTo(0.2, 3);
    // Lying on its side: its y axis points up.
    probe.gyroMount(Math.PI / 2, 0, 0);
    for (let i = 440; i < 480; i++) {
      probe.gyroReading(BigInt(i * 50_000), 0, 0.11, 0, 1);
      rate = probe.gyroStep(BigInt(i * 50_000), 10);
    }
    expect(rate).toBeCloseTo(0.1, 3);
    expect(probe.gyroStep(60_000_000n, 10)).toBeNaN();
  });

  it("learns from gravity which way up the IMU is, and disbelieves one that feels none", () => {
    const rateWith = (force: [number, number, number]) => {
      probe.gyroNew();
      probe.gyroMount(0, 0, 0);
      let rate = 0;
      for (let i = 0; i < 60; i++) {
        probe.gyroForce(...force);
        probe.gyroReading(BigInt(i * 50_000), 0, 0, 0.2, 0);
        rate = probe.gyroStep(BigInt(i * 50_000), 10);
      }
      return rate;
    };
    expect(rateWith([0.3, -0.2, 9.7])).toBeCloseTo(0.2, 3);
    expect(rateWith([0.3, -0.2, -9.7])).toBeCloseTo(-0.2, 3);
    expect(rateWith([Number.NaN, Number.NaN, Number.NaN])).toBeCloseTo(0.2, 3);
    expect(rateWith([0.2, -0.9, 0.3])).toBeNaN();
    expect(rateWith([-9.8, -9.9, -9.7])).toBeNaN();
    probe.gyroReading(3_000_000n, 0, 0, 1e300, 1);
    probe.gyroForce(1e300, 0, 0);
    expect(Math.abs(probe.gyroStep(3_000_000n, 10) || 0)).toBeLessThan(1);
  });
});
