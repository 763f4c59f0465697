import { expect, it } from "vitest";
import { openVault } from "../checkpoints/open-vault.ts";
import type { Output, OutputSink } from "../outputs/output.ts";
import { fakePlan, SUMMING_YAML, summing } from "../testing/fake-run.case.ts";
import { Simulation } from "./simulation.ts";

function collecting() {
  const taken: Output[] = [];
  const opened: number[] = [];
  const sink: OutputSink = {
    open: async (_topics, firstIndex) => {
      opened.push(firstIndex);
    },
    write: async (outputs) => {
      taken.push(...outputs);
    },
    close: async () => {},
  };
  return { sink, taken, opened };
}

const start = (vault: ReturnType<typeof openVault>, options: object = {}) =>
  Simulation.start(fakePlan([summing], SUMMING_YAML), {
    speed: "max",
    checkpoints: { intervalUs: 100_000 },
    vault: vault.connect(),
    ...options,
  });

async function played(vault: ReturnType<typeof openVault>): Promise<{ runHash: string; outputs: number }> {
  const { sink, taken } = collecting();
  const simulation = await start(vault, { sinks: [sink] });
  await simulation.apply({ type: "play" });
  const { runHash } = await simulation.finished();
  await simulation.close();
  return { runHash, outputs: taken.length };
}

it("a seek to where an earlier run was leaves out no output", async () => {
  const vault = openVault({ diskBytes: 0 });
  const expected = await played(vault);
  const { sink, taken } = collecting();
  const again = await start(vault, { sinks: [sink] });
  await again.apply({ type: "seek", timeUs: 1_700_000 });
  await again.apply({ type: "play" });
  expect((await again.finished()).runHash).toBe(expected.runHash);
  await again.close();
  expect(taken.map(({ index }) => index)).toEqual(
    Array.from({ length: expected.outputs }, (_, index) => index),
  );
  await vault.close();
});

it("a run without sinks begins at the checkpoint of an earlier one", async () => {
  const vault = openVault({ diskBytes: 0 });
  await played(vault);
  const again = await start(vault);
  expect(await again.apply({ type: "seek", timeUs: 1_700_000 })).toMatchObject({
    seek: { from: "checkpoint" },
  });
  await again.close();
  await vault.close();
});

it("a run that is resumed gives its sinks what they have not had, and nothing else", async () => {
  const vault = openVault({ diskBytes: 0 });
  const expected = await played(vault);
  const { sink, taken, opened } = collecting();
  const resumed = await start(vault, { sinks: [sink], resumeAfter: 20 });
  const [first = -1] = opened;
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThanOrEqual(20);
  await resumed.apply({ type: "play" });
  expect((await resumed.finished()).runHash).toBe(expected.runHash);
  await resumed.close();
  expect(taken.map(({ index }) => index)).toEqual(
    Array.from({ length: expected.outputs - first }, (_, index) => first + index),
  );
  await vault.close();
});
