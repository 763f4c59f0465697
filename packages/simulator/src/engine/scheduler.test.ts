import { expect, it } from "vitest";
import { Priority, Scheduler } from "./scheduler.ts";

it("gives events in the order of time, priority, component order and sequence", () => {
  const scheduler = new Scheduler(0);
  const seen: string[] = [];
  const add = (name: string, rateHz: number, priority: number, order: number) =>
    scheduler.add({ rateHz, priority, order, run: (timeUs) => seen.push(`${timeUs} ${name}`) });
  add("frame", 10, Priority.frame, 0);
  add("view", 10, Priority.view, 0);
  add("second", 20, Priority.step, 1);
  add("first", 10, Priority.step, 0);
  add("first again", 10, Priority.step, 0);
  while (scheduler.nextTimeUs <= 100_000) {
    const event = scheduler.take();
    event?.activity.run(event.timeUs);
  }
  expect(seen).toEqual([
    ...["0 first", "0 first again", "0 second", "0 view", "0 frame", "50000 second"],
    ...["100000 first", "100000 first again", "100000 second", "100000 view", "100000 frame"],
  ]);
});

it("has no next event without activities", () => {
  const scheduler = new Scheduler(0);
  expect(scheduler.nextTimeUs).toBe(Number.POSITIVE_INFINITY);
  expect(scheduler.take()).toBeUndefined();
});

it("adds a phase, and keeps to its grid", () => {
  const scheduler = new Scheduler(0);
  scheduler.add({ rateHz: 3, phaseUs: 7, priority: Priority.step, order: 0, run: () => {} });
  expect([1, 2, 3, 4].map(() => scheduler.take()?.timeUs)).toEqual([7, 333_340, 666_674, 1_000_007]);
});

it("has no drift over a day of rates that do not divide a second", () => {
  const dayUs = 86_400e6;
  for (const rateHz of [29.97, 7, 60, 1000 / 3]) {
    const scheduler = new Scheduler(0);
    scheduler.add({ rateHz, priority: Priority.step, order: 0, run: () => {} });
    const k = Math.floor((dayUs * rateHz) / 1e6);
    scheduler.restore({ runs: [k], armed: [], lastTimeUs: 0 });
    expect(Math.abs((scheduler.take()?.timeUs ?? 0) - (k * 1e6) / rateHz)).toBeLessThanOrEqual(0.5);
  }
});

it("runs what is armed once, and keeps what is armed for now", () => {
  const scheduler = new Scheduler(0);
  const [late, now] = [0, 1].map((order) => scheduler.add({ priority: Priority.step, order, run: () => {} }));
  scheduler.arm(late ?? 0, 500);
  scheduler.arm(now ?? 0, 100);
  expect([scheduler.timeOf(late ?? 0), scheduler.nextTimeUs]).toEqual([500, 100]);
  const saved = scheduler.save(100);
  expect(saved.armed).toEqual([[now, 100]]);
  expect([scheduler.take()?.timeUs, scheduler.take()?.timeUs, scheduler.take()]).toEqual([
    100,
    500,
    undefined,
  ]);
  expect(scheduler.lastTimeUs).toBe(500);
  scheduler.restore(saved);
  expect([scheduler.take()?.timeUs, scheduler.take()]).toEqual([100, undefined]);
});
