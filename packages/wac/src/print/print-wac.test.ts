import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Document } from "../ast.ts";
import { parseWac } from "../parse/document.ts";
import { arbitraryDocument } from "./arbitrary-document.case.ts";
import { printWac } from "./print-wac.ts";

/** A document without what printing does not keep: places, and the file. */
function bare(document: Document): unknown {
  return JSON.parse(
    JSON.stringify({ ...document, file: "", text: "" }, (key, value: unknown) =>
      key === "range" ? undefined : key === "spread" && value !== undefined ? true : value,
    ),
  );
}

describe("a composition as text", () => {
  test("is laid out one item a line", () => {
    const text = `/// What it is.
package a:b@1.0.0 targets c:d/w@0.1.0;import x as "a-b": interface{f:func(a:u8)->list<option<string>>;};
/** Two
lines. */ let y=(new n:s{x,...z,"k":x.a["b"],...}).c; export y...;export y as %let;
interface i{use a:b/c@1.0.0.{d as e,f};resource r{constructor(a:tuple<u8,s8>);m:static func()->result<_,borrow<r>>;}resource q;}
world w{include v with{a as b};import i;export k:func();export interface-like:interface{};}variant v{/// One.
a(u8),b}enum e{a}type t=func();`;
    const printed = printWac(parseWac(text));
    expect(printed).toMatchInlineSnapshot(`
      "/// What it is.
      package a:b@1.0.0 targets c:d/w@0.1.0;

      import x as "a-b": interface {
        f: func(a: u8) -> list<option<string>>;
      };

      /** Two
      lines. */
      let y = (new n:s { x, ...z, "k": x.a["b"], ... }).c;

      export y...;

      export y as %let;

      interface i {
        use a:b/c@1.0.0.{d as e, f};
        resource r {
          constructor(a: tuple<u8, s8>);
          m: static func() -> result<_, borrow<r>>;
        }
        resource q;
      }

      world w {
        include v with { a as b };
        import i;
        export k: func();
        export interface-like: interface {};
      }

      variant v {
        /// One.
        a(u8),
        b,
      }

      enum e {
        a,
      }

      type t = func();
      "
    `);
    expect(printWac(parseWac(printed))).toBe(printed);
  });

  test("parses to the document that it was printed from", () => {
    fc.assert(
      fc.property(arbitraryDocument, (document) => {
        const text = printWac(document);
        expect(bare(parseWac(text))).toEqual(bare(document));
      }),
      { seed: 21, numRuns: 300 },
    );
  });
});
