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

it("says what is due", () => {
  const scheduler = new Scheduler(0);
  scheduler.add({ rateHz: 10, priority: Priority.step, order: 3, run: () => {} });
  expect(scheduler.isDue(3, Priority.step, 0)).toBe(true);
  scheduler.take();
  expect(scheduler.isDue(3, Priority.step, 99_999)).toBe(false);
  expect(scheduler.isDue(3, Priority.step, 100_000)).toBe(true);
  expect(scheduler.isDue(2, Priority.step, 100_000)).toBe(false);
});
