import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeComponent } from "@playhead/component-model";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { main } from "../program.ts";

const components = fileURLToPath(new URL("../../../../components", import.meta.url));
const built = existsSync(join(components, "build/adas/visualizer.wasm"));

let folder: string;

const provider = `(component
  (core module $m (func (export "get") (result i32) (i32.const 7)))
  (core instance $i (instantiate $m))
  (func $get (result u32) (canon lift (core func $i "get")))
  (instance $number (export "get" (func $get)))
  (export "test:w/number@0.1.0" (instance $number)))`;
const user = `(component
  (import "test:w/number@0.1.0" (instance $n (export "get" (func (result u32)))))
  (alias export $n "get" (func $get))
  (export "run" (func $get)))`;

/** The same with code of its own. */
const adding = `(component
  (import "test:w/number@0.1.0" (instance $n (export "get" (func (result u32)))))
  (core func $get (canon lower (func $n "get")))
  (core module $m (import "n" "get" (func $get (result i32)))
    (func (export "run") (result i32) (i32.add (call $get) (i32.const 1))))
  (core instance $i (instantiate $m (with "n" (instance (export "get" (func $get))))))
  (func $run (result u32) (canon lift (core func $i "run")))
  (export "run" (func $run)))`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "compose-"));
  await mkdir(join(folder, "deps/test"), { recursive: true });
  await mkdir(join(folder, "wit"));
  await writeFile(join(folder, "deps/test/provider.wat"), provider);
  await writeFile(join(folder, "user.wat"), user);
  await writeFile(join(folder, "adding.wat"), adding);
  await writeFile(
    join(folder, "wit/w.wit"),
    "package test:w@0.1.0;\ninterface number { get: func() -> u32; }\nworld user { import number; export run: func() -> u32; }\nworld other { export other: func(); }\n",
  );
  await writeFile(
    join(folder, "my.wac"),
    "package a:b;\nlet provider = new test:provider {};\nexport new test:user { ...provider }.run;\n",
  );
});

afterAll(() => rm(folder, { recursive: true }));

interface Ran {
  readonly out: Buffer;
  readonly text: string;
  readonly errors: string;
  readonly exitCode: number;
}

/** Runs a command line in this process. */
async function playhead(...args: readonly string[]): Promise<Ran> {
  const chunks: Uint8Array[] = [];
  const errors: string[] = [];
  const out = vi.spyOn(process.stdout, "write").mockImplementation((chunk: string | Uint8Array) => {
    chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
    return true;
  });
  const err = vi.spyOn(process.stderr, "write").mockImplementation((chunk: string | Uint8Array) => {
    errors.push(String(chunk));
    return true;
  });
  try {
    await main(["node", "playhead", ...args]);
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
  const exitCode = Number(process.exitCode ?? 0);
  process.exitCode = 0;
  const whole = Buffer.concat(chunks);
  return { out: whole, text: whole.toString(), errors: errors.join(""), exitCode };
}

const at = (...parts: string[]): string => join(folder, ...parts);

describe("playhead compose", () => {
  test("writes a component to a file or to standard output, the same every time", async () => {
    const withDep = ["--dep", `test:user=${at("user.wat")}`];
    const toFile = await playhead("compose", at("my.wac"), ...withDep, "-o", at("my.wasm"));
    expect(toFile).toMatchObject({ exitCode: 0, text: "", errors: "" });
    const { type } = decodeComponent(await readFile(at("my.wasm")));
    expect([...type.exports.keys(), ...type.imports.keys()]).toEqual(["run"]);
    expect((await playhead("compose", at("my.wac"), ...withDep)).out).toEqual(await readFile(at("my.wasm")));
  });

  test("writes text, imports the dependencies, prints the graph", async () => {
    const args = ["compose", at("my.wac"), "--dep", `test:user=${at("user.wat")}`];
    const wat = await playhead(...args, "-t", "-i");
    expect(wat.text).toMatch(/^\(component\n[\s\S]*\(import "unlocked-dep=<test:user>" /);
    expect(wat.text).toMatch(/\(processed-by "playhead" "/);
    expect((await playhead(...args, "--dot")).text).toMatch(
      /^digraph \{\n {4}0 \[ label = "instantiation of/,
    );
    const json = JSON.parse((await playhead(...args, "--link-only", "--json")).text) as { wires: unknown[] };
    expect(json.wires).toEqual([
      {
        consumer: "user",
        importName: "test:w/number@0.1.0",
        provider: "provider",
        exportPath: ["test:w/number@0.1.0"],
      },
    ]);
  });

  test("says what is wrong with the line, and with the command", async () => {
    const missing = await playhead("compose", at("my.wac"), "--link-only");
    expect(missing.exitCode).toBe(3);
    expect(missing.errors).toMatch(/error\[unknown-package\][\s\S]*my\.wac:3:12/);
    expect((await playhead("compose", at("my.wac"), "--dep", "nonsense")).exitCode).toBe(2);
    const unwritable = ["--dep", `test:user=${at("user.wat")}`, "-o", at("nowhere/x.wasm")];
    expect((await playhead("compose", at("my.wac"), ...unwritable)).exitCode).toBe(5);
  });

  test.skipIf(!built)("the driver-assistance pipeline runs to the same hash as one component", async () => {
    const drive = at("drive.mcap");
    const config = join(components, "adas.yaml");
    expect((await playhead("synth", "-o", drive, "--duration", "1", "--seed", "3")).exitCode).toBe(0);
    expect((await playhead("compose", join(components, "adas.wac"), "-o", at("adas.wasm"))).exitCode).toBe(0);
    const hashOf = async (...composition: readonly string[]): Promise<unknown> => {
      const ran = await playhead("run", drive, "--config", config, "--json", ...composition);
      return (JSON.parse(ran.text) as { runHash: string }).runHash;
    };
    const linked = await hashOf("--composition", join(components, "adas.wac"));
    expect(linked).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashOf("--composition", at("adas.wasm"))).toBe(linked);
  });
});

describe("playhead inspect", () => {
  test("shows what is inside a composed component, and draws it", async () => {
    await playhead(
      "compose",
      at("my.wac"),
      "--dep",
      `test:user=${at("adding.wat")}`,
      "-o",
      at("inside.wasm"),
    );
    const shown = JSON.parse((await playhead("inspect", at("inside.wasm"), "--json")).text) as object;
    expect(shown).toMatchObject({
      kind: "component",
      instances: [
        { path: "provider", imports: [], exports: [] },
        { path: "user", imports: [], exports: ["run"] },
      ],
      wires: [{ provider: "provider", consumer: "user", importName: "test:w/number@0.1.0" }],
    });
    const { text } = await playhead("inspect", at("inside.wasm"), "--svg", at("inside.svg"));
    expect(text).toMatch(/Wires\n +from +to +import\n +provider +user +test:w\/number@0\.1\.0\n/);
    expect(await readFile(at("inside.svg"), "utf8")).toMatch(/^<svg [\s\S]*>number<[\s\S]*>provider</);
  });
});

describe("playhead plug, targets and parse", () => {
  test("plug gives a socket what plugs export", async () => {
    const ran = await playhead(
      "plug",
      at("user.wat"),
      "--plug",
      at("deps/test/provider.wat"),
      "-o",
      at("plugged.wasm"),
    );
    expect(ran).toMatchObject({ exitCode: 0, errors: "" });
    const { type } = decodeComponent(await readFile(at("plugged.wasm")));
    expect([...type.exports.keys(), ...type.imports.keys()]).toEqual(["run"]);
    const none = await playhead("plug", at("deps/test/provider.wat"), "--plug", at("user.wat"));
    expect(none.exitCode).toBe(3);
    expect(none.errors).toMatch(/no matching imports[\s\S]*`provider` imports nothing/);
  });

  test("targets says whether a component fits a world", async () => {
    const fits = await playhead("targets", at("user.wat"), "--wit", at("wit"), "--world", "user");
    expect(fits).toMatchObject({ exitCode: 0, errors: "" });
    const other = await playhead("targets", at("user.wat"), "--wit", at("wit"), "--world", "other", "--json");
    expect(other.exitCode).toBe(3);
    expect(JSON.parse(other.text)).toMatchObject({
      fits: false,
      misfits: [
        { code: "target-import", name: "test:w/number@0.1.0" },
        { code: "target-export", name: "other" },
      ],
    });
    const unsaid = await playhead("targets", at("user.wat"), "--wit", at("wit"));
    expect([unsaid.exitCode, unsaid.errors]).toEqual([2, expect.stringMatching(/it has user, other/)]);
  });

  test("parse prints the syntax tree", async () => {
    const { text } = await playhead("parse", at("my.wac"));
    expect(JSON.parse(text)).toMatchObject({ directive: { package: { name: "a:b" } } });
  });
});

describe("files that are something else", () => {
  const WRONG: readonly (readonly [name: string, content: string | undefined, said: RegExp])[] = [
    ["missing.wasm", undefined, /missing\.wasm: no such file$/],
    ["empty.wasm", "", /empty\.wasm: this is not WebAssembly/],
    ["core.wasm", "\0asm\x01\0\0\0", /core\.wasm: this is a core module, not a component/],
    ["cut.wasm", "\0asm\x0d\0\x01\0\x07", /cut\.wasm: .* at byte 9$/],
  ];

  test.each(WRONG)("%s is told of by its name", async (name, content, said) => {
    if (content !== undefined) await writeFile(at(name), content, "latin1");
    const provided = at("deps/test/provider.wat");
    for (const args of [
      ["plug", at(name), "--plug", provided],
      ["plug", at("user.wat"), "--plug", at(name)],
      ["targets", at(name), "--wit", at("wit"), "--world", "user"],
      ["targets", at("user.wat"), "--wit", at(name)],
    ]) {
      const ran = await playhead(...args, ...(args[0] === "plug" ? ["-o", at("out.wasm")] : []));
      expect([ran.exitCode, ran.errors.trim()]).toEqual([3, expect.stringMatching(said)]);
    }
  });

  test("folders are named too, and texts have a limit", async () => {
    const commands = [["parse"], ["compose"], ["inspect"], ["plug", "--plug", at("user.wat")]];
    for (const [command = "", ...more] of commands) {
      const ran = await playhead(command, at("deps"), ...more);
      expect([ran.exitCode, ran.errors]).toEqual([3, expect.stringContaining(`${at("deps")}: expected a `)]);
    }
    await writeFile(at("large.wac"), "");
    await truncate(at("large.wac"), 2 ** 30);
    const large = await playhead("parse", at("large.wac"));
    expect([large.exitCode, large.errors]).toEqual([3, expect.stringContaining("at most 16 MiB")]);
  });

  test("a package that is given by hand and is not there is no unknown package", async () => {
    const ran = await playhead("compose", at("my.wac"), "--dep", `test:user=${at("nowhere.wasm")}`);
    expect(ran.exitCode).toBe(3);
    expect(ran.errors).toMatch(
      /error\[invalid-package\][\s\S]*no such file[\s\S]*my\.wac:3:12[\s\S]*nowhere\.wasm/,
    );
  });
});
