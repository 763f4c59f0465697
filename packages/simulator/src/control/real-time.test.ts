import { expect, it } from "vitest";
import { Pacer } from "./pacer.ts";
import { RealTime } from "./real-time.ts";
import { systemClock } from "./wall-clock.ts";

function measured() {
  let nowMs = 0;
  const pacer = new Pacer();
  const realTime = new RealTime(pacer, { ...systemClock, nowMs: () => nowMs });
  const at = (ms: number): RealTime => {
    nowMs = ms;
    return realTime;
  };
  return { pacer, at };
}

it("tells how late events start, at the speed that is asked for", () => {
  const { pacer, at } = measured();
  pacer.start(2, 100, 1_000_000);
  for (let i = 0; i < 99; i++) at(100 + i + 0.25).starts(1_000_000 + i * 2000);
  at(209).starts(1_200_000);
  const { events, lateMs } = at(0).status;
  expect(events).toBe(100);
  expect(lateMs.p50).toBeCloseTo(0.25, 2);
  expect(lateMs.max).toBeCloseTo(9, 1);
});

it("counts steps that end when the next one is due already", () => {
  const { pacer, at } = measured();
  pacer.start(1, 0, 0);
  at(9.9).stepped({ name: "a", rateHz: 100 }, 0);
  at(20.1).stepped({ name: "a", rateHz: 100 }, 10_000);
  at(25).stepped({ name: "b", rateHz: 1000 }, 10_000);
  expect(at(0).status.deadlineMisses).toEqual({ a: 1, b: 1 });
});

it("measures nothing where nothing is due", () => {
  const { pacer, at } = measured();
  pacer.start("max", 0, 0);
  at(50).starts(1000);
  at(50).stepped({ name: "a", rateHz: 1000 }, 0);
  expect(at(0).status).toMatchObject({ events: 0, deadlineMisses: {}, lateMs: { p99: 0, max: 0 } });
});
