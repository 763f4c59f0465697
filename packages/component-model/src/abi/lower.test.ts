import { describe, expect, test } from "vitest";
import { ComponentError, TrapError } from "../errors.ts";
import { enumeration, func, Guest, list, record, result, t, tuple, variant } from "./guest.case.ts";
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

describe("a host function", () => {
  test("gets copies of lists, not views", () => {
    const guest = new Guest("guest");
    let kept: Uint8Array = new Uint8Array();
    guest.import(func([list(t.u8)]), (bytes: Uint8Array) => {
      kept = bytes;
    })(64, 3);
    guest.bytes.fill(9, 64, 67);
    expect(kept).toEqual(new Uint8Array(3));
    expect(kept.buffer).not.toBe(guest.memory.buffer);
  });

  test("learns who calls when it asks, always by the same object", () => {
    const [one, two] = [new Guest("root/one"), new Guest("root/two")];
    const callers: unknown[] = [];
    const host = { call: (caller: unknown, n: unknown) => callers.push(caller, n), withCaller: true };
    const type = func([t.u32]);
    one.lower(type, host)(1);
    one.lower(type, host)(2);
    two.lower(type, host)(3);
    expect(callers).toEqual([{ path: "root/one" }, 1, { path: "root/one" }, 2, { path: "root/two" }, 3]);
    expect(callers[0]).toBe(callers[2]);
    expect(callers[0]).toBe(one.state.caller);
  });

  test("throws a ComponentError for the error of a result", () => {
    const guest = new Guest("guest");
    const type = func([t.bool], result(t.u32, variant({ gone: undefined, "not-now": t.u8 })));
    const lowered = guest.import(type, (works: boolean) => {
      if (works) return 77;
      throw new ComponentError({ tag: "not-now", val: 3 });
    });
    lowered(1, 64);
    expect([guest.view.getUint8(64), guest.view.getUint32(68, true)]).toEqual([0, 77]);
    lowered(0, 64);
    expect([...guest.bytes.slice(64, 70)]).toEqual([1, 0, 0, 0, 1, 3]);
    const flat = guest.import(func([t.bool], result()), (works: boolean) => {
      if (!works) throw new ComponentError(undefined);
    });
    expect([flat(1), flat(0)]).toEqual([0, 1]);
  });

  test.each<[string, unknown]>([
    ["an error", new Error("disk full")],
    ["something that is no error", "disk full"],
    ["a ComponentError where there is no result", new ComponentError("disk full")],
  ])("that throws %s traps its caller, which keeps the cause", (_, thrown) => {
    const guest = new Guest("adas/decoder");
    const lowered = guest.import(func([], t.u32), () => {
      throw thrown;
    });
    const error = caught(() => guest.lift(func([], t.u32), lowered).call());
    expect(error).toBeInstanceOf(TrapError);
    expect(error).toMatchObject({ code: "trap", instance: "adas/decoder", where: "g" });
    expect(error.message).toContain("disk full");
    expect(error.cause).toBe(thrown);
    expect(guest.state.trapped).toBe(error);
  });

  test("that returns what does not fit traps its caller and tells the place", () => {
    const guest = new Guest("guest");
    const type = func([], list(record({ "rate-hz": t.f64 })));
    const error = caught(() => guest.import(type, () => [{ rateHz: 1 }, { rateHz: "2" }])(64));
    expect(error).toMatchObject({ code: "trap", cause: { code: "bad-value" } });
    expect(error.message).toContain('g: result[1].rateHz: expected a number (f64), found the string "2"');
    const payload = new Guest("guest").import(func([], result(t.u8, t.u8)), () => {
      throw new ComponentError("x");
    });
    expect(caught(() => payload(64))).toMatchObject({ code: "trap", cause: { code: "bad-value" } });
  });

  test("that calls an instance which traps leaves the blame where it is", () => {
    const [outer, inner] = [new Guest("outer"), new Guest("inner")];
    const trapping = inner.lift(func([]), () => {
      throw new WebAssembly.RuntimeError("unreachable");
    });
    const host = outer.import(func([]), () => trapping.call());
    expect(caught(() => outer.lift(func([]), host).call())).toMatchObject({ instance: "inner" });
    expect(outer.state.trapped).toBe(inner.state.trapped);
  });

  test("gets many parameters through memory", () => {
    const guest = new Guest("guest");
    const kinds = [
      t.u8,
      t.u64,
      t.u16,
      t.s32,
      t.f64,
      t.bool,
      t.u8,
      t.u8,
      t.u8,
      t.u8,
      t.u8,
      t.u8,
      t.u8,
      t.u8,
      t.u8,
    ];
    const type = func([...kinds, t.string]);
    let seen: unknown[] = [];
    const sink = guest.import(type, (...args: unknown[]) => {
      seen = args;
    });
    const args = [1, 2n, 3, -4, 5.5, true, 7, 8, 9, 10, 11, 12, 13, 14, 15, "sixteen"];
    const counts: number[] = [];
    const lifted = guest.lift(type, (...flats: never[]) => {
      counts.push(flats.length);
      sink(...flats);
    });
    lifted.call(...args);
    expect(seen).toEqual(args);
    expect(counts).toEqual([1]);
    expect(caught(() => sink(1)).message).toContain("unaligned pointer of parameter pointer");
    const outside = new Guest("guest").import(type, () => undefined);
    expect(caught(() => outside(65528)).message).toContain("parameter pointer out of bounds of memory");
  });
});

describe("flat values", () => {
  test("of different cases share places, bit for bit", () => {
    const guest = new Guest("guest");
    const type = variant({
      f: t.f32,
      l: t.u64,
      d: t.f64,
      i: t.s32,
      t: tuple(t.f32, t.string),
      e: enumeration("a", "b"),
    });
    const flats: unknown[][] = [];
    const { call } = guest.lift(func([type]), (...args: unknown[]) => {
      flats.push(args.slice(0, 2));
    });
    call({ tag: "f", val: 1 });
    call({ tag: "f", val: Number.NaN });
    call({ tag: "l", val: 2n ** 63n });
    call({ tag: "d", val: -2 });
    call({ tag: "i", val: -1 });
    call({ tag: "e", val: "b" });
    expect(flats.map(([tag, bits]) => [tag, BigInt.asUintN(64, bits as bigint).toString(16)])).toEqual([
      [0, "3f800000"],
      [0, "7fc00000"],
      [1, "8000000000000000"],
      [2, "c000000000000000"],
      [3, "ffffffff"],
      [5, "1"],
    ]);
    let seen: unknown;
    const sink = guest.import(func([type]), (value: unknown) => {
      seen = value;
    });
    sink(0, 0xffff_ffff_3f80_0000n, 0, 0);
    expect(seen).toEqual({ tag: "f", val: 1 });
    sink(3, 0xffff_ffff_8000_0000n, 0, 0);
    expect(seen).toEqual({ tag: "i", val: -(2 ** 31) });
  });

  test("ignore bits that their types do not have", () => {
    const guest = new Guest("guest");
    let seen: unknown;
    const sink = guest.import(func([t.u8, t.s8, t.u16, t.s16, t.bool]), (...args: unknown[]) => {
      seen = args;
    });
    sink(0xf01, 0xff, 0x1ffff, 0xffff, 2);
    expect(seen).toEqual([1, -1, 65535, -1, true]);
  });
});

test("values without a length of their own need no memory, however they are nested", () => {
  const nested = func([list(list(t.s16, 3), 3)], t.bool);
  const [caller, callee] = ["caller", "callee"].map((path) => new InstanceState(path));
  const none = (): never => {
    throw new Error("no resources");
  };
  const { encoding } = new Guest("guest");
  let seen: unknown;
  const keep = (value: unknown): boolean => {
    seen = value;
    return true;
  };
  const host = { call: keep, withCaller: false };
  const imported = lowerFunction(nested, host, { encoding }, callee as InstanceState, none, "g");
  const core = imported as (...flats: never[]) => unknown;
  const lifted = liftFunction(nested, core, { encoding }, callee as InstanceState, none, "f");
  const rows = [
    [1, -2, 3],
    [4, 5, 6],
    [7, 8, -9],
  ];
  expect(lifted.call(rows)).toBe(true);
  expect(seen).toStrictEqual(rows);
  const fused = lowerFunction(nested, lifted, { encoding }, caller as InstanceState, none, "f");
  expect(fused(...rows.flat().reverse())).toBe(1);
  expect(seen).toStrictEqual([...rows].reverse().map((row) => [...row].reverse()));
});

test("NaNs are canonical in memory whatever bits they had", () => {
  const guest = new Guest("guest");
  const odd32 = new Float32Array(new Uint32Array([0xff800001, 0x7fc00123, 0x3f800000]).buffer);
  const odd64 = new Float64Array(new BigUint64Array([0xfff0000000000001n, 1n]).buffer);
  let seen: string[] = [];
  const hex = (at: number, size: number) => Buffer.from(guest.bytes.slice(at, at + size)).toString("hex");
  guest
    .lift(
      func([list(t.f32), list(t.f64), list(tuple(t.f32, t.f64))]),
      (a: number, _n: number, b: number, _m: number, c: number) => {
        seen = [hex(a, 12), hex(b, 16), hex(c, 4), hex(c + 8, 8)];
      },
    )
    .call(odd32, odd64, [[odd32[0], odd64[0]]]);
  const [nan32, nan64] = ["0000c07f", "000000000000f87f"];
  expect(seen).toEqual([`${nan32}${nan32}0000803f`, `${nan64}0100000000000000`, nan32, nan64]);
  guest.bytes.set(Buffer.from("010080ff230100ff", "hex"), 64);
  let lifted: Float32Array = new Float32Array();
  guest.import(func([list(t.f32)]), (floats: Float32Array) => {
    lifted = floats;
  })(64, 2);
  expect(Buffer.from(lifted.buffer).toString("hex")).toBe(`${nan32}230100ff`);
});
