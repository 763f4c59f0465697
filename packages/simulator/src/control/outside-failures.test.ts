import type { Reading, Recording, Sensor } from "@playhead/recording";
import { describe, expect, it } from "vitest";
import type { Output, OutputSink } from "../outputs/output.ts";
import { fakePlan, fakeRecording, SUMMING_YAML, summing } from "../testing/fake-run.case.ts";
import { Simulation } from "./simulation.ts";

/** A recording whose reading fails at the readings with these positions, each time once. */
function failing(positions: readonly number[]): Recording {
  const recording = fakeRecording(300);
  const left = new Set(positions);
  return {
    ...recording,
    async *read(options) {
      for await (const batch of recording.read(options)) {
        const bad = batch.find(({ position }: Reading) => left.delete(position));
        if (bad !== undefined) throw new Error(`the disk gave nothing at ${bad.position}`);
        yield batch;
      }
    },
  };
}

/** Keeps what it takes; fails as many times as it is told to. */
function sinkThatFails() {
  const taken: Output[] = [];
  let failures = 0;
  const sink: OutputSink = {
    open: async () => {},
    write: async (outputs) => {
      if (failures > 0) {
        failures--;
        throw new Error("the disk is full");
      }
      taken.push(...outputs);
    },
    close: async () => {},
  };
  const failNext = (writes: number): void => {
    failures = writes;
  };
  return { sink, taken, failNext };
}

async function plainHash(): Promise<string> {
  const simulation = await Simulation.start(fakePlan([summing], SUMMING_YAML, fakeRecording(300)), {
    speed: "max",
  });
  await simulation.apply({ type: "play" });
  const { runHash } = await simulation.finished();
  await simulation.close();
  return runHash;
}

describe("a recording that cannot be read", () => {
  it.each([false, { costMs: 0 }] as const)(
    "stops the run, which goes on when it can be read again (checkpoints: %j)",
    async (checkpoints) => {
      const { sink, taken } = sinkThatFails();
      const plan = fakePlan([summing], SUMMING_YAML, failing([0, 140, 280]));
      const simulation = await Simulation.start(plan, {
        speed: "max",
        sinks: [sink],
        checkpoints,
      });
      for (const position of [0, 140, 280]) {
        await simulation.apply({ type: "play" });
        expect(await simulation.finished()).toMatchObject({
          state: "failed",
          error: { code: "recording-failed", message: `fake: the disk gave nothing at ${position}` },
        });
        expect(await simulation.apply({ type: "step" })).toMatchObject({ ok: false, code: "failed" });
      }
      await simulation.apply({ type: "play" });
      expect(await simulation.finished()).toMatchObject({ state: "ended", runHash: await plainHash() });
      expect(taken.map(({ index }) => index)).toEqual(taken.map((_, index) => index));
      await simulation.close();
    },
  );

  it("keeps the run where it was when a seek needs it", async () => {
    const recording = failing([]);
    let broken = false;
    const plan = fakePlan([summing], SUMMING_YAML, {
      ...recording,
      read: (options) => {
        if (broken) throw new Error("no such file");
        return recording.read(options);
      },
    });
    const simulation = await Simulation.start(plan, { speed: "max", checkpoints: { costMs: 0 } });
    await simulation.apply({ type: "seek", timeUs: 3_000_000 });
    broken = true;
    expect(await simulation.apply({ type: "seek", timeUs: 2_000_000 })).toMatchObject({
      ok: false,
      reason: "fake: no such file",
    });
    expect(simulation.status).toMatchObject({ state: "failed", timeUs: 3_000_000 });
    broken = false;
    await simulation.apply({ type: "play" });
    expect(await simulation.finished()).toMatchObject({ state: "ended", runHash: await plainHash() });
    await simulation.close();
  });

  it("is not left open where a seek needed it", async () => {
    const recording = fakeRecording(1500);
    const [sensor] = recording.sensors;
    let open = 0;
    let broken = false;
    const plan = fakePlan([summing], `longestWindowUs: 100000\n${SUMMING_YAML}`, {
      ...recording,
      // The other sensor has the first readings alone.
      sensors: [0, 1].map((handle) => ({ ...sensor, handle, name: `/n${handle}` }) as Sensor),
      async *read(options) {
        open++;
        try {
          for await (const batch of recording.read(options))
            yield batch.map((reading) => (reading.position < 9 ? { ...reading, sensor: 1 } : reading));
        } finally {
          open--;
        }
      },
      latestAtOrBefore: async (timeUs, sensors) => {
        if (broken) throw new Error("no such file");
        return recording.latestAtOrBefore(timeUs, sensors);
      },
    });
    const simulation = await Simulation.start(plan, { speed: "max", checkpoints: { intervalUs: 200_000 } });
    await simulation.apply({ type: "seek", timeUs: 15_000_000 });
    broken = true;
    for (const timeUs of [10_000_000, 12_000_000])
      expect(await simulation.apply({ type: "seek", timeUs })).toMatchObject({
        ok: false,
        reason: "fake: no such file",
      });
    expect(open).toBeLessThanOrEqual(1);
    await simulation.close();
    expect(open).toBe(0);
  });
});

it("outputs that a sink could not write come again, and no others twice", async () => {
  const [bad, good] = [sinkThatFails(), sinkThatFails()];
  const plan = fakePlan([summing], SUMMING_YAML, fakeRecording(300));
  const simulation = await Simulation.start(plan, { speed: "max", sinks: [good.sink, bad.sink] });
  await simulation.apply({ type: "seek", timeUs: 2_000_000 });
  bad.failNext(2);
  await simulation.apply({ type: "play" });
  expect(await simulation.finished()).toMatchObject({
    state: "failed",
    error: { code: "output-failed", message: "the disk is full" },
  });
  expect(await simulation.apply({ type: "play" })).toMatchObject({ ok: false });
  expect(simulation.status.state).toBe("failed");
  await simulation.apply({ type: "play" });
  expect(await simulation.finished()).toMatchObject({ state: "ended", runHash: await plainHash() });
  await simulation.close();
  expect(bad.taken.length).toBeGreaterThan(100);
  for (const { taken } of [bad, good])
    expect(taken.map(({ index }) => index)).toEqual(taken.map((_, index) => index));
});
