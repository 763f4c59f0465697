import type { Reading, Recording } from "@playhead/recording";
import { describe, expect, it } from "vitest";
import { makePlan } from "../config/make-plan.ts";
import { Simulation } from "../control/simulation.ts";
import type { Output } from "../outputs/output.ts";
import { type FakeUnit, fakePlan, fakeRecording } from "../testing/fake-run.case.ts";
import { reactionOrder } from "./reaction-order.ts";

const START = 1_000_000;

/** Publishes on its topic, at each step, how many messages it read from those that it subscribes to. */
function relay(
  name: string,
  topic: string,
  subscribes: readonly string[] = [],
  providers: string[] = [],
): FakeUnit {
  return {
    name,
    providers,
    make: ({ call }) => {
      const queues = subscribes.map(
        (from) => call("bus", "subscribe", from, 0) as { drain(): readonly object[] },
      );
      return {
        memory: { get: () => 0, set: () => {} },
        step: () => {
          const count = queues.reduce((sum, queue) => sum + queue.drain().length, 0);
          call("bus", "publish", call("bus", "advertise", topic), new TextEncoder().encode(String(count)));
        },
      };
    },
  };
}

/** Two sensors: `/n` every 10 ms, and `/m` at 25 and 40 ms, the latter twice. */
function twoSensors(): Recording {
  const base = fakeRecording(10);
  const [n] = base.sensors;
  if (n === undefined) throw new Error("no sensor");
  const m = { ...n, handle: 1, name: "/m", kind: "gps" as const };
  const extra = [25_000, 40_000, 40_000];
  const all = async () => {
    const readings: Reading[] = [];
    for await (const batch of base.read()) readings.push(...batch);
    extra.forEach((at, sequence) => {
      const like = readings[0];
      if (like !== undefined) readings.push({ ...like, sensor: 1, timeUs: START + at, sequence });
    });
    return readings
      .sort((a, b) => a.timeUs - b.timeUs)
      .map((reading, position) => ({ ...reading, position }));
  };
  return {
    ...base,
    sensors: [n, m],
    async *read({ fromUs = 0, toUs = Number.POSITIVE_INFINITY, sensors } = {}) {
      for (const reading of await all())
        if (reading.timeUs >= fromUs && reading.timeUs <= toUs && (sensors?.includes(reading.sensor) ?? true))
          yield [reading];
    },
    latestAtOrBefore: async (timeUs, sensors) => {
      const found = (await all()).filter((reading) => reading.timeUs <= timeUs);
      return new Map(
        found.filter(({ sensor }) => sensors?.includes(sensor) ?? true).map((r) => [r.sensor, r]),
      );
    },
  };
}

async function outputs(units: FakeUnit[], yaml: string, moves: number[] = []): Promise<string[]> {
  const seen: Output[] = [];
  const sink = {
    open: () => Promise.resolve(),
    write: (outputs: readonly Output[]) => {
      seen.push(...outputs);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
  const simulation = await Simulation.start(fakePlan(units, yaml, twoSensors()), {
    speed: "max",
    sinks: [sink],
    checkpoints: { costMs: 0 },
  });
  for (const timeUs of moves) await simulation.apply({ type: "seek", timeUs: START + timeUs });
  for (let i = 0; i < moves.length; i++)
    await simulation.apply({ type: "step", unit: "event", direction: "back" });
  await simulation.apply({ type: "play" });
  expect(await simulation.finished()).toMatchObject({ state: "ended", error: undefined });
  await simulation.close();
  return seen.map(
    ({ timeUs, topic, payload }) =>
      `${(timeUs - START) / 1000} ${topic} ${new TextDecoder().decode(payload)}`,
  );
}

describe("triggers", () => {
  it("step a unit at each time of a sensor's readings, by name and by kind, once for several", async () => {
    const yaml = (sensor: string) =>
      `units: { a: { triggers: { sensors: [${sensor}] }, publishes: { /a: {} } } }`;
    for (const sensor of ["/m", "gps"])
      expect(await outputs([relay("a", "/a")], yaml(sensor))).toEqual(["25 /a 0", "40 /a 0"]);
  });

  it("go with a rate: what is due at one time is one step", async () => {
    const yaml =
      "units: { a: { rateHz: 50, phaseUs: 20000, triggers: { sensors: [/m] }, publishes: { /a: {} } } }";
    expect(await outputs([relay("a", "/a")], yaml)).toEqual([
      "20 /a 0",
      "25 /a 0",
      "40 /a 0",
      "60 /a 0",
      "80 /a 0",
    ]);
  });

  const diamond = `
units:
  a: { triggers: { topics: [/c, /d] }, publishes: { /a: {} } }
  b: { triggers: { sensors: [/m] }, publishes: { /b: {} } }
  c: { triggers: { topics: [/b] }, publishes: { /c: {} } }
  d: { triggers: { topics: [/b] }, publishes: { /d: {} } }
`;
  const units = () => [
    relay("a", "/a", ["/c", "/d"]),
    relay("b", "/b"),
    relay("c", "/c", ["/b"]),
    relay("d", "/d", ["/b"]),
  ];
  const expected = ["25 /b 0", "25 /c 1", "25 /d 1", "25 /a 2", "40 /b 0", "40 /c 1", "40 /d 1", "40 /a 2"];

  it("step those whom a message triggers at the same instant, once, when all that trigger them have run", async () => {
    expect(await outputs(units(), diamond)).toEqual(expected);
  });

  it("are the same whatever way the playhead went", async () => {
    expect(await outputs(units(), diamond, [50_000, 40_000, 25_000, 90_000, 40_000, 40_000, 25_000])).toEqual(
      expected,
    );
  });

  it("do not step a unit again that had the message in a step of the same instant", async () => {
    const yaml = `
units:
  a: { rateHz: 50, publishes: { /a: {} } }
  z: { rateHz: 50, triggers: { topics: [/a] }, publishes: { /z: {} } }
`;
    const lines = await outputs([relay("a", "/a"), relay("z", "/z", ["/a"])], yaml);
    expect(lines.slice(0, 4)).toEqual(["0 /a 0", "0 /z 1", "20 /a 0", "20 /z 1"]);
  });

  it("are refused where units would trigger each other without end, or nothing ever would", () => {
    const configured = (yaml: string) => fakePlan([relay("a", "/a"), relay("b", "/b")], yaml, twoSensors());
    const plan = (yaml: string) => makePlan(twoSensors(), configured(yaml));
    expect(() =>
      plan(`
units:
  a: { triggers: { topics: [/b] }, publishes: { /a: {} } }
  b: { triggers: { topics: [/a] }, publishes: { /b: {} } }
`),
    ).toThrow("units.a.triggers.topics: expected no unit to trigger itself, found a → /a → b → /b → a");
    expect(() => plan("units: { a: { triggers: { sensors: [/nothing] } } }")).toThrow(
      'units.a.triggers.sensors: expected a sensor of fake or a kind of sensors, found "/nothing"',
    );
    expect(() => plan("units: { a: { triggers: { sensors: [lidar] } } }")).not.toThrow();
  });
});

it("puts publishers before those whom they trigger", () => {
  const unit = (name: string, publishes: string[], topics: string[]) => ({
    name,
    config: {
      publishes: Object.fromEntries(publishes.map((topic) => [topic, { encoding: "json", latched: false }])),
      triggers: { sensors: [], topics },
    },
  });
  const { order, cycle } = reactionOrder([
    unit("a", [], ["/c"]),
    unit("b", ["/b"], []),
    unit("c", ["/c"], ["/b"]),
  ]);
  expect([...order.keys()]).toEqual(["b", "c", "a"]);
  expect(cycle).toBeUndefined();
});
