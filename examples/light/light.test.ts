import type { Component } from "@playhead/component-model";
import { GuestUnderTest, loadGuest } from "@playhead/guest/test-kit";
import { beforeAll, describe, expect, it } from "vitest";

const START_US = 1_700_000_000_000_000;

let tally: Component;
let reporter: Component;
beforeAll(async () => {
  tally = await loadGuest(new URL("tally/", import.meta.url));
  reporter = await loadGuest(new URL("reporter/", import.meta.url));
}, 120_000);

interface Total {
  readonly sensor: number;
  readonly count: bigint;
  readonly size: bigint;
  readonly checksum: number;
}

/** FNV-1a, 32 bits. */
function checksum(bytes: Uint8Array): number {
  return bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}

function totalsOf(guest: GuestUnderTest): Total[] {
  return (guest.function("totals", "all") as () => Total[])();
}

function startTally(): GuestUnderTest {
  const guest = new GuestUnderTest(tally, {
    sensors: [
      { name: "/imu", kind: "imu" },
      { name: "/can", kind: "can" },
    ],
  });
  expect(guest.init()).toBeUndefined();
  return guest;
}

describe("tally", () => {
  it("counts every reading once, with its bytes", () => {
    const guest = startTally();
    const payloads = Array.from({ length: 40 }, (_, i) =>
      Uint8Array.from({ length: i % 9 }, (_, k) => i * k),
    );
    payloads.forEach((payload, i) => {
      guest.add({ sensor: i % 4 === 0 ? "/imu" : "/can", timeUs: START_US + i * 1000, payload });
    });
    for (let i = 0; i < 60; i += 7) expect(guest.step(START_US + i * 1000)).toBeUndefined();
    const expected = [0, 1].map((sensor) => {
      const own = payloads.filter((_, i) => (i % 4 === 0 ? 0 : 1) === sensor);
      const all = Buffer.concat(own);
      return { sensor, count: BigInt(own.length), size: BigInt(all.length), checksum: checksum(all) };
    });
    expect(totalsOf(guest)).toEqual(expected);
  });

  it("has no settings", () => {
    expect(new GuestUnderTest(tally).init({ speed: "1" })).toBe("unknown setting speed");
  });
});

describe("reporter", () => {
  function startReporter(all: () => Total[]): GuestUnderTest {
    return new GuestUnderTest(reporter, {
      publishes: ["/totals"],
      imports: { "example:light/totals@0.1.0": { all } },
    });
  }

  it("publishes what tally counted", () => {
    const counted = startTally();
    counted.add({ sensor: "/imu", timeUs: START_US, payload: Uint8Array.of(1, 2, 3) });
    counted.step(START_US);
    const guest = startReporter(() => totalsOf(counted));
    expect(guest.init({ label: "light" })).toBeUndefined();
    expect(guest.step(START_US + 5)).toBeUndefined();
    const [message] = guest.bus.published;
    expect(message).toMatchObject({ topic: "/totals", timeUs: START_US + 5 });
    expect(JSON.parse(Buffer.from(message?.payload ?? []).toString("utf8"))).toEqual({
      label: "light",
      time: START_US + 5,
      totals: [
        { sensor: 0, count: 1, size: 3, checksum: checksum(Uint8Array.of(1, 2, 3)) },
        { sensor: 1, count: 0, size: 0, checksum: checksum(new Uint8Array()) },
      ],
    });
    expect(guest.diagnostics.metrics.get("readings")).toBe(1);
  });

  it("draws a bar and a line of text for each sensor", () => {
    const guest = startReporter(() => [
      { sensor: 0, count: 10n, size: 1n, checksum: 0 },
      { sensor: 1, count: 5n, size: 2n, checksum: 0 },
    ]);
    guest.init();
    const picture = guest.render(0, START_US) as {
      tag: string;
      val: { ops: { tag: string; val: unknown }[] };
    };
    expect(picture).toMatchObject({ tag: "canvas", val: { width: 480, height: 48 } });
    expect(picture.val.ops.map((op) => op.tag)).toEqual([
      "fill-rect",
      "fill-rect",
      "text",
      "fill-rect",
      "text",
    ]);
    expect(picture.val.ops[4]?.val).toMatchObject({ content: "sensor 1: 5 readings, 2 bytes" });
    expect(() => guest.render(1, START_US)).toThrow();
  });

  it("needs its topic", () => {
    const guest = new GuestUnderTest(reporter, {
      imports: { "example:light/totals@0.1.0": { all: () => [] } },
    });
    expect(guest.init()).toContain("/totals");
    expect(guest.init({ colour: "red" })).toContain("colour");
  });
});
