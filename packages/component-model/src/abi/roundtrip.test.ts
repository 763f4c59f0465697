import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ValueType } from "../types.ts";
import { anyTyped } from "./arbitrary.case.ts";
import { encodings, func, Guest, list, tuple } from "./guest.case.ts";
import { alignment, elementSize, load, store } from "./reference.case.ts";

const typed = fc.tuple(fc.constantFrom(...encodings), anyTyped);

/** A guest's memory keeps a copy of what is checked, as objects made by fast-check have no prototype. */
function plain(value: unknown): unknown {
  return structuredClone(value);
}

describe("random types and values", () => {
  test("lowering to memory writes what the specification says", () => {
    fc.assert(
      fc.property(typed, ([encoding, { type, value }]) => {
        const guest = new Guest("guest", encoding);
        let stored: unknown;
        const call = guest.lift(func([list(type)]), (address: number, length: number) => {
          expect(length).toBe(1);
          expect(address % alignment(type)).toBe(0);
          stored = load(guest, address, type);
        });
        call.call([value]);
        expect(stored).toStrictEqual(plain(value));
      }),
      { numRuns: 150 },
    );
  });

  test("lifting from memory reads what the specification says", () => {
    fc.assert(
      fc.property(typed, ([encoding, { type, value }]) => {
        const guest = new Guest("guest", encoding);
        const pair = tuple(type, type);
        const call = guest.lift(func([], pair), () => {
          const at = guest.realloc(0, 0, alignment(pair), elementSize(pair));
          store(guest, at, pair, [value, value]);
          return at;
        });
        expect(call.call()).toStrictEqual(plain([value, value]));
      }),
      { numRuns: 150 },
    );
  });

  test("flat parameters of an export arrive at an import as they were", () => {
    fc.assert(
      fc.property(typed, ([encoding, { type, value }]) => {
        const guest = new Guest("guest", encoding);
        let seen: unknown;
        const sink = guest.import(func([type, type]), (first: unknown, second: unknown) => {
          seen = [first, second];
        });
        guest.lift(func([type, type]), (...flats: never[]) => sink(...flats)).call(value, value);
        expect(seen).toStrictEqual(plain([value, value]));
      }),
      { numRuns: 150 },
    );
  });

  test("what an import returns is returned by an export", () => {
    fc.assert(
      fc.property(typed, ([encoding, { type, value }]) => {
        const guest = new Guest("guest", encoding);
        expect(echoed(guest, type, value)).toStrictEqual(plain(value));
      }),
      { numRuns: 150 },
    );
  });
});

/** Passes a value through an import and an export without parameters. Top-level results are wrapped, as errors are thrown. */
function echoed(guest: Guest, type: ValueType, value: unknown): unknown {
  const wrapped = type.kind === "result" ? tuple(type) : type;
  const source = guest.import(func([], wrapped), () => (type.kind === "result" ? [value] : value));
  const { call } = guest.lift(func([], wrapped), () => {
    const at = guest.realloc(0, 0, 8, elementSize(wrapped));
    return source(at) ?? at;
  });
  return type.kind === "result" ? (call() as unknown[])[0] : call();
}
