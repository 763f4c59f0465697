import { expect, it } from "vitest";
import { Pacer, SpeedMeter } from "./pacer.ts";

it("does not drift over a simulated day", () => {
  const pacer = new Pacer();
  pacer.start(1, 1000, 0);
  let nowMs = 1000;
  for (let i = 0; i < 86_400 * 7; i++) {
    nowMs = 1000 + (i * 1000) / 7;
    pacer.settle(nowMs, pacer.targetUs(nowMs) - 500);
  }
  expect(pacer.targetUs(1000 + 86_400_000)).toBe(86_400e6);
});

it("waits for what is due, at the speed", () => {
  const pacer = new Pacer();
  pacer.start(10, 0, 0);
  expect(pacer.targetUs(5)).toBe(50_000);
  expect(pacer.waitMs(5, 100_000)).toBe(5);
  expect(pacer.waitMs(50, 100_000)).toBe(0);
  pacer.start("max", 0, 0);
  expect(pacer.targetUs(1)).toBe(Number.POSITIVE_INFINITY);
  expect(pacer.waitMs(1, 1e12)).toBe(0);
});

it("slows time down instead of catching up in a burst", () => {
  const pacer = new Pacer();
  pacer.start(1, 0, 0);
  pacer.settle(50, 0);
  expect(pacer.targetUs(50)).toBe(50_000);
  pacer.settle(1000, 0);
  expect(pacer.targetUs(1000)).toBe(0);
  expect(pacer.targetUs(1010)).toBe(10_000);
});

it("measures the speed that was reached", () => {
  const meter = new SpeedMeter();
  expect(meter.speed).toBe(0);
  meter.add(3_000_000, 1000);
  expect(meter.speed).toBe(3);
});
