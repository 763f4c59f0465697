import fc from "fast-check";
import { expect, it } from "vitest";
import { firstDifference } from "./diff-values.ts";

it.each([
  [{ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }, "a[1].b"],
  [{ "a b": 1 }, { "a b": 2 }, '["a b"]'],
  [[1, 2], [1], "[1]"],
  [{ a: 1 }, {}, "a"],
  [0, -0, ""],
  [1, "1", ""],
  [new Float32Array([1, Number.NaN]), new Float32Array([1, 2]), "[1]"],
  [{ toString: 1 }, {}, "toString"],
])("%j and %j differ at %s", (a, b, path) => {
  expect(firstDifference(a, b)?.path).toBe(path);
});

it("can be written, however deep the values are inside of each other", () => {
  const deep = (inner: string) => JSON.parse(`{"a":${"[".repeat(50_000)}${inner}${"]".repeat(50_000)}}`);
  const found = firstDifference(deep(""), deep("1"));
  expect(found?.path).toMatch(/^a(\[0\]){499}$/);
  expect(JSON.stringify(found)).toContain("…");
  expect(JSON.stringify(firstDifference(deep(""), { a: 1 }))).toContain("…");
});

it("finds none between equal values, and some between others", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(firstDifference(a, structuredClone(a))).toBeUndefined();
      const same = JSON.stringify(a) === JSON.stringify(b);
      if (same) return;
      const found = firstDifference(a, b);
      // The order of keys is no difference between values.
      if (found !== undefined) expect(found.a).not.toBe(found.b);
    }),
  );
});
