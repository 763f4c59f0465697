import { describe, expect, it } from "vitest";
import type { Output, OutputSink } from "../outputs/output.ts";
import { type FakeUnit, fakePlan, fakeRecording, SUMMING_YAML, summing } from "../testing/fake-run.case.ts";
import { Simulation } from "./simulation.ts";
import type { SimulationOptions } from "./simulation-options.ts";
import type { WallClock } from "./wall-clock.ts";

/** A clock on which looking takes a little time, and every sleep exactly its own, at once. */
function steppedClock(): WallClock {
  let nowMs = 0;
  return {
    nowMs: () => {
      nowMs += 0.2;
      return nowMs;
    },
    sleep: async (ms, signal) => {
      if (ms > 1e6) await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      else nowMs += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
    pause: (ms) => {
      nowMs += ms;
    },
    yield: async () => {
      nowMs += 0.01;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

class Collected implements OutputSink {
  readonly outputs: Output[] = [];
  closed = false;
  open(): Promise<void> {
    return Promise.resolve();
  }
  write(outputs: readonly Output[]): Promise<void> {
    this.outputs.push(...outputs);
    return Promise.resolve();
  }
  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

async function start(
  options: SimulationOptions = {},
  plan = fakePlan([summing], SUMMING_YAML),
): Promise<Simulation> {
  return await Simulation.start(plan, { clock: steppedClock(), speed: "max", ...options });
}

async function playedOut(
  simulation: Simulation,
): Promise<{ runHash: string; inputHash: string | undefined }> {
  await simulation.apply({ type: "play" });
  expect(await simulation.finished()).toMatchObject({ state: "ended", error: undefined });
  const { runHash, inputHash } = await simulation.report();
  return { runHash, inputHash };
}

describe("Simulation", () => {
  it("plays to the end and tells what came of it", async () => {
    const sink = new Collected();
    const simulation = await start({ sinks: [sink] });
    await playedOut(simulation);
    const report = await simulation.report();
    expect(report.readings).toEqual({ "/n": 100 });
    expect(report.components[0]).toMatchObject({ name: "summing", steps: 30, published: { "/sum": 30 } });
    expect(report.topics).toEqual({ "/sum": 30 });
    expect(report.views).toEqual({ "summing/main": 7 });
    expect(report.frames).toBe(30);
    const last = sink.outputs.findLast((output) => output.topic === "/sum");
    const sum = (97 * 96) / 2 + 0;
    expect(Number(new TextDecoder().decode(last?.payload))).toBe(sum);
    await simulation.close();
    expect(sink.closed).toBe(true);
    expect(simulation.status.state).toBe("closed");
  });

  it("gives the same hash at every speed, in steps, and after seeks", async () => {
    const expected = await playedOut(await start());
    for (const speed of [1, 10, 0.5] as const)
      expect(await playedOut(await start({ speed }))).toEqual(expected);
    const stepped = await start();
    for (let i = 0; i < 40; i++) await stepped.apply({ type: "step", unit: i % 2 === 0 ? "tick" : "event" });
    await stepped.apply({ type: "seek-by", deltaUs: 200_000 });
    await stepped.apply({ type: "seek-by", deltaUs: -333_333 });
    await stepped.apply({ type: "step", unit: "frame", count: 3 });
    expect(await playedOut(stepped)).toEqual(expected);
  });

  it("comes to the same state by seeking as by playing", async () => {
    const targetUs = 1_456_789;
    const forward = await start();
    await forward.apply({ type: "seek", timeUs: targetUs });
    const back = await start();
    await playedOut(back);
    const result = await back.apply({ type: "seek", timeUs: targetUs });
    expect(result).toMatchObject({ ok: true, timeUs: targetUs, seek: { from: "checkpoint" } });
    expect(back.status.state).toBe("paused");
    expect(back.status.runHash).toBe(forward.status.runHash);
    expect(back.stateHash()).toMatch(/^[0-9a-f]{64}$/);
    expect(back.stateHash()).toBe(forward.stateHash());
    expect((await back.report()).readings).toEqual((await forward.report()).readings);
  });

  it("goes back to the start of its range and not to what was recorded before", async () => {
    const plan = { ...fakePlan([summing], SUMMING_YAML), startUs: 1_500_000 };
    const simulation = await Simulation.start(plan, { speed: "max" });
    const hashAt = async (timeUs: number): Promise<string | undefined> => {
      await simulation.apply({ type: "seek", timeUs });
      return simulation.stateHash();
    };
    const first = await hashAt(plan.startUs);
    await hashAt(plan.startUs + 100_000);
    expect(await hashAt(plan.startUs)).toBe(first);
    await simulation.close();
  });

  it("gives its sinks every output once, whatever way the playhead went", async () => {
    const [plain, moved] = [new Collected(), new Collected()];
    await playedOut(await start({ sinks: [plain] }));
    const simulation = await start({ sinks: [moved] });
    await simulation.apply({ type: "seek", timeUs: 1_500_000 });
    await simulation.apply({ type: "seek", timeUs: 1_200_000 });
    await simulation.apply({ type: "seek", timeUs: 1_700_000 });
    await playedOut(simulation);
    const text = ({ index, timeUs, topic, payload }: Output) => [
      index,
      timeUs,
      topic,
      new TextDecoder().decode(payload),
    ];
    expect(moved.outputs.map(text)).toEqual(plain.outputs.map(text));
  });

  it("tells inputs apart", async () => {
    const plan = (payload: (i: number) => number) =>
      fakePlan([summing], SUMMING_YAML, fakeRecording(100, 1_000_000, payload));
    const expected = await playedOut(
      await start(
        {},
        plan((i) => i),
      ),
    );
    const changed = await playedOut(
      await start(
        {},
        plan((i) => (i === 40 ? 0 : i)),
      ),
    );
    expect(changed.inputHash).not.toBe(expected.inputHash);
    expect(changed.runHash).not.toBe(expected.runHash);
    const lastOnly = await playedOut(
      await start(
        {},
        plan((i) => (i === 99 ? 0 : i)),
      ),
    );
    expect(lastOnly.inputHash).not.toBe(expected.inputHash);
    expect(lastOnly.runHash).toBe(expected.runHash);
  });

  it("tells what runs are made of", async () => {
    const identity = async (yaml: string) =>
      (await (await start({}, fakePlan([summing], yaml))).report()).identity;
    expect(await identity(SUMMING_YAML)).toBe(await identity(`# a comment\n${SUMMING_YAML}`));
    expect(await identity(SUMMING_YAML)).not.toBe(await identity(`${SUMMING_YAML}seed: 1\n`));
  });

  it("refuses what cannot be applied, and changes nothing", async () => {
    const simulation = await start();
    const before = simulation.status;
    expect(await simulation.apply({ type: "speed", speed: -1 })).toMatchObject({
      ok: false,
      code: "bad-command",
    });
    expect(simulation.status).toEqual(before);
    await playedOut(simulation);
    expect(await simulation.apply({ type: "step" })).toMatchObject({ ok: false, code: "ended" });
    await simulation.close();
    const late = Promise.race([
      simulation.apply({ type: "play" }),
      new Promise((resolve) => setTimeout(resolve, 50, "hangs")),
    ]);
    expect(await late).toMatchObject({ ok: false, code: "closed" });
  });

  it("lets a newer seek take over", async () => {
    const simulation = await start({}, fakePlan([summing], SUMMING_YAML, fakeRecording(20_000)));
    const first = simulation.apply({ type: "seek", timeUs: 1_000_000 + 199e6 });
    await new Promise((resolve) => setImmediate(resolve));
    const second = simulation.apply({ type: "seek", timeUs: 2_000_000 });
    const [a, b] = await Promise.all([first, second]);
    expect(b).toMatchObject({ ok: true, timeUs: 2_000_000 });
    if (!a.ok) expect(a.code).toBe("superseded");
    await simulation.close();
  });

  it("stops with the blamed unit, call and time when a unit fails", async () => {
    const failing: FakeUnit = {
      name: "failing",
      make: () => ({
        step: (nowUs) => {
          if (nowUs >= 1_500_000) throw new Error("boom");
        },
      }),
    };
    const simulation = await start({}, fakePlan([summing, failing], SUMMING_YAML));
    await simulation.apply({ type: "play" });
    expect(await simulation.finished()).toMatchObject({
      state: "failed",
      error: { code: "component-fault", message: "failing: step at 0.500000 s: boom" },
    });
    expect(simulation.failure?.place).toMatchObject({ unit: "failing", call: "step", timeUs: 1_500_000 });
    expect(await simulation.apply({ type: "play" })).toMatchObject({ ok: false, code: "failed" });
    await simulation.close();
  });

  it("fails with the reason when a sink cannot write", async () => {
    const sink = new Collected();
    sink.write = () => Promise.reject(Object.assign(new Error("disk full"), { code: "ENOSPC" }));
    const simulation = await start({ sinks: [sink] });
    await simulation.apply({ type: "play" });
    expect(await simulation.finished()).toMatchObject({
      state: "failed",
      error: { code: "output-failed", message: "disk full" },
    });
    await simulation.close();
  });

  it("shows frames to whoever watches, and the same run to all", async () => {
    const expected = await playedOut(await start());
    const simulation = await start({ speed: 10 });
    const times: number[] = [];
    const watching = (async () => {
      for await (const frame of simulation.frames()) times.push(frame.status.timeUs);
    })();
    expect(await playedOut(simulation)).toEqual(expected);
    await simulation.close();
    await watching;
    expect(times.length).toBeGreaterThan(5);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it("starts again when played after its end", async () => {
    const simulation = await start();
    const first = await playedOut(simulation);
    expect(await playedOut(simulation)).toEqual(first);
    await simulation.close();
  });
});

describe("blocking reads", () => {
  const publisher = (providers: string[] = []): FakeUnit => ({
    name: "publisher",
    providers,
    make: ({ call }) => ({
      step: (nowUs) =>
        void call("bus", "publish", call("bus", "advertise", "/p"), new TextEncoder().encode(String(nowUs))),
    }),
  });
  interface Queue {
    blockingRead(): { payload: Uint8Array };
  }
  const reader = (name: string): FakeUnit => ({
    name,
    make: ({ call }) => {
      const queue = call("bus", "subscribe", "/p", 0) as Queue;
      return {
        step: () => {
          let text: string;
          try {
            text = new TextDecoder().decode(queue.blockingRead().payload);
          } catch (error) {
            text = String((error as { payload: unknown }).payload);
          }
          call("bus", "publish", call("bus", "advertise", "/seen"), new TextEncoder().encode(text));
        },
      };
    },
  });
  const yaml = `
units:
  reader: { rateHz: 10, publishes: { /seen: { encoding: text } } }
  publisher: { rateHz: 5, publishes: { /p: { encoding: text } } }
`;

  async function seen(units: FakeUnit[]): Promise<string[]> {
    const sink = new Collected();
    const simulation = await start({ sinks: [sink] }, fakePlan(units, yaml));
    await playedOut(simulation);
    await simulation.close();
    return sink.outputs
      .filter(({ topic }) => topic === "/seen")
      .map(({ payload }) => new TextDecoder().decode(payload));
  }

  it("runs the publisher that is due, once, and would block where none is", async () => {
    expect((await seen([reader("reader"), publisher()])).slice(0, 4)).toEqual([
      "1000000",
      "would-block",
      "1200000",
      "would-block",
    ]);
  });

  it("does not run a publisher that has a wire to the reader", async () => {
    expect((await seen([reader("reader"), publisher(["reader"])])).slice(0, 3)).toEqual([
      "would-block",
      "1000000",
      "would-block",
    ]);
  });
});

describe("checkpoints", () => {
  const dense = { costMs: 0, budgetBytes: 1e6 };

  it("bring the run to any time, exactly, forward and back", async () => {
    const plan = () => fakePlan([summing], SUMMING_YAML, fakeRecording(300));
    const plain = new Map<number, string>();
    const linear = await start({ checkpoints: false }, plan());
    for (let timeUs = 1_000_000; timeUs <= 3_990_000; timeUs += 130_001) {
      await linear.apply({ type: "seek", timeUs });
      plain.set(timeUs, JSON.stringify([linear.status.runHash, await countsOf(linear)]));
    }
    const expected = await playedOut(linear);
    for (const checkpoints of [dense, { costMs: 0, budgetBytes: 30_000 }]) {
      const moved = await start({ checkpoints }, plan());
      await playedOut(moved);
      const times = [...plain.keys()];
      for (let i = 0; i < 60; i++) {
        const timeUs = times[(i * 17 + 5) % times.length] ?? 0;
        const result = await moved.apply({ type: "seek", timeUs });
        expect(result).toMatchObject({ ok: true, timeUs });
        expect(JSON.stringify([moved.status.runHash, await countsOf(moved)])).toBe(plain.get(timeUs));
      }
      expect(await playedOut(moved)).toEqual(expected);
      await moved.close();
    }
  });

  it("say where a seek began and what it may cost", async () => {
    const simulation = await start({ checkpoints: dense });
    await playedOut(simulation);
    const result = await simulation.apply({ type: "seek", timeUs: 1_512_345 });
    expect(result).toMatchObject({ ok: true, seek: { from: "checkpoint", boundMs: expect.any(Number) } });
    if (result.ok) {
      expect(result.seek?.fromUs).toBeGreaterThan(1_200_000);
      expect(result.seek?.events).toBeLessThan(40);
    }
    const forward = await simulation.apply({ type: "seek", timeUs: 1_900_000 });
    expect(forward).toMatchObject({ ok: true, seek: { from: "checkpoint" } });
    await simulation.close();
  });

  it("are not laid where a unit cannot be saved", async () => {
    const forgetful: FakeUnit = { name: "forgetful", make: () => ({ step: () => {} }) };
    const simulation = await start({ checkpoints: dense }, fakePlan([summing, forgetful], SUMMING_YAML));
    await playedOut(simulation);
    expect(await simulation.apply({ type: "seek", timeUs: 1_500_000 })).toMatchObject({
      seek: { from: "start", boundMs: undefined },
    });
    await simulation.close();
  });

  it("keep subscriptions with what waits in them", async () => {
    const units = (): FakeUnit[] => [
      {
        name: "writer",
        make: ({ call }) => {
          let n = 0;
          return {
            memory: {
              get: () => n,
              set: (value) => {
                n = value as number;
              },
            },
            step: () =>
              void call("bus", "publish", call("bus", "advertise", "/n"), new Uint8Array([n++ % 256])),
          };
        },
      },
      {
        name: "reader",
        make: ({ call }) => {
          const queue = call("bus", "subscribe", "/n", 5) as { read(): { payload: Uint8Array } | undefined };
          return {
            memory: { get: () => 0, set: () => {} },
            step: () => {
              const payload = queue.read()?.payload ?? new Uint8Array();
              call("bus", "publish", call("bus", "advertise", "/seen"), payload);
            },
          };
        },
      },
    ];
    const yaml = `
units:
  writer: { rateHz: 50, publishes: { /n: { encoding: bytes } } }
  reader: { rateHz: 20, publishes: { /seen: { encoding: bytes } } }
`;
    const expected = await playedOut(await start({ checkpoints: false }, fakePlan(units(), yaml)));
    const moved = await start({ checkpoints: dense }, fakePlan(units(), yaml));
    for (const timeUs of [1_700_000, 1_300_000, 1_555_555, 1_100_000])
      await moved.apply({ type: "seek", timeUs });
    expect(await playedOut(moved)).toEqual(expected);
    await moved.close();
  });

  async function countsOf(simulation: Simulation): Promise<unknown> {
    const { readings, topics, views, frames, events, components, inputHash } = await simulation.report();
    return {
      readings,
      topics,
      views,
      frames,
      events,
      inputHash,
      steps: components.map(({ steps }) => steps),
    };
  }
});
