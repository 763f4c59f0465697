import { componentEmbed } from "@bytecodealliance/jco-transpile/wasm-tools";
import { describe, expect, it } from "vitest";
import { decodeComponent, isComponent } from "./component.ts";
import { assemble, decodeText, dummyComponent, failure, rawComponent } from "./testing.case.ts";
import type { ComponentType, ExternType } from "./types.ts";
import { printExtern } from "./typing/print-type.ts";

const allTypes = `
package test:all@1.2.0;
interface things {
  record point { x: f32, y: f64 }
  variant shape { none, dot(point), many(list<point>) }
  enum color { red, green }
  flags rights { read, write, run }
  type id = u64;
  resource file {
    constructor(name: string);
    read: func(at: u32) -> result<list<u8>, color>;
    open: static func(r: rights) -> option<file>;
  }
  all: func(a: bool, b: s8, c: u8, d: s16, e: u16, f: s32, g: u32, h: s64, i: id, j: f32, k: f64, l: char, m: string) -> tuple<point, shape>;
  take: func(f: file, b: borrow<file>) -> result;
}
world w { use things.{shape}; export run: func(s: shape); }
`;

function exportsOf(type: ExternType | undefined): Record<string, string> {
  if (type?.kind !== "instance") throw new Error("expected an instance");
  return Object.fromEntries([...type.type.exports].map(([name, item]) => [name, printExtern(item)]));
}

describe("decoding types", () => {
  it("resolves every kind of value type", async () => {
    const component = decodeComponent(await dummyComponent(allTypes, "w"));
    expect([...component.type.imports.keys()]).toEqual(["test:all/things@1.2.0", "shape"]);
    expect(exportsOf(component.type.imports.get("test:all/things@1.2.0"))).toEqual({
      point: "type record { x: f32, y: f64 }",
      shape: "type variant { none, dot(record { x: f32, y: f64 }), many(list<record { x: f32, y: f64 }>) }",
      color: "type enum { red, green }",
      rights: "type flags { read, write, run }",
      id: "type u64",
      file: "resource file",
      "[constructor]file": "func(name: string) -> file",
      "[method]file.read": "func(self: borrow<file>, at: u32) -> result<list<u8>, enum { red, green }>",
      "[static]file.open": "func(r: flags { read, write, run }) -> option<file>",
      all:
        "func(a: bool, b: s8, c: u8, d: s16, e: u16, f: s32, g: u32, h: s64, i: u64, j: f32, k: f64, l: char, m: string)" +
        " -> tuple<record { x: f32, y: f64 }, variant { none, dot(record { x: f32, y: f64 }), many(list<record { x: f32, y: f64 }>) }>",
      take: "func(f: file, b: borrow<file>) -> result",
    });
    expect(exportsOf({ kind: "instance", type: { exports: component.type.exports } }).run).toContain(
      "func(s: variant",
    );
  });

  it("keeps one resource type for one resource", async () => {
    const component = decodeComponent(await dummyComponent(allTypes, "w"));
    expect(component.type.importedResources?.map((resource) => resource.name)).toEqual(["file"]);
    const instance = component.type.imports.get("test:all/things@1.2.0");
    if (instance?.kind !== "instance") throw new Error("expected an instance");
    const take = instance.type.exports.get("take");
    const [owned, borrowed] = take?.kind === "func" ? take.type.params : [];
    const [resource] = component.type.importedResources ?? [];
    expect(owned?.type).toEqual({ kind: "own", resource });
    expect(borrowed?.type).toEqual({ kind: "borrow", resource });
    expect(owned?.type.kind === "own" && owned.type.resource).toBe(resource);
  });

  it("decodes what wasm-tools writes about a world into a module", async () => {
    const module = await componentEmbed({
      witSource: allTypes,
      world: "w",
      dummy: true,
      stringEncoding: "utf8",
    });
    const [section] = WebAssembly.Module.customSections(
      new WebAssembly.Module(module as BufferSource),
      "component-type",
    );
    const { type } = decodeComponent(new Uint8Array(section as ArrayBuffer));
    const world = type.exports.get("w");
    const inner = world?.kind === "type" && world.type.kind === "component" ? world.type.type : undefined;
    const [name, named] = [...(inner?.exports ?? [])][0] ?? [];
    expect(name).toBe("test:all/w@1.2.0");
    expect(named?.kind === "component" && [...named.type.imports.keys()]).toEqual([
      "test:all/things@1.2.0",
      "shape",
    ]);
  });

  it("gives each instance of a component its own resource types", async () => {
    const { type } = await decodeText(`(component
      (component $c
        (type $r (resource (rep i32)))
        (export $r' "r" (type $r)))
      (instance $a (instantiate $c))
      (instance $b (instantiate $c))
      (export "a" (instance $a))
      (export "b" (instance $b)))`);
    const a = resourceIn(type, "a");
    expect(a).toBeDefined();
    expect(a).not.toBe(resourceIn(type, "b"));
  });

  it("puts given resource types in the place of imported ones", async () => {
    const { type } = await decodeText(`(component
      (import "r" (type $r (sub resource)))
      (component $c
        (import "q" (type $q (sub resource)))
        (export "again" (type $q)))
      (instance $i (instantiate $c (with "q" (type $r))))
      (export "i" (instance $i)))`);
    expect(resourceIn(type, "i", "again")).toBe(type.importedResources?.[0]);
  });

  it("reads fixed-length lists", async () => {
    // (type (list u32 4)), exported as "l"
    const component = decodeComponent(
      rawComponent([7, [0x01, 0x67, 0x79, 0x04]], [11, [0x01, 0x00, 0x01, 0x6c, 0x03, 0x00, 0x00]]),
    );
    expect(printExtern(component.type.exports.get("l") as ExternType)).toBe("type list<u32, 4>");
  });

  it("knows the name that a component was given", async () => {
    expect((await decodeText("(component $adas)")).name).toBe("adas");
    expect(decodeComponent(await assemble("(component $adas)"), { name: "mine" }).name).toBe("mine");
  });
});

function resourceIn(type: ComponentType, instance: string, name = "r") {
  const found = type.exports.get(instance);
  const item = found?.kind === "instance" ? found.type.exports.get(name) : undefined;
  return item?.kind === "type" && item.type.kind === "resource" ? item.type.type : undefined;
}

describe("refusing bytes", () => {
  it("tells components from modules", async () => {
    expect(isComponent(await assemble("(component)"))).toBe(true);
    expect(isComponent(await assemble("(module)"))).toBe(false);
    expect(isComponent(new Uint8Array(3))).toBe(false);
    const module = await assemble("(module)");
    const error = failure(() => decodeComponent(module), "malformed");
    expect(error.message).toContain("this is a core module, not a component; wrap it with");
    expect(failure(() => decodeComponent(new TextEncoder().encode("hello")), "malformed").offset).toBe(0);
    expect(failure(() => decodeComponent(new Uint8Array()), "malformed").offset).toBe(0);
  });

  const cases: [
    what: string,
    bytes: Uint8Array,
    code: "malformed" | "invalid" | "unsupported",
    offset: number,
    text: string,
  ][] = [
    ["an unknown section", rawComponent([13, []]), "malformed", 8, "invalid section 13"],
    [
      "a section longer than the file",
      Uint8Array.from([...rawComponent(), 7, 9]),
      "malformed",
      10,
      "9 bytes expected, 0 left",
    ],
    ["bytes after the last item", rawComponent([7, [0x01, 0x7f, 0x00]]), "malformed", 12, "1 bytes too many"],
    [
      "a vector longer than its section",
      rawComponent([7, [0xff, 0xff, 0x03]]),
      "malformed",
      10,
      "65535 types announced",
    ],
    [
      "an overlong LEB128",
      rawComponent([7, [0x80, 0x80, 0x80, 0x80, 0x80, 0x00]]),
      "malformed",
      10,
      "more than 32 bits",
    ],
    ["an unknown type", rawComponent([7, [0x01, 0x20]]), "malformed", 11, "invalid type 0x20"],
    [
      "a type index out of range",
      rawComponent([7, [0x01, 0x70, 0x05]]),
      "invalid",
      12,
      "type index 5 is out of range",
    ],
    ["an empty record", rawComponent([7, [0x01, 0x72, 0x00]]), "invalid", 11, "record without any member"],
    [
      "a bad label",
      rawComponent([7, [0x01, 0x6e, 0x01, 0x02, 0x61, 0x5f]]),
      "invalid",
      13,
      '"a_" is not in kebab case',
    ],
    ["invalid UTF-8", rawComponent([7, [0x01, 0x6e, 0x01, 0x01, 0xff]]), "malformed", 13, "invalid UTF-8"],
    [
      "labels that differ in case only",
      rawComponent([7, [0x01, 0x6d, 0x02, 0x01, 0x61, 0x01, 0x41]]),
      "invalid",
      15,
      "conflicts",
    ],
    ["a list of length 0", rawComponent([7, [0x01, 0x67, 0x79, 0x00]]), "invalid", 13, "length 0"],
    ["a stream", rawComponent([7, [0x01, 0x66, 0x00]]), "unsupported", 11, "streams"],
    ["a future", rawComponent([7, [0x01, 0x65, 0x00]]), "unsupported", 11, "futures"],
    ["error-context", rawComponent([7, [0x01, 0x64]]), "unsupported", 11, "error-context"],
    [
      "an async function type",
      rawComponent([7, [0x01, 0x43, 0x00, 0x01, 0x00]]),
      "unsupported",
      11,
      "async function types",
    ],
    ["an async built-in", rawComponent([8, [0x01, 0x05]]), "unsupported", 11, "task.cancel"],
    ["a thread built-in", rawComponent([8, [0x01, 0x26]]), "unsupported", 11, "threads"],
    ["a start definition", rawComponent([9, [0x00, 0x00, 0x00]]), "unsupported", 8, "start definitions"],
    ["value definitions", rawComponent([12, [0x00]]), "unsupported", 8, "value definitions"],
    ["GC types", rawComponent([3, [0x01, 0x5f, 0x00]]), "unsupported", 11, "GC types"],
    [
      "an unknown canonical function",
      rawComponent([8, [0x01, 0x77]]),
      "malformed",
      11,
      "invalid canonical function",
    ],
    [
      "an alias too far out",
      rawComponent([6, [0x01, 0x03, 0x02, 0x07, 0x00]]),
      "invalid",
      11,
      "7 scopes out",
    ],
    [
      "an instance that is not there",
      rawComponent([6, [0x01, 0x01, 0x00, 0x00, 0x00]]),
      "invalid",
      11,
      "instance index 0",
    ],
  ];
  it.each(cases)("refuses %s", (_what, bytes, code, offset, text) => {
    const error = failure(() => decodeComponent(bytes), code);
    expect(error.message).toContain(text);
    expect(error.offset).toBe(offset);
  });

  it("refuses memory64, shared memories and GC inside modules", async () => {
    const of = async (module: string) =>
      decodeComponent.bind(undefined, await assemble(`(component (core module ${module}))`));
    expect(failure(await of("(memory i64 1)"), "unsupported").message).toContain("memory64");
    expect(failure(await of("(memory 1 1 shared)"), "unsupported").message).toContain("threads");
    expect(failure(await of("(type (struct))"), "unsupported").message).toContain("GC types");
  });

  it("refuses names that are taken", async () => {
    const twice = rawComponent(
      [7, [0x01, 0x40, 0x00, 0x01, 0x00]],
      [10, [0x02, 0x00, 0x01, 0x61, 0x01, 0x00, 0x00, 0x01, 0x41, 0x01, 0x00]],
    );
    expect(failure(() => decodeComponent(twice), "invalid").message).toContain('import name "A" conflicts');
  });

  it.each([
    ['(import "[constructor]a" (func))', "expected a function that returns own<a>"],
    [
      '(import "a" (type (sub resource))) (import "[constructor]a" (func (result string)))',
      "expected a function that returns own<a>",
    ],
    ['(import "[static]a.b" (func))', "no resource a is named before it"],
    [
      '(import "a" (type (sub resource))) (import "[method]a.b" (func))',
      "first parameter is self: borrow<a>",
    ],
    [
      '(import "a" (type (sub resource))) (import "[static]a.b" (instance))',
      "expected a function, found instance",
    ],
    ['(import "a" (implements "b") (instance))', "expected the name of an interface"],
    ['(import "a" (implements "b:c/d") (func))', "only instances can implement an interface"],
    ['(import "a:b/d" (implements "b:c/d") (instance))', "only a plain name"],
  ])("holds %s to its name", async (text, message) => {
    const bytes = await assemble(`(component ${text})`);
    expect(failure(() => decodeComponent(bytes), "invalid").message).toContain(message);
  });

  it.each([
    [
      "names that constructors, methods and static functions keep",
      `(component
      (import "a" (type $a (sub resource)))
      (import "[constructor]a" (func (param "x" u32) (result (result (own $a) (error string)))))
      (import "[method]a.b" (func (param "self" (borrow $a))))
      (import "[static]a.c" (func (result string)))
      (import "named" (implements "b:c/d@1.0.0") (instance)))`,
    ],
    [
      "exports of resources under two names",
      `(component
      (import "b" (type $b (sub resource)))
      (import "f" (func $f (param "self" (borrow $b))))
      (export $c "c" (type $b))
      (export "[method]c.foo" (func $f) (func (param "self" (borrow $c)))))`,
    ],
  ])("accepts %s", async (_what, text) => {
    expect((await decodeText(text)).type.imports.size).toBeGreaterThan(0);
  });

  it("refuses core modules with sections out of order or duplicate imports", async () => {
    const module = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
    const disorder = rawComponent([1, [...module, 3, 1, 0, 1, 1, 0]]);
    expect(failure(() => decodeComponent(disorder), "malformed")).toMatchObject({ offset: 21 });
    const twice = await assemble('(component (core module (import "a" "b" (func)) (import "a" "b" (func))))');
    expect(failure(() => decodeComponent(twice), "invalid").message).toContain('duplicate import "a" "b"');
  });

  it("names a resource by its export", async () => {
    const { type } = await decodeText(
      '(component (type $r (resource (rep i32))) (export "thing" (type $r)))',
    );
    expect(type.resources?.map((resource) => resource.name)).toEqual(["thing"]);
  });

  it("refuses nesting without end", () => {
    let inner = rawComponent();
    for (let level = 0; level < 120; level++) inner = rawComponent([4, [...inner]]);
    expect(failure(() => decodeComponent(inner), "unsupported").message).toContain("nesting deeper");
  });

  it("refuses types that are small on disk and huge written out", () => {
    const tuples: number[] = [0x6f, 0x02, 0x7f, 0x7f];
    for (let index = 0; index < 40; index++) tuples.push(0x6f, 0x02, index, index);
    const error = failure(() => decodeComponent(rawComponent([7, [41, ...tuples]])), "invalid");
    expect(error.message).toMatch(/more than 1000000 parts|bytes per element/);
  });

  it("refuses instance types whose copies would fill the memory", () => {
    // Each type exports two instances of the one before; the first exports a resource.
    const types: number[] = [0x42, 0x01, 0x04, 0x00, 0x01, 0x61, 0x03, 0x01];
    for (let index = 0; index < 30; index++) {
      const alias = [0x02, 0x03, 0x02, 0x01, index];
      types.push(
        0x42,
        0x03,
        ...alias,
        0x04,
        0x00,
        0x01,
        0x61,
        0x05,
        0x00,
        0x04,
        0x00,
        0x01,
        0x62,
        0x05,
        0x00,
      );
    }
    const bytes = rawComponent([7, [31, ...types]]);
    expect(failure(() => decodeComponent(bytes), "invalid").message).toContain("parts");
  });
});
