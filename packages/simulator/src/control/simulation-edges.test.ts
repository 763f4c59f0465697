import { describe, expect, it } from "vitest";
import { checkedViews } from "../pipeline/checked-views.ts";
import { type FakeUnit, fakePlan, fakeRecording, SUMMING_YAML, summing } from "../testing/fake-run.case.ts";
import { Simulation } from "./simulation.ts";

const start = (units: FakeUnit[], yaml: string, recording = fakeRecording(200)) =>
  Simulation.start(fakePlan(units, yaml, recording), { speed: "max", checkpoints: { costMs: 0 } });

describe("seeks that overtake each other", () => {
  it("go on from where the superseded one wanted to go", async () => {
    const simulation = await start([summing], SUMMING_YAML);
    await simulation.apply({ type: "seek", timeUs: 2_500_000 });
    const results = await Promise.all(
      [1, 2, 3].map(() => simulation.apply({ type: "seek-by", deltaUs: -100_000 })),
    );
    expect(results.map((result) => (result.ok ? "landed" : result.code))).toEqual([
      "superseded",
      "superseded",
      "landed",
    ]);
    expect(simulation.status.timeUs).toBe(2_200_000);
    await simulation.close();
  });

  it("show no half-way state", async () => {
    const simulation = await start([summing], SUMMING_YAML, fakeRecording(5000));
    const shown: number[] = [];
    const watching = (async () => {
      for await (const { status } of simulation.frames()) shown.push(status.timeUs);
    })();
    await Promise.all([40e6, 30e6, 3e6].map((timeUs) => simulation.apply({ type: "seek", timeUs })));
    await simulation.close();
    await watching;
    expect(shown.filter((timeUs) => timeUs !== 1_000_000 && timeUs !== 3_000_000)).toEqual([]);
  });
});

describe("a run that failed", () => {
  const failing: FakeUnit = {
    name: "failing",
    make: ({ call }) => ({
      memory: { get: () => 0, set: () => {} },
      step: (nowUs) => {
        if (nowUs < 2_000_000) return;
        call("diagnostics", "log", "error", "the sky fell at line 7");
        throw new Error("boom");
      },
    }),
  };

  it("says the unit's last words, and can be gone back in", async () => {
    const simulation = await start([summing, failing], SUMMING_YAML);
    await simulation.apply({ type: "play" });
    const first = await simulation.finished();
    expect(first).toMatchObject({
      state: "failed",
      error: { message: "failing: step at 1.000000 s: boom (the sky fell at line 7)" },
    });
    expect(await simulation.apply({ type: "seek", timeUs: 1_500_000 })).toMatchObject({ ok: true });
    expect(simulation.status).toMatchObject({ state: "paused", timeUs: 1_500_000, error: undefined });
    await simulation.apply({ type: "play" });
    expect(await simulation.finished()).toEqual({ ...first, achievedSpeed: expect.any(Number) });
    await simulation.close();
  });

  it("hands on what was published before the fault", async () => {
    const seen: number[] = [];
    const sink = {
      open: () => Promise.resolve(),
      write: (outputs: readonly { timeUs: number }[]) => {
        for (const { timeUs } of outputs) seen.push(timeUs);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
    const simulation = await Simulation.start(
      fakePlan([summing, failing], SUMMING_YAML, fakeRecording(200)),
      {
        speed: "max",
        sinks: [sink],
      },
    );
    await simulation.apply({ type: "play" });
    await simulation.finished();
    await simulation.close();
    expect(Math.max(...seen)).toBe(2_000_000);
  });
});

it("closes what it opened when it cannot start", async () => {
  let closed = false;
  const sink = {
    open: () => Promise.reject(new Error("no room")),
    write: () => Promise.resolve(),
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
  const plan = fakePlan([summing], SUMMING_YAML);
  await expect(Simulation.start(plan, { sinks: [sink] })).rejects.toMatchObject({
    code: "output-failed",
    message: "no room",
  });
  expect(closed).toBe(true);
});

it("rests as soon as it neither plays nor seeks", async () => {
  const simulation = await start([summing], SUMMING_YAML);
  await simulation.apply({ type: "speed", speed: 0.01 });
  await simulation.apply({ type: "play" });
  const resting = simulation.rest();
  await simulation.apply({ type: "pause" });
  expect(await resting).toMatchObject({ state: "paused" });
  await simulation.close();
});

it("takes no name as declared that merely every object has", async () => {
  const cheeky: FakeUnit = {
    name: "cheeky",
    make: ({ call }) => ({ step: () => void call("bus", "advertise", "toString") }),
  };
  const simulation = await start([cheeky], "");
  await simulation.apply({ type: "play" });
  expect(await simulation.finished()).toMatchObject({
    error: { message: expect.stringContaining("not-declared") },
  });
  await simulation.close();
});

it("lets a unit publish only so much in one step", async () => {
  const flooding: FakeUnit = {
    name: "flooding",
    make: ({ call }) => ({
      step: () => {
        const topic = call("bus", "advertise", "/flood");
        for (let i = 0; i < 100; i++) call("bus", "publish", topic, new Uint8Array(1000));
      },
    }),
  };
  const simulation = await start(
    [flooding],
    "largestStepBytes: 50000\nunits: { flooding: { publishes: { /flood: {} } } }",
  );
  await simulation.apply({ type: "play" });
  expect(await simulation.finished()).toMatchObject({
    error: { message: expect.stringContaining("too-large") },
  });
  expect((await simulation.report()).topics["/flood"]).toBeLessThan(50);
  await simulation.close();
});

it("refuses views that cannot be shown", () => {
  const view = (name: string) => ({ name, title: "t" });
  expect(checkedViews([view("birds-eye"), view("a")])).toHaveLength(2);
  for (const name of ["", "A", "a b", "../x", "a--b", "x".repeat(99)])
    expect(() => checkedViews([view(name)])).toThrow("kebab-case");
  expect(() => checkedViews([view("a"), view("a")])).toThrow("twice");
  expect(() => checkedViews(Array.from({ length: 65 }, (_, i) => view(`v${i}`)))).toThrow("at most 64");
});
