import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding, RunPlan } from "@playhead/simulator";
import { expect, it } from "vitest";
import { writeReproduction } from "./reproduction.ts";

it("the command line of a run from a database has the address as it is, without the password", async () => {
  const folder = await mkdtemp(join(tmpdir(), "playhead-reproduction-"));
  const run = { trial: { way: { name: "b", moves: [] } }, visits: [], outputsAt: join(folder, "none.mcap") };
  try {
    await writeReproduction(folder, {
      request: {
        ...{
          recording: "postgres://me:hunter2@127.0.0.1:1/drives/x",
          composition: undefined,
          config: undefined,
        },
        ...{ depsDirs: [], from: undefined, to: undefined },
      },
      plan: { startUs: 0, endUs: 1, config: { lookAheadUs: 0 } } as RunPlan,
      finding: { a: run, b: run } as unknown as Finding,
      ...{ seed: "1", patterns: 4, text: "", json: {} },
    });
    const readme = await readFile(join(folder, "README.md"), "utf8");
    expect(readme).toContain("playhead verify 'postgres://me:***@127.0.0.1:1/drives/x' --runs 4 --seed 1");
    expect(readme).not.toContain("hunter2");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
