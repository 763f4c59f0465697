import * as fc from "fast-check";
import { expect, it } from "vitest";
import { failure } from "../testing.case.ts";
import { canonicalText } from "./plain-data.ts";

const plain = fc.anything({ withBigInt: true, withNullPrototype: true, withTypedArray: false });

it("equal data have the same text, whatever the order of keys; others another", () => {
  fc.assert(
    fc.property(plain, plain, (a, b) => {
      expect(canonicalText(structuredClone(a)) === canonicalText(a)).toBe(true);
      const same = fc.stringify(a) === fc.stringify(b);
      if (same) expect(canonicalText(a)).toBe(canonicalText(b));
    }),
  );
  expect(canonicalText({ a: 1, b: [2] })).toBe(canonicalText({ b: [2], a: 1 }));
  const different = [1, 1n, "1", [1], { 1: 1 }, Uint8Array.of(1), true, null, undefined, -0, 0, "", [], {}];
  expect(new Set(different.map(canonicalText)).size).toBe(different.length);
});

it("other data are refused", () => {
  for (const data of [() => {}, Symbol("s"), new Map(), new Date(0)]) {
    failure(() => canonicalText({ data }), "not-saveable");
  }
});
