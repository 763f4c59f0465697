import { describe, expect, test } from "vitest";
import { componentFrom, packagesOf } from "../components.case.ts";
import { compose } from "../resolve/resolve.ts";
import { graphDot } from "./graph-dot.ts";

describe("a graph in Graphviz's language", () => {
  test("has what the text says, and how it hangs together", async () => {
    const component = await componentFrom(
      `(component (import "f" (func $f)) (import "g" (func)) (export "h" (func $f)))`,
    );
    const text = `package a:b;
      type t = u8; record r { a: t, b: list<t> } export t as renamed;
      import f: func();
      let one = new c:d { f, ... };
      export new c:d { f: one.h, g: f }.h as h;`;
    expect(
      graphDot(await compose(text, { resolver: packagesOf({ "c:d": component }) })),
    ).toMatchInlineSnapshot(`
      "digraph {
          0 [ label = "type definition \\"renamed\\""; kind = "u8"; export = "renamed"]
          1 [ label = "type definition \\"r\\""; kind = "record"; export = "r"]
          2 [ label = "import \\"f\\""; kind = "function"]
          3 [ label = "instantiation of package \\"c:d\\""; kind = "instance"]
          4 [ label = "alias of export \\"h\\""; kind = "function"]
          5 [ label = "instantiation of package \\"c:d\\""; kind = "instance"]
          6 [ label = "alias of export \\"h\\""; kind = "function"; export = "h"]
          0 -> 1 [ label = "dependency of" ]
          2 -> 3 [ label = "argument to" ]
          3 -> 4 [ label = "aliased export" ]
          4 -> 5 [ label = "argument to" ]
          2 -> 5 [ label = "argument to" ]
          5 -> 6 [ label = "aliased export" ]
      }
      "
    `);
  });
});
