import { describe, expect, test } from "vitest";
import type { Statement } from "../ast.ts";
import { WacError } from "../errors.ts";
import { parseWac } from "./document.ts";

function statementsOf(text: string): readonly Statement[] {
  return parseWac(`package a:b;\n${text}`).statements;
}

function errorOf(text: string): WacError {
  try {
    parseWac(text);
  } catch (error) {
    if (error instanceof WacError) {
      return error;
    }
    throw error;
  }
  throw new Error("this text was expected to have an error");
}

/** A tree without its ranges and empty docs. */
function plain(node: unknown): unknown {
  return JSON.parse(
    JSON.stringify(node, (key, value: unknown) => {
      if (key === "range" || (key === "docs" && Array.isArray(value) && value.length === 0)) {
        return undefined;
      }
      return value;
    }),
  );
}

describe("the header", () => {
  test("names the package, its version and the world that it targets", () => {
    const document = parseWac("/// Hello\npackage a:b:c@1.2.3-rc.1+x targets wasi:http/proxy@0.2.0;");
    expect(document.docs.map(({ text }) => text)).toEqual(["Hello"]);
    expect(plain(document.package)).toEqual({
      name: { name: "a:b:c", version: "1.2.3-rc.1+x" },
      targets: {
        kind: "path",
        package: { name: "wasi:http", version: "0.2.0" },
        segments: [{ name: "proxy" }],
        text: "wasi:http/proxy@0.2.0",
      },
    });
  });

  test("is required", () => {
    expect(errorOf("let a = b;")).toMatchObject({
      code: "syntax",
      line: 1,
      column: 1,
      found: "keyword `let`",
    });
    expect(errorOf("")).toMatchObject({ code: "syntax", expected: "`package`", line: 1, column: 1 });
  });

  test.each([
    ["package a:b@1;", 13],
    ["package a:b@01.0.0;", 13],
    ["package a:b@1.0.99999999999999999999999;", 13],
  ])("%s has no valid version", (text, column) => {
    expect(errorOf(text)).toMatchObject({ code: "invalid-version", line: 1, column });
  });
});

describe("statements", () => {
  test("imports of every form", () => {
    const statements = statementsOf(`
      import a: func(x: u32) -> string;
      import b as "ns:p/i@1.0.0": ns:p/i@1.0.0;
      import c as other: interface { f: func(); };
      import d: b;`);
    expect(plain(statements)).toMatchObject([
      {
        id: { name: "a" },
        type: { kind: "func", params: [{ id: { name: "x" } }], result: { name: "string" } },
      },
      { as: { name: "ns:p/i@1.0.0", quoted: true }, type: { kind: "path", text: "ns:p/i@1.0.0" } },
      {
        as: { name: "other", quoted: false },
        type: { kind: "inline-interface", items: [{ id: { name: "f" } }] },
      },
      { type: { kind: "name", id: { name: "b" } } },
    ]);
  });

  test("arguments of every form", () => {
    const [statement] = statementsOf(
      `let x = (new ns:p@1.0.0 { a, ...b, c: d.e, "f:g/h": (i)["j"], ... }).k;`,
    );
    expect(plain(statement)).toEqual({
      kind: "let",
      id: { name: "x" },
      value: {
        primary: {
          kind: "nested",
          inner: {
            primary: {
              kind: "new",
              package: { name: "ns:p", version: "1.0.0" },
              arguments: [
                { kind: "inferred", id: { name: "a" } },
                { kind: "spread", id: { name: "b" } },
                {
                  kind: "named",
                  name: { name: "c", quoted: false },
                  value: {
                    primary: { kind: "name", id: { name: "d" } },
                    accesses: [{ name: { name: "e", quoted: false } }],
                  },
                },
                {
                  kind: "named",
                  name: { name: "f:g/h", quoted: true },
                  value: {
                    primary: {
                      kind: "nested",
                      inner: { primary: { kind: "name", id: { name: "i" } }, accesses: [] },
                    },
                    accesses: [{ name: { name: "j", quoted: true } }],
                  },
                },
                { kind: "fill" },
              ],
            },
            accesses: [],
          },
        },
        accesses: [{ name: { name: "k", quoted: false } }],
      },
    });
  });

  test("exports of every form", () => {
    const statements = statementsOf(`export a; export a.b as c; export a as "d"; export new n:p {}...;`);
    expect(plain(statements)).toMatchObject([
      { kind: "export" },
      { as: { name: "c", quoted: false } },
      { as: { name: "d", quoted: true } },
      { value: { primary: { kind: "new" } } },
    ]);
    expect(statements.map((each) => each.kind === "export" && each.spread !== undefined)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  test("type declarations", () => {
    const statements = statementsOf(`
      /// An interface.
      interface i {
        use ns:p/types.{a, b as c};
        /** A resource. */
        resource r { constructor(x: u8); m: func() -> result<_, string>; s: static func(); }
        record point { x: f32, y: f32, }
        flags f { one, two }
        variant v { a, b(tuple<u8, list<option<borrow<r>>>>) }
        enum e { %enum, other }
        type alias = func(a: result, b: result<u8>);
        f: alias;
      }
      world w { include ns:p/other with { a as b }; import i; import a: interface {}; export ns:p/x; }`);
    expect(plain(statements)).toMatchObject([
      {
        kind: "interface",
        docs: [{ text: "An interface." }],
        items: [
          { kind: "use" },
          {
            kind: "resource",
            docs: [{ text: "A resource." }],
            methods: [{}, { kind: "method" }, { kind: "static" }],
          },
          { kind: "record", members: [{}, {}] },
          { kind: "flags" },
          { kind: "variant" },
          { kind: "enum", members: [{ id: { name: "enum" } }, {}] },
          { kind: "alias" },
          { kind: "function", type: { kind: "name" } },
        ],
      },
      {
        kind: "world",
        items: [
          { kind: "include", with: [{ from: { name: "a" }, to: { name: "b" } }] },
          { direction: "import", item: { kind: "name" } },
          { direction: "import", item: { kind: "named" } },
          { direction: "export", item: { kind: "path" } },
        ],
      },
    ]);
  });

  test("names and what follows them need no white space", () => {
    expect(plain(statementsOf("import a:ns:p/i; let b=new n:p{c:d,e:f.g};"))).toMatchObject([
      { type: { kind: "path", text: "ns:p/i" } },
      { value: { primary: { arguments: [{ kind: "named" }, { kind: "named" }] } } },
    ]);
  });

  test("ranges hold exactly the text", () => {
    const text = "package a:b;\nlet x = new ns:p@1.0.0 { a: b.c };";
    const [statement] = parseWac(text).statements;
    expect(statement && text.slice(statement.range.start, statement.range.end)).toBe(
      "let x = new ns:p@1.0.0 { a: b.c };",
    );
    const primary = statement?.kind === "let" ? statement.value.primary : undefined;
    const argument = primary?.kind === "new" ? primary.arguments[0] : undefined;
    expect(argument && text.slice(argument.range.start, argument.range.end)).toBe("a: b.c");
    expect(
      primary?.kind === "new" && text.slice(primary.package.range.start, primary.package.range.end),
    ).toBe("ns:p@1.0.0");
  });

  test("comments nest, and stand anywhere", () => {
    expect(statementsOf("let /* a /* b */ c */ x // d\n = y;")).toHaveLength(1);
  });
});

describe("errors", () => {
  test.each([
    ["package a:b;\nlet x = y", "syntax", 2, 9],
    ["package a:b;\nlet x y;", "syntax", 2, 7],
    ["package a:b;\nlet x = new y {};", "syntax", 2, 13],
    ["package a:b;\nexport a... as b;", "syntax", 2, 13],
    ["package a:b;\nlet x = new a:b-2 {};", "invalid-name", 2, 15],
    ["package a:b;\nlet x = new a:b@latest {};", "syntax", 2, 17],
    ["package a:b;\nlet type = y;", "syntax", 2, 5],
    ["package a:b;\nlet fooBar = y;", "invalid-name", 2, 5],
    ['package a:b;\nlet x = y["z];', "unterminated-string", 2, 11],
    ["package a:b;\n/* /* */", "unterminated-comment", 2, 1],
    ["package a:b;\nlet x = y;\u202e", "invalid-character", 2, 11],
    ["package a:b;\nlet x = €;", "invalid-character", 2, 9],
    ["package a:b;\nrecord r {}", "empty-type", 2, 11],
  ])("%j", (text, code, line, column) => {
    expect(errorOf(text)).toMatchObject({ code, line, column });
  });

  test("columns count characters, not code units", () => {
    expect(errorOf("package a:b; /* 🚗🚗 */ let = x;")).toMatchObject({ line: 1, column: 27 });
  });

  test("independent errors are all told, the first one first", () => {
    const error = errorOf("package a:b;\nlet a = ;\nlet b = c;\nexport ;\nexport b\n");
    expect([error, ...error.others].map((each) => [each.line, each.column])).toEqual([
      [2, 9],
      [4, 8],
      [5, 8],
    ]);
  });

  test("a keyword as a name says how to write it", () => {
    expect(errorOf("package a:b;\nlet world = x;").hints).toEqual([
      "`world` is a keyword; to use it as a name, write `%world`",
    ]);
  });

  test("nesting has a limit", () => {
    const deep = `${"(".repeat(50_000)}a${")".repeat(50_000)}`;
    expect(errorOf(`package a:b;\nlet x = ${deep};`).code).toBe("too-deep");
    const types = `${"list<".repeat(50_000)}u8${">".repeat(50_000)}`;
    expect(errorOf(`package a:b;\ntype x = ${types};`).code).toBe("too-deep");
    expect(statementsOf(`let x = ${"(".repeat(90)}a${")".repeat(90)};`)).toHaveLength(1);
  });
});

describe("the form of early sketches", () => {
  test("is told from WAC, with the same in WAC", () => {
    const error = errorOf("compose {\n  videoDecoder <-> objectDetection\n  objectDetection <-> fusion\n}\n");
    expect(error).toMatchObject({ code: "sketch-syntax", line: 1, column: 1 });
    const [hint = ""] = error.hints;
    const example = hint.slice(hint.indexOf("\n")).trimStart();
    expect(example).toBe(`package example:composition;

    let video-decoder = new example:video-decoder { ... };
    let object-detection = new example:object-detection { ...video-decoder, ... };
    let fusion = new example:fusion { ...object-detection, ... };

    export fusion...;`);
    expect(parseWac(example).statements).toHaveLength(4);
  });

  test("is also found below a header", () => {
    expect(errorOf("package a:b;\n\ncompose pipeline { a <-> b }")).toMatchObject({
      code: "sketch-syntax",
      line: 3,
    });
    expect(errorOf("package a:b;\na <-> b;")).toMatchObject({ code: "sketch-syntax", line: 2, column: 3 });
  });
});
