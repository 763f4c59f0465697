import { type ComponentType, checkSubtype, decodeComponent } from "@playhead/component-model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contractSource, dummyOf } from "../components.case.ts";
import { WacError } from "../errors.ts";
import { formatWacError } from "../format-error.ts";
import { definitionsOf } from "../packages.ts";
import type { Source } from "../source.ts";
import { worldMisfits, worldsOf } from "../world-fit.ts";
import { WitPackages } from "./wit-packages.ts";

function compiled(...files: readonly string[]): ReturnType<typeof decodeComponent> {
  const packages = new WitPackages();
  const [first, ...others] = files.map((text, index): Source => ({ file: `${index}.wit`, text }));
  const key = packages.add(first === undefined ? [] : [first]);
  for (const other of others) {
    packages.add([other]);
  }
  return decodeComponent(packages.compile(key));
}

/** The exports of an interface, or the imports and exports of a world. */
function shape(text: string, name: string): unknown {
  const found = definitionsOf(compiled(text)).get(name);
  return found?.kind === "interface"
    ? [...found.type.exports.keys()]
    : [...(found?.type.imports.keys() ?? []), "→", ...(found?.type.exports.keys() ?? [])];
}

describe("packages of WIT texts", () => {
  test("mean what other tools take them for: every world of the contract fits a component made for it", async () => {
    const source = contractSource();
    const worlds = worldsOf(compiled(source));
    expect([...worlds.keys()]).toContain("visualizer");
    for (const [name, world] of worlds) {
      const { type } = decodeComponent(await dummyOf(source, name));
      expect([name, worldMisfits(type, world)]).toEqual([name, []]);
      expect([...type.imports.keys()].sort()).toEqual([...world.imports.keys()].sort());
    }
  });

  test("may use names before they are declared, in types, functions, interfaces and worlds", () => {
    const text = `package a:b@1.0.0;
      world w { include v; import late; }
      interface early { use late.{thing, list-of as many}; f: func(x: thing) -> many; }
      interface late { type list-of = list<record-of>; resource thing { m: func() -> record-of; } record record-of { x: own-kind } enum own-kind { a } }
      world v { export early; }`;
    expect(shape(text, "early")).toEqual(["thing", "many", "f"]);
    expect(shape(text, "late")).toEqual(["thing", "own-kind", "record-of", "list-of", "[method]thing.m"]);
    expect(shape(text, "w")).toEqual(["a:b/late@1.0.0", "→", "a:b/early@1.0.0"]);
  });

  test("may have several packages, names for paths, and files without a header", () => {
    const packages = new WitPackages();
    const key = packages.add([
      {
        file: "one.wit",
        text: "use c:d/types@0.2.0 as given;\ninterface i { use given.{t}; f: func(x: t); }",
      },
      {
        file: "two.wit",
        text: "package a:b;\nworld w { import i; }\npackage x:y { interface z { type t = u8; } }",
      },
    ]);
    packages.add([
      { file: "deps/d.wit", text: "package c:d@0.2.0;\ninterface types { type t = u64; g: func(); }" },
    ]);
    const worlds = worldsOf(decodeComponent(packages.compile(key)));
    expect([...(worlds.get("w")?.imports.keys() ?? [])]).toEqual(["c:d/types@0.2.0", "a:b/i"]);
    expect([...definitionsOf(decodeComponent(packages.compile("x:y"))).keys()]).toEqual(["z"]);
  });

  test("leave out what is unstable, and read past other gates", () => {
    const text = `package a:b@1.0.0;
      @since(version = 1.0.0)
      interface i {
        @unstable(feature = more) g: func();
        @since(version = 1.0.0) @deprecated(version = 1.0.1) f: func(new: u8, let: u8);
        variant v { a, @unstable(feature = more) b }
      }
      @unstable(feature = more) interface j {}`;
    expect(shape(text, "i")).toEqual(["v", "f"]);
    expect([...definitionsOf(compiled(text)).keys()]).toEqual(["i"]);
    const v = definitionsOf(compiled(text)).get("i");
    expect(v?.kind === "interface" && v.type.exports.get("v")).toMatchObject({
      type: { type: { cases: [{ name: "a" }] } },
    });
  });

  test("import for a world what its imports and exports use, whole", () => {
    const text = `package a:b;
      interface types { resource r; make: func() -> r; }
      interface user { use types.{r}; f: func(x: r); }
      interface again { use user.{r as q}; }
      world imports { import again; }
      world exports { export user; }
      world both { export user; export types; }
      world own { use user.{r}; import inline: interface { use types.{r}; } }`;
    expect(shape(text, "imports")).toEqual(["a:b/types", "a:b/user", "a:b/again", "→"]);
    expect(shape(text, "exports")).toEqual(["a:b/types", "→", "a:b/user"]);
    expect(shape(text, "both")).toEqual(["→", "a:b/types", "a:b/user"]);
    expect(shape(text, "own")).toEqual(["a:b/types", "a:b/user", "r", "inline", "→"]);
    const types = worldsOf(compiled(text)).get("exports")?.imports.get("a:b/types");
    expect(types?.kind === "instance" && [...types.type.exports.keys()]).toEqual(["r", "make"]);
  });

  test("tell one resource from another by where it comes from", () => {
    const worlds = worldsOf(
      compiled(`package a:b;
        interface one { resource r; } interface two { resource r; }
        world same { import one; import f: interface { use one.{r}; g: func(x: r); } }
        world other { import two; import f: interface { use two.{r}; g: func(x: r); } }`),
    );
    const at = (name: string): ComponentType => {
      const world = worlds.get(name);
      if (world === undefined) {
        throw new Error(name);
      }
      return world;
    };
    const fits = (a: string, b: string): boolean =>
      checkSubtype({ kind: "component", type: at(a) }, { kind: "component", type: at(b) }) === undefined;
    expect([fits("same", "same"), fits("same", "other")]).toEqual([true, false]);
  });
});

describe("WIT that is wrong", () => {
  const messageOf = (...files: readonly Source[]): string => {
    const packages = new WitPackages();
    try {
      packages.compile(packages.add(files));
    } catch (error) {
      if (error instanceof WacError) {
        return formatWacError(error, files.find(({ file }) => file === error.file)?.text ?? "");
      }
      throw error;
    }
    return "nothing is wrong";
  };

  test("is told with its file, line and column", () => {
    const files = [
      { file: "a.wit", text: "package a:b;\ninterface i {\n  f: func();\n}\n" },
      { file: "b.wit", text: "interface j {\n  use i.{thing};\n  g: func(x: thign);\n}\n" },
    ];
    expect(messageOf(...files)).toMatchInlineSnapshot(`
      "error[undefined-name]: a type named \`thing\` is not defined in interface \`i\`
       --> b.wit:2:10
        |
      2 |   use i.{thing};
        |          ^^^^^ no such type
        |
        = hint: it has \`f\`"
    `);
    expect(messageOf({ file: "a.wit", text: "interface i {}" })).toMatch(
      /no file says which package this is/,
    );
    expect(messageOf({ file: "a.wit", text: "package a:b;\ninterface i { use x:y/z.{t}; }" })).toMatch(
      /unknown package `x:y`[\s\S]*a\.wit:2:19/,
    );
  });

  test("names cycles, of types, interfaces and packages", () => {
    expect(
      messageOf({
        file: "a.wit",
        text: "package a:b;\ninterface i { record a { b: b } record b { a: list<a> } }",
      }),
    ).toMatch(/a cycle: `\w` needs `\w` needs `\w`/);
    expect(
      messageOf({
        file: "a.wit",
        text: "package a:b;\ninterface i { use j.{t}; }\ninterface j { use i.{t}; }",
      }),
    ).toMatch(/a cycle: `\w` needs `\w` needs `\w`/);
    const circular =
      "package a:b;\ninterface i { use c:d/j.{t}; }\npackage c:d { interface j { use a:b/i.{t}; } }";
    expect(messageOf({ file: "a.wit", text: circular })).toMatch(/refers to itself by way of others/);
  });

  test("of any kind is a WacError", () => {
    const pieces = fc.constantFrom(
      ..."package a:b ; c:d @1.0.0 { } interface world i j use . as resource record r x func ( ) : , -> u8 import export include static type = list < > @since ( version @unstable \n /* */".split(
        " ",
      ),
    );
    const text = fc.array(pieces, { maxLength: 40 }).map((words) => words.join(" "));
    const valid =
      "package a:b@1.0.0; interface i { use j.{r}; f: func(x: r); } interface j { resource r { m: func(); } } world w { import i; export k: func(); }";
    const cut = fc
      .tuple(fc.nat({ max: valid.length }), fc.nat({ max: 12 }), text)
      .map(([at, length, middle]) => valid.slice(0, at) + middle.slice(0, length) + valid.slice(at + length));
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          text.map((rest) => `package a:b; ${rest}`),
          cut,
        ),
        (source) => {
          const packages = new WitPackages();
          try {
            decodeComponent(packages.compile(packages.add([{ file: "fuzz.wit", text: source }])));
          } catch (error) {
            expect(error).toBeInstanceOf(WacError);
          }
        },
      ),
      { seed: 9, numRuns: 1500 },
    );
  });
});
