import { expect, it } from "vitest";
import { Bus } from "./bus.ts";

const bytes = (value: number) => new Uint8Array([value]);

it("delivers to those who subscribed before, in order", () => {
  const bus = new Bus();
  const topic = bus.topic("/a");
  bus.publish(topic, 1, "p", bytes(1));
  const early = bus.subscribe("/a", 8);
  bus.publish(topic, 2, "p", bytes(2));
  bus.publish(topic, 3, "p", bytes(3));
  expect(early.drain().map(({ sequence, payload }) => [sequence, payload[0]])).toEqual([
    [1, 2],
    [2, 3],
  ]);
  expect(bus.counts()).toEqual(new Map([["/a", 3]]));
});

it("drops the oldest when a queue is full, and counts it", () => {
  const bus = new Bus();
  const subscription = bus.subscribe("/a", 2);
  for (let i = 0; i < 5; i++) bus.publish(0, i, "p", bytes(i));
  expect(subscription.status()).toEqual({ queued: 2, depth: 2, received: 5, dropped: 3, lastUs: 4 });
  expect(subscription.read()?.payload[0]).toBe(3);
});

it("delivers nothing any more after unsubscribing", () => {
  const bus = new Bus();
  const subscription = bus.subscribe("/a", 2);
  bus.unsubscribe(subscription);
  bus.publish(0, 0, "p", bytes(0));
  expect(subscription.read()).toBeUndefined();
});
