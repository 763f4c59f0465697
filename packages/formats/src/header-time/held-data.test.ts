import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HeldData } from "./held-data.ts";

const MIB = 1024 * 1024;

describe("held data", () => {
  test("are what they were until they are let go of, in whatever order", () => {
    const size = fc.oneof(fc.nat(3000), fc.integer({ min: 100_000, max: 600_000 }));
    const step = fc.record({ size, letGo: fc.boolean(), which: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const held = new HeldData();
        const numbers: [number: number, seed: number, size: number][] = [];
        for (const [seed, { size, letGo, which }] of steps.entries()) {
          const data = new Uint8Array(size).fill(seed + 1);
          numbers.push([held.hold(data), seed, size]);
          data.fill(0);
          if (letGo) for (const [number] of numbers.splice(which % numbers.length, 3)) held.letGo(number);
          expect(new Set(numbers.map(([number]) => number)).size).toBe(numbers.length);
          const [number, seedThen, length] = numbers[which % Math.max(1, numbers.length)] ?? [];
          if (number === undefined || seedThen === undefined || length === undefined) continue;
          const view = held.borrow(number);
          expect([view.length, held.lengthOf(number)]).toEqual([length, length]);
          expect(view[0] ?? seedThen + 1).toBe((seedThen + 1) & 255);
          expect(view.at(-1) ?? seedThen + 1).toBe((seedThen + 1) & 255);
        }
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  test("take as much memory as they are, though a few of very many stay for long", () => {
    const held = new HeldData();
    const staying: number[] = [];
    let most = 0;
    for (let count = 0; count < 400_000; count++) {
      const number = held.hold(new Uint8Array(1000));
      if (count % 100 === 0) staying.push(number);
      else held.letGo(number);
      if (count % 50 === 0) most = Math.max(most, held.memoryBytes);
    }
    expect(most).toBeLessThan(1.5 * staying.length * 1000 + 8 * MIB);
    for (const number of staying) held.letGo(number);
    const large = new Uint8Array(4 * MIB);
    for (let count = 0; count < 100; count++) held.letGo(held.hold(large.subarray(0, 3 * MIB + count)));
    expect(held.memoryBytes).toBeLessThan(36 * MIB);
  });
});
