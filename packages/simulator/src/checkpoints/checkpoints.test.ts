import { expect, it } from "vitest";
import type { EngineState } from "../engine/engine-state.ts";
import { Checkpoints } from "./checkpoints.ts";

const released: number[] = [];
const state = (nowUs: number, bytes = 10_000) =>
  ({
    nowUs,
    instances: {
      bytes,
      release: () => {
        released.push(nowUs);
        return bytes;
      },
    },
    units: [],
    bus: { subscriptions: [] },
  }) as unknown as EngineState;

it("gives the last state at or before a time", () => {
  const checkpoints = new Checkpoints({ costMs: 80, budgetBytes: 1e9 });
  for (const timeUs of [0, 100, 200]) checkpoints.add(state(timeUs), 80);
  expect([-1, 0, 99, 100, 500].map((timeUs) => checkpoints.at(timeUs)?.nowUs)).toEqual([
    undefined,
    0,
    0,
    100,
    200,
  ]);
});

it("is due by what replaying would cost, beyond the last one", () => {
  const checkpoints = new Checkpoints({ costMs: 80, budgetBytes: 1e9 });
  expect(checkpoints.isDue(0, 0)).toBe(true);
  checkpoints.add(state(0), 0);
  expect(checkpoints.isDue(100, 79)).toBe(false);
  expect(checkpoints.isDue(100, 80)).toBe(true);
  checkpoints.add(state(100), 80);
  expect(checkpoints.isDue(50, 1000)).toBe(false);
});

it("stays within its budget, keeps the ends, and says how much dearer a seek has become", () => {
  const checkpoints = new Checkpoints({ costMs: 80, budgetBytes: 150_000 });
  for (let i = 0; i <= 100; i++) checkpoints.add(state(i), 80);
  expect(checkpoints.bytes).toBeLessThanOrEqual(150_000);
  expect(checkpoints.timesUs[0]).toBe(0);
  expect(checkpoints.timesUs.at(-1)).toBe(100);
  const gaps = checkpoints.timesUs.slice(1).map((timeUs, i) => timeUs - (checkpoints.timesUs[i] ?? 0));
  expect(checkpoints.boundMs).toBe(Math.max(...gaps) * 80);
  expect(Math.max(...gaps)).toBeLessThan(40);
  checkpoints.clear();
  expect(released.length).toBe(101);
});
