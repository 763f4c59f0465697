import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { McapIndexedReader } from "@mcap/core";
import { loadPipeline, makePlan, Simulation } from "@playhead/simulator";
import { openRecording } from "@playhead/store";
import { compose, encodeComposition } from "@playhead/wac";
import { FilePackages } from "@playhead/wac/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDrive, scratchFolder } from "../drives.ts";
import { type RunJson, runJson } from "../playhead.ts";
import { NODE24, ROOT } from "../surroundings.ts";

const HERE = join(ROOT, "tests/toolchains");
const INSTALLED = existsSync(join(HERE, "node_modules"));

/** What a unit published, as its source makes it. */
interface Sum {
  readonly now: number;
  readonly readings: number;
  readonly bytes: number;
  readonly clockMs: number;
  readonly random: number | number[];
}

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let drive: string;

beforeAll(async () => {
  if (!INSTALLED) return;
  folder = await scratchFolder();
  const [made] = await Promise.all([
    makeDrive(join(folder.path, "drive.mcap"), { durationS: 2, seed: 3 }),
    promisify(execFile)(process.execPath, [join(HERE, "build.mjs"), folder.path]),
  ]);
  drive = made;
});

afterAll(async () => {
  await folder?.remove();
});

interface Options {
  readonly seed?: number;
  readonly node?: string | undefined;
  /** Runs it again, even if the same was run before. */
  readonly again?: boolean;
}

const results = new Map<string, Promise<Result>>();

/** Runs the unit alone, ten times a second. */
function run(unit: string, options: Options = {}): Promise<Result> {
  const { seed = 1, node, again = false } = options;
  const key = [unit, seed, node ?? "here", again ? "again" : "first"].join("-").replaceAll("/", "_");
  const known = results.get(key) ?? runAnew(unit, seed, node, join(folder.path, key));
  results.set(key, known);
  return known;
}

async function runAnew(unit: string, seed: number, node: string | undefined, own: string): Promise<Result> {
  await mkdir(own);
  const config = join(own, "configuration.yaml");
  await writeFile(config, configuration(unit, seed));
  await writeFile(join(own, "note.txt"), "found");
  const out = join(own, "outputs.mcap");
  const composition = join(folder.path, `${unit}.wasm`);
  const report = await runJson([drive, "--composition", composition, "--config", config, "--out", out], node);
  return { report: report as Result["report"], sums: await published(out) };
}

interface Result {
  readonly report: RunJson & { readonly log: readonly { readonly unit: string; readonly message: string }[] };
  readonly sums: readonly Sum[];
}

function configuration(unit: string, seed: number): string {
  return `
seed: ${seed}
units:
  ${unit}:
    rateHz: 10
    publishes: { /sum: { encoding: json } }
    settings: { key: value }
    wasi:
      environment: { GREETING: hello }
      files: { /data/note.txt: note.txt }
`;
}

async function published(file: string): Promise<Sum[]> {
  const bytes = await readFile(file);
  const reader = await McapIndexedReader.Initialize({
    readable: {
      size: () => Promise.resolve(BigInt(bytes.length)),
      read: (offset, size) => Promise.resolve(bytes.subarray(Number(offset), Number(offset + size))),
    },
  });
  const sums: Sum[] = [];
  for await (const { data } of reader.readMessages({ topics: ["/sum"] }))
    sums.push(JSON.parse(Buffer.from(data).toString("utf8")) as Sum);
  return sums;
}

/** All units side by side: the components that they are made of ask for different versions of WASI. */
const MIXED = `package demo:mixed;
let ts = new guests:typescript { ... };
let js = new guests:quickjs { ... };
let c = new guests:c { ... };
export ts["playhead:sim/component@0.1.0"] as typescript;
export js["playhead:sim/component@0.1.0"] as quickjs;
export c["playhead:sim/component@0.1.0"] as c;
`;

const MIXED_CONFIGURATION = `
defaultRateHz: 10
units:
  typescript: { publishes: { /sum: {} } }
  quickjs: { publishes: { /sum: {} } }
  c: { publishes: { /sum: {} } }
`;

/** What all units see alike, whatever they are written in. */
const seen = ({ sums }: Result) =>
  sums.map(({ now, readings, bytes, clockMs }) => ({ now, readings, bytes, clockMs }));
const randomOf = ({ sums }: Result) => sums.map(({ random }) => random);

describe.skipIf(!INSTALLED)("units of other toolchains (npm ci --prefix tests/toolchains)", () => {
  const units = [
    { unit: "typescript", printed: ["ts starts with 1 settings"], seeded: true },
    { unit: "quickjs", printed: ["js starts with 1 settings"], seeded: false },
    {
      unit: "c",
      printed: ["c starts with 1 settings", "environment hello, note found, may write 0"],
      seeded: true,
    },
  ];

  it.each(units)(
    "$unit sees the drive, virtual time and what the configuration gives",
    async ({ unit, printed }) => {
      const result = await run(unit);
      expect(result.report.log.map((line) => `${line.unit}: ${line.message}`)).toEqual(
        printed.map((line) => `${unit}: ${line}`),
      );
      expect(result.sums).toHaveLength(20);
      for (const { now, clockMs } of result.sums) expect(clockMs).toBe(Math.floor(now / 1000));
      expect(new Set(randomOf(result).map(String)).size).toBe(20);
      const delivered = Object.values(result.report.readings).reduce((sum, count) => sum + count, 0);
      const last = result.sums.at(-1);
      expect(last?.readings).toBeGreaterThan(delivered * 0.9);
      expect(last?.bytes).toBeGreaterThan(delivered);
      expect(seen(result)).toEqual(seen(await run("c")));
    },
  );

  it.each(units)("$unit gives the same run again, and on another Node", async ({ unit }) => {
    const expected = await run(unit);
    const others = [await run(unit, { again: true })];
    if (NODE24 !== undefined) others.push(await run(unit, { node: NODE24 }));
    for (const { sums, report } of others) {
      expect(sums).toEqual(expected.sums);
      expect(report.runHash).toBe(expected.report.runHash);
    }
  });

  it.each(units)("$unit is restored by a seek, to the bit", async ({ unit }) => {
    const { report } = await run(unit);
    const recording = await openRecording(drive);
    const config = join(folder.path, `${unit}-1-here-first`, "configuration.yaml");
    const pipeline = await loadPipeline(join(folder.path, `${unit}.wasm`), { config });
    const plan = makePlan(recording, pipeline);
    const moved = await Simulation.start(plan, { speed: "max", checkpoints: { costMs: 0 } });
    await moved.apply({ type: "seek", timeUs: plan.endUs });
    expect(moved.status.runHash).toBe(report.runHash);
    for (const part of [0.7, 0.2, 0.5, 0.1]) {
      const timeUs = plan.startUs + Math.round(part * (plan.endUs - plan.startUs));
      const sought = await moved.apply({ type: "seek", timeUs });
      expect(sought).toMatchObject({ ok: true, seek: { from: "checkpoint" } });
      await moved.apply({ type: "seek", timeUs: plan.endUs });
      expect(moved.status.runHash).toBe(report.runHash);
    }
    await moved.close();
    await recording.close();
  });

  it("run together, linked or as one component", async () => {
    const packages = join(folder.path, "deps/guests");
    await mkdir(packages, { recursive: true });
    for (const { unit } of units)
      await copyFile(join(folder.path, `${unit}.wasm`), join(packages, `${unit}.wasm`));
    const file = join(folder.path, "mixed.wac");
    await writeFile(file, MIXED);
    await writeFile(join(folder.path, "mixed.yaml"), MIXED_CONFIGURATION);
    const resolver = new FilePackages({ directories: [join(folder.path, "deps")] });
    await writeFile(
      join(folder.path, "mixed.wasm"),
      encodeComposition(await compose(MIXED, { file, resolver })),
    );

    const linked = (await runJson([drive, "--composition", file])) as Result["report"];
    const encoded = await runJson([drive, "--composition", join(folder.path, "mixed.wasm")]);
    expect(linked.log.map(({ unit }) => unit)).toEqual(["c", "c", "quickjs", "typescript"]);
    expect(linked.topics["/sum"]).toBe(60);
    expect(encoded.runHash).toBe(linked.runHash);
  });

  it.each(units.filter(({ seeded }) => seeded))(
    "$unit gets other random numbers from another seed",
    async ({ unit }) => {
      expect(randomOf(await run(unit, { seed: 2 }))).not.toEqual(randomOf(await run(unit)));
    },
  );
});
