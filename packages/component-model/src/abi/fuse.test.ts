import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FuncType, ValueType } from "../types.ts";
import { anyTyped } from "./arbitrary.case.ts";
import { flatSignature } from "./flatten.ts";
import {
  encodings,
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
import type { LiftedFunction } from "./lift.ts";
import { elementSize } from "./reference.case.ts";
import type { StringEncoding } from "./strings.ts";

/** An export of `guest` that returns its argument, by way of two imports. */
function echo(guest: Guest, type: FuncType): LiftedFunction {
  const kept: unknown[] = [];
  const sink = guest.import(func(type.params.map((param) => param.type)), (value: unknown) => {
    kept.push(value);
  });
  const source = guest.import(func([], type.result), () => kept.pop());
  return guest.lift(type, (...flats: never[]) => {
    sink(...flats);
    const at = guest.realloc(0, 0, 8, elementSize(type.result as ValueType));
    return source(at) ?? at;
  });
}

/** An export of `guest` that returns what the callee returns for its argument. */
function forward(guest: Guest, type: FuncType, callee: (...flats: unknown[]) => unknown): LiftedFunction {
  const inMemory = flatSignature(type).results === undefined;
  return guest.lift(type, (...flats: never[]) => {
    if (!inMemory) return callee(...flats);
    const at = guest.realloc(0, 0, 8, elementSize(type.result as ValueType));
    callee(...flats, at);
    return at;
  });
}

interface Crossing {
  readonly value: unknown;
  readonly reallocs: unknown;
}

/** Sends a value host → caller → callee → caller → host. */
function cross(
  type: ValueType,
  value: unknown,
  [from, to]: readonly [StringEncoding, StringEncoding],
  fused: boolean,
): Crossing {
  const [caller, callee] = [new Guest("caller", from), new Guest("callee", to)];
  const wrapped = type.kind === "result" ? tuple(type) : type;
  const signature = func([wrapped], wrapped);
  const lifted = echo(callee, signature);
  const lowered = fused ? caller.lower(signature, lifted) : caller.import(signature, lifted.call);
  const { call } = forward(caller, signature, lowered);
  const out = type.kind === "result" ? (call([value]) as unknown[])[0] : call(value);
  return { value: out, reallocs: [caller.reallocs, callee.reallocs] };
}

describe("a call between two instances", () => {
  const encodingPair = fc.tuple(fc.constantFrom(...encodings), fc.constantFrom(...encodings));

  test("gives the same memory to memory as by way of JavaScript values", () => {
    fc.assert(
      fc.property(anyTyped, encodingPair, ({ type, value }, pair) => {
        const fused = cross(type, value, pair, true);
        expect(fused.value).toStrictEqual(structuredClone(value));
        expect(cross(type, value, pair, false).value).toStrictEqual(structuredClone(value));
      }),
      { numRuns: 200 },
    );
  });

  test("asks for the same memory when the encodings are the same", () => {
    fc.assert(
      fc.property(anyTyped, fc.constantFrom("utf8", "utf16"), ({ type, value }, encoding) => {
        const fused = cross(type, value, [encoding, encoding], true);
        expect(fused.reallocs).toEqual(cross(type, value, [encoding, encoding], false).reallocs);
      }),
      { numRuns: 80 },
    );
  });

  test("passes long lists, strings and lists of records", () => {
    const point = record({ x: t.f32, y: t.f32, z: t.f32, i: t.f32 });
    const points = Array.from({ length: 200 }, (_, i) => ({ x: i, y: -i, z: i / 2, i: Number.NaN }));
    const bytes = Uint8Array.from({ length: 5_000 }, (_, i) => i * 7);
    const text = "grün ☃ 🍰 ".repeat(50);
    const type = tuple(list(point), list(t.u8), t.string, list(t.f64), list(t.s64));
    const value = [points, bytes, text, new Float64Array([1, Number.NaN, -0]), new BigInt64Array([-1n, 5n])];
    for (const from of encodings) {
      for (const to of encodings) expect(cross(type, value, [from, to], true).value).toStrictEqual(value);
    }
  });

  test("does not copy padding", () => {
    const [caller, callee] = [new Guest("caller"), new Guest("callee")];
    const type = func([list(record({ a: t.u8, b: t.u32 }))]);
    let seen: number[] = [];
    const lifted = callee.lift(type, (at: number) => {
      seen = [...callee.bytes.slice(at, at + 8)];
    });
    caller.bytes.set([1, 2, 3, 4, 5, 6, 7, 8], 64);
    caller.lower(type, lifted)(64, 1);
    expect(seen).toEqual([1, 0xa5, 0xa5, 0xa5, 5, 6, 7, 8]);
  });

  test("normalizes booleans, small integers, flags and unused parts of variants", () => {
    const [caller, callee] = [new Guest("caller"), new Guest("callee")];
    const type = func([
      t.bool,
      t.u8,
      t.s8,
      t.u16,
      t.s16,
      flags("a", "b"),
      variant({ x: t.u8, y: t.u64, z: undefined }),
    ]);
    const seen: unknown[][] = [];
    const lifted = callee.lift(type, (...flats: unknown[]) => {
      seen.push(flats);
    });
    const call = caller.lower(type, lifted);
    call(7, 0x1ff, 0x1ff, 0x1ffff, 0x1ffff, -1, 0, 0x1_ff02n);
    call(0, 1, 2, 3, 4, 1, 2, -1n);
    expect(seen).toEqual([
      [1, 255, -1, 65535, -1, 3, 0, 2n],
      [0, 1, 2, 3, 4, 1, 2, 0n],
    ]);
  });

  test("canonicalizes NaNs", () => {
    const [caller, callee] = [new Guest("caller"), new Guest("callee")];
    const type = func([list(t.f32), list(t.f64), list(tuple(t.f32, t.u32)), list(tuple(t.f64, t.f64))]);
    let seen: string[] = [];
    const lifted = callee.lift(type, (...flats: number[]) => {
      const hex = (at = 0, size = 0) => Buffer.from(callee.bytes.slice(at, at + size)).toString("hex");
      seen = [hex(flats[0], 8), hex(flats[2], 8), hex(flats[4], 8), hex(flats[6], 16)];
    });
    caller.bytes.set(Buffer.from("010080ff0000803f", "hex"), 64);
    caller.bytes.set(Buffer.from("010000000000f8ff", "hex"), 72);
    caller.bytes.set(Buffer.from("010080ff010080ff", "hex"), 80);
    caller.bytes.set(Buffer.from("000000000000f03f010000000000f07f", "hex"), 96);
    caller.lower(type, lifted)(64, 2, 72, 1, 80, 1, 96, 1);
    expect(seen).toEqual([
      "0000c07f0000803f",
      "000000000000f87f",
      "0000c07f010080ff",
      "000000000000f03f000000000000f87f",
    ]);
  });

  test("passes the error of a result on as a value", () => {
    const [caller, callee] = [new Guest("caller"), new Guest("callee", "utf16")];
    const type = func([t.u32], result(t.u32, t.string));
    const lifted = callee.lift(type, (n: number) => {
      const at = 64;
      callee.view.setUint8(at, n === 0 ? 1 : 0);
      if (n === 0) {
        callee.view.setUint32(at + 4, 128, true);
        callee.view.setUint32(at + 8, 2, true);
        callee.bytes.set(Buffer.from("no", "utf16le"), 128);
      } else callee.view.setUint32(at + 4, n, true);
      return at;
    });
    const { call } = forward(caller, type, caller.lower(type, lifted));
    expect(call(5)).toBe(5);
    expect(() => call(0)).toThrow(expect.objectContaining({ name: "ComponentError", payload: "no" }));
  });
});

describe("traps of a call between two instances", () => {
  function trapOf(
    type: ValueType,
    flats: (caller: Guest) => unknown[],
    callee = new Guest("callee"),
  ): string {
    const caller = new Guest("caller");
    const signature = func([type]);
    const lowered = caller.lower(
      signature,
      callee.lift(signature, () => undefined),
    );
    try {
      lowered(...flats(caller));
    } catch (error) {
      const { name, code, message, instance } = error as Error & { code: string; instance: string };
      expect(`${name} ${code}`).toBe("TrapError trap");
      expect(caller.state.trapped).toBe(error);
      return `${instance}: ${message.slice(0, message.indexOf(" (in"))}`;
    }
    return "no trap";
  }

  test("blame the side that is wrong", () => {
    expect(trapOf(t.char, () => [0xd800])).toBe("caller: invalid `char` bit pattern 55296");
    expect(trapOf(enumeration("a", "b"), () => [2])).toBe("caller: invalid variant discriminant 2");
    expect(trapOf(option(t.u8), () => [-1, 0])).toBe("caller: invalid variant discriminant 4294967295");
    expect(trapOf(list(t.u8), () => [65536, 1])).toBe("caller: list pointer/length out of bounds of memory");
    expect(trapOf(list(t.u8), () => [0, 2 ** 28])).toBe("caller: list of 268435456 elements is too long");
    expect(trapOf(list(t.u32), () => [2, 0])).toBe("caller: unaligned pointer of list pointer/length");
    expect(trapOf(t.string, () => [-1, 2])).toBe("caller: string pointer/length out of bounds of memory");
    expect(
      trapOf(t.string, (caller) => {
        caller.bytes.set([0xc3], 8);
        return [8, 1];
      }),
    ).toBe("caller: incomplete utf-8 byte sequence at the end of the string");
  });

  test("check what the callee's realloc returns", () => {
    const lying = (address: number) => {
      const guest = new Guest("callee");
      Object.defineProperty(guest, "realloc", { value: () => address });
      return guest;
    };
    expect(trapOf(list(t.u32), () => [0, 0], lying(2))).toBe("callee: realloc return: result not aligned");
    expect(trapOf(list(t.u32), () => [0, 0], lying(-4))).toBe("callee: realloc return: beyond end of memory");
    expect(trapOf(t.string, () => [0, 1], lying(65536))).toBe("callee: realloc return: beyond end of memory");
  });

  test("end a call whose nested lists lie at the same place", () => {
    const type = list(list(t.u8));
    const many = (caller: Guest) => {
      caller.memory.grow(1023);
      for (let i = 0; i < 128; i++) {
        caller.view.setUint32(64 + 8 * i, 0, true);
        caller.view.setUint32(68 + 8 * i, 2 ** 26, true);
      }
      return [64, 128];
    };
    const callee = new Guest("callee");
    callee.memory.grow(1023);
    Object.defineProperty(callee, "realloc", { value: () => 0 });
    expect(trapOf(type, many, callee)).toBe("caller: the values of one call take too much memory");
  });
});
