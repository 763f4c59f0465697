import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDrive, scratchFolder } from "./drives.ts";
import { FAULTS, makeGuest } from "./fault-guests.ts";
import { playhead, type Ran, type RunJson, runJson } from "./playhead.ts";

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let drive: string;

const at = (name: string): string => join(folder.path, name);

/** Advice is asked for by the first asker, which the second one asks nothing of; the loner is on the bus only. */
const COMPOSITION = `package test:faults;
let adviser = new test:adviser { ... };
let asker = new test:asker { advice: adviser.advice, ... };
let loner = new test:loner { ... };
export adviser["playhead:sim/component@0.1.0"] as adviser;
export asker["playhead:sim/component@0.1.0"] as asker;
export loner["playhead:sim/component@0.1.0"] as loner;
`;

interface FaultyRun {
  /** How the loner fails in its 7th step, if it does. */
  readonly fault?: keyof typeof FAULTS;
  readonly onFault?: string;
  /** The adviser traps when it is asked with this number. */
  readonly askedWith?: number;
  readonly grows?: boolean;
  readonly limits?: string;
}

const LIMITS = "fuelPerCall: 1000000\nlargestMemoryBytes: 16777216\n";

/** Makes composition and configuration, and returns what `playhead run` is to be given. */
async function prepare(name: string, options: FaultyRun): Promise<string[]> {
  const { fault = "none", onFault = "stop", askedWith = 0, grows = false, limits = LIMITS } = options;
  const folderName = at(name);
  await makeGuest(folderName, { name: "adviser", world: "adviser", askedWith, grows });
  await makeGuest(folderName, { name: "asker", world: "asker" });
  await makeGuest(folderName, { name: "loner", at: 7, fault: FAULTS[fault], grows });
  const unit = (unitName: string, more: string): string =>
    `  ${unitName}: { rateHz: 20, publishes: { /${unitName}: { encoding: text } }, ${more} }\n`;
  await writeFile(
    join(folderName, "faults.yaml"),
    `${limits}units:\n${unit("adviser", `onFault: ${onFault}`)}${unit("asker", "")}${unit("loner", `onFault: ${onFault}`)}`,
  );
  await writeFile(join(folderName, "faults.wac"), COMPOSITION);
  return [drive, "--composition", join(folderName, "faults.wac")];
}

const standings = ({ components }: RunJson) =>
  Object.fromEntries(components.map(({ name, standing }) => [name, standing]));

beforeAll(async () => {
  folder = await scratchFolder();
  drive = await makeDrive(at("drive.mcap"), { durationS: 1 });
});

afterAll(async () => {
  await folder?.remove();
});

describe("a unit that fails", () => {
  const failing = (ran: Ran): string => {
    expect(ran.exitCode).toBe(4);
    return ran.stderr;
  };

  it.each([
    ["trap", /^playhead: loner: step at 0\.300000 s: .*"loner".*unreachable/m],
    ["endlessLoop", /^playhead: loner: step at 0\.300000 s: the fuel of the call ran out in .*"loner"/m],
    [
      "recursion",
      /^playhead: loner: step at 0\.300000 s: calls are nested deeper than the limit in .*"loner"/m,
    ],
    [
      "memoryBomb",
      /^playhead: loner: step at 0\.300000 s: .*"loner" trapped .* after memory beyond the limit was refused: /m,
    ],
    ["errorResult", /^playhead: loner: step at 0\.300000 s: answered with an error: no idea/m],
  ] as const)("stops the run: %s", async (fault, message) => {
    const args = await prepare(`stop-${fault}`, { fault });
    const said = failing(await playhead(["run", ...args]));
    expect(said).toMatch(message);
    expect(said).toMatch(/it could see .*: \d+ readings?, the last at 0\.\d+ s/);
  });

  it("is to blame although its consumer was called", async () => {
    const args = await prepare("stop-within", { askedWith: 7 });
    const ran = await playhead(["run", ...args, "--json"]);
    const said = failing(ran);
    expect(JSON.parse(ran.stdout).error).toMatchObject({
      code: "component-fault",
      place: { unit: "adviser", instance: "adviser", call: "step", kind: "trap", inputs: expect.any(Array) },
    });
    expect(said).toMatch(
      /^playhead: adviser: call at 0\.300000 s \(within a step of asker\): .*unreachable/m,
    );
  });

  it.each(["trap", "endlessLoop", "memoryBomb", "errorResult"] as const)(
    "is isolated, and the others go on: %s",
    async (fault) => {
      const args = await prepare(`isolate-${fault}`, { fault, onFault: "isolate" });
      const run = await runJson(args);
      expect(standings(run)).toEqual({ adviser: "running", asker: "running", loner: "isolated" });
      expect(run.topics).toEqual({ "/adviser": 20, "/asker": 20, "/loner": 6 });
      expect(run.decisions).toMatchObject([{ unit: "loner", action: "isolate" }]);
      if (fault === "trap")
        expect(await runJson(args)).toMatchObject({ runHash: run.runHash, decisions: run.decisions });
    },
  );

  it("is isolated by the watchdog where fuel does not end it, to the same outputs", async () => {
    const fuel = await runJson(await prepare("fuel-ends", { fault: "endlessLoop", onFault: "isolate" }));
    const limits = "fuelPerCall: 4000000000000\nwatchdogS: 1\n";
    const run = await runJson(
      await prepare("watchdog-ends", { fault: "endlessLoop", onFault: "isolate", limits }),
    );
    expect(run).toMatchObject({ runHash: fuel.runHash, decisions: fuel.decisions });
    expect(standings(run)).toMatchObject({ loner: "isolated" });
  });

  it("takes those with it that call it", async () => {
    const args = await prepare("isolate-within", { askedWith: 7, onFault: "isolate" });
    const run = await runJson(args);
    expect(standings(run)).toEqual({ adviser: "isolated", asker: "stale", loner: "running" });
    expect(run.topics).toEqual({ "/adviser": 7, "/asker": 6, "/loner": 20 });
  });

  it("is told of in the summary", async () => {
    const args = await prepare("summary", { fault: "errorResult", onFault: "isolate" });
    const { stdout, exitCode } = await playhead(["run", ...args]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^Faults\n {2}loner: step at 0\.300000 s: answered with an error: no idea: loner was isolated$/m,
    );
  });

  it.each([false, true])("is restarted (memory that grows: %s)", async (grows) => {
    const name = `restart-${grows}`;
    const args = await prepare(name, { fault: "trap", onFault: "restart", grows });
    const run = await runJson(args);
    expect(standings(run)).toEqual({ adviser: "running", asker: "running", loner: "running" });
    // Steps 7 and 14 of 20 are abandoned, the fresh instances count from 1.
    expect(run.topics).toEqual({ "/adviser": 20, "/asker": 20, "/loner": 18 });
    expect(run.decisions.map(({ action }) => action)).toEqual(["restart", "restart"]);
    const encoded = at(`${name}.wasm`);
    await playhead(["compose", args.at(-1) ?? "", "-o", encoded]);
    const config = join(at(name), "faults.yaml");
    const composed = await runJson([drive, "--composition", encoded, "--config", config]);
    expect(composed).toMatchObject({ runHash: run.runHash, decisions: run.decisions });
  });
});
