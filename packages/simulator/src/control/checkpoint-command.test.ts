import { expect, it } from "vitest";
import { type FakeUnit, fakePlan, SUMMING_YAML, summing } from "../testing/fake-run.case.ts";
import { Simulation } from "./simulation.ts";
import type { SimulationOptions } from "./simulation-options.ts";

/** None is laid but the first and those that are asked for. */
const SPARSE = { costMs: 1e9 };
const CHECKPOINT = { type: "checkpoint" } as const;

const start = (options: SimulationOptions = {}, units: readonly FakeUnit[] = [summing]) =>
  Simulation.start(fakePlan(units, SUMMING_YAML), { speed: "max", checkpoints: SPARSE, ...options });

it("saves where the playhead stands: a seek begins there, and ends in the same state", async () => {
  const simulation = await start();
  await simulation.apply({ type: "seek", timeUs: 1_500_000 });
  const { events } = simulation.status;
  const hash = simulation.stateHash();
  const checkpoint = { timeUs: 1_500_000, events };
  expect(await simulation.apply(CHECKPOINT)).toEqual({ ok: true, timeUs: 1_500_000, checkpoint });
  expect(await simulation.apply(CHECKPOINT)).toEqual({ ok: true, timeUs: 1_500_000, checkpoint });
  expect(simulation.status.state).toBe("paused");
  expect(simulation.stateHash()).toBe(hash);
  await simulation.apply({ type: "seek", timeUs: 1_900_000 });
  const back = await simulation.apply({ type: "seek", timeUs: 1_500_000 });
  expect(back).toMatchObject({ seek: { from: "checkpoint", fromUs: 1_500_000, events: 0 } });
  expect(simulation.stateHash()).toBe(hash);
  expect((await simulation.report()).checkpoints).toMatchObject({ count: 2, laid: 2, pinned: 1 });
  await simulation.close();
});

it("saves between two events of one instant, at the start, while playing and at the end", async () => {
  const simulation = await start();
  expect(await simulation.apply(CHECKPOINT)).toMatchObject({ checkpoint: { timeUs: 1_000_000, events: 0 } });
  await simulation.apply({ type: "step", unit: "event", count: 3 });
  expect(await simulation.apply(CHECKPOINT)).toMatchObject({ checkpoint: { events: 3 } });
  await simulation.apply({ type: "speed", speed: 1 });
  await simulation.apply({ type: "play" });
  expect(await simulation.apply(CHECKPOINT)).toMatchObject({ ok: true });
  expect(simulation.status.state).toBe("playing");
  await simulation.apply({ type: "speed", speed: "max" });
  const { timeUs, runHash } = await simulation.finished();
  expect(await simulation.apply(CHECKPOINT)).toMatchObject({ checkpoint: { timeUs } });
  expect(simulation.status).toMatchObject({ state: "ended", runHash });
  await simulation.close();
});

it("is refused where nothing is saved, or where a unit cannot be", async () => {
  const forgetful: FakeUnit = { name: "forgetful", make: () => ({ step: () => {} }) };
  for (const [simulation, reason] of [
    [await start({ checkpoints: false }), "no checkpoints are kept of this run"],
    [await start({}, [summing, forgetful]), "the state of its components cannot be saved"],
  ] as const) {
    expect(await simulation.apply(CHECKPOINT)).toEqual({ ok: false, code: "not-saved", reason });
    expect(simulation.status.state).toBe("paused");
    await simulation.close();
  }
});
