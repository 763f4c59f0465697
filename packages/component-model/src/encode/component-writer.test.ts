import { metadataShow, print } from "@bytecodealliance/jco-transpile/wasm-tools";
import { describe, expect, test } from "vitest";
import { decodeComponent } from "../component.ts";
import { instantiate } from "../instantiate.ts";
import { assemble } from "../testing.case.ts";
import { ByteWriter } from "./byte-writer.ts";
import { ComponentWriter } from "./component-writer.ts";
import { TypeBody } from "./definitions.ts";

describe("bytes", () => {
  const written = (write: (out: ByteWriter) => void): number[] => {
    const out = new ByteWriter();
    write(out);
    return [...out.written()];
  };

  test("numbers are LEB128, as short as can be", () => {
    expect(written((out) => out.u32(0))).toEqual([0]);
    expect(written((out) => out.u32(127))).toEqual([0x7f]);
    expect(written((out) => out.u32(128))).toEqual([0x80, 0x01]);
    expect(written((out) => out.u32(0xffff_ffff))).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
  });

  test("type indices are signed: 64 needs a second byte", () => {
    expect(written((out) => out.typeIndex(63))).toEqual([0x3f]);
    expect(written((out) => out.typeIndex(64))).toEqual([0xc0, 0x00]);
    expect(written((out) => out.typeIndex(8192))).toEqual([0x80, 0xc0, 0x00]);
  });

  test("names are UTF-8 after their length, whatever grows in between", () => {
    const long = "é".repeat(500);
    expect(written((out) => out.name(long)).slice(0, 4)).toEqual([0xe8, 0x07, 0xc3, 0xa9]);
    expect(written((out) => out.name(long))).toHaveLength(1002);
  });
});

describe("a component that is written", () => {
  test("imports, aliases, instantiates and exports", async () => {
    const inner = await assemble(`(component
      (import "in" (instance $in (export "f" (func (result u32)))))
      (alias export $in "f" (func $f))
      (export "out" (func $f)))`);
    const out = new ComponentWriter();
    const body = new TypeBody("instance");
    body.export("f", { kind: "func", type: body.funcType([], "u32") });
    const host = out.import("host", { kind: "instance", type: out.bodyType(body) });
    const component = out.component(inner);
    const instance = out.instantiate(component, [["in", { sort: "instance", index: host }]]);
    const func = out.aliasExport("func", instance, "out");
    out.export("answer", { sort: "func", index: func });
    const bundle = out.bundle([["again", { sort: "func", index: func }]]);
    out.export("both", { sort: "instance", index: bundle });

    const made = instantiate(decodeComponent(out.finish()), {
      path: "made",
      imports: { host: { f: () => 42 } },
    });
    const { answer, both } = made.exports as {
      answer: () => number;
      both: { again: () => number };
    };
    expect([answer(), both.again()]).toEqual([42, 42]);
  });

  test("holds modules, and types of modules", async () => {
    const module = await assemble(`(module
      (import "a" "m" (memory 1 2)) (import "a" "f" (func (param i64) (result f32)))
      (table (export "t") 3 funcref) (global (export "g") (mut i32) (i32.const 0))
      (func (export "f") (param i32 i32)) (tag (export "e") (param i32)))`);
    const out = new ComponentWriter();
    out.export("m", { sort: "module", index: out.module(module) });
    const first = decodeComponent(out.finish()).type.exports.get("m");
    if (first?.kind !== "module") throw new Error("expected a module");

    const again = new ComponentWriter();
    again.import("m", { kind: "module", type: again.moduleType(first.type) });
    expect(decodeComponent(again.finish()).type.imports.get("m")).toEqual(first);
  });

  test("has every kind of value type", () => {
    const out = new ComponentWriter();
    const shapes = [
      out.valueType({ kind: "record", fields: [{ name: "a", type: "u8" }] }),
      out.valueType({
        kind: "variant",
        cases: [
          { name: "a", type: undefined },
          { name: "b", type: "char" },
        ],
      }),
      out.valueType({ kind: "enum", labels: ["a", "b"] }),
      out.valueType({ kind: "flags", labels: ["a"] }),
      out.valueType({ kind: "primitive", primitive: "s64" }),
    ];
    // Imports can speak only of types that are imported before them.
    const named = shapes.map((type, at) => out.import(`t${at}`, { kind: "type", type }));
    const [record = 0, variant = 0] = named;
    const types = [
      ...named,
      out.valueType({ kind: "tuple", types: ["string", record] }),
      out.valueType({ kind: "list", element: record, length: undefined }),
      out.valueType({ kind: "list", element: "u8", length: 4 }),
      out.valueType({ kind: "option", type: variant }),
      out.valueType({ kind: "result", ok: undefined, err: "bool" }),
    ];
    const params = types.map((type, at) => ({ name: `p${at}`, type }));
    out.import("f", { kind: "func", type: out.funcType(params, undefined) });
    const f = decodeComponent(out.finish()).type.imports.get("f");
    const kinds = f?.kind === "func" ? f.type.params.map(({ type }) => type.kind) : [];
    expect(kinds).toEqual([
      "record",
      "variant",
      "enum",
      "flags",
      "s64",
      "tuple",
      "list",
      "list",
      "option",
      "result",
    ]);
  });

  test("tells its names, in the order of indices, and its tools", async () => {
    const out = new ComponentWriter();
    const type = out.funcType([], undefined);
    const first = out.import("first", { kind: "func", type });
    const second = out.import("second", { kind: "func", type });
    out.name({ sort: "func", index: second }, "b");
    out.name({ sort: "func", index: first }, "a");
    out.name({ sort: "type", index: type }, "nothing");
    out.nameSection();
    out.producersSection({ "processed-by": { tool: "1.2.3" } });
    const bytes = out.finish();
    expect(await print(bytes)).toMatchInlineSnapshot(`
      "(component
        (type $nothing (;0;) (func))
        (import "first" (func $a (;0;) (type $nothing)))
        (import "second" (func $b (;1;) (type $nothing)))
        (@producers
          (processed-by "tool" "1.2.3")
        )
      )
      "
    `);
    expect((await metadataShow(bytes))[0]?.producers).toEqual([["processed-by", [["tool", "1.2.3"]]]]);
  });

  test("may be empty", () => {
    expect(decodeComponent(new ComponentWriter().finish()).type.imports.size).toBe(0);
  });
});
