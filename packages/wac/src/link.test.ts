import { type Caller, decodeComponent, exportsOf, isExtern, withCaller } from "@playhead/component-model";
import { beforeAll, describe, expect, test } from "vitest";
import { adder } from "./adders.case.ts";
import { packagesOf } from "./components.case.ts";
import { compositionOf } from "./composition-of.ts";
import type { LinkedComposition, LinkOptions } from "./link.ts";
import { link } from "./link.ts";
import type { PackageResolver } from "./packages.ts";
import { compose } from "./resolve/resolve.ts";

let resolver: PackageResolver;
let one: Uint8Array;

beforeAll(async () => {
  one = await adder(1);
  resolver = packagesOf({ "test:one": one, "test:ten": await adder(10) });
});

async function linked(text: string, options: LinkOptions): Promise<LinkedComposition> {
  return link(await compose(`package a:b;\n${text}`, { resolver }), options);
}

/** The result of `get` of an exported instance. */
function callGet(composition: LinkedComposition, name: string): unknown {
  const value = composition.exports.get(name)?.value;
  if (!isExtern(value) || value.kind !== "instance") {
    throw new Error(`${name} is not an instance`);
  }
  return exportsOf(value).get?.();
}

describe("linking", () => {
  test("passes exports of instances, and what the host gives, to the instances that need them", async () => {
    const notes: [string, number][] = [];
    const note = withCaller((caller: Caller, value: number) => {
      notes.push([caller.path, value]);
    });
    const result = await linked(
      `let first = new test:one { ... };
       let second = new test:ten { number: first.number, ... };
       let third = new test:one { ...second, ... };
       export third.number as last;
       export first.number as first;`,
      { imports: { "test:w/number@0.1.0": { get: () => 100 }, "test:w/log@0.1.0": { note } } },
    );
    expect(callGet(result, "last")).toBe(112);
    expect(notes).toEqual([
      ["first", 101],
      ["second", 111],
      ["third", 112],
    ]);
    expect(callGet(result, "first")).toBe(101);
    expect([...result.exports].map(([name, { provider }]) => [name, provider])).toEqual([
      ["last", "third"],
      ["first", "first"],
    ]);
    expect([...result.instances.keys()]).toEqual(["first", "second", "third"]);
    expect(result.wires.map(({ provider, consumer }) => [provider, consumer])).toEqual([
      ["first", "second"],
      ["second", "third"],
    ]);
  });

  test("makes instances of one package that are apart, below the path that is asked for", async () => {
    const callers: string[] = [];
    const note = withCaller((caller: Caller) => {
      callers.push(caller.path);
    });
    const result = await linked(
      "let a = new test:one { ... }; let b = new test:one { ... }; export a as a; export b as b;",
      {
        path: "adas",
        imports: { "test:w/number@0.1.0": { get: () => 0 }, "test:w/log@0.1.0": { note } },
      },
    );
    expect(result.instances.get("a")?.path).toBe("adas/a");
    expect(result.instances.get("a")).not.toBe(result.instances.get("b"));
    const whole = result.exports.get("b")?.value;
    expect(isExtern(whole) && whole.kind === "instance" && [...whole.exports.keys()]).toEqual([
      "test:w/number@0.1.0",
    ]);
  });

  test("takes functions out of what the host gives, and passes on what it gives as a whole", async () => {
    const get = (): number => 5;
    const result = await linked(
      `import number: interface { get: func() -> u32; };
       let n = new test:one { number, ... };
       export n.number;
       export number.get;`,
      { imports: { number: { get }, "test:w/log@0.1.0": { note: () => {} } } },
    );
    expect(callGet(result, "test:w/number@0.1.0")).toBe(6);
    expect(result.exports.get("get")).toEqual({ value: get, provider: undefined });
  });

  test("the host may give another version that fits", async () => {
    const result = await linked("let a = new test:one { ... }; export a.number;", {
      imports: { "test:w/number@0.1.7": { get: () => 1 }, "test:w/log@0.1.1": { note: () => {} } },
    });
    expect(callGet(result, "test:w/number@0.1.0")).toBe(2);
  });

  test("what the host lacks is named", async () => {
    await expect(
      linked("let a = new test:one { ... };", { imports: { "test:w/log@0.1.0": { note: () => {} } } }),
    ).rejects.toMatchObject({ code: "missing-import", where: "test:w/number@0.1.0" });
  });

  test("a component by itself is a composition of one instance", () => {
    const composition = compositionOf(decodeComponent(one), "adder");
    const result = link(composition, {
      imports: { "test:w/number@0.1.0": { get: () => 1 }, "test:w/log@0.1.0": { note: () => {} } },
    });
    expect(callGet(result, "test:w/number@0.1.0")).toBe(2);
    expect(result.exports.get("test:w/number@0.1.0")?.provider).toBe("adder");
    expect(composition.imports.map(({ name }) => name)).toEqual(["test:w/number@0.1.0", "test:w/log@0.1.0"]);
    expect(result.wires).toEqual([]);
  });
});
