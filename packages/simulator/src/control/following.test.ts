import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makePlan, type RangeRequest } from "../config/make-plan.ts";
import type { RunPlan } from "../engine/run-plan.ts";
import type { Output, OutputSink } from "../outputs/output.ts";
import { type FakeUnit, fakePlan, fakeRecording, SUMMING_YAML, summing } from "../testing/fake-run.case.ts";
import { type Growing, growingRecording } from "../testing/growing-recording.case.ts";
import type { RunReport } from "./report.ts";
import { Simulation } from "./simulation.ts";

const COUNT = 100;
/** Woken by readings, too. */
const YAML = SUMMING_YAML.replace("rateHz: 30", "rateHz: 30\n    triggers: { sensors: [/n] }");

class Collected implements OutputSink {
  readonly lines: string[] = [];
  async open(): Promise<void> {}
  async write(outputs: readonly Output[]): Promise<void> {
    this.lines.push(...outputs.map(({ timeUs, topic, payload }) => `${timeUs} ${topic} ${payload}`));
  }
  async close(): Promise<void> {}
}

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

interface Came {
  readonly report: RunReport;
  readonly lines: readonly string[];
}

async function run(
  plan: RunPlan,
  meanwhile: (simulation: Simulation) => Promise<void> = async () => {},
): Promise<Came> {
  const sink = new Collected();
  const simulation = await Simulation.start(plan, { speed: "max", sinks: [sink] });
  await simulation.apply({ type: "play" });
  await meanwhile(simulation);
  expect(await simulation.finished()).toMatchObject({ state: "ended", error: undefined });
  const report = await simulation.report();
  await simulation.close();
  return { report, lines: sink.lines };
}

function planOf({ recording }: Pick<Growing, "recording">, yaml = YAML, range: RangeRequest = {}): RunPlan {
  return makePlan(recording, fakePlan([summing], yaml, recording), range);
}

function expectSame(followed: Came, plain: Came): void {
  expect(followed.lines).toEqual(plain.lines);
  const { runHash, inputHash, identity, startUs, endUs, durationUs, events } = plain.report;
  expect(followed.report).toMatchObject({ runHash, inputHash, identity, startUs, endUs, durationUs, events });
}

describe("a recording that is followed", () => {
  it("gives what it gives when it is finished, however it grows and whatever is done meanwhile", async () => {
    const plain = await run(planOf({ recording: fakeRecording(COUNT) }));
    const step = fc.record({
      readings: fc.integer({ min: 0, max: 30 }),
      turns: fc.integer({ min: 0, max: 40 }),
      move: fc.constantFrom("none", "pause", "back", "start", "event", "reading"),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 8 }),
        fc.integer({ min: 1, max: COUNT }),
        async (steps, atFirst) => {
          const growing = await growingRecording(fakeRecording(COUNT), atFirst);
          const followed = await run(planOf(growing), async (simulation) => {
            for (const { readings, turns: count, move } of steps) {
              growing.grow(readings);
              await turns(count);
              if (move === "pause") await simulation.apply({ type: "pause" });
              if (move === "back") await simulation.apply({ type: "seek-by", deltaUs: -70_000 });
              if (move === "start") await simulation.apply({ type: "seek", timeUs: 0 });
              if (move === "event")
                await simulation.apply({ type: "step", unit: "event", direction: "back" });
              if (move === "reading") await simulation.apply({ type: "step", unit: "reading" });
              await simulation.apply({ type: "play" });
            }
            growing.finish();
          });
          expectSame(followed, plain);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("ends where it was asked to, whether the writer has come there or not", async () => {
    const toUs = 1_000_000 + 305_000;
    const plain = await run(planOf({ recording: fakeRecording(COUNT) }, YAML, { toUs }));
    for (const atFirst of [5, 31, 32, 60]) {
      const growing = await growingRecording(fakeRecording(COUNT), atFirst);
      const followed = await run(planOf(growing, YAML, { toUs }), async () => {
        await turns(50);
        growing.grow(COUNT);
      });
      expectSame(followed, plain);
    }
    const short = await growingRecording(fakeRecording(20), 5);
    const ended = await run(planOf(short, YAML, { toUs }), async () => short.finish());
    expect(ended.report.endUs).toBe(1_190_000);
  });

  it("hands on what there is, and waits for more without ending", async () => {
    const growing = await growingRecording(fakeRecording(COUNT), 50);
    const sink = new Collected();
    const simulation = await Simulation.start(planOf(growing), { speed: "max", sinks: [sink] });
    await simulation.apply({ type: "play" });
    await expect.poll(() => sink.lines.at(-1)?.split(" ")[0]).toBe("1480000");
    expect(simulation.status).toMatchObject({ state: "playing", endUs: 1_489_999 });
    expect((await simulation.report()).inputHash).toMatch(/^[0-9a-f]{64}$/);
    await simulation.apply({ type: "pause" });
    expect(simulation.status.state).toBe("paused");
    // Of the last time more may come: a seek lands before it.
    expect(await simulation.apply({ type: "seek", timeUs: 9e9 })).toMatchObject({
      ok: true,
      timeUs: 1_489_999,
    });
    expect(await simulation.apply({ type: "step", unit: "reading" })).toMatchObject({
      ok: false,
      code: "not-found",
    });
    await simulation.apply({ type: "play" });
    growing.grow(20);
    await expect.poll(() => sink.lines.at(-1)?.split(" ")[0]).toBe("1680000");
    await simulation.close();
    expect(simulation.status.state).toBe("closed");
  });

  it("has a start to go to, though nothing of it is known to be whole", async () => {
    const growing = await growingRecording(fakeRecording(COUNT), 1);
    const simulation = await Simulation.start(planOf(growing), { speed: "max" });
    const atStart = { ok: true, timeUs: 1_000_000 };
    for (const timeUs of [0, 9e9])
      expect(await simulation.apply({ type: "seek", timeUs })).toMatchObject(atStart);
    expect(await simulation.apply({ type: "step", unit: "tick" })).toMatchObject(atStart);
    expect(simulation.status).toMatchObject({ state: "paused", events: 0 });
    growing.finish();
    await simulation.apply({ type: "play" });
    expect(await simulation.finished()).toMatchObject({ state: "ended" });
    await simulation.close();
  });

  it("is stepped through as far as it goes: what comes later is found later", async () => {
    for (const command of [
      { type: "step", unit: "event" },
      { type: "step", unit: "message" },
      { type: "step", unit: "run" },
      { type: "run-until", until: { on: "message", topic: "/sum" } },
    ] as const) {
      const growing = await growingRecording(fakeRecording(COUNT), 50);
      const simulation = await Simulation.start(planOf(growing), { speed: "max" });
      const atEnd = { ok: true, timeUs: 1_489_999 };
      expect(await simulation.apply({ type: "step", unit: "event" })).toMatchObject({
        ok: true,
        found: true,
      });
      await simulation.apply({ type: "seek", timeUs: 9e9 });
      expect(await simulation.apply({ type: "step", unit: "tick" })).toMatchObject(atEnd);
      expect(await simulation.apply(command)).toMatchObject({ ...atEnd, found: false });
      growing.grow(20);
      await expect.poll(() => simulation.status.endUs).toBeGreaterThan(atEnd.timeUs);
      const later = await simulation.apply(command);
      expect(later).toMatchObject({ ok: true, found: true });
      expect((later as { readonly timeUs: number }).timeUs).toBeGreaterThan(atEnd.timeUs);
      await simulation.close();
    }
  });

  it("refuses samples to its end, and is another run than one in which they are not refused", async () => {
    const said: string[] = [];
    const sampling: FakeUnit = {
      name: "sampling",
      make: ({ call }) => ({
        memory: { get: () => 0, set: () => {} },
        step: () => {
          try {
            call("sensors", "sample", 0);
            said.push("sampled");
          } catch (error) {
            said.push(String((error as { payload: unknown }).payload));
          }
        },
      }),
    };
    const yaml = "units: { sampling: { rateHz: 40 } }";
    const plan = (recording: Growing["recording"], text: string, follow = false): RunPlan =>
      makePlan(recording, fakePlan([sampling], text, recording), { follow });
    const growing = await growingRecording(fakeRecording(COUNT), 10);
    const followed = await run(plan(growing.recording, yaml), async () => growing.finish());
    const finished = await run(plan(fakeRecording(COUNT), yaml, true));
    expect(new Set(said)).toEqual(new Set(["not-causal"]));
    const causal = await run(plan(fakeRecording(COUNT), `causal: true\n${yaml}`));
    expectSame(followed, causal);
    expectSame(finished, causal);
    const plain = await run(plan(fakeRecording(COUNT), yaml));
    expect(said).toContain("sampled");
    expect(plain.report.identity).not.toBe(followed.report.identity);
  });
});
