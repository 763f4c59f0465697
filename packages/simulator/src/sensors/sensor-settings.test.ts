import { describe, expect, it } from "vitest";
import { makePlan } from "../config/make-plan.ts";
import { Simulation } from "../control/simulation.ts";
import { type FakeUnit, fakePlan, fakeRecording, SUMMING_YAML, summing } from "../testing/fake-run.case.ts";
import { sensorSettings } from "./sensor-settings.ts";

const sampling: FakeUnit = {
  name: "sampling",
  make: ({ call }) => ({
    memory: { get: () => 0, set: () => {} },
    step: () => {
      try {
        const { timestamp } = call("sensors", "sample", 0) as { timestamp: bigint };
        call("diagnostics", "log", "info", String(Number(timestamp) - 1_000_000));
      } catch (error) {
        call("diagnostics", "log", "info", String((error as { payload: unknown }).payload));
      }
    },
  }),
};

async function logOf(yaml: string): Promise<string[]> {
  const plan = fakePlan([sampling], yaml, fakeRecording(10));
  const simulation = await Simulation.start(plan, { speed: "max" });
  await simulation.apply({ type: "play" });
  await simulation.finished();
  const { log } = await simulation.report();
  await simulation.close();
  return log.map(({ message }) => message);
}

const UNITS = "units: { sampling: { rateHz: 40, phaseUs: 2000 } }";

describe("settings of sensors", () => {
  it("count by name, then by kind, then those of the run", () => {
    const sensors = [
      { name: "/a", kind: "gps" },
      { name: "/b", kind: "gps" },
      { name: "/c", kind: "imu" },
    ] as const;
    const settings = sensorSettings(sensors, {
      toleranceUs: 1,
      lookAheadUs: 2,
      sensors: { "/a": { toleranceUs: 3, latched: true }, gps: { interpolation: "linear", latched: false } },
    });
    expect(settings).toEqual([
      { toleranceUs: 3, lookAheadUs: 2, interpolation: "linear", latched: true },
      { toleranceUs: 1, lookAheadUs: 2, interpolation: "linear", latched: false },
      { toleranceUs: 1, lookAheadUs: 2, interpolation: "slerp", latched: false },
    ]);
  });

  it("decide what a sample is", async () => {
    expect((await logOf(UNITS)).slice(0, 2)).toEqual(["0", "30000"]);
    expect((await logOf(`sensors: { /n: { toleranceUs: 1000 } }\n${UNITS}`)).slice(0, 2)).toEqual([
      "2000",
      "27000",
    ]);
    expect(
      (await logOf(`sensors: { other: { toleranceUs: 0, lookAheadUs: 0 } }\n${UNITS}`)).slice(0, 2),
    ).toEqual(["no-data", "no-data"]);
  });

  it("are refused where they cannot be", () => {
    const plan = (sensors: string) =>
      makePlan(fakeRecording(3), fakePlan([summing], `sensors: ${sensors}\n${SUMMING_YAML}`));
    expect(() => plan("{ /n: { interpolation: slerp } }")).toThrow(
      "sensors./n.interpolation: expected one of hold for a sensor of the kind other, found slerp",
    );
    expect(() => plan("{ /none: {} }")).toThrow(
      "sensors./none: expected a sensor of fake or a kind of sensors",
    );
    expect(() => plan("{ gps: { interpolation: geodetic }, /n: { latched: true } }")).not.toThrow();
  });
});

describe("latched sensors", () => {
  const plan = (more: string, startUs: number) => ({
    ...fakePlan(
      [summing],
      more + SUMMING_YAML,
      fakeRecording(100, 1_000_000, (i) => (i === 49 ? 200 : 1)),
    ),
    startUs,
  });
  const sumsOf = async (more: string, seeks: number[] = []) => {
    const simulation = await Simulation.start(plan(more, 1_500_000), {
      speed: "max",
      checkpoints: { costMs: 0 },
    });
    for (const timeUs of seeks) await simulation.apply({ type: "seek", timeUs });
    await simulation.apply({ type: "play" });
    await simulation.finished();
    const { readings, runHash, inputHash } = await simulation.report();
    await simulation.close();
    return { readings, runHash, inputHash };
  };

  it("have their last reading before the start of the run at its first event, wherever the playhead goes", async () => {
    const [plain, latched] = [await sumsOf(""), await sumsOf("sensors: { /n: { latched: true } }\n")];
    expect(plain.readings).toEqual({ "/n": 50 });
    expect(latched.readings).toEqual({ "/n": 51 });
    expect(latched.runHash).not.toBe(plain.runHash);
    expect(latched.inputHash).not.toBe(plain.inputHash);
    const moved = await sumsOf(
      "sensors: { /n: { latched: true } }\n",
      [1_900_000, 1_600_000, 1_500_000, 1_700_000],
    );
    expect(moved).toEqual(latched);
  });
});
