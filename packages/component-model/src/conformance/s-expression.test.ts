import { describe, expect, it } from "vitest";
import { headOf, isList, lineOf, parseLists, ScriptError, textOf } from "./s-expression.ts";

describe("parseLists", () => {
  it("finds atoms, strings and lists with their places", () => {
    const source = '(a "b" (c $d))\n(e)';
    const lists = parseLists(source);
    expect(lists.map((list) => source.slice(list.start, list.end))).toEqual(['(a "b" (c $d))', "(e)"]);
    expect(lists.map(headOf)).toEqual(["a", "e"]);
    const [, text, inner] = lists[0]?.items ?? [];
    expect(textOf(text, source, 0)).toBe("b");
    expect(isList(inner, "c")).toBe(true);
    expect(lineOf(source, lists[1]?.start ?? 0)).toBe(2);
  });

  it("skips comments of lines and blocks, which nest, also with brackets and quotes inside", () => {
    const lists = parseLists(';; (x "\n(a (; (b (; ) ;) " ;) c) ;; end');
    expect(lists).toHaveLength(1);
    expect(lists[0]?.items.map((item) => (item.kind === "atom" ? item.text : item.kind))).toEqual(["a", "c"]);
  });

  it("reads every escape of strings, and bytes that are no text", () => {
    const [list] = parseLists(String.raw`(s "\00\ff\t\n\r\"\'\\\u{20ac}é" "\u{1_F600}")`);
    const [, bytes, smile] = list?.items ?? [];
    expect(bytes?.kind === "string" && [...bytes.bytes]).toEqual([
      0, 255, 9, 10, 13, 34, 39, 92, 0xe2, 0x82, 0xac, 0xc3, 0xa9,
    ]);
    expect(textOf(smile, "", 0)).toBe("😀");
  });

  it.each([
    ["(a", "( is never closed"],
    ["a)", "unexpected )"],
    ["a", "expected a list"],
    ['(a "b', "string is never closed"],
    ['(a "\\q")', "invalid escape"],
    ["(a (; b)", "comment is never closed"],
  ])("refuses %s with the line", (source, message) => {
    expect(() => parseLists(`\n${source}`)).toThrow(ScriptError);
    expect(() => parseLists(`\n${source}`)).toThrow(`line 2: ${message}`);
  });
});
