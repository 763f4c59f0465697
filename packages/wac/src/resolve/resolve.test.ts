import { beforeAll, describe, expect, test } from "vitest";
import { componentFrom, packagesOf } from "../components.case.ts";
import { WacError } from "../errors.ts";
import type { Composition, GraphNode } from "../graph.ts";
import type { PackageResolver } from "../packages.ts";
import { wiresOf } from "../wires.ts";
import { compose } from "./resolve.ts";

const instance = (...functions: readonly string[]): string =>
  `(instance ${functions.map((name) => `(export "${name}" (func))`).join(" ")})`;

/** Components of types only: what the tests are about needs no code. */
const texts: Readonly<Record<string, string>> = {
  "test:gives": `(component
    (import "x" (instance $x (export "f" (func))))
    (export "ns:a/one@0.1.0" (instance $x)) (export "ns:a/two@0.1.0" (instance $x))
    (alias export $x "f" (func $f)) (export "plain" (func $f)))`,
  "test:takes": `(component
    (import "ns:a/one@0.1.0" ${instance("f")})
    (import "plain" (func)))`,
  "test:ambiguous": `(component
    (import "ns:a/same" ${instance("f")})
    (import "ns:b/same" ${instance("f")}))`,
  "test:both-names": `(component
    (import "ns:a/same" ${instance("f")})
    (import "same" ${instance("f")}))`,
  "test:needs-f": `(component (import "i" ${instance("f")}))`,
  "test:needs-g": `(component (import "i" ${instance("g")}))`,
  "test:early": `(component (import "ns:a/i@0.2.0" ${instance("f")}))`,
  "test:late": `(component (import "ns:a/i@0.2.1" ${instance("f", "g")}))`,
  "test:next": `(component (import "ns:a/i@0.3.0" ${instance("f")}))`,
  "test:empty": "(component)",
  "ns:a": `(component
    (type (export "one") (component
      (export "ns:a/one@0.1.0" ${instance("f")})))
    (type (export "w") (component
      (export "ns:a/w@0.1.0" (component (import "x" ${instance("f")}) (export "plain" (func)))))))`,
};

let resolver: PackageResolver;

beforeAll(async () => {
  const built = Object.entries(texts).map(async ([name, text]) => [name, await componentFrom(text)]);
  resolver = packagesOf(Object.fromEntries(await Promise.all(built)));
});

const resolve = (text: string): Promise<Composition> => compose(`package a:b;\n${text}`, { resolver });

async function errorOf(text: string): Promise<WacError> {
  try {
    await resolve(text);
  } catch (error) {
    if (error instanceof WacError) {
      return error;
    }
    throw error;
  }
  throw new Error("this composition was expected to have an error");
}

function show(node: GraphNode | undefined): string {
  switch (node?.kind) {
    case "import":
      return `import ${node.name}`;
    case "instantiation":
      return node.path;
    case "alias":
      return `${show(node.source)}[${node.exportName}]`;
    default:
      return String(node?.kind);
  }
}

/** The arguments of the last instantiation. */
function argumentsOf(composition: Composition): Record<string, string> {
  const last = composition.instantiations.at(-1);
  return Object.fromEntries([...(last?.arguments ?? [])].map(([name, node]) => [name, show(node)]));
}

describe("arguments", () => {
  const given = "let g = new test:gives { ... };";

  test("inferred by the path of the interface", async () => {
    const composition = await resolve(
      `${given} let anything = g.one; let t = new test:takes { anything, ... };`,
    );
    expect(argumentsOf(composition)).toEqual({
      "ns:a/one@0.1.0": "g[ns:a/one@0.1.0]",
      plain: "import plain",
    });
  });

  test("inferred by the name of the export or import", async () => {
    const byExport = await resolve(`${given} let p = g.plain; let t = new test:takes { p, ... };`);
    expect(argumentsOf(byExport)).toMatchObject({ plain: "g[plain]" });
    const byImport = await resolve("import p as plain: func(); let t = new test:takes { p, ... };");
    expect(argumentsOf(byImport)).toMatchObject({ plain: "import plain" });
  });

  test("inferred by the last segment of an import's path", async () => {
    const composition = await resolve(
      "import one: interface { f: func(); }; let t = new test:takes { one, ... };",
    );
    expect(argumentsOf(composition)).toMatchObject({ "ns:a/one@0.1.0": "import one" });
  });

  test("inferred by the local name itself", async () => {
    const composition = await resolve(`${given} let i = g.one; let t = new test:needs-f { i };`);
    expect(argumentsOf(composition)).toEqual({ i: "g[ns:a/one@0.1.0]" });
  });

  test("named, with the rule for short names, and exactly in quotes", async () => {
    const short = await resolve(`${given} let t = new test:takes { one: g.two, ... };`);
    expect(argumentsOf(short)).toMatchObject({ "ns:a/one@0.1.0": "g[ns:a/two@0.1.0]" });
    const exact = await resolve(
      `${given} let t = new test:takes { "ns:a/one@0.1.0": g["ns:a/two@0.1.0"], ... };`,
    );
    expect(argumentsOf(exact)).toMatchObject({ "ns:a/one@0.1.0": "g[ns:a/two@0.1.0]" });
  });

  test("a short name that is a name itself means that one", async () => {
    const composition = await resolve(`${given} let t = new test:both-names { same: g.one, ... };`);
    expect(argumentsOf(composition)).toMatchObject({ same: "g[ns:a/one@0.1.0]" });
  });

  test("a short name that fits two imports fits none, and the message says so", async () => {
    const error = await errorOf(`${given} let t = new test:ambiguous { same: g.one, ... };`);
    expect(error).toMatchObject({ code: "unknown-argument", found: "`same`" });
    expect(error.hints[0]).toContain("several imports end with it");
  });

  test("spread come last, in their order, and only where something is missing", async () => {
    const composition = await resolve(
      `${given} let h = new test:gives { ... };
       let t = new test:takes { ...h, ...g, plain: g.plain };`,
    ).catch((error: unknown) => error);
    // Nothing is left for the second spread.
    expect(composition).toMatchObject({ code: "unmatched-spread" });
    const fine = await resolve(`${given} let t = new test:takes { ...g, plain: g.plain };`);
    expect(argumentsOf(fine)).toEqual({ "ns:a/one@0.1.0": "g[ns:a/one@0.1.0]", plain: "g[plain]" });
  });

  test("missing ones are all named, with the instance that exports them", async () => {
    const error = await errorOf(`${given} let t = new test:takes {};`);
    expect(error).toMatchObject({ code: "missing-argument", line: 2, expected: "`ns:a/one@0.1.0`, `plain`" });
    expect(error.hints).toContain("`g` exports `ns:a/one@0.1.0`: pass it with `one: g.one`");
  });
});

describe("implicit imports", () => {
  const exportsOfImport = (composition: Composition, name: string): readonly string[] => {
    const type = composition.imports.find((node) => node.name === name)?.type;
    return type?.kind === "instance" ? [...type.type.exports.keys()] : [];
  };

  test("of one name are one import with what each component needs", async () => {
    const composition = await resolve("let a = new test:needs-f { ... }; let b = new test:needs-g { ... };");
    expect(composition.imports.map(show)).toEqual(["import i"]);
    expect(exportsOfImport(composition, "i")).toEqual(["f", "g"]);
  });

  test("in versions that fit each other are one import of the later version", async () => {
    const composition = await resolve(
      "let a = new test:early { ... }; let b = new test:late { ... }; let c = new test:next { ... };",
    );
    expect(composition.imports.map(show)).toEqual(["import ns:a/i@0.2.1", "import ns:a/i@0.3.0"]);
    expect(exportsOfImport(composition, "ns:a/i@0.2.1")).toEqual(["f", "g"]);
    expect(
      composition.instantiations.map((node) => [...node.arguments].map(([name, it]) => [name, show(it)])),
    ).toEqual([
      [["ns:a/i@0.2.0", "import ns:a/i@0.2.1"]],
      [["ns:a/i@0.2.1", "import ns:a/i@0.2.1"]],
      [["ns:a/i@0.3.0", "import ns:a/i@0.3.0"]],
    ]);
  });

  test("conflict with explicit ones of the same name, wherever these stand", async () => {
    const error = await errorOf("let a = new test:needs-f { ... };\nimport i: func();");
    expect(error).toMatchObject({ code: "import-conflict", line: 3, column: 8 });
  });
});

describe("imports", () => {
  test("by the path of an interface, under its name or another", async () => {
    const composition = await resolve(
      `import one: ns:a/one; import again as other: ns:a/one;
       let t = new test:takes { one, ... }; export again;`,
    );
    expect(composition.imports.map((node) => [node.name, node.interfaceName])).toEqual([
      ["ns:a/one", "ns:a/one@0.1.0"],
      ["other", "ns:a/one@0.1.0"],
      ["plain", undefined],
    ]);
    expect(argumentsOf(composition)).toMatchObject({ "ns:a/one@0.1.0": "import ns:a/one" });
    expect([...composition.exports.keys()]).toEqual(["ns:a/one@0.1.0"]);
  });

  test("of what the text declares", async () => {
    const composition = await resolve(`
      interface i { resource r { constructor(); } make: func() -> r; }
      type fn = func() -> u32;
      import x: i;
      import f: fn;
      let g = x.make;`);
    expect(composition.imports.map((node) => [node.name, node.type.kind])).toEqual([
      ["a:b/i", "instance"],
      ["f", "func"],
    ]);
    expect([...composition.exports.keys()]).toEqual(["i", "fn"]);
  });
});

describe("names", () => {
  test("instances without a name get that of their package, numbered where it is taken", async () => {
    const composition = await resolve(
      "let empty = new test:empty {}; let x = (new test:empty {}); let y = x; export (new test:gives { ... }).plain; let needs-f = new test:needs-f { i: new test:gives { ... }.one };",
    );
    expect(composition.instantiations.map((node) => node.path)).toEqual([
      "empty",
      "x",
      "gives",
      "gives-2",
      "needs-f",
    ]);
  });

  test("wires go through names and accesses to the instances", async () => {
    const composition = await resolve(
      "let g = new test:gives { ... }; let o = (g).one; let p = o.f; let t = new test:takes { one: o, plain: p };",
    );
    expect(wiresOf(composition)).toEqual([
      { consumer: "t", importName: "ns:a/one@0.1.0", provider: "g", exportPath: ["ns:a/one@0.1.0"] },
      { consumer: "t", importName: "plain", provider: "g", exportPath: ["ns:a/one@0.1.0", "f"] },
    ]);
  });
});

describe("exports", () => {
  test("spread all but what is exported already", async () => {
    const composition = await resolve(
      "let g = new test:gives { ... }; import f: func(); export f as plain; export g...;",
    );
    expect([...composition.exports].map(([name, node]) => [name, show(node)])).toEqual([
      ["plain", "import f"],
      ["ns:a/one@0.1.0", "g[ns:a/one@0.1.0]"],
      ["ns:a/two@0.1.0", "g[ns:a/two@0.1.0]"],
    ]);
  });

  test("take the name of the interface, the import or the access", async () => {
    const composition = await resolve(
      "let g = new test:gives { ... }; import f: func(); export f; export g.one; export g.two as two; export g as g;",
    );
    expect([...composition.exports.keys()]).toEqual(["f", "ns:a/one@0.1.0", "two", "g"]);
  });
});

describe("errors", () => {
  test("a name whose definition has an error causes no further errors", async () => {
    const error = await errorOf("let a = new test:nothing {};\nlet b = a.x;\nlet c = d;\nexport b as b;");
    expect([error, ...error.others].map(({ code, line }) => [code, line])).toEqual([
      ["unknown-package", 2],
      ["undefined-name", 4],
    ]);
  });

  test("a package that can't be decoded is told where it is first used, with the cause", async () => {
    const text = "package a:b;\nlet x = new a:bad {};\nlet y = new a:bad {};";
    const bad = compose(text, { resolver: packagesOf({ "a:bad": new Uint8Array([1, 2, 3]) }) });
    await expect(bad).rejects.toMatchObject({ code: "invalid-package", line: 2, column: 13, others: [] });
    await expect(bad).rejects.toHaveProperty("cause.code");
  });

  test.each([
    ["let x = y;\nlet y = z;\nimport z: func();", "used-before-definition"],
    ["let x = new test:needs-f { i: y.one };\nlet y = new test:gives { x: x.i };", "cycle"],
    ["let x = x;", "cycle"],
    ["let x = new test:empty {}; let x = new test:empty {};", "duplicate-name"],
    ["let x = new test:empty {}.y;", "unknown-export"],
    ["import f: func(); let x = f.y;", "not-an-instance"],
    ["let x = new test:takes { ...f, ... }; import f: func();", "used-before-definition"],
    ["let x = new test:takes { ..., plain };", "fill-not-last"],
    ["import i: ns:a/three;", "unknown-path"],
    ["import i: ns:a/one/f/g;", "unknown-path"],
    ["import i: test:empty/one;", "unknown-path"],
    ["let x = new a:b {};", "unknown-package"],
    ["let x = new test:empty {}; export x;", "export-needs-name"],
    ['let x = new test:empty {}; export x as "X y";', "invalid-extern-name"],
    ["import f: func(); export f; export f;", "duplicate-export"],
    ["interface i { f: func(x: y); }", "undefined-name"],
    ["interface i { use ns:a/one.{f}; }", "not-a-type"],
  ])("%s", async (text, code) => {
    expect((await errorOf(text)).code).toBe(code);
  });

  test("a cycle is named", async () => {
    const error = await errorOf(
      "let x = new test:needs-f { i: y.one };\nlet y = new test:gives { x: z.i };\nlet z = new test:gives { x: x.i };",
    );
    expect(error).toMatchObject({
      message: "a cycle: `x` needs `y` needs `z` needs `x`",
      line: 2,
      column: 31,
    });
  });
});

describe("the world that is targeted", () => {
  const targeting = (text: string): Promise<Composition> =>
    compose(`package a:b targets ns:a/w;\n${text}`, { resolver });

  test("is fitted by what imports no more and exports no less", async () => {
    await expect(targeting("let g = new test:gives { ... }; export g.plain;")).resolves.toBeDefined();
    await expect(targeting("import f: func(); export f as plain;")).rejects.toMatchObject({
      code: "target-import",
    });
    await expect(targeting("let g = new test:gives { ... };")).rejects.toMatchObject({
      code: "target-export",
    });
    await expect(targeting("let g = new test:gives { ... }; export g.one as plain;")).rejects.toMatchObject({
      code: "target-mismatch",
    });
  });
});
