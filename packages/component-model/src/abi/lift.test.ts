import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { describe, expect, test } from "vitest";
import { ComponentError, ComponentModelError, TrapError } from "../errors.ts";
import type { ValueType } from "../types.ts";
import {
  enumeration,
  flags,
  func,
  Guest,
  list,
  option,
  record,
  result,
  t,
  tuple,
  variant,
} from "./guest.case.ts";
import { InstanceState } from "./instance-state.ts";
import { liftFunction } from "./lift.ts";
import { lowerFunction } from "./lower.ts";

function caught(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

describe("arguments", () => {
  test("numbers out of range wrap", () => {
    const guest = new Guest("guest");
    const seen: unknown[] = [];
    const type = func([t.u8, t.s8, t.u16, t.s16, t.u32, t.s32, t.u64, t.s64]);
    guest
      .lift(type, (...flats: never[]) => seen.push(flats))
      .call(256 + 7, 200, -1, 40000, -1, 2 ** 31, -1n, 2n ** 63n);
    const lower = guest.import(type, (...args: unknown[]) => seen.push(args));
    lower(256 + 7, 200, -1, 40000, -1, 2 ** 31, -1n, 2n ** 63n);
    expect(seen[0]).toEqual([7, -56, 65535, -25536, -1, -(2 ** 31), -1n, 2n ** 63n]);
    expect(seen[1]).toEqual([7, -56, 65535, -25536, 2 ** 32 - 1, -(2 ** 31), 2n ** 64n - 1n, -(2n ** 63n)]);
  });

  test("lists of numbers may be arrays or typed arrays of another type, and whole numbers do for 64 bits", () => {
    const guest = new Guest("guest");
    const seen: unknown[] = [];
    const call = guest.lift(func([list(t.u8), list(t.s64)]), (a: number, n: number, b: number, m: number) => {
      seen.push([...guest.bytes.slice(a, a + n)], [...new BigInt64Array(guest.memory.buffer, b, m)]);
    });
    call.call([1, 2, 300], [3, -4n]);
    call.call(new Float32Array([1, 2.5]), new BigUint64Array([2n ** 64n - 1n]));
    call.call(Buffer.from("ab"), []);
    expect(seen).toEqual([[1, 2, 44], [3n, -4n], [1, 2], [-1n], [97, 98], []]);
  });

  test.each<[string, ValueType, unknown, string]>([
    ["a number", t.u32, "5", 'argument arg-0: expected a number (u32), found the string "5"'],
    ["nothing", t.f64, undefined, "argument arg-0: expected a number (f64), found undefined"],
    ["a bigint", t.u64, 1.5, "argument arg-0: expected a bigint (u64), found the number 1.5"],
    ["a boolean", t.bool, 1, "argument arg-0: expected a boolean, found the number 1"],
    [
      "a character",
      t.char,
      "ab",
      'argument arg-0: expected a string of one character (char), found the string "ab"',
    ],
    [
      "a surrogate",
      t.char,
      "\ud800",
      "argument arg-0: expected a string of one character (char), found the string",
    ],
    ["a string", t.string, 5, "argument arg-0: expected a string, found the number 5"],
    ["a list", list(t.u8), {}, "argument arg-0: expected an array or typed array (list), found an object"],
    ["an element", list(t.string), ["", 1], "argument arg-0[1]: expected a string, found the number 1"],
    ["a fixed list", list(t.u8, 3), [1], "argument arg-0: expected 3 elements, found an array of length 1"],
    ["a record", record({ a: t.u8 }), null, "argument arg-0: expected an object (record), found null"],
    ["a field", record({ "is-a": t.u8 }), {}, "argument arg-0.isA: expected a number (u8), found undefined"],
    [
      "a tuple",
      tuple(t.u8, t.u8),
      [1],
      "argument arg-0: expected an array of length 2 (tuple), found an array",
    ],
    [
      "flags",
      flags("a"),
      true,
      "argument arg-0: expected an object of booleans (flags), found the boolean true",
    ],
    ["an enum", enumeration("a", "b"), "c", 'argument arg-0: expected one of a, b, found the string "c"'],
    [
      "a tag",
      variant({ a: t.u8 }),
      { tag: "b" },
      "argument arg-0: expected { tag, val } with a tag of a, found an object",
    ],
    [
      "a payload",
      result(t.u8),
      { tag: "ok", val: "" },
      "argument arg-0.val: expected a number (u8), found the string",
    ],
    ["an option", option(t.u8), "x", 'argument arg-0: expected a number (u8), found the string "x"'],
    [
      "a nested option",
      option(option(t.u8)),
      5,
      "argument arg-0: expected { tag, val } with a tag of none, some",
    ],
    [
      "deep inside",
      list(record({ a: tuple(t.u8, t.u8) })),
      [{ a: [1, 1n] }],
      "argument arg-0[0].a[1]: expected",
    ],
  ])("that are not %s are refused with their place", (_, type, value, message) => {
    const guest = new Guest("guest");
    let calls = 0;
    const lifted = guest.lift(func([type]), () => calls++);
    const error = caught(() => lifted.call(value));
    expect(error).toBeInstanceOf(ComponentModelError);
    expect(error).toMatchObject({ code: "bad-value" });
    expect(error.message).toContain(`f: ${message}`);
    expect(calls).toBe(0);
    expect(guest.state.mayEnter).toBe(true);
  });

  test("may not change the length of a list during the call", () => {
    const guest = new Guest("guest");
    const bytes = new Uint8Array(guest.memory.buffer, 0, 65536);
    const lifted = guest.lift(func([list(t.u8)]), () => undefined);
    expect(caught(() => lifted.call(bytes)).message).toContain(
      "a list that keeps its length during the call",
    );
  });

  test("with lone surrogates get the replacement character", () => {
    for (const encoding of ["utf8", "utf16", "latin1+utf16"] as const) {
      for (const text of ["a\ud800", `${"long ".repeat(20)}\udc00b`]) {
        const guest = new Guest("guest", encoding);
        let seen: unknown;
        const sink = guest.import(func([t.string]), (value: unknown) => {
          seen = value;
        });
        guest.lift(func([t.string]), (...flats: never[]) => sink(...flats)).call(text);
        expect(seen).toBe(text.replace(/[\ud800-\udfff]/u, "\ufffd"));
      }
    }
  });
});

describe("results", () => {
  test("of a result are returned or thrown", () => {
    const guest = new Guest("guest");
    const bare = guest.lift(func([t.u32], result()), (n: number) => n);
    expect(bare.call(0)).toBeUndefined();
    expect(caught(() => bare.call(1))).toBeInstanceOf(ComponentError);
    expect(bare.call(0)).toBeUndefined();
    const full = guest.lift(func([t.u32], result(t.u8, enumeration("no", "never"))), (n: number) => {
      guest.bytes.set([n, 1], 64);
      return 64;
    });
    expect(full.call(0)).toBe(1);
    expect(caught(() => full.call(1))).toMatchObject({ payload: "never" });
    expect(caught(() => full.call(2))).toMatchObject({ code: "trap" });
  });

  test("post-return gets the core result, once, after the values are taken, and may not call imports", () => {
    const guest = new Guest("guest");
    const log: unknown[] = [];
    const outside = guest.import(func([]), () => log.push("outside"));
    const lifted = guest.lift(
      func([], t.string),
      () => {
        guest.view.setUint32(64, 128, true);
        guest.view.setUint32(68, 2, true);
        guest.bytes.set([111, 107], 128);
        outside();
        return 64;
      },
      {
        postReturn: (at: number) => {
          guest.bytes.fill(0, 128, 130);
          log.push(at);
        },
      },
    );
    expect(lifted.call()).toBe("ok");
    expect(lifted.call()).toBe("ok");
    expect(log).toEqual(["outside", 64, "outside", 64]);
    const leaving = guest.lift(func([]), () => undefined, { postReturn: () => outside() });
    expect(caught(() => leaving.call()).message).toContain('cannot leave component instance "guest"');
  });

  test("that lie outside memory, or are not aligned, trap", () => {
    for (const [address, message] of [
      [1, "unaligned pointer of result pointer"],
      [65536, "result pointer out of bounds of memory"],
      [-8, "result pointer out of bounds of memory"],
    ] as const) {
      const lifted = new Guest("guest").lift(func([], tuple(t.u32, t.u32)), () => address);
      expect(caught(() => lifted.call()).message).toContain(message);
    }
  });

  test("that would take too much of the host's memory trap", () => {
    const guest = new Guest("guest");
    guest.memory.grow(1023);
    for (let i = 0; i < 512; i++) guest.view.setUint32(68 + 8 * i, 2 ** 25, true);
    guest.view.setUint32(0, 64, true);
    guest.view.setUint32(4, 512, true);
    const lifted = guest.lift(func([], list(list(t.bool))), () => 0);
    expect(caught(() => lifted.call()).message).toContain("the values of one call take too much memory");
  });
});

describe("traps", () => {
  test("lock the instance and name it", async () => {
    const module = await WebAssembly.compile(
      new Uint8Array(
        await parse(`(module (func (export "run") (param i32) (if (local.get 0) (then unreachable))))`),
      ),
    );
    const { run } = new WebAssembly.Instance(module).exports as { run: () => void };
    const guest = new Guest("adas/fusion");
    const lifted = guest.lift(func([t.bool]), run);
    lifted.call(false);
    const trap = caught(() => lifted.call(true));
    expect(trap).toBeInstanceOf(TrapError);
    expect(trap).toMatchObject({ code: "trap", instance: "adas/fusion", where: "f" });
    expect(trap.message).toContain("unreachable");
    expect(trap.cause).toBeInstanceOf(WebAssembly.RuntimeError);
    const later = caught(() => lifted.call(false));
    expect(later).toMatchObject({ code: "locked", instance: "adas/fusion", cause: trap });
  });

  test("runaway recursion is a trap by a limit of the engine", () => {
    const guest = new Guest("guest");
    const again = (): number => again() + 1;
    expect(caught(() => guest.lift(func([]), again).call())).toMatchObject({
      name: "TrapError",
      code: "engine-limit",
    });
  });

  test("cannot be caught by guest code", () => {
    const guest = new Guest("guest");
    const host = guest.import(func([]), () => {
      throw new Error("disk full");
    });
    const lifted = guest.lift(func([], t.u32), () => {
      expect(() => host()).toThrow("disk full");
      expect(() => host()).toThrow("disk full");
      return 5;
    });
    const error = caught(() => lifted.call());
    expect(error).toMatchObject({ name: "TrapError", instance: "guest" });
    expect(error.cause).toMatchObject({ message: "disk full" });
  });

  test("a call into an instance that is being called is refused and harms nothing", () => {
    const guest = new Guest("guest");
    const errors: Error[] = [];
    const inner = guest.lift(func([]), () => undefined);
    const host = guest.import(func([]), () => {
      errors.push(caught(() => inner.call()));
    });
    const lifted = guest.lift(func([], t.u32), () => {
      host();
      return 5;
    });
    expect(lifted.call()).toBe(5);
    expect(errors[0]).toMatchObject({ name: "TrapError", code: "trap", instance: "guest" });
    expect(errors[0]?.message).toContain('cannot enter component instance "guest"');
    inner.call();
  });

  test("a parent is entered with its child, but may be entered again from inside", () => {
    const parent = new InstanceState("p");
    const child = new InstanceState("p/c", parent);
    const type = func([], t.u32);
    const options = { encoding: "utf8" } as const;
    const none = () => {
      throw new Error("no resources");
    };
    const inParent = liftFunction(type, () => 7, options, parent, none, "parent");
    const fromChild = lowerFunction(type, inParent, options, child, none, "import");
    const inChild = liftFunction(type, fromChild, options, child, none, "child");
    const fromParent = lowerFunction(type, inChild, options, parent, none, "own child");
    const outer = liftFunction(type, fromParent, options, parent, none, "outer");
    expect(outer.call()).toBe(7);
    expect(inChild.call()).toBe(7);
    const twice = lowerFunction(type, outer, options, child, none, "import");
    const looping = liftFunction(type, twice, options, child, none, "looping");
    expect(caught(() => looping.call()).message).toContain('cannot enter component instance "p/c"');
    expect(parent.trapped).toBeDefined();
  });

  test("missing canonical options are refused when the function is made", () => {
    const guest = new Guest("guest");
    expect(caught(() => guest.lift(func([t.string]), () => undefined, { memory: undefined }))).toMatchObject({
      code: "invalid",
      message: 'f: canonical option "memory" is required',
    });
    expect(
      caught(() => guest.lift(func([t.string]), () => undefined, { realloc: undefined })).message,
    ).toContain('"realloc"');
  });
});

test("a memory that grows while values are lowered and lifted is followed", async () => {
  const text = `(module
    (memory (export "memory") 1)
    (global $top (mut i32) (i32.const 65000))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (drop (memory.grow (i32.const 2)))
      (global.set $top (i32.add (global.get $top) (i32.const 65536)))
      (i32.sub (global.get $top) (i32.const 65536)))
    (func (export "run") (param i32 i32 i32 i32) (result i32)
      (drop (memory.grow (i32.const 1)))
      (i32.store (i32.const 8) (local.get 0))
      (i32.store (i32.const 12) (local.get 1))
      (i32.store (i32.const 16) (local.get 2))
      (i32.store (i32.const 20) (local.get 3))
      (i32.const 8)))`;
  const module = await WebAssembly.compile(new Uint8Array(await parse(text)));
  const { memory, realloc, run } = new WebAssembly.Instance(module).exports as {
    memory: WebAssembly.Memory;
    realloc: () => void;
    run: () => void;
  };
  const guest = new Guest("guest", "utf16");
  const type = func([list(t.string), list(t.u64)], tuple(list(t.string), list(t.u64)));
  const lifted = guest.lift(type, run, { memory, realloc });
  const value = [["one", "", "three ".repeat(50)], new BigUint64Array([1n, 2n ** 64n - 1n])];
  for (let i = 0; i < 3; i++) expect(lifted.call(...value)).toEqual(value);
});
