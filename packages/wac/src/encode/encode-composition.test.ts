import { type Caller, decodeComponent, exportsOf, isExtern, withCaller } from "@playhead/component-model";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { adder } from "../adders.case.ts";
import { componentFrom, dummyOf, packagesOf } from "../components.case.ts";
import { compositionOf } from "../composition-of.ts";
import { WacError } from "../errors.ts";
import { formatWacError } from "../format-error.ts";
import type { Composition } from "../graph.ts";
import { link } from "../link.ts";
import { textOf } from "../node/text-format.ts";
import { exportedInstances } from "../order.ts";
import type { PackageResolver } from "../packages.ts";
import { compose } from "../resolve/resolve.ts";
import { type EncodeOptions, encodeComposition } from "./encode-composition.ts";

let resolver: PackageResolver;

beforeAll(async () => {
  const types = (version: string, more = ""): string => `
    package test:t@${version};
    interface types { type time = u64; record point { at: time } resource thing; ${more} }
    interface api { use types.{point, thing}; act: func(x: borrow<thing>) -> point; }
    world user { import api; export run: func() -> u32; }
    world owner { export types; }
    world both { import types; export api; }`;
  resolver = packagesOf({
    "test:one": await adder(1),
    "test:ten": await adder(10),
    "test:old": await dummyOf(types("1.0.0"), "user"),
    "test:new": await dummyOf(types("1.2.0", "flags more { a }"), "user"),
    "test:both": await dummyOf(types("1.0.0"), "both"),
    "test:owner": await dummyOf(types("1.0.0"), "owner"),
    "test:user": await dummyOf(types("1.0.0"), "user"),
  });
});

const composed = (text: string): Promise<Composition> => compose(`package a:b;\n${text}`, { resolver });

async function encoded(text: string, options: EncodeOptions = {}): Promise<Uint8Array> {
  const bytes = encodeComposition(await composed(text), options);
  decodeComponent(bytes);
  return bytes;
}

/** What calling `get` of each exported instance gives, and what the instances note with their paths on the way. */
function behaviour(composition: Composition, pathsFrom = 0): unknown {
  const notes: unknown[] = [];
  const note = withCaller((caller: Caller, value: number) => {
    notes.push([caller.path.split("/").slice(pathsFrom).join("/"), value]);
  });
  const imports = { "test:w/number@0.1.0": { get: () => 100 }, "test:w/log@0.1.0": { note } };
  const { exports } = link(composition, { imports });
  const results = exportedInstances(composition).map(({ exportName }) => {
    const value = exports.get(exportName)?.value;
    return [exportName, isExtern(value) && value.kind === "instance" ? exportsOf(value).get?.() : undefined];
  });
  return { results, notes };
}

describe("a composition as one component", () => {
  test("has its imports, its components, the instances with names, and its exports", async () => {
    const bytes = await encoded(
      `let first = new test:one { ... };
       let second = new test:ten { number: first.number, ... };
       export second.number as sum;
       export (new test:one { number: second.number, ... }).number;`,
      { processedBy: { name: "tool", version: "1" } },
    );
    const text = (await textOf(bytes)).replace(/^ {2}\(component \(;\d;\)\n(?: {4}.*\n)* {2}\)\n/gm, "  …\n");
    expect(text).toMatchInlineSnapshot(`
      "(component
        (type (;0;)
          (instance
            (type (;0;) (func (result u32)))
            (export (;0;) "get" (func (type 0)))
          )
        )
        (import "test:w/number@0.1.0" (instance (;0;) (type 0)))
        (type (;1;)
          (instance
            (type (;0;) (func (param "value" u32)))
            (export (;0;) "note" (func (type 0)))
          )
        )
        (import "test:w/log@0.1.0" (instance (;1;) (type 1)))
        …
        (instance $first (;2;) (instantiate 0
            (with "test:w/number@0.1.0" (instance 0))
            (with "test:w/log@0.1.0" (instance 1))
          )
        )
        (alias export $first "test:w/number@0.1.0" (instance (;3;)))
        …
        (instance $second (;4;) (instantiate 1
            (with "test:w/number@0.1.0" (instance 3))
            (with "test:w/log@0.1.0" (instance 1))
          )
        )
        (alias export $second "test:w/number@0.1.0" (instance (;5;)))
        (instance $one (;6;) (instantiate 0
            (with "test:w/number@0.1.0" (instance 5))
            (with "test:w/log@0.1.0" (instance 1))
          )
        )
        (alias export $one "test:w/number@0.1.0" (instance (;7;)))
        (export (;8;) "sum" (instance 5))
        (export (;9;) "test:w/number@0.1.0" (instance 7))
        (@producers
          (processed-by "tool" "1")
        )
      )
      "
    `);
  });

  test("has the same bytes every time", async () => {
    const text =
      "let a = new test:new { ... }; let b = new test:old { ... }; export a.run; export b.run as again;";
    expect(await encoded(text)).toEqual(await encoded(text));
  });

  test("behaves as the linked one, with the same paths and order", async () => {
    const edges = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(edges, async (sources) => {
        const lines = sources.map((source, index) => {
          const from = source % (index + 1);
          const number = from === index ? "" : `number: n${from}.number, `;
          return `let n${index} = new test:${source % 2 ? "one" : "ten"} { ${number}... };
            export n${index}.number as ${"zyxwvu"[index]};`;
        });
        const composition = await composed(lines.join("\n"));
        const component = decodeComponent(encodeComposition(composition), { name: "whole" });
        expect(behaviour(compositionOf(component), 1)).toEqual(behaviour(composition));
      }),
      { seed: 5, numRuns: 30 },
    );
  });

  test("may be part of another composition, and is looked into there", async () => {
    const inner = await encoded(
      `let deep = new test:one { ... }; let high = new test:ten { number: deep.number, ... };
       export high.number; export deep.number as deep;`,
    );
    const packages = packagesOf({ "test:inner": inner, "test:one": await adder(1) });
    const text = `package a:c;
      let low = new test:one { ... };
      let middle = new test:inner { number: low.number, ... };
      let top = new test:one { number: middle.number, ... };
      export top.number as a; export middle.number as b; export low.number as c; export middle.deep as d;`;
    const composition = await compose(text, { resolver: packages });
    expect(exportedInstances(composition).map(({ exportName, provider }) => [exportName, provider])).toEqual([
      ["c", "low"],
      ["d", "middle/deep"],
      ["b", "middle/high"],
      ["a", "top"],
    ]);
    const component = decodeComponent(encodeComposition(composition), { name: "whole" });
    expect(behaviour(compositionOf(component), 1)).toEqual(behaviour(composition));
  });

  test("imports components as dependencies where that is asked for", async () => {
    const versioned = await compose("package a:b; export (new test:d@1.2.0 {}).f;", {
      resolver: packagesOf({
        "test:d@1.2.0": await componentFrom(
          `(component (export "f" (func $f)) )`.replace(
            "(component",
            `(component (core module $m (func (export "f"))) (core instance $i (instantiate $m)) (func $f (canon lift (core func $i "f")))`,
          ),
        ),
      }),
    });
    expect(await textOf(encodeComposition(versioned, { dependencies: "import" }))).toMatchInlineSnapshot(`
      "(component
        (type (;0;)
          (component
            (type (;0;) (func))
            (export (;0;) "f" (func (type 0)))
          )
        )
        (import "unlocked-dep=<test:d@{>=1.2.0}>" (component (;0;) (type 0)))
        (instance (;0;) (instantiate 0))
        (alias export 0 "f" (func (;0;)))
        (export (;1;) "f" (func 0))
      )
      "
    `);
  });
});

describe("the imports of a component that is written", () => {
  const importsOf = async (text: string): Promise<string[]> => [
    ...decodeComponent(await encoded(text)).type.imports.keys(),
  ];

  test("of versions that fit each other are one, with what both need", async () => {
    const text = "let a = new test:old { ... }; let b = new test:new { ... };";
    expect(await importsOf(text)).toEqual(["test:t/types@1.2.0", "test:t/api@1.2.0"]);
    const types = decodeComponent(await encoded(text)).type.imports.get("test:t/types@1.2.0");
    expect(types?.kind === "instance" && [...types.type.exports.keys()].sort()).toEqual([
      "point",
      "thing",
      "time",
    ]);
  });

  test("may be declared in the text, with types from packages and of its own", async () => {
    const wit = packagesOf({
      "test:t": encodeComposition(
        await compose(
          "package test:t; interface types { record point { at: u64 } resource thing; } interface api { use types.{thing}; f: func(x: thing); }",
          { resolver },
        ),
      ),
    });
    const text = `package a:b;
      interface own { use test:t/types.{point as spot, thing}; variant v { a(spot) } f: func(x: borrow<thing>) -> v; }
      world w { use own.{v}; import test:t/api; import g: func(x: v); export h: interface { k: func(); }; }
      import api: test:t/api;
      import mine: own;
      import again as other: test:t/api;
      import plain: func(x: option<string>) -> result<u8>;`;
    const bytes = encodeComposition(await compose(text, { resolver: wit }));
    const { imports, exports } = decodeComponent(bytes).type;
    expect([...imports.keys()]).toEqual(["test:t/types", "test:t/api", "a:b/own", "other", "plain"]);
    expect([...exports.keys()]).toEqual(["own", "w"]);
  });

  test("name what an instance brings only where that is all that they do", async () => {
    const maker = `(component (type $r' (resource (rep i32))) (export $r "r" (type $r')))`;
    const named = `(component (import "i" (instance $i (export "r" (type (sub resource)))))
      (alias export $i "r" (type $r)) (import "name" (type (eq $r))))`;
    const speaks = `(component (import "i" (instance $i (export "r" (type (sub resource)))))
      (alias export $i "r" (type $r)) (import "f" (func (param "x" (own $r)))))`;
    const packages = packagesOf({
      "test:maker": await componentFrom(maker),
      "test:named": await componentFrom(named),
      "test:speaks": await componentFrom(speaks),
    });
    const good = "package a:b; let m = new test:maker {}; let n = new test:named { i: m, ... };";
    const component = decodeComponent(encodeComposition(await compose(good, { resolver: packages })));
    expect([...component.type.imports.keys()]).toEqual([]);

    const bad = "package a:b;\nlet m = new test:maker {};\nlet s = new test:speaks { i: m, ... };\n";
    const composition = await compose(bad, { resolver: packages, file: "bad.wac" });
    expect(messageOf(() => encodeComposition(composition), bad)).toMatchInlineSnapshot(`
      "error[not-encodable]: the import \`f\` cannot be part of a component: it speaks of the resource \`r\`, which comes from the instance \`m\`
       --> bad.wac:3:13
        |
      2 | let m = new test:maker {};
        |             ---------- the resource comes from here
      3 | let s = new test:speaks { i: m, ... };
        |             ^^^^^^^^^^^ this needs \`f\`
        |
        = hint: give it as an argument too, or link the composition instead of writing it as a component"
    `);
  });

  test("of a resource that two components share are the same type for both", async () => {
    const text = "let p = new test:both { ... }; export (new test:user { api: p.api, ... }).run;";
    expect(await importsOf(text)).toEqual(["test:t/types@1.0.0"]);
    const owned = "let o = new test:owner {}; let p = new test:both { types: o.types, ... }; export p.api;";
    expect(await importsOf(owned)).toEqual([]);
  });
});

function messageOf(run: () => unknown, text: string): string {
  try {
    run();
  } catch (error) {
    if (error instanceof WacError) {
      return formatWacError(error, text);
    }
    throw error;
  }
  throw new Error("this was expected to be refused");
}
