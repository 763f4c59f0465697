import { ComponentModelError, decodeComponent } from "@playhead/component-model";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { componentFrom, packagesOf } from "./components.case.ts";
import { encodeComposition } from "./encode/encode-composition.ts";
import { WacError } from "./errors.ts";
import { formatWacError } from "./format-error.ts";
import { loadPackages, type PackageSet } from "./packages.ts";
import { parseWac } from "./parse/document.ts";
import { printWac } from "./print/print-wac.ts";
import { resolveComposition } from "./resolve/resolve.ts";

const valid = `/// A composition with a bit of everything.
package a:b@1.0.0 targets a:b/w;
import one: interface { resource r { constructor(x: u8); m: func() -> r; s: static func(); } f: func(r: borrow<r>); };
import two as other: func(x: option<list<u8>>, y: tuple<u8, result<_, string>>) -> string;
interface i { use i2.{x as y}; record z { a: y } g: func() -> z; }
world w { include v with { a as b }; import c: func(); export i; }
variant v { a(u8), b } enum e { a, b } flags g { a, b } type t = func(); type %type = u32;
let c = new test:component { one, two: (two), "plain": two, ...one, ... };
let d = c.x["y"].z;
export c... ;
export d as "e";
/* end /* nested */ */
`;
const pieces =
  'package a:b ; { } ( ) [ ] < > : = . ... , / @1.0.0 -> <-> _ let new import export as use include with interface world resource record x c one test:component "s" func type " /* */ // \n %x é \u202e compose'.split(
    " ",
  );

let packages: PackageSet;

beforeAll(async () => {
  const component = await componentFrom(`(component
    (import "one" (instance $one (export "f" (func))))
    (import "plain" (func))
    (import "x:y/two@0.1.0" (instance (export "f" (func))))
    (alias export $one "f" (func $f)) (export "x" (func $f)))`);
  const document = parseWac("package a:b; let x = new test:component {};");
  packages = await loadPackages(document, packagesOf({ "test:component": component }));
});

/** Parses, resolves and encodes; every failure must be a WacError with a place in the text, and must be printable. */
function survives(text: string): void {
  try {
    const document = parseWac(text, "fuzz.wac");
    expect(parseWac(printWac(document)).statements).toHaveLength(document.statements.length);
    encodeComposition(resolveComposition(document, packages));
  } catch (error) {
    expect(error).toBeInstanceOf(WacError);
    if (error instanceof WacError) {
      for (const each of [error, ...error.others]) {
        expect(each.range.start).toBeGreaterThanOrEqual(0);
        expect(each.range.end).toBeLessThanOrEqual(text.length);
        expect(each.line).toBeLessThanOrEqual(text.split("\n").length);
      }
      expect(formatWacError(error, text)).toContain("fuzz.wac:");
    }
  }
}

/** Removes, repeats, swaps or replaces pieces of the valid text. */
const mutated = fc
  .array(
    fc.record({
      at: fc.nat({ max: valid.length }),
      length: fc.nat({ max: 12 }),
      insert: fc.oneof(
        fc.constantFrom(...pieces),
        fc.constant(""),
        fc.string({ unit: "binary", maxLength: 3 }),
        fc.nat({ max: valid.length }).map((start) => valid.slice(start, start + 30)),
      ),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((edits) =>
    edits.reduce(
      (text, { at, length, insert }) => text.slice(0, at) + insert + text.slice(at + length),
      valid,
    ),
  );

describe("texts that are wrong", () => {
  test("mutated from a right one", () => {
    fc.assert(fc.property(mutated, survives), { seed: 1, numRuns: 1500 });
  });

  test("made of tokens", () => {
    const tokens = fc.array(fc.constantFrom(...pieces), { maxLength: 60 });
    const text = fc
      .tuple(fc.boolean(), tokens)
      .map(([header, all]) => `${header ? "package a:b;\n" : ""}${all.join(" ")}`);
    fc.assert(fc.property(text, survives), { seed: 2, numRuns: 1500 });
  });

  test("cut off anywhere", () => {
    for (let end = 0; end < valid.length; end++) {
      survives(valid.slice(0, end));
    }
  });

  test("very long or very deep", () => {
    survives(`package a:b;\n${"let x = y;\n".repeat(20_000)}`);
    survives(`package a:b;\nlet x = ${"a.".repeat(50_000)}b;`);
    survives(`package a:b;\nlet x = ${"new test:component { one: ".repeat(50_000)}`);
    survives(`${"/*".repeat(100_000)}`);
    survives(`package a:b;\nexport x as "${"y".repeat(500_000)}";`);
    survives(`package ${"a:".repeat(50_000)}b;`);
  });

  test("types that stand for huge trees", () => {
    const levels = Array.from(
      { length: 80 },
      (_, level) => `type t${level + 1} = tuple<t${level}, t${level}>;`,
    );
    survives(
      `package a:b;\ntype t0 = u8;\n${levels.join("\n")}\nimport f: func(x: t80) -> t80;\nexport f as "x!";`,
    );
  });
});

describe("packages that are wrong", () => {
  test("mutated from a right one", async () => {
    const component = await componentFrom(`(component
      (import "a:b/c@1.0.0" (instance $c (export "r" (type $r (sub resource)))
        (type $p' (record (field "x" u8))) (export "p" (type $p (eq $p')))
        (export "f" (func (param "r" (borrow $r)) (result $p)))))
      (alias export $c "p" (type $p)) (import "q" (type $q (eq $p)))
      (import "g" (func $g (param "x" (list $q)) (result (option string))))
      (instance $i (export "h" (func $g))) (export "i" (instance $i)) (export "k" (func $g)))`);
    const document = parseWac(`package a:b;
      let x = new test:component { ... };
      let y = new test:component { g: x.k, ... };
      let z = new test:component { ...y, c: y.c, ... };
      export y.i; export x.i as other; export z...;`);
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(edits, async (all) => {
        const bytes = Uint8Array.from(component);
        for (const [at, value] of all) {
          bytes[at % bytes.length] = value;
        }
        try {
          const loaded = await loadPackages(document, packagesOf({ "test:component": bytes }));
          decodeComponent(encodeComposition(resolveComposition(document, loaded)));
        } catch (error) {
          // A component whose exports can't be shown again is refused by the decoder.
          const isRefusal = error instanceof WacError || error instanceof ComponentModelError;
          expect(isRefusal ? "refused" : error).toBe("refused");
        }
      }),
      { seed: 4, numRuns: 1500 },
    );
  });
});
