import { existsSync } from "node:fs";
import { link, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { componentEmbed, componentNew, parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { createMcapWriter } from "@playhead/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDrive, scratchFolder } from "./drives.ts";
import { playhead, type Ran, runJson, startPlayhead } from "./playhead.ts";

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let drive: string;

beforeAll(async () => {
  folder = await scratchFolder();
  drive = await makeDrive(join(folder.path, "drive.mcap"), { durationS: 1 });
});

afterAll(async () => {
  await folder?.remove();
});

async function file(name: string, content: Uint8Array | string): Promise<string> {
  const path = join(folder.path, name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, content);
  return path;
}

/** One message for people, no stack, the right exit code; the same as JSON. */
function expectFailure(ran: Ran, exitCode: number, ...parts: (string | RegExp)[]): void {
  expect(ran.stderr).toMatch(/^playhead: /m);
  for (const part of parts) expect(ran.stderr).toMatch(part);
  expect(ran.stderr).not.toMatch(/^\s+at .*\(.*:\d+:\d+\)/m);
  expect(ran.exitCode).toBe(exitCode);
}

describe("recordings", () => {
  it("a file that is not there", async () => {
    expectFailure(await playhead(["run", join(folder.path, "none.mcap")]), 3, "none.mcap", /nothing there/);
  });

  it("a folder", async () => {
    expectFailure(await playhead(["run", folder.path]), 3, /expected one recording, .*: .*drive\.mcap/);
  });

  it("a file that is no recording", async () => {
    expectFailure(await playhead(["run", await file("notes.txt", "hello")]), 3, "notes.txt", /MCAP/);
    expectFailure(await playhead(["run", await file("empty.mcap", "")]), 3, "empty.mcap");
  });

  it("one of which damage left nothing is shown, and not imported", async () => {
    const start = (await readFile(drive)).subarray(0, 100);
    const [given, out] = [await file("start.mcap", start), join(folder.path, "nothing.mcap")];
    expect((await playhead(["inspect", given])).stdout).toMatch(/start\.mcap: no messages/);
    expectFailure(await playhead(["run", given]), 3, "no sensor at all", /what follows is lost/);
    expectFailure(await playhead(["import", given, "-o", out]), 3, "found none", /what follows is lost/);
    expect(existsSync(out)).toBe(false);
  });

  it("a truncated one runs up to the damage, and says what is lost", async () => {
    const bytes = await readFile(drive);
    const cut = await file("cut.mcap", bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    const ran = await playhead(["run", cut, "--json"]);
    expect(ran.exitCode).toBe(0);
    const report = JSON.parse(ran.stdout) as {
      durationUs: number;
      problems: { code: string; message: string }[];
    };
    expect(report.durationUs).toBeGreaterThan(300_000);
    expect(report.durationUs).toBeLessThan(900_000);
    expect(report.problems.map(({ message }) => message).join("\n")).toMatch(/byte \d+|offset \d+/);
  });

  it("a corrupted one leaves out what is damaged, and says so", async () => {
    const bytes = Buffer.from(await readFile(drive));
    bytes.fill(0xa5, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 64);
    const ran = await playhead(["run", await file("corrupt.mcap", bytes), "--json"]);
    const report = JSON.parse(ran.stdout) as { problems: { code: string; message: string }[] };
    expect(ran.exitCode).toBe(0);
    expect(report.problems.length).toBeGreaterThan(0);
    expect((await runJson([drive])).readings).not.toEqual(
      (report as unknown as { readings: object }).readings,
    );
  });

  it("one that is damaged before its first message", async () => {
    const cut = await file("stub.mcap", (await readFile(drive)).subarray(0, 100));
    expectFailure(
      await playhead(["run", cut]),
      3,
      "stub.mcap",
      /no sensor at all; .*before the end of the file/,
    );
  });

  it("one without any sensor that the pipeline knows", async () => {
    const path = join(folder.path, "chatter.mcap");
    const writer = await createMcapWriter(path);
    const channel = await writer.addChannel({
      topic: "/chatter",
      messageEncoding: "json",
      schema: undefined,
    });
    await writer.write(channel, 1_000_000_000n, 1_000_000_000n, new TextEncoder().encode("{}"));
    await writer.close();
    expectFailure(
      await playhead(["run", path]),
      3,
      "chatter.mcap",
      /expects a sensor of .*camera/,
      /found \/chatter/,
    );
  });
});

describe("components", () => {
  const world = `package test:unit;
    package playhead:sim@0.1.0 {
      interface types { type timestamp = s64; }
      interface component {
        use types.{timestamp};
        init: func(configuration: list<tuple<string, string>>) -> result<_, string>;
        step: func(now: timestamp) -> result<_, string>;
      }
      world trapping { export component; }
      interface diagnostics {
        enum level { debug, info, warning, error }
        log: func(level: level, message: string);
      }
      world logging { import diagnostics; export component; }
      world asking { import nothing: interface { answer: func() -> u32; } export component; }
    }`;

  /** A unit whose \`step\` is the given text. Only what the canonical ABI asks for is around it. */
  async function unit(
    name: string,
    step: string,
    { worldName = "trapping", init = "", data = "" } = {},
  ): Promise<string> {
    const core = await parse(`(module
      ${worldName === "asking" ? '(import "nothing" "answer" (func $answer (result i32)))' : ""}
      ${worldName === "logging" ? '(import "playhead:sim/diagnostics@0.1.0" "log" (func $log (param i32 i32 i32)))' : ""}
      (memory (export "memory") 1)
      (data (i32.const 64) "${data}")
      (global $next (mut i32) (i32.const 1024))
      (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
        (local $at i32)
        (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
        (global.set $next (i32.add (local.get $at) (local.get 3)))
        (local.get $at))
      (func (export "playhead:sim/component@0.1.0#init") (param i32 i32) (result i32) ${init} (i32.const 16))
      (func (export "playhead:sim/component@0.1.0#step") (param i64) (result i32) ${step} (i32.const 16)))`);
    const embedded = await componentEmbed({
      binary: core,
      witSource: world,
      world: `playhead:sim/${worldName}@0.1.0`,
    });
    return await file(name, await componentNew(embedded, []));
  }

  const run = (composition: string, ...options: string[]) =>
    playhead(["run", drive, "--composition", composition, ...options]);

  it("a file that is no component", async () => {
    expectFailure(
      await run(await file("broken.wasm", Buffer.from("\0asm garbage", "latin1"))),
      3,
      "broken.wasm",
    );
    const core = await parse("(module)");
    expectFailure(await run(await file("core.wasm", core)), 3, "core.wasm", /core module/);
  });

  it("one that imports what nobody provides", async () => {
    expectFailure(
      await run(await unit("asking.wasm", "(drop (call $answer))", { worldName: "asking" })),
      3,
      "nothing",
      /import/,
    );
  });

  it("one that traps: the unit, the call and the time are named", async () => {
    const composition = await unit("trapping.wasm", "unreachable");
    expectFailure(await run(composition), 4, /trapping: step at 0\.000000 s/, /unreachable/);
  });

  it("one that answers with an error", async () => {
    const failing = `(i32.store8 (i32.const 32) (i32.const 1)) (i32.store (i32.const 36) (i32.const 64))
      (i32.store (i32.const 40) (i32.const 4)) (i32.store (i32.const 64) (i32.const 0x6d6f6f62)) (return (i32.const 32))`;
    expectFailure(await run(await unit("failing.wasm", failing)), 4, /failing: step .*boom/);
  });

  it("one that fails before the run begins: outputs of an earlier run stay", async () => {
    const out = join(folder.path, "earlier.mcap");
    await runJson([drive, "--to", "0.1", "--out", out]);
    const earlier = await readFile(out);
    await file("earlier.mcap.report.json", "its report");
    const composition = await unit("stillborn.wasm", "", { init: "unreachable" });
    expectFailure(await run(composition, "--out", out), 4, /stillborn: init/);
    expect(earlier.equals(await readFile(out))).toBe(true);
    expect(await readFile(`${out}.report.json`, "utf8")).toBe("its report");
  });

  it("one that fails on the way: the report and the recorded outputs say so", async () => {
    const out = join(folder.path, "failed.mcap");
    await file("failed.mcap.report.json", "of an earlier run");
    expectFailure(await run(await unit("failing-run.wasm", "unreachable"), "--out", out), 4);
    expect(JSON.parse(await readFile(`${out}.report.json`, "utf8"))).toMatchObject({
      state: "failed",
      error: { code: "component-fault", message: expect.stringContaining("unreachable") },
    });
    expect((await readFile(out)).includes("failed")).toBe(true);
  });

  it("one that warned before: its last warnings are shown", async () => {
    const composition = await unit(
      "warning.wasm",
      "(call $log (i32.const 0) (i32.const 64) (i32.const 3)) (call $log (i32.const 2) (i32.const 67) (i32.const 7)) unreachable",
      { worldName: "logging", data: "dullow oil" },
    );
    const ran = await run(composition, "--out", join(folder.path, "warned.mcap"));
    expectFailure(ran, 4, "0.000 s warning warning: low oil\n");
    expect(ran.stderr).not.toContain("dul");
    const shown = await playhead(["inspect", join(folder.path, "warned.mcap")]);
    expect(shown.stdout).toMatch(/Not to its end: failed at 0\.000 s of .*unreachable/);
  });

  it("one whose error would command the terminal", async () => {
    const evil = "\u001b]0;owned\u0007\nplayhead: all is well";
    const bytes = [...Buffer.from(evil)].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
    const failing = `(i32.store8 (i32.const 32) (i32.const 1)) (i32.store (i32.const 36) (i32.const 64))
      (i32.store (i32.const 40) (i32.const ${Buffer.byteLength(evil)})) (return (i32.const 32))`;
    const ran = await run(await unit("evil.wasm", failing, { data: bytes }));
    expectFailure(ran, 4, "\\x1b]0;owned\\x07\\nplayhead: all is well");
    expect(ran.stderr).not.toContain("\u001b");
    expect(ran.stderr.split("\n").filter((line) => line.startsWith("playhead: "))).toHaveLength(1);
  });

  it("one that is no unit", async () => {
    const component = await parse("(component)");
    expectFailure(
      await run(await file("nothing.wasm", component)),
      3,
      "nothing.wasm",
      /playhead:sim\/component/,
    );
  });
});

describe("compositions", () => {
  const compose = async (text: string) => playhead(["compose", await file("my.wac", text), "--link-only"]);

  it("a syntax error: file, line, column, and what was expected", async () => {
    expectFailure(await compose("package a:b;\nlet x = nw c:d {};\n"), 3, /my\.wac:2:\d+/, /expected/);
  });

  it("an unknown package: where it was looked for", async () => {
    expectFailure(await compose("package a:b;\nlet x = new c:d {};\n"), 3, /my\.wac:2:\d+/, /c:d/, /deps/);
  });
});

describe("configurations and command lines", () => {
  it("a configuration that is wrong: file, line and key", async () => {
    const config = await file("sim.yaml", "units:\n  visualizer:\n    rateHz: often\n");
    expectFailure(await playhead(["run", drive, "--config", config]), 3, /sim\.yaml:3:\d+/, "rateHz");
    const unknown = await file("unknown.yaml", "units:\n  radio: {}\n");
    expectFailure(await playhead(["run", drive, "--config", unknown]), 3, "radio", "visualizer");
  });

  it("times and speeds that make no sense", async () => {
    expectFailure(await playhead(["run", drive, "--from", "yesterday"]), 2, "--from", "yesterday");
    const late = await playhead(["run", drive, "--from", "5"]);
    expectFailure(late, 3, /expected a range within/, /found a start at .* \(5\.000 s\)/);
    expectFailure(await playhead(["run", drive, "--speed", "0"]), 2, "--speed");
  });

  it("an unknown command or option", async () => {
    expect((await playhead(["fly"])).exitCode).toBe(2);
    expect((await playhead(["run", drive, "--fast"])).exitCode).toBe(2);
  });

  it("an output that cannot be written", async () => {
    expectFailure(
      await playhead(["run", drive, "--out", join(folder.path, "none", "out.mcap")]),
      5,
      "out.mcap",
      /folder does not exist/,
    );
    expectFailure(
      await playhead(["run", drive, "--out", join(folder.path, `${"x".repeat(300)}.mcap`)]),
      5,
      /name that is too long/,
    );
    const pictures = await file("pictures", "a file");
    const out = await file("kept.mcap", "an earlier run");
    expectFailure(
      await playhead(["run", drive, "--frames", pictures, "--out", out, "--force"]),
      5,
      pictures,
      /expected a folder, found a file/,
    );
    expect(await readFile(out, "utf8")).toBe("an earlier run");
  });

  it.skipIf(!existsSync("/proc/self"))("folders where none can be made", async () => {
    for (const option of ["--frames", "--state"])
      expectFailure(
        await playhead(["run", drive, option, "/proc/none/x"]),
        5,
        "/proc/none/x",
        /can be written/,
      );
  });

  it("an output in place of an input, whatever leads to it", async () => {
    const bytes = await readFile(drive);
    const recording = await file("precious.mcap", bytes);
    const report = await file("precious.mcap.report.json", "{}");
    await symlink(recording, join(folder.path, "soft.mcap"));
    await link(recording, join(folder.path, "hard.mcap"));
    for (const out of [recording, join(folder.path, "soft.mcap"), join(folder.path, "hard.mcap")])
      expectFailure(await playhead(["run", recording, "--out", out]), 2, out, /another file/);
    const config = await file("careful.yaml", "tickRateHz: 50\n");
    expectFailure(await playhead(["run", recording, "--config", config, "--out", config]), 2, "careful.yaml");
    await link(recording, join(folder.path, "linked.mcap.report.json"));
    expectFailure(await playhead(["run", recording, "--out", join(folder.path, "linked.mcap")]), 2, "report");
    expect(bytes.equals(await readFile(recording))).toBe(true);
    expect(await readFile(report, "utf8")).toBe("{}");
    expect(await readFile(config, "utf8")).toBe("tickRateHz: 50\n");
  });

  it("an output in place of what Playhead cannot make again", async () => {
    const recording = join(folder.path, "recorded.mcap");
    const writer = await createMcapWriter(recording);
    const channel = await writer.addChannel({ topic: "/a", messageEncoding: "json", schema: undefined });
    await writer.write(channel, 1n, 1n, Buffer.from("{}"));
    await writer.close();
    const bytes = await readFile(recording);
    const outputs = join(folder.path, "outputs.mcap");
    const made = await file("made.mcap", await readFile(drive));
    const run = ["run", drive, "--to", "0.1", "--out"];
    const synth = ["synth", "--duration", "1", "--seed", "3", "-o"];
    for (const [args, of] of [
      [[...run, recording], "outputs of a run"],
      [[...run, made], "outputs of a run"],
      [[...synth, recording], "a drive of synth"],
      [[...synth, await file("notes.md", "precious")], "a drive of synth"],
    ] as const)
      expectFailure(await playhead(args), 2, `expected a new file or ${of} to replace, found another file`);
    expect(bytes.equals(await readFile(recording))).toBe(true);
    for (const args of [
      [...run, outputs],
      [...run, outputs],
      [...synth, made],
      [...run, await file("none", "")],
    ])
      expect(await playhead(args)).toMatchObject({ exitCode: 0, stderr: "" });
    expectFailure(await playhead([...synth, outputs]), 2, /found another file/);
    expect((await playhead([...synth, recording, "--force"])).exitCode).toBe(0);
    expect((await playhead([...run, made, "--force"])).exitCode).toBe(0);
  });

  it("a drive that cannot be made leaves what was there", async () => {
    const there = await file("there/drive.mcap", "an earlier drive");
    const scenario = await playhead(["synth", "-o", there, "--force", "--scenario", "flying"]);
    expectFailure(scenario, 2, /scenario/, /braking/);
    expectFailure(await playhead(["synth", "-o", there, "--force", "--duration", "-1"]), 2, /duration/);
    expectFailure(await playhead(["synth", "-o", join(folder.path, "there")]), 5, /found a folder/);
    expect(await readFile(there, "utf8")).toBe("an earlier drive");
    const interrupted = startPlayhead(["synth", "-o", there, "--force", "--duration", "600"]);
    const exitCode = new Promise((resolve) => interrupted.once("exit", resolve));
    await expect.poll(() => readdir(join(folder.path, "there"))).toContain("drive.mcap.partial");
    interrupted.kill("SIGINT");
    expect(await exitCode).toBe(130);
    expect(await readdir(join(folder.path, "there"))).toEqual(["drive.mcap"]);
    expect(await readFile(there, "utf8")).toBe("an earlier drive");
  });

  it("a folder for packages takes no other argument with it", async () => {
    const wac = await file(
      "elsewhere/one.wac",
      "package a:b;\nlet x = new adas:video-decoder { ... };\nexport x...;\n",
    );
    const ran = await playhead([
      "run",
      "--composition",
      wac,
      "--deps-dir",
      "a",
      "--deps-dir",
      "b",
      drive,
      "--json",
    ]);
    expect(ran.stderr).toBe("");
    expect(JSON.parse(ran.stdout)).toMatchObject({ composition: "one.wac" });
  });

  it("a port that is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    try {
      expectFailure(await playhead(["studio", drive, "--port", String(port)]), 2, `port ${port}`, /in use/);
    } finally {
      server.close();
    }
  });

  it("a reader that has seen enough", async () => {
    const child = startPlayhead(["run", drive, "--json"]);
    let stderr = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdout?.destroy();
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
    expect(stderr).toBe("");
  });

  it("tells machines, too", async () => {
    const ran = await playhead(["run", join(folder.path, "none.mcap"), "--json"]);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      error: { code: expect.any(String), message: expect.stringContaining("none.mcap") },
    });
    expect(ran.exitCode).toBe(3);
  });

  it("shows the stack when asked", async () => {
    const ran = await playhead(["run", join(folder.path, "none.mcap"), "--debug"]);
    expect(ran.stderr).toMatch(/\n\s+at /);
  });
});
