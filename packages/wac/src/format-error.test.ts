import { beforeAll, describe, expect, test } from "vitest";
import { componentFrom, dummyOf, packagesOf } from "./components.case.ts";
import { WacError } from "./errors.ts";
import { formatWacError } from "./format-error.ts";
import type { PackageResolver } from "./packages.ts";
import { compose } from "./resolve/resolve.ts";
import { WitPackages } from "./wit/wit-packages.ts";

let resolver: PackageResolver;

beforeAll(async () => {
  const source = (version: string, height: string): string => `
    package adas:perception@${version};
    interface clock { now: func() -> u64; }
    interface frames { record frame { width: u32, height: ${height} } latest: func(camera: u32) -> frame; }
    world decoder { import clock; import impl: interface { run: func(); } export frames; }
    world detector { import clock; import frames; export run: func(); }`;
  resolver = packagesOf({
    "adas:decoder": await dummyOf(source("0.1.0", "u32"), "decoder"),
    "adas:decoder@0.9.0": await dummyOf(source("0.2.0", "u32"), "decoder"),
    "adas:odd-decoder": await dummyOf(source("0.1.0", "string"), "decoder"),
    "adas:detector": await dummyOf(source("0.1.0", "u32"), "detector"),
    "adas:worlds": wit(`package adas:worlds;
      interface frames { latest: func(camera: u32) -> list<u8>; }
      world pipeline { export frames; export run: func(); }
      world closed { export run: func(); }`),
    "adas:pool": await componentFrom(`(component
      (type $r' (resource (rep i32))) (export $r "handle" (type $r'))
      (core module $m (func (export "f") (result i32) (i32.const 0))) (core instance $i (instantiate $m))
      (func $f (result (own $r')) (canon lift (core func $i "f")))
      (export "take" (func $f) (func (result (own $r)))))`),
    "adas:taker": await componentFrom(`(component
      (import "handle" (type $r (sub resource))) (import "take" (func (result (own $r)))))`),
  });
});

function wit(text: string): Uint8Array {
  const packages = new WitPackages();
  return packages.compile(packages.add([{ file: "worlds.wit", text }]));
}

async function messageOf(text: string): Promise<string> {
  try {
    await compose(text, { resolver, file: "adas.wac" });
  } catch (error) {
    if (error instanceof WacError) {
      return formatWacError(error, text);
    }
    throw error;
  }
  throw new Error("this composition was expected to have an error");
}

describe("messages of usual mistakes", () => {
  test("an unknown package", async () => {
    expect(
      await messageOf("package a:b;\n\nlet decoder = new adas:decodr { ... };\n"),
    ).toMatchInlineSnapshot(`
      "error[unknown-package]: unknown package \`adas:decodr\`
       --> adas.wac:3:19
        |
      3 | let decoder = new adas:decodr { ... };
        |                   ^^^^^^^^^^^ there is no package of this name
        |
        = note: looked for it in
          packages/adas:decodr.wasm
        = hint: did you mean \`adas:decoder\`?"
    `);
  });

  test("a misspelt interface", async () => {
    expect(
      await messageOf("package a:b;\nlet decoder = new adas:decoder { ... };\nlet frames = decoder.frame;\n"),
    ).toMatchInlineSnapshot(`
      "error[unknown-export]: the instance has no export named \`frame\`
       --> adas.wac:3:21
        |
      3 | let frames = decoder.frame;
        |                     ^^^^^^ no such export
        |
        = hint: did you mean \`frames\`?
        = hint: it exports \`adas:perception/frames@0.1.0\`"
    `);
  });

  test("a misspelt argument: it is not missing besides", async () => {
    expect(
      await messageOf(
        "package a:b;\nlet decoder = new adas:decoder { ... };\nlet detector = new adas:detector { farmes: decoder.frames, clock: decoder };\n",
      ),
    ).toMatchInlineSnapshot(`
      "error[unknown-argument]: component \`adas:detector\` has no import named \`farmes\`
       --> adas.wac:3:36
        |
      3 | let detector = new adas:detector { farmes: decoder.frames, clock: decoder };
        |                                    ^^^^^^ no such import
        |
        = hint: did you mean \`frames\`?
        = hint: it imports \`adas:perception/clock@0.1.0\`, \`adas:perception/frames@0.1.0\`

      error[mismatched-argument]: mismatched instantiation argument \`adas:perception/clock@0.1.0\`
       --> adas.wac:3:60
        |
      3 | let detector = new adas:detector { farmes: decoder.frames, clock: decoder };
        |                                                            ^^^^^ does not fit \`adas:perception/clock@0.1.0\`
        |
        = note: at \`now\`
        = note: expected: func() -> u64
        = note: found: nothing: no export of this name"
    `);
  });

  test("a package of which there are other versions", async () => {
    expect(
      await messageOf("package a:b;\nlet decoder = new adas:decoder@1.0.0 { ... };\n"),
    ).toMatchInlineSnapshot(`
      "error[unknown-package]: unknown package \`adas:decoder@1.0.0\`
       --> adas.wac:2:19
        |
      2 | let decoder = new adas:decoder@1.0.0 { ... };
        |                   ^^^^^^^^^^^^^^^^^^ there is no package of this name
        |
        = note: looked for it in
          packages/adas:decoder@1.0.0.wasm
        = hint: what there is of this package: \`adas:decoder\`, \`adas:decoder@0.9.0\`"
    `);
  });

  test("a missing argument", async () => {
    expect(
      await messageOf(
        "package a:b;\nlet decoder = new adas:decoder { ... };\nlet detector = new adas:detector { };\n",
      ),
    ).toMatchInlineSnapshot(`
      "error[missing-argument]: missing instantiation arguments \`adas:perception/clock@0.1.0\`, \`adas:perception/frames@0.1.0\` for package \`adas:detector\`
       --> adas.wac:3:20
        |
      3 | let detector = new adas:detector { };
        |                    ^^^^^^^^^^^^^ 2 arguments are missing
        |
        = hint: \`decoder\` exports \`adas:perception/frames@0.1.0\`: pass it with \`frames: decoder.frames\`
        = hint: with \`...\` as the last argument, what is not given is imported from the host"
    `);
  });

  test("another version", async () => {
    expect(
      await messageOf(
        'package a:b;\nlet decoder = new adas:decoder@0.9.0 { ... };\nlet frames = decoder.frames;\nlet detector = new adas:detector { "adas:perception/frames@0.2.0": frames, ... };\n',
      ),
    ).toMatchInlineSnapshot(`
      "error[unknown-argument]: component \`adas:detector\` has no import named \`adas:perception/frames@0.2.0\`
       --> adas.wac:4:36
        |
      4 | let detector = new adas:detector { "adas:perception/frames@0.2.0": frames, ... };
        |                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no such import
        |
        = hint: did you mean \`"adas:perception/frames@0.1.0": …\`?
        = hint: it imports \`adas:perception/clock@0.1.0\`, \`adas:perception/frames@0.1.0\`"
    `);
  });

  test("a field of another type", async () => {
    expect(
      await messageOf(
        "package a:b;\nlet decoder = new adas:odd-decoder { ... };\nlet detector = new adas:detector { frames: decoder.frames, ... };\n",
      ),
    ).toMatchInlineSnapshot(`
      "error[mismatched-argument]: mismatched instantiation argument \`adas:perception/frames@0.1.0\`
       --> adas.wac:3:36
        |
      3 | let detector = new adas:detector { frames: decoder.frames, ... };
        |                                    ^^^^^^ does not fit \`adas:perception/frames@0.1.0\`
        |
        = note: at \`frame\` › \`field height\`
        = note: expected: u32
        = note: found: string
        = note: the component imports \`frame\` as type record { width: u32, height: u32 }
        = note: this has it as type record { width: u32, height: string }"
    `);
  });

  test("a cycle", async () => {
    expect(
      await messageOf(
        "package a:b;\nlet decoder = new adas:decoder { impl: detector.frames, ... };\nlet detector = new adas:detector { frames: decoder.frames, ... };\n",
      ),
    ).toMatchInlineSnapshot(`
      "error[cycle]: a cycle: \`decoder\` needs \`detector\` needs \`decoder\`
       --> adas.wac:2:40
        |
      2 | let decoder = new adas:decoder { impl: detector.frames, ... };
        |                                        ^^^^^^^^ needs what needs it
      3 | let detector = new adas:detector { frames: decoder.frames, ... };
        |     -------- defined here
        |
        = hint: instances can't need each other; let one of them publish what the other reads later"
    `);
  });

  test("an export twice", async () => {
    expect(
      await messageOf(
        "package a:b;\nlet decoder = new adas:decoder { ... };\nexport decoder.frames;\nexport decoder.frames;\n",
      ),
    ).toMatchInlineSnapshot(`
      "error[duplicate-export]: duplicate export \`adas:perception/frames@0.1.0\`
       --> adas.wac:4:8
        |
      3 | export decoder.frames;
        |        -------------- first exported here
      4 | export decoder.frames;
        |        ^^^^^^^^^^^^^^ exported a second time
        |
        = hint: use an \`as\` clause to export it under another name"
    `);
  });

  test("the wrong world: it does not have what is imported", async () => {
    expect(
      await messageOf(
        "package a:b targets adas:worlds/closed;\nlet detector = new adas:detector { ... };\nexport detector.run;\n",
      ),
    ).toMatchInlineSnapshot(`
      "error[target-import]: target world \`adas:worlds/closed\` does not have an import named \`adas:perception/clock@0.1.0\`
       --> adas.wac:2:20
        |
      1 | package a:b targets adas:worlds/closed;
        |                     ------------------ the world that is targeted
      2 | let detector = new adas:detector { ... };
        |                    ^^^^^^^^^^^^^ this needs \`adas:perception/clock@0.1.0\`
        |
        = hint: the world imports nothing

      error[target-import]: target world \`adas:worlds/closed\` does not have an import named \`adas:perception/frames@0.1.0\`
       --> adas.wac:2:20
        |
      1 | package a:b targets adas:worlds/closed;
        |                     ------------------ the world that is targeted
      2 | let detector = new adas:detector { ... };
        |                    ^^^^^^^^^^^^^ this needs \`adas:perception/frames@0.1.0\`
        |
        = hint: the world imports nothing"
    `);
  });

  test("an export that the world asks for is missing", async () => {
    expect(
      await messageOf(
        "package a:b targets adas:worlds/pipeline;\nimport frames: adas:worlds/frames;\nexport frames as run;\n",
      ),
    ).toMatchInlineSnapshot(`
      "error[target-export]: target world \`adas:worlds/pipeline\` requires an export named \`adas:worlds/frames\`
       --> adas.wac:1:21
        |
      1 | package a:b targets adas:worlds/pipeline;
        |                     ^^^^^^^^^^^^^^^^^^^^ this world asks for the instance \`adas:worlds/frames\`

      error[target-import]: target world \`adas:worlds/pipeline\` does not have an import named \`adas:worlds/frames\`
       --> adas.wac:2:16
        |
      1 | package a:b targets adas:worlds/pipeline;
        |                     -------------------- the world that is targeted
      2 | import frames: adas:worlds/frames;
        |                ^^^^^^^^^^^^^^^^^^ not an import of the world
        |
        = hint: the world imports nothing

      error[target-mismatch]: export \`run\` has a mismatched type for target world \`adas:worlds/pipeline\`
       --> adas.wac:3:18
        |
      3 | export frames as run;
        |                  ^^^ does not fit the world
        |
        = note: expected: func()
        = note: found: instance { latest }"
    `);
  });

  test("a world that there is not", async () => {
    expect(await messageOf("package a:b targets adas:worlds/pipelin;\n")).toMatchInlineSnapshot(`
      "error[unknown-path]: package \`adas:worlds\` has no export named \`pipelin\`
       --> adas.wac:1:33
        |
      1 | package a:b targets adas:worlds/pipelin;
        |                                 ^^^^^^^ no such interface or world
        |
        = note: the package was read from packages/adas:worlds.wasm
        = hint: did you mean \`pipeline\`?
        = hint: it has \`frames\`, \`pipeline\`, \`closed\`"
    `);
  });

  test("a resource of another instance", async () => {
    expect(
      await messageOf(
        "package a:b;\nlet one = new adas:pool {};\nlet two = new adas:pool {};\nlet taker = new adas:taker { handle: one.handle, take: two.take };\n",
      ),
    ).toMatchInlineSnapshot(`
      "error[mismatched-argument]: mismatched instantiation argument \`take\`
       --> adas.wac:4:50
        |
      4 | let taker = new adas:taker { handle: one.handle, take: two.take };
        |                                                  ^^^^ does not fit \`take\`
        |
        = note: at \`result\`
        = note: expected: resource handle
        = note: found: another resource handle
        = hint: resources of two instances are different types, whatever their names: give everything that speaks of one from the same instance"
    `);
  });

  test("the form of early sketches", async () => {
    expect(await messageOf("compose {\n    decoder.frames <-> detector.frames;\n}\n")).toMatchInlineSnapshot(`
      "error[sketch-syntax]: \`compose { … <-> … }\` is not WAC
       --> adas.wac:1:1
        |
      1 | compose {
        | ^^^^^^^ form of an early sketch
        |
        = note: WAC instantiates components with \`new\` and passes what one exports to the next as arguments
        = note: \`...a\` passes the exports of \`a\` that fit; \`...\` alone imports what is left from the host
        = hint: in WAC this is, with the names of your packages:

              package example:composition;

              let decoder = new example:decoder { ... };
              let detector = new example:detector { ...decoder, ... };

              export detector...;"
    `);
  });

  test("a missing semicolon, and an independent error after it", async () => {
    expect(
      await messageOf("package a:b;\nlet decoder = new adas:decoder { ... }\nlet x = y.;\n"),
    ).toMatchInlineSnapshot(`
      "error[syntax]: expected \`;\`, found keyword \`let\`
       --> adas.wac:3:1
        |
      3 | let x = y.;
        | ^^^ expected \`;\`

      error[syntax]: expected a name, found \`;\`
       --> adas.wac:3:11
        |
      3 | let x = y.;
        |           ^ expected a name"
    `);
  });
});

describe("the source in messages", () => {
  const show = (text: string, start: number, end: number): string =>
    formatWacError(
      new WacError(
        { file: "x.wac", text },
        { code: "syntax", message: "no", range: { start, end }, label: "here" },
      ),
      text,
    );

  test("of a range over several lines, the first is marked", () => {
    expect(show("let a = new\n  b:c {\n  };", 8, 24)).toBe(
      "error[syntax]: no\n --> x.wac:1:9\n  |\n1 | let a = new\n  |         ^^^ here",
    );
  });

  test("of a long line, the part around the range is shown", () => {
    const text = `${"x".repeat(5000)}ERROR${"y".repeat(5000)}`;
    const shown = show(text, 5000, 5005);
    expect(shown.length).toBeLessThan(600);
    const [, , , line = "", marks = ""] = shown.split("\n");
    expect(line.slice(marks.indexOf("^"), marks.lastIndexOf("^") + 1)).toBe("ERROR");
  });

  test("control characters do not reach the terminal", () => {
    const shown = show("a \u001b[31m b\u0007", 0, 1);
    expect(shown).not.toContain("\u001b");
    expect(shown).not.toContain("\u0007");
  });

  test("an empty text has a place too", () => {
    expect(show("", 0, 0)).toBe("error[syntax]: no\n --> x.wac:1:1\n  |\n1 |\n  | ^ here");
  });
});
