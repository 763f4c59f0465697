import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Decision } from "../engine/decision.ts";
import type { RunPlan } from "../engine/run-plan.ts";
import type { Output } from "../outputs/output.ts";
import { type FakeUnit, fakePlan, fakeRecording } from "../testing/fake-run.case.ts";
import type { RunReport } from "./report.ts";
import { Simulation } from "./simulation.ts";
import type { SimulationOptions } from "./simulation-options.ts";

const text = (payload: Uint8Array) => new TextDecoder().decode(payload);

interface Options {
  readonly providers?: readonly string[];
  /** Says why it fails now; undefined where it does not. */
  readonly fails?: (count: number, nowUs: number) => string | undefined;
  readonly saves?: boolean;
}

/** Counts its steps on `/<name>`, and hears of `/shared`; fails after it has published. */
function counter(name: string, { providers = [], fails, saves = true }: Options = {}): FakeUnit {
  return {
    name,
    providers,
    make: ({ call }) => {
      let [count, topic] = [0, -1];
      let heard: { id: number } | undefined;
      const memory = {
        get: () => [count, topic, heard?.id],
        set: (value: unknown) => {
          let id: number | undefined;
          [count, topic, id] = value as [number, number, number | undefined];
          heard = id === undefined ? undefined : subscriberOf(id);
        },
      };
      let subscriberOf = (id: number): { id: number } => ({ id });
      return {
        ...(saves && { memory }),
        init: () => {
          topic = call("bus", "advertise", `/${name}`) as number;
          heard = call("bus", "subscribe", "/shared", 8) as { id: number };
          subscriberOf = (id) => Object.assign(Object.create(Object.getPrototypeOf(heard)), { id });
        },
        step: (nowUs) => {
          count++;
          const { payloads } = call("sensors", "arrivedPacked", []) as { payloads: Uint8Array };
          const messages = (heard as unknown as { drain(): unknown[] }).drain().length;
          const told = `${count} ${payloads.length} ${messages}`;
          call("bus", "publish", topic, new TextEncoder().encode(told));
          const reason = fails?.(count, nowUs);
          if (reason !== undefined) throw new Error(reason);
        },
      };
    },
  };
}

const YAML = `
defaultRateHz: 20
units:
  bad: { publishes: { /bad: {} }, onFault: POLICY, restarts: 2 }
  consumer: { publishes: { /consumer: {} } }
  further: { publishes: { /further: {} } }
  other: { publishes: { /other: {}, /shared: {} }, rateHz: 10 }
`;

function planFor(policy: string, bad: Options, saves = true, decisions?: readonly Decision[]): RunPlan {
  const units = [
    counter("bad", { ...bad, saves }),
    counter("consumer", { providers: ["bad"], saves }),
    counter("further", { providers: ["consumer"], saves }),
    counter("other", { saves }),
  ];
  const plan = fakePlan(units, YAML.replace("POLICY", policy), fakeRecording(200));
  return decisions === undefined ? plan : { ...plan, decisions };
}

interface Ran {
  readonly report: RunReport;
  readonly outputs: readonly string[];
}

async function run(
  plan: RunPlan,
  options: Omit<SimulationOptions, "sinks"> = {},
  meanwhile: (simulation: Simulation) => Promise<void> = async () => {},
): Promise<Ran> {
  const outputs: string[] = [];
  const sink = {
    open: async () => {},
    write: async (batch: readonly Output[]) => {
      for (const { timeUs, topic, payload } of batch) outputs.push(`${timeUs} ${topic} ${text(payload)}`);
    },
    close: async () => {},
  };
  const simulation = await Simulation.start(plan, { speed: "max", ...options, sinks: [sink] });
  await meanwhile(simulation);
  await simulation.apply({ type: "play" });
  await simulation.finished();
  const report = await simulation.report();
  await simulation.close();
  return { report, outputs };
}

const atHalfASecond: Options = {
  fails: (_count, nowUs) => (nowUs === 1_500_000 ? "boom" : undefined),
};

/** Ways to run that must not make any difference. */
type Way = readonly [
  name: string,
  options: SimulationOptions,
  meanwhile: ((simulation: Simulation) => Promise<void>) | undefined,
];
const WAYS: readonly Way[] = [
  ["with a checkpoint after every slice", { checkpoints: { costMs: 0 } }, undefined],
  ["without checkpoints", { checkpoints: false }, undefined],
  [
    "with seeks over the fault and back",
    { checkpoints: { costMs: 0 } },
    async (simulation) => {
      for (const timeUs of [1_400_000, 1_600_000, 1_450_000, 1_900_000, 1_500_000, 1_100_000, 1_500_001])
        await simulation.apply({ type: "seek", timeUs });
    },
  ],
  [
    "event by event",
    { checkpoints: false },
    async (simulation) => {
      for (let i = 0; i < 150; i++) await simulation.apply({ type: "step", unit: "event" });
    },
  ],
];

describe.each(["isolate", "restart"])("the policy %s", (policy) => {
  it.each(WAYS)("gives the same run %s", async (_name, options, meanwhile) => {
    const plain = await run(planFor(policy, atHalfASecond), { checkpoints: { costMs: 0.5 } });
    expect(plain.report.state).toBe("ended");
    expect(plain.report.decisions).toHaveLength(1);
    const other = await run(planFor(policy, atHalfASecond), options, meanwhile);
    expect(other.outputs).toEqual(plain.outputs);
    expect(other.report.runHash).toBe(plain.report.runHash);
    expect(other.report.decisions).toEqual(plain.report.decisions);
    expect(other.report.log).toEqual(plain.report.log);
  });

  it("gives the same run when it is decided beforehand", async () => {
    const plain = await run(planFor(policy, atHalfASecond));
    const repeated = await run(planFor(policy, {}, true, plain.report.decisions));
    expect(repeated.report.runHash).toBe(plain.report.runHash);
    expect(repeated.report.faults).toEqual([]);
    expect(repeated.report.decisions).toEqual(plain.report.decisions);
  });
});

describe("an isolated unit", () => {
  it("leaves the others as its policy says", async () => {
    const { report, outputs } = await run(planFor("isolate", atHalfASecond));
    expect(report.components.map(({ name, standing }) => [name, standing])).toEqual([
      ["bad", "isolated"],
      ["consumer", "stale"],
      ["further", "stale"],
      ["other", "running"],
    ]);
    const last = (topic: string) => outputs.findLast((output) => output.includes(` ${topic} `));
    expect(last("/bad")).toBe("1450000 /bad 10 5 0");
    expect(last("/further")).toBe("1450000 /further 10 5 0");
    expect(last("/other")).toBe("2900000 /other 20 10 0");
    expect(report.faults).toEqual([
      {
        timeUs: 1_500_000,
        event: expect.any(Number),
        unit: "bad",
        instance: "bad",
        call: "step",
        kind: "trap",
        inputs: [{ sensor: "/n", count: 51, arrived: 5, lastUs: 1_500_000 }],
        message: "bad: step at 0.500000 s: boom",
        action: "isolate",
      },
    ]);
  });

  it("is out from the start when it cannot be initialised", async () => {
    const units = [counter("bad"), counter("consumer", { providers: ["bad"] }), counter("other")];
    const failing: FakeUnit = {
      name: "bad",
      make: () => ({
        memory: { get: () => 0, set: () => {} },
        init: () => {
          throw new Error("no");
        },
        step: () => {},
      }),
    };
    const yaml = YAML.replace("POLICY", "restart").replace(/ {2}further.*\n/, "");
    const { report } = await run(fakePlan([failing, ...units.slice(1)], yaml));
    expect(report.decisions).toEqual([{ timeUs: 1_000_000, event: 0, unit: "bad", action: "isolate" }]);
    expect(report.components.map(({ standing }) => standing)).toEqual(["isolated", "stale", "running"]);
  });

  it("is found without saved states as well", async () => {
    const saved = await run(planFor("isolate", atHalfASecond));
    const unsaved = await run(planFor("isolate", atHalfASecond, false));
    expect(unsaved.report.runHash).toBe(saved.report.runHash);
    const restarted = await run(planFor("restart", atHalfASecond, false));
    expect(restarted.report.runHash).toBe(saved.report.runHash);
    expect(restarted.report.log[0]?.message).toMatch(/cannot be restarted: its state cannot be saved/);
  });
});

describe("a restarted unit", () => {
  it("begins again behind what it failed of", async () => {
    const { outputs, report } = await run(planFor("restart", atHalfASecond));
    const bad = outputs.filter((output) => output.includes(" /bad "));
    expect(bad.slice(8, 13)).toEqual([
      "1400000 /bad 9 5 0",
      "1450000 /bad 10 5 0",
      "1550000 /bad 1 5 0",
      "1600000 /bad 2 5 0",
      "1650000 /bad 3 5 0",
    ]);
    expect(report.components.map(({ standing, restarts }) => [standing, restarts])).toEqual([
      ["running", 1],
      ["running", 0],
      ["running", 0],
      ["running", 0],
    ]);
  });

  it("is isolated when it fails too often", async () => {
    const always: Options = { fails: (count) => (count === 4 ? "again" : undefined) };
    const { report, outputs } = await run(planFor("restart", always));
    expect(report.decisions.map(({ action }) => action)).toEqual(["restart", "restart", "isolate"]);
    expect(report.components[0]).toMatchObject({ standing: "isolated", restarts: 2 });
    expect(outputs.filter((output) => output.includes(" /bad "))).toHaveLength(9);
  });
});

describe("a publisher that fails while another unit waits for it", () => {
  const reader: FakeUnit = {
    name: "reader",
    make: ({ call }) => {
      let queue: { blockingRead(): { payload: Uint8Array } } | undefined;
      let heard = 0;
      return {
        init: () => {
          queue = call("bus", "subscribe", "/late", 8) as typeof queue;
        },
        step: () => {
          try {
            queue?.blockingRead();
            heard++;
          } catch (error) {
            if (!String(error).includes("would-block")) throw error;
          }
          call("bus", "publish", call("bus", "advertise", "/reader"), new Uint8Array([heard]));
        },
      };
    },
  };
  const late: FakeUnit = {
    name: "zlate",
    make: ({ call }) => ({
      step: (nowUs) => {
        if (nowUs === 1_200_000) throw new Error("too late");
        call("bus", "publish", call("bus", "advertise", "/late"), new Uint8Array([1]));
      },
    }),
  };
  const plan = (onFault: string) =>
    fakePlan(
      [reader, late],
      `units:\n  reader: { rateHz: 10, publishes: { /reader: {} } }\n  zlate: { rateHz: 10, publishes: { /late: {} }, onFault: ${onFault} }\n`,
      fakeRecording(100),
    );

  it("is to blame, and not the one that waits", async () => {
    const { report } = await run(plan("stop"));
    expect(report.error?.message).toBe("zlate: step at 0.200000 s: too late");
  });

  it("is isolated; the other goes on, and would block", async () => {
    const { report } = await run(plan("isolate"));
    expect(report.state).toBe("ended");
    expect(report.components.map(({ standing, steps }) => [standing, steps])).toEqual([
      ["running", 9],
      ["isolated", 2],
    ]);
    expect(report.topics).toEqual({ "/late": 2, "/reader": 9 });
  });
});

it("whatever the playhead does, what is decided is the same", async () => {
  const policy = fc.constantFrom("isolate", "restart");
  const time = fc.integer({ min: 1_000_000, max: 3_000_000 });
  const faults: Options = {
    fails: (count, nowUs) => (count % 9 === 8 || nowUs === 2_000_000 ? "no" : undefined),
  };
  await fc.assert(
    fc.asyncProperty(
      policy,
      fc.array(time, { maxLength: 6 }),
      fc.boolean(),
      async (onFault, times, saves) => {
        const plain = await run(planFor(onFault, faults, saves), { checkpoints: false });
        const wandering = await run(
          planFor(onFault, faults, saves),
          { checkpoints: { costMs: 0 } },
          async (simulation) => {
            for (const timeUs of times) await simulation.apply({ type: "seek", timeUs });
          },
        );
        expect(wandering.outputs).toEqual(plain.outputs);
        expect(wandering.report.runHash).toBe(plain.report.runHash);
        expect(wandering.report.decisions).toEqual(plain.report.decisions);
      },
    ),
    { numRuns: 30, seed: 4 },
  );
});
