import { expect, it } from "vitest";
import type { RunPlan } from "../engine/run-plan.ts";
import type { Output, OutputSink } from "../outputs/output.ts";
import { type FakeUnit, fakePlan, SUMMING_YAML, summing } from "../testing/fake-run.case.ts";
import type { Laboratory, Trial, TrialResult } from "./laboratory.ts";
import type { RecordedOutput, RecordedRun } from "./recorded-run.ts";
import { runWay } from "./run-way.ts";
import { type Verification, verify } from "./verify.ts";
import type { Move } from "./way.ts";

class Kept implements OutputSink {
  readonly outputs: Output[] = [];
  async open(): Promise<void> {}
  async write(outputs: readonly Output[]): Promise<void> {
    this.outputs.push(...outputs);
  }
  async close(): Promise<void> {}
}

/** Runs in this process, each with units of its own. */
class SmallLaboratory implements Laboratory {
  readonly #plan: () => RunPlan;
  readonly #kept: Kept[] = [];

  constructor(plan: () => RunPlan) {
    this.#plan = plan;
  }

  async run(trial: Trial): Promise<TrialResult> {
    const kept = new Kept();
    this.#kept.push(kept);
    const result = await runWay(this.#plan(), trial.way, [kept]);
    return { ...result, trial, outputsAt: String(this.#kept.length - 1) };
  }

  async open({ outputsAt }: TrialResult): Promise<RecordedRun> {
    const outputs = this.#kept[Number(outputsAt)]?.outputs ?? [];
    return {
      name: outputsAt,
      messageCount: outputs.length,
      about: undefined,
      topics: [],
      problems: [],
      async *messages() {
        for (const output of outputs) yield recorded(output);
      },
      close: async () => {},
    };
  }

  async discard(): Promise<void> {}
}

function recorded({ index, timeUs, unit, topic, payload }: Output): RecordedOutput {
  const declared = { topic, unit, messageEncoding: "text", schema: undefined };
  return { index, timeUs, remainderNs: 0, publishTimeNs: 0n, topic: declared, payload };
}

async function verified(
  makeUnit: () => FakeUnit,
  ways?: Move[][],
  yaml = SUMMING_YAML,
): Promise<Verification> {
  const plan = () => fakePlan([makeUnit()], yaml);
  return await verify(new SmallLaboratory(plan), {
    range: plan(),
    seed: "test",
    patterns: 6,
    variants: [],
    ways: ways?.map((moves) => ({ name: "moved", moves, checkpointCostMs: 0 })),
  });
}

const seek = (timeUs: number): Move => ({ type: "commands", commands: [{ type: "seek", timeUs }] });

/** Publishes a number, of which `memory` says what is saved. */
function counting(makeState: () => { next(): number; get(): unknown; set(value: unknown): void }): FakeUnit {
  return {
    name: "summing",
    make: ({ call }) => {
      const state = makeState();
      return {
        memory: state,
        step: () => {
          const text = String(state.next());
          call("bus", "publish", call("bus", "advertise", "/sum"), new TextEncoder().encode(text));
        },
        render: () => "<svg/>",
      };
    },
  };
}

it("finds a sound run equal, at every place visited", async () => {
  const { equal, finding, trials, places } = await verified(() => summing);
  expect(finding).toBeUndefined();
  expect({ equal, runs: trials.length }).toEqual({ equal: true, runs: 9 });
  expect(places).toBeGreaterThan(20);
});

it.each(["isolate", "restart", "stop"])(
  "finds a run equal whose unit fails, under the policy %s",
  async (policy) => {
    const failing = (): FakeUnit =>
      counting(() => {
        let steps = 0;
        return {
          next: () => {
            if (++steps > 11) throw new Error("no more");
            return steps;
          },
          get: () => steps,
          set: (value) => {
            steps = value as number;
          },
        };
      });
    const yaml = SUMMING_YAML.replace("rateHz: 30", `rateHz: 30\n    onFault: ${policy}`);
    const { finding, plain } = await verified(failing, undefined, yaml);
    expect(finding).toBeUndefined();
    expect(plain.state).toBe(policy === "stop" ? "failed" : "ended");
  },
);

it("finds outputs that differ from run to run, and the event after which the state does", async () => {
  let runs = 0;
  const unsound = (): FakeUnit =>
    counting(() => {
      const own = ++runs;
      let steps = 0;
      return {
        next: () => (++steps > 12 ? own : 0),
        get: () => (steps > 7 ? own : 0),
        set: () => {},
      };
    });
  const { finding } = await verified(unsound, []);
  expect(finding?.difference).toMatchObject({ kind: "outputs", first: { topic: "/sum", unit: "summing" } });
  // Each of the first steps is an event, and so are views and frames between them.
  const { events, equalUntil, parts } = finding?.state ?? { events: 0, equalUntil: 0, parts: [] };
  expect(equalUntil).toBe(events - 1);
  expect(parts).toContain("instance 0");
  expect(finding?.state?.timeUs).toBeLessThan(finding?.difference?.first?.timeUs ?? 0);
});

it("finds a unit that remembers more than is saved: its replay gives something else", async () => {
  const forgetful = (): FakeUnit =>
    counting(() => {
      let steps = 0;
      return { next: () => ++steps, get: () => 0, set: () => {} };
    });
  const { finding } = await verified(forgetful, [[seek(1_500_000), seek(1_200_000)]]);
  expect(finding?.difference).toMatchObject({
    kind: "replay",
    first: { kind: "payload", topic: "/sum", unit: "summing", payload: { field: { path: "" } } },
  });
});

it("finds a state that differs though no output does", async () => {
  const hidden = (): FakeUnit =>
    counting(() => {
      let restored = 0;
      return {
        next: () => 0,
        get: () => restored,
        set: () => {
          restored++;
        },
      };
    });
  const { finding } = await verified(hidden, [[seek(1_500_000), seek(1_200_000)]]);
  expect(finding?.difference).toBeUndefined();
  expect(finding?.state).toMatchObject({ timeUs: 1_200_000, parts: ["instance 0"] });
});
