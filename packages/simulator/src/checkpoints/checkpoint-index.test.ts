import fc from "fast-check";
import { expect, it } from "vitest";
import { type CheckpointHead, CheckpointIndex } from "./checkpoint-index.ts";

const head = (events: number, nowUs = events * 10, costMs = 80): CheckpointHead => ({
  nowUs,
  events,
  outputs: events,
  costMs,
});

function indexOf(count: number): CheckpointIndex {
  const index = new CheckpointIndex();
  for (let i = 0; i < count; i++) index.add(head(i));
  return index;
}

it("finds the last checkpoint at or before a time, or a number of events", () => {
  const index = indexOf(3);
  expect([-1, 0, 9, 10, 500].map((timeUs) => index.atTime(timeUs)?.events)).toEqual([undefined, 0, 0, 1, 2]);
  expect([-1, 0, 1, 7].map((events) => index.atEvents(events)?.events)).toEqual([undefined, 0, 1, 2]);
});

it("tells places within one instant apart, and keeps one checkpoint of each", () => {
  const index = new CheckpointIndex();
  for (const [events, nowUs] of [
    [5, 10],
    [4, 10],
    [5, 12],
    [5, 10],
  ] as const)
    index.add(head(events, nowUs));
  expect(index.heads.map(({ events, nowUs }) => [events, nowUs])).toEqual([
    [4, 10],
    [5, 10],
    [5, 12],
  ]);
});

it("keeps what replaying costs when checkpoints go and come", () => {
  const index = indexOf(10);
  index.remove(head(4));
  index.remove(head(5));
  expect(index.longestMs).toBe(240);
  index.add(head(5, 50, 160));
  expect(index.longestMs).toBe(160);
  expect(index.heads.map(({ costMs }) => costMs)).toEqual([80, 80, 80, 80, 160, 80, 80, 80, 80]);
});

it("thins so that seeks suffer least: evenly, but for what is near the playhead", () => {
  const index = new CheckpointIndex();
  for (let i = 0; i <= 400; i++) index.add(head(i, i * 1_000_000));
  for (;;) {
    const victim = index.leastUseful(100e6);
    if (victim === undefined || index.heads.length <= 60) break;
    index.remove(victim);
  }
  expect(index.heads[0]?.events).toBe(0);
  expect(index.heads.at(-1)?.events).toBe(400);
  const gaps = index.heads.map(({ events }, at) => events - (index.heads[at - 1]?.events ?? 0));
  const near = index.heads.flatMap(({ nowUs }, at) => (Math.abs(nowUs - 100e6) < 8e6 ? (gaps[at] ?? 0) : []));
  expect(Math.max(...near)).toBeLessThanOrEqual(4);
  expect(Math.max(...gaps)).toBeLessThan(20);
  expect(indexOf(2).leastUseful(0)).toBeUndefined();
});

it("lets go of pinned ones last", () => {
  const index = indexOf(10);
  expect(index.pin(head(3))).toMatchObject({ events: 3, pinned: true });
  expect(index.pin(head(77))).toBeUndefined();
  const gone: number[] = [];
  for (let victim = index.leastUseful(30); victim !== undefined; victim = index.leastUseful(30)) {
    gone.push(victim.events);
    index.remove(victim);
  }
  expect([...gone].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(gone.at(-1)).toBe(3);
});

it("lists in order, whatever the order in which checkpoints come and go", () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(30), fc.nat(3)));
  fc.assert(
    fc.property(steps, (all) => {
      const index = new CheckpointIndex();
      const model = new Set<string>();
      for (const [add, events, nowUs] of all) {
        const [key, one] = [`${events}:${nowUs}`, head(events, events * 10 + nowUs)];
        expect(add ? index.add(one) : index.remove(one)).toBe(add !== model.has(key));
        if (add) model.add(key);
        else model.delete(key);
      }
      const places = index.heads.map(({ nowUs }) => nowUs);
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(places.length).toBe(model.size);
      for (const one of index.heads) expect(index.has(one)).toBe(true);
    }),
  );
});
