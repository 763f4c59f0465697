import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadPipeline, makePlan, type RunReport, replayCapsule, Simulation } from "@playhead/simulator";
import { openRecording } from "@playhead/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDrive, scratchFolder } from "./drives.ts";
import { FAULTS, type GuestOptions, makeGuest } from "./fault-guests.ts";
import { playhead } from "./playhead.ts";

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let drive: string;

const at = (...names: string[]): string => join(folder.path, ...names);

beforeAll(async () => {
  folder = await scratchFolder();
  drive = await makeDrive(at("drive.mcap"), { durationS: 2 });
});

afterAll(async () => {
  await folder?.remove();
});

/** A composition of one unit, and where its components lie. */
async function compose(name: string, guest: Omit<GuestOptions, "name">, yaml = ""): Promise<string> {
  await makeGuest(at(name), { name: "tracker", ...guest });
  await writeFile(
    at(name, "my.yaml"),
    `fuelPerCall: 1000000\nunits:\n  tracker: { rateHz: 20, publishes: { /tracker: { encoding: text } }, ${yaml} }\n`,
  );
  await writeFile(
    at(name, "my.wac"),
    'package test:capsules;\nlet tracker = new test:tracker { ... };\nexport tracker["playhead:sim/component@0.1.0"] as tracker;\n',
  );
  return at(name, "my.wac");
}

/** Runs with a checkpoint after every slice, and keeps capsules in the folder `faults`. */
async function run(composition: string, faults: string, stepwise: boolean): Promise<RunReport> {
  const recording = await openRecording(drive);
  const simulation = await Simulation.start(makePlan(recording, await loadPipeline(composition)), {
    speed: "max",
    capsules: faults,
    checkpoints: { costMs: 0 },
    closesRecording: true,
  });
  for (let i = 0; stepwise && i < 60; i++) await simulation.apply({ type: "step", unit: "event" });
  await simulation.apply({ type: "play" });
  await simulation.finished();
  const report = await simulation.report();
  await simulation.close();
  return report;
}

describe("a capsule", () => {
  it("runs to the same fault from a state shortly before, without recording and composition", async () => {
    const composition = await compose("state", { at: 31, fault: FAULTS.trap, grows: true });
    const report = await run(composition, at("state-faults"), true);
    const [capsule] = report.capsules;
    expect(report.capsules).toEqual([
      { unit: "tracker", event: expect.any(Number), folder: expect.any(String), problem: undefined },
    ]);
    await rm(at("state"), { recursive: true });
    const replay = await replayCapsule(capsule?.folder ?? "");
    expect(replay).toMatchObject({ reproduced: true, found: { message: report.error?.message } });
    expect(replay.fromUs).toBeGreaterThan(replay.startUs);
    expect(replay.events).toBeLessThan(20);
    expect(await readdir(capsule?.folder ?? "")).toContain("state.bin");
  });

  it.each([
    ["trap", "isolate"],
    ["endlessLoop", "restart"],
    ["memoryBomb", "stop"],
    ["errorResult", "isolate"],
  ] as const)("is kept of every fault: %s, %s", async (fault, onFault) => {
    const name = `every-${fault}`;
    const composition = await compose(name, { at: 6, fault: FAULTS[fault] }, `onFault: ${onFault}`);
    const { capsules } = await run(composition, at(`${name}-faults`), false);
    expect(capsules).toHaveLength({ isolate: 1, stop: 1, restart: 4 }[onFault]);
    for (const { folder: capsule } of capsules)
      expect(await replayCapsule(capsule)).toMatchObject({ reproduced: true });
  });
});

describe("playhead replay-fault", () => {
  let capsule: string;

  beforeAll(async () => {
    const composition = await compose("front", { at: 6, fault: FAULTS.trap });
    const ran = await playhead(["run", drive, "--composition", composition, "--out", at("out.mcap")]);
    expect(ran).toMatchObject({ exitCode: 4 });
    capsule = ran.stderr.match(/^Capsule {5}(\S+): `playhead replay-fault`/m)?.[1] ?? "";
    expect(capsule).toMatch(/out\.mcap\.faults\/tracker-\d+$/);
  });

  it("says that the fault comes again", async () => {
    const { exitCode, stdout } = await playhead(["replay-fault", capsule]);
    expect(stdout).toMatch(
      /^Reproduced {2}tracker: step at 0\.250000 s: .*unreachable\nRan \d+ events from 0\.0/,
    );
    expect(stdout).toMatch(/^it could see .*readings/m);
    expect(exitCode).toBe(0);
    const json = await playhead(["replay-fault", capsule, "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      reproduced: true,
      expected: { place: { unit: "tracker" } },
    });
  });

  it("says when it does not come, or another one does", async () => {
    for (const [name, change, expected] of [
      ["none", { event: 3, timeUs: 1_700_000_000_000_000 }, "no failure"],
      ["other", { kind: "fuel" }, "tracker: step at 0.250000 s"],
    ] as const) {
      const changed = at(name);
      await cp(capsule, changed, { recursive: true });
      const manifest = JSON.parse(await readFile(join(changed, "capsule.json"), "utf8"));
      Object.assign(manifest.failure.place, change, name === "none" && { timeUs: manifest.range.startUs });
      await writeFile(join(changed, "capsule.json"), JSON.stringify(manifest));
      const { exitCode, stdout } = await playhead(["replay-fault", changed]);
      expect(stdout).toMatch(/^Not reproduced\nExpected {4}tracker: step/);
      expect(stdout).toContain(`Found       ${expected}`);
      expect(exitCode).toBe(6);
    }
  });

  it("refuses what is no capsule, or a changed one", async () => {
    const nothing = await playhead(["replay-fault", at("nowhere")]);
    expect(nothing.exitCode).toBe(3);
    expect(nothing.stderr).toMatch(/nowhere: expected the folder of a capsule/);
    const changed = at("changed");
    for (const file of await readdir(capsule)) {
      await cp(capsule, changed, { recursive: true });
      const bytes = await readFile(join(changed, file));
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
      await writeFile(join(changed, file), bytes);
      await expect(replayCapsule(changed), file).rejects.toMatchObject({ code: "bad-capsule" });
    }
  });
});

it("a unit that cannot be initialised leaves a capsule, too", async () => {
  const composition = await compose("init", { initFault: FAULTS.trap });
  const ran = await playhead(["run", drive, "--composition", composition, "--capsules", at("init-faults")]);
  expect(ran).toMatchObject({ exitCode: 4 });
  expect(ran.stderr).toMatch(/^Capsule {5}\S+tracker-0: .*\nplayhead: tracker: init: .*unreachable/m);
  expect(await replayCapsule(at("init-faults", "tracker-0"))).toMatchObject({ reproduced: true, events: 0 });
});
