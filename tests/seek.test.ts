import { join } from "node:path";
import { loadPipeline, makePlan, type RunPlan, Simulation } from "@playhead/simulator";
import { openRecording } from "@playhead/store";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeDrive, scratchFolder } from "./drives.ts";
import { ROOT } from "./surroundings.ts";

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let plan: RunPlan;

beforeAll(async () => {
  folder = await scratchFolder();
  const recording = await openRecording(
    await makeDrive(join(folder.path, "drive.mcap"), { durationS: 3, seed: 3 }),
  );
  plan = makePlan(recording, await loadPipeline(join(ROOT, "components/adas.wac")));
});

afterAll(async () => {
  await plan?.recording.close();
  await folder?.remove();
});

it("restores every component of the ADAS pipeline, to the bit, forward and back", async () => {
  const times = Array.from({ length: 12 }, (_, i) => plan.startUs + Math.round(((i * 0.618034) % 1) * 2.9e6));
  const linear = await Simulation.start(plan, { speed: "max", checkpoints: false });
  const hashes = new Map<number, string>();
  for (const timeUs of [...times].sort((a, b) => a - b)) {
    await linear.apply({ type: "seek", timeUs });
    hashes.set(timeUs, linear.status.runHash);
  }
  await linear.apply({ type: "seek", timeUs: plan.endUs });
  const { runHash, inputHash } = await linear.report();
  await linear.close();

  const moved = await Simulation.start(plan, { speed: "max", checkpoints: { costMs: 30 } });
  await moved.apply({ type: "play" });
  expect((await moved.finished()).runHash).toBe(runHash);
  for (const timeUs of times) {
    const result = await moved.apply({ type: "seek", timeUs });
    expect(result).toMatchObject({ ok: true, timeUs, seek: { from: "checkpoint" } });
    expect(moved.status.runHash).toBe(hashes.get(timeUs));
  }
  await moved.apply({ type: "play" });
  expect((await moved.finished()).runHash).toBe(runHash);
  expect((await moved.report()).inputHash).toBe(inputHash);
  await moved.close();
});
