import { expect, it } from "vitest";
import { type FakeUnit, fakePlan, SUMMING_YAML, summing } from "../testing/fake-run.case.ts";
import { Simulation } from "./simulation.ts";

const TIMES_US = [1_700_000, 1_300_000, 1_333_333, 1_900_000, 1_000_000, 1_600_000];

it("finds every seek equal to a run straight from the start", async () => {
  const simulation = await Simulation.start(fakePlan([summing], SUMMING_YAML), {
    speed: "max",
    checkpoints: { costMs: 0 },
    verifySeeks: true,
  });
  for (const timeUs of TIMES_US)
    expect(await simulation.apply({ type: "seek", timeUs })).toMatchObject({
      ok: true,
      timeUs,
      seek: { proof: { equal: true, differs: [] } },
    });
  await simulation.close();
});

it("names what differs where a unit remembers more than is saved of it", async () => {
  const forgetful: FakeUnit = {
    name: "forgetful",
    make: () => {
      let [saved, hidden] = [0, 0];
      const set = (value: unknown): void => {
        saved = value as number;
      };
      return {
        memory: { get: () => saved, set },
        step: () => {
          hidden++;
          saved += hidden;
        },
      };
    },
  };
  const simulation = await Simulation.start(fakePlan([forgetful], "units: { forgetful: { rateHz: 30 } }"), {
    speed: "max",
    checkpoints: { costMs: 0 },
    verifySeeks: true,
  });
  await simulation.apply({ type: "seek", timeUs: 1_900_000 });
  const back = await simulation.apply({ type: "seek", timeUs: 1_350_000 });
  const seek = back.ok ? back.seek : undefined;
  expect(seek?.from).toBe("checkpoint");
  expect(seek?.proof).toMatchObject({ equal: false, differs: ["instance 0"] });
  await simulation.close();
});
