import type { ValueType } from "@playhead/component-model";
import { describe, expect, it } from "vitest";
import { alignOf, flatten, offsetsOf, payloadOffset, sizeOf } from "./layout.ts";

const prim = (
  kind: "u8" | "u16" | "u32" | "s64" | "f32" | "f64" | "string" | "bool" | "char",
): ValueType => ({ kind });
const u8 = prim("u8");
const record = (...types: ValueType[]): ValueType => ({
  kind: "record",
  fields: types.map((type, i) => ({ name: `f${i}`, type })),
});
const variant = (...types: (ValueType | undefined)[]): ValueType => ({
  kind: "variant",
  cases: types.map((type, i) => ({ name: `c${i}`, type })),
});
const labels = (count: number) => Array.from({ length: count }, (_, i) => `l${i}`);

describe("sizes and alignments", () => {
  const cases: [string, ValueType, size: number, alignment: number][] = [
    ["bool", prim("bool"), 1, 1],
    ["char", prim("char"), 4, 4],
    ["string", prim("string"), 8, 4],
    ["a list of bytes", { kind: "list", element: u8, length: undefined }, 8, 4],
    ["a record with gaps", record(u8, prim("s64"), u8), 24, 8],
    ["a tuple", { kind: "tuple", types: [prim("u16"), u8] }, 4, 2],
    ["an empty record", record(), 0, 1],
    ["an option of a byte", { kind: "option", type: u8 }, 2, 1],
    ["an option of s64", { kind: "option", type: prim("s64") }, 16, 8],
    ["a result without values", { kind: "result", ok: undefined, err: undefined }, 1, 1],
    ["a result", { kind: "result", ok: u8, err: prim("string") }, 12, 4],
    ["a variant", variant(undefined, prim("f64"), u8), 16, 8],
    ["a variant of 257 cases", variant(...labels(257).map(() => u8)), 4, 2],
    ["an enum of 256", { kind: "enum", labels: labels(256) }, 1, 1],
    ["an enum of 257", { kind: "enum", labels: labels(257) }, 2, 2],
    ["8 flags", { kind: "flags", labels: labels(8) }, 1, 1],
    ["9 flags", { kind: "flags", labels: labels(9) }, 2, 2],
    ["17 flags", { kind: "flags", labels: labels(17) }, 4, 4],
    ["a handle", { kind: "own", resource: { kind: "resource", name: "r" } }, 4, 4],
  ];
  for (const [name, type, size, alignment] of cases) {
    it(`of ${name}: ${size}, ${alignment}`, () => {
      expect([sizeOf(type), alignOf(type)]).toEqual([size, alignment]);
    });
  }

  it("puts parts where their alignment allows", () => {
    expect(offsetsOf([u8, prim("u16"), u8, prim("f64"), prim("string")])).toEqual([0, 2, 4, 8, 16]);
    expect(payloadOffset([{ name: "a", type: prim("f64") }])).toBe(8);
  });
});

describe("flattening", () => {
  it("joins the payloads of cases", () => {
    expect(flatten(variant(prim("f32"), prim("u32")))).toEqual(["i32", "i32"]);
    expect(flatten(variant(prim("f32"), prim("f64")))).toEqual(["i32", "i64"]);
    expect(flatten(variant(prim("f32"), prim("s64"), prim("string")))).toEqual(["i32", "i64", "i32"]);
    expect(flatten(variant(prim("f64"), prim("f64")))).toEqual(["i32", "f64"]);
  });

  it("goes through records, options and results", () => {
    const type = record(prim("bool"), { kind: "option", type: prim("f64") }, prim("string"));
    expect(flatten(type)).toEqual(["i32", "i32", "f64", "i32", "i32"]);
    expect(flatten({ kind: "result", ok: undefined, err: prim("char") })).toEqual(["i32", "i32"]);
    expect(flatten({ kind: "enum", labels: ["a"] })).toEqual(["i32"]);
  });
});
