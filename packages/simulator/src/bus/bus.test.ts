import { describe, expect, it } from "vitest";
import { Bus } from "./bus.ts";
import { QueueOverflow, type QueuePolicy } from "./subscription.ts";

const bytes = (value: number) => new Uint8Array([value]);
const terms = (depth: number, policy: QueuePolicy = "drop-oldest") => ({ owner: "me", depth, policy });

it("delivers to those who subscribed before, in order", () => {
  const bus = new Bus();
  const topic = bus.topic("/a");
  bus.publish(topic, 1, "p", bytes(1));
  const early = bus.subscribe("/a", terms(8));
  bus.publish(topic, 2, "p", bytes(2));
  bus.publish(topic, 3, "p", bytes(3));
  expect(early.drain().map(({ sequence, payload }) => [sequence, payload[0]])).toEqual([
    [1, 2],
    [2, 3],
  ]);
  expect(bus.counts()).toEqual(new Map([["/a", 3]]));
});

describe("a full queue", () => {
  const filled = (policy: QueuePolicy) => {
    const bus = new Bus();
    const subscription = bus.subscribe("/a", terms(2, policy));
    const publish = () => {
      for (let i = 0; i < 5; i++) bus.publish(0, i, "p", bytes(i));
    };
    return { subscription, publish };
  };

  it("loses the oldest, and counts it", () => {
    const { subscription, publish } = filled("drop-oldest");
    publish();
    expect(subscription.status()).toEqual({ ...terms(2), queued: 2, received: 5, dropped: 3, lastUs: 4 });
    expect(subscription.drain().map(({ payload }) => payload[0])).toEqual([3, 4]);
  });

  it("takes no newer one, and counts it", () => {
    const { subscription, publish } = filled("drop-newest");
    publish();
    expect(subscription.status()).toMatchObject({ queued: 2, received: 5, dropped: 3 });
    expect(subscription.drain().map(({ payload }) => payload[0])).toEqual([0, 1]);
  });

  it("is the subscriber's fault where nothing may be lost", () => {
    const { publish } = filled("error");
    expect(publish).toThrow(QueueOverflow);
    expect(publish).toThrow("the queue of /a is full with 2 messages");
  });

  it("is bounded by bytes, too, but takes one message of any size", () => {
    const bus = new Bus();
    const subscription = bus.subscribe("/a", terms(100));
    for (let i = 0; i < 3; i++) bus.publish(0, i, "p", new Uint8Array(40 * 1024 * 1024));
    expect(subscription.status()).toMatchObject({ queued: 1, dropped: 2 });
  });
});

it("delivers nothing any more after unsubscribing", () => {
  const bus = new Bus();
  const subscription = bus.subscribe("/a", terms(2));
  const other = bus.subscribe("/a", { ...terms(2), owner: "other" });
  bus.unsubscribe(subscription);
  bus.publish(0, 0, "p", bytes(0));
  expect(subscription.read()).toBeUndefined();
  bus.unsubscribeAll("other");
  bus.publish(0, 0, "p", bytes(0));
  expect(other.status().received).toBe(1);
});

it("gives the last message of a latched topic to those who come later, also after going back", () => {
  const bus = new Bus();
  const topic = bus.topic("/map");
  bus.publish(topic, 1, "p", bytes(1), true);
  const saved = bus.save();
  bus.publish(topic, 2, "p", bytes(2), true);
  expect(bus.subscribe("/map", terms(4)).read()?.payload).toEqual(bytes(2));
  bus.restore(saved);
  const late = bus.subscribe("/map", terms(4));
  expect(late.drain().map(({ timeUs, payload }) => [timeUs, payload[0]])).toEqual([[1, 1]]);
  expect(bus.subscribe("/other", terms(4)).read()).toBeUndefined();
});

it("tells how often, how late and to whom each topic is published", () => {
  const bus = new Bus();
  bus.subscribe("/a", terms(3));
  for (let i = 0; i < 40; i++) bus.publish(0, i * 50_000, "p", bytes(i));
  expect(bus.status()).toEqual([
    {
      name: "/a",
      published: 40,
      rateHz: 20,
      lastUs: 39 * 50_000,
      subscribers: [{ ...terms(3), queued: 3, received: 40, dropped: 37, lastUs: 39 * 50_000 }],
    },
  ]);
});
