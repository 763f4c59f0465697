import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { componentEmbed, componentNew, parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeDrive, scratchFolder } from "./drives.ts";
import { playhead, type Ran } from "./playhead.ts";

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let drive: string;

beforeAll(async () => {
  folder = await scratchFolder();
  drive = await makeDrive(join(folder.path, "drive.mcap"), { durationS: 1 });
});

afterAll(async () => {
  await folder?.remove();
});

const WIT = `package test:unit;
  package playhead:sim@0.1.0 {
    interface component {
      init: func(configuration: list<tuple<string, string>>) -> result<_, string>;
      step: func(now: s64) -> result<_, string>;
    }
    world alone { export component; }
  }`;

const LIMITS = "fuelPerCall: 100000000\nlargestMemoryBytes: 16777216\n";

/** Runs a unit whose `step` is the given text. */
async function run(name: string, step: string, config = LIMITS): Promise<Ran> {
  const core = await parse(`(module
    (memory (export "memory") 1)
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
    (func $deeper (param i32) (result i32) (i32.add (i32.const 1) (call $deeper (i32.add (local.get 0) (i32.const 1)))))
    (func (export "playhead:sim/component@0.1.0#init") (param i32 i32) (result i32) (i32.const 16))
    (func (export "playhead:sim/component@0.1.0#step") (param i64) (result i32) ${step} (i32.const 16)))`);
  const embedded = await componentEmbed({ binary: core, witSource: WIT, world: "playhead:sim/alone@0.1.0" });
  const file = join(folder.path, `${name}.wasm`);
  await writeFile(file, await componentNew(embedded, []));
  await writeFile(join(folder.path, `${name}.yaml`), config);
  return await playhead(["run", drive, "--composition", file]);
}

it("an endless loop ends at the same place every time", async () => {
  const first = await run("endless", "(loop (br 0))");
  expect(first.exitCode).toBe(4);
  expect(first.stderr).toMatch(/endless: step at 0\.000000 s: .*fuel/);
  expect((await run("endless", "(loop (br 0))")).stderr).toBe(first.stderr);
});

it("recursion without end ends by name", async () => {
  const ran = await run("recursive", "(drop (call $deeper (i32.const 0)))");
  expect(ran.exitCode).toBe(4);
  expect(ran.stderr).toMatch(/recursive: step at 0\.000000 s: calls are nested deeper/);
});

it("memory grows to its limit and not beyond", async () => {
  const grow = "(if (i32.eq (memory.grow (i32.const 10000)) (i32.const -1)) (then unreachable))";
  const ran = await run("greedy", grow);
  expect(ran.exitCode).toBe(4);
  expect(ran.stderr).toMatch(/greedy: step at 0\.000000 s: .*unreachable/);
});

it("what fuel does not end in time, the watchdog does", async () => {
  const ran = await run("hanging", "(loop (br 0))", "fuelPerCall: 4000000000000\nwatchdogS: 1\n");
  expect(ran.stderr).toMatch(
    /hanging: step at 0\.000000 s: it does not come back: nothing was heard for \d s/,
  );
  expect(ran.exitCode).toBe(4);
});
