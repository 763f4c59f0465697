import { beforeAll, describe, expect, it } from "vitest";
import { decodeComponent } from "../component.ts";
import { ComponentModelError } from "../errors.ts";
import { assemble, dummyComponent } from "../testing.case.ts";

const wit = `
package fuzz:me@0.1.0;
interface host {
  record item { id: u32, name: string, tags: list<string>, at: option<s64> }
  variant outcome { ok(item), failed(string), nothing }
  resource session { constructor(name: string); next: func() -> result<item, string>; }
  open: func(name: string) -> session;
}
interface guest { use host.{item, outcome}; run: func(items: list<item>) -> outcome; }
world w { import host; export guest; }`;

const text = `(component $nested
  (component $c
    (import "f" (func $f (param "x" u32) (result u32)))
    (core module $m (import "" "f" (func (param i32) (result i32))) (memory (export "m") 1) (global i32 (i32.const 7))
      (func (export "g") (param i32) (result i32) local.get 0))
    (core func $lowered (canon lower (func $f)))
    (core instance $i (instantiate $m (with "" (instance (export "f" (func $lowered))))))
    (func (export "g") (param "x" u32) (result u32) (canon lift (core func $i "g"))))
  (import "f" (func $f (param "x" u32) (result u32)))
  (type $r (resource (rep i32)))
  (instance $i (instantiate $c (with "f" (func $f))))
  (export "g" (func $i "g")))`;

/** A small generator of numbers (Marsaglia's xorshift32), so that a failure can be repeated by its seed. */
function random(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function mutate(original: Uint8Array, seed: number): Uint8Array {
  const next = random(seed * 2654435761);
  let bytes = Uint8Array.from(original);
  for (let count = 1 + next(4); count > 0; count--) {
    const at = next(bytes.length);
    switch (next(5)) {
      case 0:
        bytes[at] = next(256);
        break;
      case 1:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << next(8));
        break;
      case 2:
        bytes[at] = [0x00, 0x01, 0x7f, 0x80, 0xff][next(5)] ?? 0;
        break;
      case 3:
        bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1 + next(8))]);
        break;
      default:
        bytes.copyWithin(at, next(bytes.length), next(bytes.length));
    }
  }
  return bytes;
}

describe("decoding broken bytes", () => {
  const originals: Uint8Array[] = [];
  beforeAll(async () => {
    originals.push(await dummyComponent(wit, "w"), await assemble(text));
  });

  it("throws nothing but errors with a code and an offset inside the bytes", () => {
    const codes = new Map<string, number>();
    for (const original of originals) {
      for (let seed = 1; seed <= 400; seed++) {
        const bytes = mutate(original, seed);
        try {
          decodeComponent(bytes);
          codes.set("accepted", (codes.get("accepted") ?? 0) + 1);
        } catch (error) {
          if (!(error instanceof ComponentModelError)) throw new Error(`seed ${seed}`, { cause: error });
          expect(error.offset, `seed ${seed}: ${error.message}`).toBeTypeOf("number");
          expect(error.offset).toBeLessThanOrEqual(bytes.length);
          codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
        }
      }
    }
    for (const code of ["malformed", "invalid", "accepted"])
      expect(codes.get(code) ?? 0, code).toBeGreaterThan(20);
  });

  it("refuses every truncation that cuts a section", () => {
    for (const original of originals) {
      for (let length = 0; length < original.length; length += 7) {
        try {
          decodeComponent(original.subarray(0, length));
        } catch (error) {
          expect(error).toBeInstanceOf(ComponentModelError);
        }
      }
      expect(() => decodeComponent(original.subarray(0, original.length - 1))).toThrow(ComponentModelError);
    }
  });
});
