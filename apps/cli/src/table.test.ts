import { describe, expect, it } from "vitest";
import { table } from "./table.ts";

describe("table", () => {
  it("puts text to the left and numbers to the right", () => {
    expect(
      table([
        ["name", "count"],
        ["a", 5],
        ["longer", 1234],
      ]),
    ).toBe("  name    count\n  a           5\n  longer   1234\n");
  });

  it("shows the first of many rows", () => {
    const lines = table([["n"], ...Array.from({ length: 300_000 }, (_, i) => [i])]).split("\n");
    expect(lines.length).toBe(203);
    expect(lines.at(-2)).toBe("  … and 299800 more");
  });

  it("escapes what a terminal would obey, and cuts what is long", () => {
    const text = table([["name"], ["\u001b[2J\nfake\u009b\u202e"], ["x".repeat(1000)]]);
    expect(text).toContain("\\x1b[2J\\nfake\\x9b\\u202e\n");
    expect(text.split("\n")[2]?.length).toBe(403);
  });
});
