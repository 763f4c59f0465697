import { Page, PageList } from "@playhead/component-model";
import { expect, it } from "vitest";
import type { EngineState } from "../engine/engine-state.ts";
import { Checkpoints } from "./checkpoints.ts";

/** A state with a memory of two pages of its own and one that all share. */
const state = (nowUs: number) => {
  const page = (value: number) => new Page(new Uint8Array(4096).fill(value));
  const block = new PageList("block", [page(255), page(2 * nowUs), page(2 * nowUs + 1)]);
  return {
    nowUs,
    instances: { data: [], memories: [new PageList("memory", [block])] },
    units: [],
    bus: { subscriptions: [] },
  } as unknown as EngineState;
};

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
  expect(checkpoints.bytes).toBe(4096 + checkpoints.count * 3 * 4096);
  expect(checkpoints.timesUs[0]).toBe(0);
  expect(checkpoints.timesUs.at(-1)).toBe(100);
  const gaps = checkpoints.timesUs.slice(1).map((timeUs, i) => timeUs - (checkpoints.timesUs[i] ?? 0));
  expect(checkpoints.boundMs).toBe(Math.max(...gaps) * 80);
  expect(Math.max(...gaps)).toBeLessThan(40);
  checkpoints.clear();
  expect(checkpoints.bytes).toBe(0);
});
