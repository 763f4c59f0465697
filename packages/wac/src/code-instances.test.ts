import { decodeComponent } from "@playhead/component-model";
import { beforeAll, describe, expect, test } from "vitest";
import { adder } from "./adders.case.ts";
import { type CodeInstances, codeInstances } from "./code-instances.ts";
import { componentFrom, packagesOf } from "./components.case.ts";
import { compositionOf } from "./composition-of.ts";
import { encodeComposition } from "./encode/encode-composition.ts";
import type { Composition } from "./graph.ts";
import { link } from "./link.ts";
import { compose } from "./resolve/resolve.ts";

const NUMBER = "test:w/number@0.1.0";
let packages: Record<string, Uint8Array>;

beforeAll(async () => {
  packages = {
    "test:adder": await adder(1),
    // Passes on what it is given, under another name, and has no code.
    "test:renamer": await componentFrom(`(component
      (import "source" (instance $in (export "get" (func (result u32)))))
      (export "${NUMBER}" (instance $in)))`),
  };
  packages["test:pair"] = await encoded(`
    let first = new test:adder { ... };
    let second = new test:adder { number: first.number, ... };
    export second.number;`);
});

function composed(text: string): Promise<Composition> {
  return compose(`package a:b;\n${text}`, { resolver: packagesOf(packages) });
}

async function encoded(text: string): Promise<Uint8Array> {
  return encodeComposition(await composed(text));
}

const wires = (inside: CodeInstances): readonly string[] =>
  inside.wires.map(({ provider, consumer, importName }) => `${provider} → ${consumer}: ${importName}`);

describe("the instances that have code", () => {
  test("are those of the text where no package is composed", async () => {
    const inside = codeInstances(
      await composed(
        "let a = new test:adder { ... }; let b = new test:adder { number: a.number, ... }; export b.number;",
      ),
    );
    expect(inside.paths).toEqual(["a", "b"]);
    expect(wires(inside)).toEqual([`a → b: ${NUMBER}`]);
    expect([...inside.exports]).toEqual([[NUMBER, "b"]]);
  });

  test("stand inside packages that are composed: wires lead to them, from them and between them", async () => {
    const inside = codeInstances(
      await composed(`
        let before = new test:adder { ... };
        let pair = new test:pair { number: before.number, ... };
        let after = new test:adder { number: pair.number, ... };
        export after.number;`),
    );
    expect(inside.paths).toEqual(["before", "pair/first", "pair/second", "after"]);
    expect([...wires(inside)].sort()).toEqual([
      `before → pair/first: ${NUMBER}`,
      `pair/first → pair/second: ${NUMBER}`,
      `pair/second → after: ${NUMBER}`,
    ]);
  });

  test("have the same paths when they are linked, as host functions are told", async () => {
    const composition = await composed("let pair = new test:pair { ... }; export pair.number;");
    const { exports, paths } = codeInstances(composition);
    expect(paths).toEqual(["pair/first", "pair/second"]);
    expect(exports.get(NUMBER)).toBe("pair/second");
    const imports = { [NUMBER]: { get: () => 1 }, "test:w/log@0.1.0": { note: () => {} } };
    const value = link(composition, { imports }).exports.get(NUMBER)?.value as { readonly origin?: string };
    expect(value.origin).toBe("pair/second");
  });

  test("of one component that is composed are found under its name", () => {
    const bytes = packages["test:pair"] ?? new Uint8Array();
    const { paths, exports } = codeInstances(compositionOf(decodeComponent(bytes), "adas"));
    expect(paths).toEqual(["adas/first", "adas/second"]);
    expect([...exports]).toEqual([[NUMBER, "adas/second"]]);
  });

  test("may lie three deep", async () => {
    packages["test:deeper"] = await encoded("let pair = new test:pair { ... }; export pair.number;");
    const inside = codeInstances(await composed("let deep = new test:deeper { ... }; export deep.number;"));
    expect(inside.paths).toEqual(["deep/pair/first", "deep/pair/second"]);
    expect(inside.exports.get(NUMBER)).toBe("deep/pair/second");
  });

  test("a component without any code counts as a whole", async () => {
    const inside = codeInstances(
      await composed(`
        let a = new test:adder { ... };
        let renamer = new test:renamer { source: a.number };
        let b = new test:adder { number: renamer.number, ... };
        export b.number;`),
    );
    expect(inside.paths).toEqual(["a", "renamer", "b"]);
    expect(wires(inside)).toContain("a → renamer: source");
  });

  test("what the host provides has no instance", async () => {
    const inside = codeInstances(await composed("import number: func() -> u32; export number;"));
    expect(inside).toEqual({ paths: [], wires: [], exports: new Map([["number", undefined]]) });
  });
});
