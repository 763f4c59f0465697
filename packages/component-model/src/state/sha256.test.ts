import * as fc from "fast-check";
import { expect, it } from "vitest";
import { portableSha256, sha256 } from "./sha256.ts";

it("SHA-256 is that of the standard", () => {
  const abc = new TextEncoder().encode("abc");
  const expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  expect([sha256(abc), portableSha256(abc)]).toEqual([expected, expected]);
});

it("SHA-256 is the same with and without the platform's", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(portableSha256(bytes)).toBe(sha256(bytes));
    }),
  );
});
