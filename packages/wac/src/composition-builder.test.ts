import { type Component, decodeComponent } from "@playhead/component-model";
import { beforeAll, describe, expect, test } from "vitest";
import { adder } from "./adders.case.ts";
import { componentFrom, packagesOf } from "./components.case.ts";
import { CompositionBuilder } from "./composition-builder.ts";
import { encodeComposition } from "./encode/encode-composition.ts";
import { compose } from "./resolve/resolve.ts";

let one: Component;
let ten: Component;
let odd: Component;

beforeAll(async () => {
  one = decodeComponent(await adder(1));
  ten = decodeComponent(await adder(10));
  odd = decodeComponent(
    await componentFrom(`(component (import "test:w/number@0.1.0" (instance (export "get" (func))))
      (type (export "kind") (func)) (import "f" (func)))`),
  );
});

const NUMBER = "test:w/number@0.1.0";

describe("a composition without a text", () => {
  test("is the same component as that of a text", async () => {
    const builder = new CompositionBuilder("a:b");
    const first = builder.instantiate(builder.addPackage("test:one", one));
    const number = builder.alias(first, NUMBER);
    const second = builder.instantiate(builder.addPackage("test:ten", ten));
    builder.give(second, NUMBER, number);
    builder.label(first, "first");
    builder.label(second, "second");
    builder.export(builder.alias(second, NUMBER), "sum");

    const text = `package a:b;
      let first = new test:one { ... };
      let second = new test:ten { number: first.number, ... };
      export second.number as sum;`;
    const resolver = packagesOf({ "test:one": await adder(1), "test:ten": await adder(10) });
    expect(encodeComposition(builder.build())).toEqual(encodeComposition(await compose(text, { resolver })));
  });

  test("may be said in any order", () => {
    const builder = new CompositionBuilder("a:b");
    const from = builder.addPackage("test:one", one);
    const last = builder.instantiate(from);
    const first = builder.instantiate(from);
    builder.give(last, NUMBER, builder.alias(first, NUMBER));
    builder.label(first, "first");
    builder.label(last, "last");
    expect(builder.build().instantiations.map(({ path }) => path)).toEqual(["first", "last"]);
  });

  test("imports what a package exports, as what it stands for", () => {
    const builder = new CompositionBuilder("a:b");
    const from = builder.addPackage("test:odd", odd);
    const f = builder.import("my-f", from, "kind");
    builder.give(builder.instantiate(from), "f", f);
    const { imports } = decodeComponent(encodeComposition(builder.build())).type;
    expect([...imports].map(([name, { kind }]) => [name, kind])).toEqual([
      [NUMBER, "instance"],
      ["my-f", "func"],
    ]);
  });

  test("refuses what does not go together, with the codes that texts have", () => {
    const builder = new CompositionBuilder("a:b");
    const from = builder.addPackage("test:one", one);
    const other = builder.addPackage("test:odd", odd);
    const instance = builder.instantiate(from);
    const number = builder.alias(instance, NUMBER);
    const imported = builder.import("f", other, "kind");
    const code = (run: () => unknown): unknown => {
      try {
        return run();
      } catch (error) {
        return (error as { code?: unknown }).code;
      }
    };
    expect(code(() => builder.addPackage("test:one", one))).toBe("duplicate-name");
    expect(code(() => builder.import("f", other, "kind"))).toBe("duplicate-import");
    expect(code(() => builder.import("No!", other, "kind"))).toBe("invalid-extern-name");
    expect(code(() => builder.import("g", other, "none"))).toBe("unknown-export");
    expect(code(() => builder.alias(instance, "none"))).toBe("unknown-export");
    expect(code(() => builder.alias(imported, "none"))).toBe("not-an-instance");
    expect(code(() => builder.give(instance, "none", number))).toBe("unknown-argument");
    expect(code(() => builder.give(imported, "f", number))).toBe("wrong-kind");
    builder.export(number, "n");
    expect(code(() => builder.export(number, "n"))).toBe("duplicate-export");
    expect(code(() => builder.export(number, "N-n!"))).toBe("invalid-extern-name");
    const second = builder.instantiate(from);
    builder.give(second, NUMBER, number);
    expect(code(() => builder.give(second, NUMBER, number))).toBe("duplicate-argument");
  });

  test("refuses types that do not fit, conflicting imports and cycles when it is built", () => {
    const mismatched = new CompositionBuilder("a:b");
    const number = mismatched.alias(mismatched.instantiate(mismatched.addPackage("test:one", one)), NUMBER);
    mismatched.give(mismatched.instantiate(mismatched.addPackage("test:odd", odd)), NUMBER, number);
    expect(() => mismatched.build()).toThrow(`mismatched instantiation argument \`${NUMBER}\``);

    const unmergeable = new CompositionBuilder("a:b");
    unmergeable.instantiate(unmergeable.addPackage("test:one", one));
    unmergeable.instantiate(unmergeable.addPackage("test:odd", odd));
    expect(() => unmergeable.build()).toThrow(
      `failed to merge the type definition for implicit import \`${NUMBER}\``,
    );

    const conflicting = new CompositionBuilder("a:b");
    const from = conflicting.addPackage("test:odd", odd);
    conflicting.import("f", from, "kind");
    conflicting.instantiate(from);
    expect(() => conflicting.build()).toThrow("implicitly imported by an instantiation of `test:odd`");

    const cyclic = new CompositionBuilder("a:b");
    const ring = cyclic.addPackage("test:one", one);
    const [a, b, c] = [1, 2, 3].map(() => cyclic.instantiate(ring));
    if (a === undefined || b === undefined || c === undefined) {
      throw new Error("three were made");
    }
    for (const [user, source, label] of [
      [a, b, "a"],
      [b, c, "b"],
      [c, a, "c"],
    ] as const) {
      cyclic.give(user, NUMBER, cyclic.alias(source, NUMBER));
      cyclic.label(user, label);
    }
    expect(() => cyclic.build()).toThrow(/^a cycle: `\w` needs `\w` needs `\w` needs `\w`$/);
  });
});
