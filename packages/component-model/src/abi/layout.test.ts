import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ValueType } from "../types.ts";
import { anyType } from "./arbitrary.case.ts";
import { coreFuncType, flatten } from "./flatten.ts";
import { enumeration, flags, func, list, option, record, result, t, tuple, variant } from "./guest.case.ts";
import { discriminantSize, layoutOf } from "./layout.ts";
import { camelCase, upperCamelCase } from "./names.ts";
import { alignment, elementSize } from "./reference.case.ts";

const labels = (count: number) => Array.from({ length: count }, (_, i) => `l${i}`);

test("sizes and alignments are those of the specification", () => {
  fc.assert(
    fc.property(anyType, (type) => {
      expect(layoutOf(type)).toEqual({ size: elementSize(type), align: alignment(type) });
    }),
    { numRuns: 300 },
  );
});

test("discriminants and flags take the smallest integer that holds them", () => {
  expect([1, 2, 256, 257, 65536, 65537].map(discriminantSize)).toEqual([1, 1, 1, 2, 2, 4]);
  expect([1, 8, 9, 16, 17, 32].map((n) => layoutOf(flags(...labels(n))).size)).toEqual([1, 1, 2, 2, 4, 4]);
});

test("types of which parts are shared many times are measured quickly", () => {
  let type: ValueType = t.u8;
  for (let i = 0; i < 27; i++) type = tuple(type, type);
  expect(layoutOf(type)).toEqual({ size: 2 ** 27, align: 1 });
  expect(flatten(type)).toBeUndefined();
});

describe("flat types", () => {
  test.each<[string, ValueType, readonly string[] | undefined]>([
    ["a record", record({ a: t.u8, b: t.f32, c: t.string }), ["i32", "f32", "i32", "i32"]],
    ["a variant", variant({ a: t.f32, b: t.u32, c: undefined }), ["i32", "i32"]],
    ["a wider variant", variant({ a: tuple(t.f32, t.f64), b: tuple(t.f64, t.f64) }), ["i32", "i64", "f64"]],
    ["a result", result(t.s64, t.string), ["i32", "i64", "i32"]],
    ["an option", option(list(t.u8)), ["i32", "i32", "i32"]],
    ["an enum", enumeration("a"), ["i32"]],
    ["a fixed list", list(t.f64, 3), ["f64", "f64", "f64"]],
    ["too many", list(t.u8, 17), undefined],
    ["a variant of many", variant({ a: list(t.u8, 16) }), undefined],
  ])("of %s", (_, type, flats) => {
    expect(flatten(type)).toEqual(flats);
  });

  test("of functions spill over to memory", () => {
    const many = new Array<ValueType>(17).fill(t.u32);
    expect(coreFuncType(func(many, t.string), "lift")).toEqual({ params: ["i32"], results: ["i32"] });
    expect(coreFuncType(func(many, t.string), "lower")).toEqual({ params: ["i32", "i32"], results: [] });
    expect(coreFuncType(func([t.u64], t.f32), "lower")).toEqual({ params: ["i64"], results: ["f32"] });
  });
});

test("names are those of jco", () => {
  expect(["rate-hz", "get-HTTP-body", "a", "x1-y2z", "is-XML"].map(camelCase)).toEqual([
    "rateHz",
    "getHttpBody",
    "a",
    "x1Y2z",
    "isXml",
  ]);
  expect(["sensor-info", "TCP-socket"].map(upperCamelCase)).toEqual(["SensorInfo", "TcpSocket"]);
});
