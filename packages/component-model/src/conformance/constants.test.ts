import { describe, expect, it } from "vitest";
import type { ValueType } from "../types.ts";
import { ConstantError, readConstant, toValue } from "./constants.ts";
import { parseLists } from "./s-expression.ts";

function value(source: string, type: ValueType): unknown {
  const [list] = parseLists(source);
  if (list === undefined) throw new Error("expected a list");
  return toValue(readConstant(list, source), type);
}

const u8: ValueType = { kind: "u8" };
const string: ValueType = { kind: "string" };
const list = (element: ValueType): ValueType => ({ kind: "list", element, length: undefined });
const option = (type: ValueType): ValueType => ({ kind: "option", type });

describe("constants of scripts", () => {
  const cases: [source: string, type: ValueType, expected: unknown][] = [
    ["(bool.const true)", { kind: "bool" }, true],
    ["(u8.const 0xff)", u8, 255],
    ["(s8.const 255)", { kind: "s8" }, -1],
    ["(u32.const -1)", { kind: "u32" }, 0xffff_ffff],
    ["(u32.const 1_000)", { kind: "u32" }, 1000],
    ["(u64.const 0xffff_ffff_ffff_ffff)", { kind: "u64" }, 2n ** 64n - 1n],
    ["(s64.const -5)", { kind: "s64" }, -5n],
    ["(f32.const 0.1)", { kind: "f32" }, Math.fround(0.1)],
    ["(f64.const -0x1.8p3)", { kind: "f64" }, -12],
    ["(f64.const -inf)", { kind: "f64" }, Number.NEGATIVE_INFINITY],
    ["(f64.const nan:0x1)", { kind: "f64" }, Number.NaN],
    ['(char.const "é")', { kind: "char" }, "é"],
    ['(str.const "a\\00")', string, "a\0"],
    ["(list.const (u8.const 1) (u8.const 2))", list(u8), Uint8Array.of(1, 2)],
    ['(list.const (str.const "a"))', list(string), ["a"]],
    ['(tuple.const (u8.const 1) (str.const "a"))', { kind: "tuple", types: [u8, string] }, [1, "a"]],
    [
      '(record.const (field "a-b" (u8.const 1)) (field "c" str.const "d"))',
      {
        kind: "record",
        fields: [
          { name: "a-b", type: u8 },
          { name: "c", type: string },
        ],
      },
      { aB: 1, c: "d" },
    ],
    ['(flags.const "b-c")', { kind: "flags", labels: ["a", "b-c"] }, { a: false, bC: true }],
    ['(enum.const "x")', { kind: "enum", labels: ["x"] }, "x"],
    [
      '(variant.const "x" (u8.const 1))',
      { kind: "variant", cases: [{ name: "x", type: u8 }] },
      { tag: "x", val: 1 },
    ],
    ['(variant.const "x")', { kind: "variant", cases: [{ name: "x", type: undefined }] }, { tag: "x" }],
    ["(option.none)", option(u8), undefined],
    ["(option.some (u8.const 1))", option(u8), 1],
    ["(option.some (option.none))", option(option(u8)), { tag: "some", val: undefined }],
    ["(result.ok (u8.const 1))", { kind: "result", ok: u8, err: undefined }, { tag: "ok", val: 1 }],
    ["(result.err)", { kind: "result", ok: u8, err: undefined }, { tag: "err" }],
  ];
  it.each(cases)("%s", (source, type, expected) => {
    expect(value(source, type)).toEqual(expected);
  });

  it.each([
    ["(u8.const 1)", string],
    ["(tuple.const)", { kind: "tuple", types: [u8] }],
    ['(enum.const "y")', { kind: "enum", labels: ["x"] }],
    ['(flags.const "y")', { kind: "flags", labels: ["x"] }],
    ["(list.const (u8.const 1))", { kind: "list", element: u8, length: 2 }],
    ["(result.ok)", { kind: "result", ok: u8, err: undefined }],
  ] satisfies [string, ValueType][])("%s is no value of another type", (source, type) => {
    expect(() => value(source, type)).toThrow(ConstantError);
  });
});
