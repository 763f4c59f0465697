import fc from "fast-check";
import { expect, it } from "vitest";
import { dueTimeUs, nextRunAfter } from "./due-time.ts";

it("does not drift over a day at a rate that does not divide a second", () => {
  expect(dueTimeUs(0, 30, 30 * 86_400)).toBe(86_400_000_000);
  expect(dueTimeUs(5, 7, 7 * 86_400)).toBe(86_400_000_005);
});

it("finds the first run after a time", () => {
  const rate = fc.constantFrom(0.1, 1, 7, 10, 29.97, 30, 60, 104, 1000, 12_345.678);
  fc.assert(
    fc.property(rate, fc.nat(1e9), fc.integer({ min: 0, max: 4e9 }), (rateHz, startUs, afterUs) => {
      const timeUs = startUs + afterUs;
      const k = nextRunAfter(startUs, rateHz, timeUs);
      expect(dueTimeUs(startUs, rateHz, k)).toBeGreaterThan(timeUs);
      if (k > 0) expect(dueTimeUs(startUs, rateHz, k - 1)).toBeLessThanOrEqual(timeUs);
    }),
  );
});
