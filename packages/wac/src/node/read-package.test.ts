import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { decodeComponent } from "@playhead/component-model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WacError } from "../errors.ts";
import { compose } from "../resolve/resolve.ts";
import { FilePackages } from "./file-packages.ts";
import { readPackage } from "./read-package.ts";

let folder: string;

const files: Readonly<Record<string, string>> = {
  "deps/test/text.wat": `(component (core module $m (func (export "f"))) (core instance $i (instantiate $m))
    (func $f (canon lift (core func $i "f"))) (export "f" (func $f)))`,
  "deps/test/broken.wat": "(component\n  (import 5))",
  "deps/test/one.wit": "package test:one;\ninterface i { type t = u8; f: func(x: t); }",
  "deps/test/folder/types.wit":
    "package test:folder@1.0.0;\ninterface types { use test:needed/deep.{t}; g: func(x: t); }",
  "deps/test/folder/more.wit": "interface more { use types.{t}; }",
  "deps/test/folder/deps/needed/any.wit": "package test:needed;\ninterface deep { type t = string; }",
  "deps/test/wrong.wit": "package test:wrong;\ninterface i { f: func(x: nothing); }",
  "node_modules/@test/npm/package.json": `{ "version": "1.2.0", "component": "dist/c.wat" }`,
  "node_modules/@test/npm/dist/c.wat": `(component (core module $m (func (export "f"))) (core instance $i (instantiate $m))
    (func $f (canon lift (core func $i "f"))) (export "from-npm" (func $f)))`,
  "node_modules/plain/package.json": `{ "version": "1.0.0", "component": { "test:several": "a.wit" } }`,
  "node_modules/plain/a.wit": "package test:several;\ninterface here {}",
  "node_modules/@test/none/package.json": `{ "version": "1.0.0" }`,
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wac-packages-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await mkdir(join(folder, "deps/test/empty"));
});

afterAll(() => rm(folder, { recursive: true }));

async function composed(
  text: string,
  overrides: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const resolver = new FilePackages({
    directories: [join(folder, "deps")],
    overrides: new Map(Object.entries(overrides)),
    npmFrom: join(folder, "deps"),
  });
  const composition = await compose(`package a:b;\n${text}`, { resolver });
  return [...composition.exports.keys(), ...composition.imports.map(({ name }) => `→ ${name}`)];
}

describe("packages of every form", () => {
  test("the text format of components, WIT files and folders of WIT", async () => {
    expect(await composed("export new test:text {}...;")).toEqual(["f"]);
    expect(await composed("import i: test:one/i;")).toEqual(["→ test:one/i"]);
    expect(await composed("import i: test:folder/more;")).toEqual([
      "→ test:folder/more@1.0.0".replace("@1.0.0", ""),
    ]);
    const wit = await readPackage(join(folder, "deps/test/folder"));
    expect(wit && [...decodeComponent(wit).type.exports.keys()]).toEqual(["types", "more"]);
  });

  test("npm packages: by their names, or by the name that is the WAC package's", async () => {
    expect(await composed("export new test:npm {}...;")).toEqual(["from-npm"]);
    expect(await composed("export new test:npm@1.2.0 {}...;")).toEqual(["from-npm"]);
    expect(await composed("export new x:y {}...;", { "x:y": "npm:@test/npm" })).toEqual(["from-npm"]);
    expect(await composed("export new x:y {}...;", { "x:y": "npm:@test/npm/dist/c.wat" })).toEqual([
      "from-npm",
    ]);
    expect(await composed("import h: test:several/here;", { "test:several": "npm:plain" })).toEqual([
      "→ test:several/here",
    ]);
  });

  test("that cannot be used say why", async () => {
    const messageOf = async (
      text: string,
      overrides: Readonly<Record<string, string>> = {},
    ): Promise<string> => {
      const error: unknown = await composed(text, overrides).catch((thrown: unknown) => thrown);
      return error instanceof WacError
        ? `${error.code}: ${error.message} ${error.notes.join("\n")}`
        : String(error);
    };
    expect(await messageOf("let x = new test:broken {};")).toMatch(/invalid-package: .*line 2, column 11: /);
    expect(await messageOf("import i: test:wrong/i;")).toMatch(
      /invalid-package: .*wrong\.wit:2:26: undefined name `nothing`/,
    );
    expect(await messageOf("let x = new test:npm@2.0.0 {};")).toMatch(
      /version 2\.0\.0 is asked for, and version 1\.2\.0 is installed/,
    );
    expect(await messageOf("let x = new test:none {};")).toMatch(/has no field `component`/);
    expect(await messageOf("let x = new x:y {};", { "x:y": "npm:plain" })).toMatch(/no entry for `x:y`/);
    expect(await messageOf("let x = new test:empty {};")).toMatch(
      /unknown-package[\s\S]*empty\.wasm \(or \.wat, \.wit, or a folder of WIT\)\nthe npm package @test\/empty/,
    );
    expect(await messageOf("let x = new x:y {};", { "x:y": "npm:nowhere" })).toMatch(
      /node_modules\/nowhere\/package\.json/,
    );
  });
});
