import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FakeUnit, fakePlan, fakeRecording, SUMMING_YAML, summing } from "../testing/fake-run.case.ts";
import type { Command, CommandResult } from "./command.ts";
import { Simulation } from "./simulation.ts";
import type { SimulationOptions } from "./simulation-options.ts";

const START = 1_000_000;
const DENSE = { costMs: 0, budgetBytes: 1e7 };

/** Publishes JSON on `/count` at 20 Hz: `{"n": …, "even": …}`, and a warning on `/warn` for every seventh. */
const counting: FakeUnit = {
  name: "counting",
  make: ({ call }) => {
    let n = 0;
    return {
      memory: {
        get: () => n,
        set: (value) => {
          n = value as number;
        },
      },
      step: () => {
        const publish = (topic: string, value: object) =>
          void call(
            "bus",
            "publish",
            call("bus", "advertise", topic),
            new TextEncoder().encode(JSON.stringify(value)),
          );
        publish("/count", { n, list: [{ even: n % 2 === 0 }] });
        if (n % 7 === 6) publish("/warn", { at: n });
        if (n === 5) call("diagnostics", "health", "degraded", "tired");
        if (n === 8) call("diagnostics", "health", "ok", "");
        n++;
      },
    };
  },
};

const YAML = `${SUMMING_YAML}
  counting: { rateHz: 20, publishes: { /count: {}, /warn: { role: alerts } } }
`;

/** Echoes what the messages that trigger it say; the queue is short. */
const echoing: FakeUnit = {
  name: "echoing",
  make: ({ call }) => {
    const queue = call("bus", "subscribe", "/count", 0) as { drain(): { payload: Uint8Array }[] };
    return {
      memory: { get: () => 0, set: () => {} },
      step: () => {
        for (const { payload } of queue.drain())
          call("bus", "publish", call("bus", "advertise", "/echo"), payload);
      },
    };
  },
};

/** The same with a unit that messages and readings trigger, a phase, and a latched topic. */
const TRIGGERED = YAML.replace("rateHz: 20,", "rateHz: 20, phaseUs: 10000,").concat(`  echoing:
    triggers: { sensors: [/n], topics: [/count] }
    publishes: { /echo: { latched: true } }
    subscribes: { /count: { depth: 2, policy: drop-newest } }
`);

const start = (options: SimulationOptions = {}, count = 100, isTriggered = false) =>
  Simulation.start(
    fakePlan(
      isTriggered ? [summing, counting, echoing] : [summing, counting],
      isTriggered ? TRIGGERED : YAML,
      fakeRecording(count),
    ),
    { speed: "max", checkpoints: DENSE, ...options },
  );

/** All that can be seen of where a run is. */
async function stateOf(simulation: Simulation): Promise<string> {
  const { runHash, timeUs, events } = simulation.status;
  const { readings, topics, views, frames, components, alerts, inputHash } = await simulation.report();
  const units = components.map(({ steps, health, published }) => ({ steps, health, published }));
  return JSON.stringify({
    state: simulation.stateHash(),
    runHash,
    timeUs,
    events,
    readings,
    topics,
    views,
    frames,
    units,
    alerts,
    inputHash,
  });
}

async function apply(simulation: Simulation, command: Command): Promise<CommandResult> {
  return await simulation.apply(command);
}

/** States at every event position of the run, by the number of events, from stepping forward only. */
async function eventStates(count = 100, isTriggered = false): Promise<string[]> {
  const simulation = await start({ checkpoints: false }, count, isTriggered);
  const states = [await stateOf(simulation)];
  while ((await apply(simulation, { type: "step", unit: "event" })).ok && simulation.status.state !== "ended")
    states.push(await stateOf(simulation));
  await simulation.close();
  return states;
}

describe("steps back", () => {
  it("by events land between the events of one instant, exactly, with checkpoints or without", async () => {
    const states = await eventStates(40);
    expect(
      new Set(states.map((state) => (JSON.parse(state) as { timeUs: number }).timeUs)).size,
    ).toBeLessThan(states.length);
    for (const checkpoints of [DENSE, false] as const) {
      const simulation = await start({ checkpoints }, 40);
      await apply(simulation, { type: "step", unit: "event", count: states.length - 1 });
      for (let at = states.length - 2; at >= 0; at -= checkpoints === false ? 9 : 1) {
        const count = checkpoints === false ? simulation.status.events - at : 1;
        expect(
          await apply(simulation, { type: "step", unit: "event", direction: "back", count }),
        ).toMatchObject({
          ok: true,
        });
        expect(await stateOf(simulation)).toBe(states[at]);
      }
      await apply(simulation, { type: "seek", timeUs: 0 });
      await apply(simulation, { type: "step", unit: "event", direction: "back", count: 1000 });
      expect(await stateOf(simulation)).toBe(states[0]);
      expect(await apply(simulation, { type: "step", unit: "event", direction: "back" })).toMatchObject({
        ok: false,
        code: "at-start",
      });
      await simulation.close();
    }
  });

  it("go by ticks, frames, readings, messages and runs, and are the opposite of steps forward", async () => {
    const simulation = await start();
    for (const step of [
      { unit: "tick" },
      { unit: "frame" },
      { unit: "reading", of: "/n" },
      { unit: "message", of: "/count" },
      { unit: "message" },
      { unit: "run", of: "counting" },
      { unit: "run" },
    ] as const) {
      await apply(simulation, { type: "seek", timeUs: START + 400_000 });
      await apply(simulation, { type: "step", ...step });
      const first = await stateOf(simulation);
      await apply(simulation, { type: "step", ...step, count: 3 });
      expect(await stateOf(simulation)).not.toBe(first);
      expect(await apply(simulation, { type: "step", ...step, count: 3, direction: "back" })).toMatchObject({
        ok: true,
      });
      expect(await stateOf(simulation)).toBe(first);
    }
    await simulation.close();
  });

  it("stop at the next reading, message and run", async () => {
    const simulation = await start();
    const timeAfter = async (command: Omit<Command & { type: "step" }, "type">) => {
      await apply(simulation, { type: "seek", timeUs: START + 123_000 });
      const result = await apply(simulation, { type: "step", ...command });
      return result.ok ? result.timeUs - START : result.code;
    };
    expect(await timeAfter({ unit: "reading" })).toBe(130_000);
    expect(await timeAfter({ unit: "reading", direction: "back" })).toBe(120_000);
    expect(await timeAfter({ unit: "reading", of: "/n", count: 4 })).toBe(160_000);
    expect(await timeAfter({ unit: "message", of: "/count" })).toBe(150_000);
    expect(await timeAfter({ unit: "message", of: "/count", direction: "back" })).toBe(100_000);
    expect(await timeAfter({ unit: "run", of: "summing" })).toBe(133_333);
    expect(await timeAfter({ unit: "run", of: "nobody" })).toBe("bad-command");
    expect(await timeAfter({ unit: "reading", of: "/none" })).toBe("bad-command");
    expect(await timeAfter({ unit: "reading", count: 1000 })).toBe("not-found");
    expect(await timeAfter({ unit: "reading", count: 1000, direction: "back" })).toBe("not-found");
    expect(simulation.status.timeUs).toBe(START + 123_000);
    await simulation.close();
  });

  it("are refused where there is nothing before, and change nothing", async () => {
    const simulation = await start();
    const before = simulation.status;
    for (const unit of ["tick", "event", "frame", "message", "run"] as const)
      expect(await apply(simulation, { type: "step", unit, direction: "back" })).toMatchObject({
        code: "at-start",
      });
    expect(simulation.status).toEqual(before);
    await simulation.close();
  });
});

describe("run until", () => {
  it("stops right after the event that made it so, forward and back", async () => {
    const simulation = await start();
    const until = async (until: Extract<Command, { type: "run-until" }>["until"], direction?: "back") => {
      const result = await apply(simulation, { type: "run-until", until, ...(direction && { direction }) });
      return result.ok ? [result.found, (result.timeUs - START) / 50_000] : result.code;
    };
    expect(await until({ on: "message", topic: "/count", field: "n", is: ">=", value: 4 })).toEqual([
      true,
      4,
    ]);
    expect(
      await until({ on: "message", topic: "/count", field: "list.0.even", is: "=", value: true }),
    ).toEqual([true, 6]);
    expect(await until({ on: "alert" })).toEqual([true, 13]);
    expect(await until({ on: "alert" }, "back")).toEqual([undefined, 6]);
    expect(await until({ on: "alert", unit: "counting" })).toEqual([true, 13]);
    expect(await until({ on: "health", unit: "counting", state: "ok" }, "back")).toEqual([undefined, 8]);
    expect(await until({ on: "health", unit: "counting", state: "degraded" }, "back")).toEqual([
      undefined,
      5,
    ]);
    expect(await until({ on: "health", unit: "nobody", state: "ok" })).toBe("bad-command");
    expect(await until({ on: "time", timeUs: START + 500_000 })).toEqual([undefined, 10]);
    expect(await until({ on: "time", timeUs: START + 600_000 }, "back")).toBe("not-found");
    expect(await until({ on: "message", topic: "/count", field: "n", is: "<", value: 2 }, "back")).toEqual([
      undefined,
      1,
    ]);
    expect(await until({ on: "message", topic: "/count", field: "m", is: "exists" })).toEqual([false, 19.8]);
    expect(simulation.status.state).toBe("ended");
    await simulation.close();
  });

  it("comes back to where it was when the past has none", async () => {
    const simulation = await start();
    await apply(simulation, { type: "step", unit: "event", count: 50 });
    const before = await stateOf(simulation);
    expect(
      await apply(simulation, {
        type: "run-until",
        until: { on: "message", topic: "/count", field: "n", is: "=", value: -1 },
        direction: "back",
      }),
    ).toMatchObject({ ok: false, code: "not-found" });
    expect(await stateOf(simulation)).toBe(before);
    await simulation.close();
  });
});

describe("loops", () => {
  it("go back exactly, and are left by a seek", async () => {
    const simulation = await start();
    const loop = { fromUs: START + 200_000, toUs: START + 400_000 };
    expect(await apply(simulation, { type: "loop", loop })).toMatchObject({ ok: true });
    await apply(simulation, { type: "play" });
    const times: number[] = [];
    for await (const { status } of simulation.frames()) {
      times.push(status.timeUs);
      if (times.length === 40) break;
    }
    await apply(simulation, { type: "pause" });
    expect(Math.max(...times)).toBeLessThanOrEqual(loop.toUs);
    expect(times.filter((timeUs, i) => timeUs < (times[i - 1] ?? 0)).length).toBeGreaterThan(1);
    const { timeUs } = simulation.status;
    const here = await stateOf(simulation);
    const straight = await start({ checkpoints: false });
    await apply(straight, { type: "seek", timeUs });
    if (simulation.status.events === straight.status.events) expect(await stateOf(straight)).toBe(here);
    await apply(simulation, { type: "loop", loop: "off" });
    await apply(simulation, { type: "play" });
    expect(await simulation.finished()).toMatchObject({ state: "ended", loop: "off" });
    await Promise.all([simulation.close(), straight.close()]);
  });

  it("are refused outside the run", async () => {
    const simulation = await start();
    for (const loop of [
      { fromUs: 0, toUs: START + 1 },
      { fromUs: START + 5, toUs: START + 5 },
    ])
      expect(await apply(simulation, { type: "loop", loop })).toMatchObject({
        ok: false,
        code: "bad-command",
      });
    expect(simulation.status.loop).toBe("off");
    await simulation.close();
  });
});

it("shows how far a long seek is, and lets a pause end it", async () => {
  const simulation = await start({}, 200_000);
  const seeking = apply(simulation, { type: "seek", timeUs: START + 1_999_000_000 });
  for await (const { status } of simulation.frames())
    if (status.seeking !== undefined) {
      expect(status).toMatchObject({
        state: "seeking",
        seeking: { fromUs: START, targetUs: START + 1_999_000_000 },
      });
      break;
    }
  expect(await apply(simulation, { type: "pause" })).toMatchObject({ ok: true });
  expect(await seeking).toMatchObject({ ok: false, code: "cancelled" });
  expect(simulation.status).toMatchObject({ state: "paused", seeking: undefined });
  await simulation.close();
});

it.each([
  ["rates", false],
  ["triggers", true],
])(
  "ends, to the bit, in the same place whatever way the commands took it there: %s",
  async (_, isTriggered) => {
    const states = await eventStates(100, isTriggered);
    const unit = fc.constantFrom("tick", "event", "frame", "reading", "message", "run" as const);
    const command: fc.Arbitrary<Command> = fc.oneof(
      fc.record({
        type: fc.constant("step" as const),
        unit: unit as fc.Arbitrary<"tick" | "event" | "frame" | "reading" | "message" | "run">,
        count: fc.integer({ min: 1, max: 9 }),
        direction: fc.constantFrom("forward" as const, "back" as const),
      }),
      fc.record({
        type: fc.constant("seek" as const),
        timeUs: fc.integer({ min: START, max: START + 990_000 }),
      }),
      fc.constant({ type: "checkpoint" as const }),
      fc.record({
        type: fc.constant("seek-by" as const),
        deltaUs: fc.integer({ min: -300_000, max: 300_000 }),
      }),
      fc.record({
        type: fc.constant("run-until" as const),
        until: fc.constantFrom(
          { on: "alert" as const },
          { on: "health" as const, unit: "counting", state: "degraded" as const },
          { on: "message" as const, topic: "/sum" },
        ),
        direction: fc.constantFrom("forward" as const, "back" as const),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 12 }), fc.boolean(), async (commands, saves) => {
        const simulation = await start({ checkpoints: saves ? DENSE : false }, 100, isTriggered);
        for (const each of commands) await apply(simulation, each);
        const { events } = simulation.status;
        // Where time has gone on since the last event, only what events have made is compared.
        const wanted = JSON.parse(states[events] ?? "{}") as Record<string, unknown>;
        const found = JSON.parse(await stateOf(simulation)) as Record<string, unknown>;
        const { runHash, topics, views, units, alerts } = found;
        if (states[events] !== undefined)
          expect({ runHash, topics, views, units, alerts }).toEqual({
            runHash: wanted.runHash,
            topics: wanted.topics,
            views: wanted.views,
            units: wanted.units,
            alerts: wanted.alerts,
          });
        if (found.timeUs === wanted.timeUs) expect(found).toEqual(wanted);
        await simulation.close();
      }),
      { numRuns: 40, seed: 4 },
    );
  },
);
