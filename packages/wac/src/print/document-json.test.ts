import { describe, expect, test } from "vitest";
import { parseWac } from "../parse/document.ts";
import { documentJson } from "./document-json.ts";

describe("a syntax tree in the form that wac prints", () => {
  test("counts bytes, not characters", () => {
    const text = '/* é 🚗 */ package a:b;\n/// 🚗\nexport x["é"] as "y";';
    const json = JSON.parse(JSON.stringify(documentJson(parseWac(text))));
    const bytes = Buffer.from(text);
    const spans: string[] = [];
    JSON.stringify(json, (key, value: unknown) => {
      if (key === "span" && typeof value === "object" && value !== null) {
        const { offset, length } = value as { offset: number; length: number };
        spans.push(bytes.subarray(offset, offset + length).toString());
      }
      return value;
    });
    expect(spans).toEqual(["a:b", "/// 🚗", 'x["é"]', "x", '["é"]', '"é"', '"y"']);
  });

  test("has the statements under the names of their kinds", () => {
    const json = documentJson(parseWac("package a:b; import f: func(); let g = f; export g; type t = f;"));
    const { statements } = json as { statements: readonly object[] };
    expect(statements.map((statement) => Object.keys(statement))).toEqual([
      ["Import"],
      ["Let"],
      ["Export"],
      ["Type"],
    ]);
  });

  test("of a long text finds its places too", () => {
    const text = `${"// é\n".repeat(1000)}package a:b;`;
    expect(documentJson(parseWac(text))).toMatchObject({
      directive: { package: { span: { offset: 6008, length: 3 } } },
    });
  });
});
