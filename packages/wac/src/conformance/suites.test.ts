import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { decodeComponent } from "@playhead/component-model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adder } from "../adders.case.ts";
import { CompositionBuilder } from "../composition-builder.ts";
import { encodeComposition } from "../encode/encode-composition.ts";
import { WacError, type WacErrorCode } from "../errors.ts";
import { type CaseReport, exceptionFor } from "./case.ts";
import { runComposedSuite } from "./composed-suite.ts";
import { DOCUMENT_SUITES, runDocumentSuite } from "./document-suites.ts";
import { readCauses, readReport } from "./expected.ts";
import { runGraphSuite } from "./graph-suite.ts";
import { differentReason } from "./reasons.ts";

const report = (message: string, place: string, ...causes: readonly string[]): string =>
  [
    `failed`,
    ``,
    `  × ${message}`,
    ...causes.map((cause) => `  ╰─▶ ${cause}`),
    `   ╭─[x.wac:${place}]`,
    ``,
  ].join("\n");

const component = `(component (import "f" (func (param "a" u8))) (export "g" (func 0)))`;
const graphJson = (nodes: string, rest = ""): string =>
  `{ "packages": [{ "name": "test:p", "path": "p.wat" }], "nodes": [${nodes}]${rest} }`;

const files: Readonly<Record<string, string>> = {
  "parser/good.wac": "package a:b;",
  "parser/good.wac.result": `{\n  "docs": [],\n  "directive": {\n    "package": {\n      "string": "a:b",\n      "name": "a:b",\n      "version": null,\n      "span": {\n        "offset": 8,\n        "length": 3\n      }\n    }\n  },\n  "statements": []\n}`,
  "parser/fail/semi.wac": "package a:b",
  "parser/fail/semi.wac.result": report("expected `;`, found end of input", "1:11"),
  "resolution/other.wac": "package a:b; type t = u8;",
  "resolution/other.wac.result": 'digraph {\n    0 [ label = "another" ]\n}\n',
  "resolution/fail/elsewhere.wac": "package a:b;\nlet x = y;",
  "resolution/fail/elsewhere.wac.result": report("undefined name `y`", "1:1"),
  "resolution/fail/reason.wac": "package a:b;\nlet x = y;",
  "resolution/fail/reason.wac.result": report("undefined name `z`", "2:9"),
  "resolution/fail/accepted.wac": "package a:b;",
  "resolution/fail/accepted.wac.result": report("undefined name `y`", "1:1"),
  "encoding/empty.wac": "package a:b;",
  "encoding/empty.wac.result": `(component\n  (@producers\n    (processed-by "wac-parser" "0.10.1")\n  )\n)\n`,
  "graphs/fine/p.wat": component,
  "graphs/fine/graph.json": graphJson(
    `{ "type": "instantiation", "package": 0 }`,
    `, "names": [{ "node": 0, "name": "p" }]`,
  ),
  "graphs/fine/encoded.wat": '(component\n  (type (;0;) (func (param "a" u8)))\n',
  "graphs/missing/p.wat": component,
  "graphs/missing/graph.json": graphJson(
    `{ "type": "instantiation", "package": 0 }, { "type": "alias", "source": 0, "export": "h" }`,
  ),
  "graphs/missing/error.txt":
    "failed to add alias node 1\n\nCaused by:\n    instance does not have an export named `h`\n",
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wac-conformance-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
});

afterAll(() => rm(folder, { recursive: true }));

const problems = (reports: readonly CaseReport[]): unknown =>
  Object.fromEntries(reports.map(({ name, problem }) => [name.slice(folder.length + 1), problem]));

describe("the runner of wac's tests", () => {
  test("accepts what is as expected, and says what is not", async () => {
    const found: Record<string, unknown> = {};
    for (const suite of DOCUMENT_SUITES) {
      Object.assign(found, problems(await runDocumentSuite(suite, join(folder, suite.name))));
    }
    Object.assign(found, problems(await runGraphSuite(join(folder, "graphs"))));
    expect(found).toEqual({
      "parser/good.wac": undefined,
      "parser/fail/semi.wac": undefined,
      "resolution/other.wac": expect.stringMatching(/^line 2: expected “ {4}0 \[ label = "another" \]”/),
      "resolution/fail/elsewhere.wac": expect.stringMatching(/^expected at 1:1, found at 2:9/),
      "resolution/fail/reason.wac": expect.stringMatching(/^`z` is not named/),
      "resolution/fail/accepted.wac": "accepted",
      "encoding/empty.wac": undefined,
      "graphs/fine": expect.stringMatching(/^line 3: expected “the end”/),
      "graphs/missing": undefined,
    });
  });
});

describe("compositions beside the components that were made of them", () => {
  test("must give the same bytes, with the packages from inside", async () => {
    const text = "package a:b;\nlet one = new test:one { ... };\nexport one...;\n";
    const component = decodeComponent(await adder(1));
    const encoded = (label: string): Uint8Array => {
      const builder = new CompositionBuilder("a:b");
      const one = builder.instantiate(builder.addPackage("test:one", component));
      builder.label(one, label);
      builder.export(builder.alias(one, "test:w/number@0.1.0"), "test:w/number@0.1.0");
      return encodeComposition(builder.build(), { processedBy: { name: "some-tool", version: "9.8.7" } });
    };
    const [bytes, other] = [encoded("one"), encoded("two")];
    await mkdir(join(folder, "compositions"));
    for (const [name, wasm] of [
      ["same", bytes],
      ["other", other],
      ["cut", bytes.subarray(0, 20)],
    ] as const) {
      await writeFile(join(folder, `compositions/${name}.wac`), text);
      await writeFile(join(folder, `compositions/${name}.wasm`), wasm);
    }
    await writeFile(join(folder, "compositions/alone.wac"), "no case");
    expect(problems(await runComposedSuite(join(folder, "compositions")))).toEqual({
      "compositions/cut.wac": expect.stringMatching(/^refused: Error: the file ends early/),
      "compositions/other.wac": expect.stringMatching(/the first other one is at \d+$/),
      "compositions/same.wac": undefined,
    });
  });
});

describe("what is meant to differ", () => {
  const exceptionOf = (name: string, problem: string): string | undefined =>
    exceptionFor({ name, expected: "accepted", problem });

  test("is meant for its own reason alone", () => {
    const resource =
      "refused: mismatched instantiation argument `my-func`\n      at `result`\n      expected: resource x";
    expect(exceptionOf("graphs/implicit-resource-import", resource)).toMatch(/told apart by identity/);
    expect(exceptionOf("graphs/another", resource)).toBeUndefined();
    expect(exceptionOf("graphs/implicit-resource-import", "line 3: expected “a”, found “b”")).toBeUndefined();
    const scope =
      "refused: x.wac:1:1: package `a:b` is not a component that can be used: streams at byte 31: this host does not support it\n  more";
    expect(exceptionOf("x.wac", scope)).toMatch(/out of scope/);
  });
});

describe("the same reason", () => {
  const error = (code: WacErrorCode, message: string, more: object = {}): WacError =>
    new WacError({ file: "", text: "" }, { code, message, range: { start: 0, end: 0 }, ...more });
  const mismatch = (expected: string, found: string, way: string): WacError =>
    error("mismatched-argument", "mismatched instantiation argument `x`", {
      expected,
      found,
      notes: [`at ${way}`],
    });
  const head = "mismatched instantiation argument `x`";

  test("is the same rule, entity, way and difference", () => {
    const causes = [
      "mismatched type for export `f`",
      "mismatched type for function result",
      "expected u8, found string",
    ];
    expect(differentReason([head, ...causes], mismatch("u8", "string", "`f` › `result`"))).toBeUndefined();
    expect(differentReason([head, ...causes], mismatch("u8", "string", "`g` › `result`"))).toMatch(
      /does not lead over `f`/,
    );
    expect(differentReason([head, ...causes], mismatch("u8", "char", "`f` › `result`"))).toMatch(
      /is told as u8 \/ char/,
    );
    expect(differentReason([head], error("unknown-argument", "x"))).toMatch(
      /expected the rule mismatched-argument/,
    );
    expect(differentReason(["something new"], error("syntax", "x"))).toMatch(/no rule is known/);
  });

  test("counts kinds, members and what is missing", () => {
    const both = (cause: string, right: WacError, wrong: WacError): void => {
      expect([cause, differentReason([head, cause], right)]).toEqual([cause, undefined]);
      expect([cause, typeof differentReason([head, cause], wrong)]).toEqual([cause, "string"]);
    };
    both(
      "expected function, found instance",
      mismatch("func()", "instance {  }", ""),
      mismatch("instance {  }", "func()", ""),
    );
    both(
      "expected an enum type case count of 3, found a count of 4",
      mismatch("enum { a, b, c }", "enum { a, b, c, d }", "`e`"),
      mismatch("enum { a, b }", "enum { a, b, c, d }", "`e`"),
    );
    both(
      "instance is missing expected function export `[method]r.foo`",
      mismatch("func(self: borrow<r>)", "nothing: no export of this name", "`[method]r.foo`"),
      mismatch("func(self: borrow<r>)", "nothing: no export of this name", "`[method]r.bar`"),
    );
  });

  test("is read from wrapped reports and from causes", () => {
    const wrapped = "failed\n\n  × expected `a`,\n  │ found `b`\n   ╭─[x.wac:2:1]\n";
    expect(readReport(wrapped)).toEqual({ messages: ["expected `a`, found `b`"], place: "2:1" });
    expect(readCauses("head\n\nCaused by:\n    0: one\n    1: two\n").messages).toEqual([
      "head",
      "one",
      "two",
    ]);
  });
});
