import { describe, expect, it } from "vitest";
import { decodeText } from "../testing.case.ts";
import type { ExternType, ResourceType, ValueType } from "../types.ts";
import { printType } from "./print-type.ts";
import { checkSubtype } from "./subtype.ts";

const u32: ValueType = { kind: "u32" };
const text: ValueType = { kind: "string" };

function value(type: ValueType): ExternType {
  return { kind: "type", type: { kind: "value", type } };
}

function func(params: Record<string, ValueType>, result?: ValueType): ExternType {
  return {
    kind: "func",
    type: { params: Object.entries(params).map(([name, type]) => ({ name, type })), result },
  };
}

function instance(exports: Record<string, ExternType>): ExternType {
  return { kind: "instance", type: { exports: new Map(Object.entries(exports)) } };
}

describe("checkSubtype", () => {
  it("lets an instance export more than is asked for", () => {
    const wanted = instance({ run: func({ a: u32 }) });
    expect(checkSubtype(instance({ run: func({ a: u32 }), extra: func({}) }), wanted)).toBeUndefined();
  });

  it("names the place of a difference", () => {
    const point = (y: ValueType): ValueType => ({
      kind: "record",
      fields: [
        { name: "x", type: u32 },
        { name: "y", type: y },
      ],
    });
    const actual = instance({ run: func({ at: { kind: "list", element: point(text), length: undefined } }) });
    const expected = instance({
      run: func({ at: { kind: "list", element: point(u32), length: undefined } }),
    });
    expect(checkSubtype(actual, expected)).toEqual({
      path: ["run", "param at", "element", "field y"],
      expected: "u32",
      found: "string",
    });
  });

  it("says what is missing", () => {
    expect(checkSubtype(instance({}), instance({ run: func({}, u32) }))).toMatchObject({
      path: ["run"],
      expected: "func() -> u32",
      missing: true,
    });
  });

  it.each<[string, ValueType, ValueType]>([
    ["numbers", u32, { kind: "s32" }],
    ["labels", { kind: "enum", labels: ["a"] }, { kind: "enum", labels: ["b"] }],
    ["more labels", { kind: "flags", labels: ["a", "b"] }, { kind: "flags", labels: ["a"] }],
    [
      "cases",
      { kind: "variant", cases: [{ name: "a", type: u32 }] },
      { kind: "variant", cases: [{ name: "a", type: undefined }] },
    ],
    ["lengths", { kind: "list", element: u32, length: 3 }, { kind: "list", element: u32, length: 4 }],
    ["results", { kind: "result", ok: u32, err: undefined }, { kind: "result", ok: undefined, err: u32 }],
    ["options", { kind: "option", type: u32 }, { kind: "option", type: text }],
    ["tuples", { kind: "tuple", types: [u32] }, { kind: "tuple", types: [u32, u32] }],
  ])("tells %s apart", (_what, a, b) => {
    expect(checkSubtype(value(a), value(a))).toBeUndefined();
    expect(checkSubtype(value(a), value(b))).toBeDefined();
    expect(checkSubtype(func({}, a), func({}, b))).toBeDefined();
  });

  it("holds parameters to their names and number", () => {
    expect(checkSubtype(func({ a: u32 }), func({ b: u32 }))).toMatchObject({
      expected: "params (b)",
      found: "params (a)",
    });
    expect(checkSubtype(func({ a: u32 }), func({}))).toBeDefined();
  });

  it("binds a resource where it is first met and holds it to that", () => {
    const resource = (name: string): ResourceType => ({ kind: "resource", name });
    const [mine, other, wanted] = [resource("mine"), resource("other"), resource("wanted")];
    const type = (of: ResourceType): ExternType => ({ kind: "type", type: { kind: "resource", type: of } });
    const take = (of: ResourceType) => func({ r: { kind: "own", resource: of } });
    const expected = instance({ take: take(wanted), r: type(wanted) });
    const bindings = new Map<ResourceType, ResourceType>();
    expect(checkSubtype(instance({ take: take(mine), r: type(mine) }), expected, bindings)).toBeUndefined();
    expect(bindings.get(wanted)).toBe(mine);
    expect(checkSubtype(instance({ take: take(other), r: type(mine) }), expected)).toMatchObject({
      path: ["take", "param r"],
      found: "another resource other",
    });
    expect(checkSubtype(instance({ take: take(other), r: type(other) }), expected, bindings)).toBeDefined();
    expect(checkSubtype(type(mine), type(wanted), new Map(), () => false)).toBeDefined();
  });

  it("compares the imports of components the other way round", async () => {
    const { type } = await decodeText(`(component
      (type $narrow (component (import "a" (func)) (export "f" (func)) (export "g" (func))))
      (type $wide (component (import "a" (func)) (import "b" (func)) (export "f" (func))))
      (export "narrow" (type $narrow))
      (export "wide" (type $wide)))`);
    const component = (name: string): ExternType => {
      const found = type.exports.get(name);
      if (found?.kind !== "type" || found.type.kind !== "component")
        throw new Error("expected a component type");
      return found.type;
    };
    expect(checkSubtype(component("narrow"), component("wide"))).toBeUndefined();
    expect(checkSubtype(component("wide"), component("narrow"))).toMatchObject({ path: ["import b"] });
  });

  it("takes a small type that is huge written out", () => {
    let type: ValueType = u32;
    for (let level = 0; level < 60; level++) type = { kind: "tuple", types: [type, type] };
    let copy: ValueType = u32;
    for (let level = 0; level < 60; level++) copy = { kind: "tuple", types: [copy, copy] };
    expect(checkSubtype(value(type), value(copy))).toBeUndefined();
    expect(printType(type).length).toBeLessThan(500);
  });
});
