import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as exact from "./index.ts";
import { nextU32 } from "./xoshiro128.ts";

/** Distance in units in the last place of the expected value. */
function ulps(actual: number, expected: number): number {
  if (Object.is(actual, expected) || (Number.isNaN(actual) && Number.isNaN(expected))) return 0;
  if (!Number.isFinite(actual) || !Number.isFinite(expected)) return Infinity;
  const view = new DataView(new ArrayBuffer(8));
  const order = (value: number) => {
    view.setFloat64(0, value);
    const bits = view.getBigInt64(0);
    return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
  };
  return Number(
    order(actual) > order(expected) ? order(actual) - order(expected) : order(expected) - order(actual),
  );
}

const runs = { numRuns: 20_000, seed: 7 };
const finite = { noNaN: true, noDefaultInfinity: true };
const between = (min: number, max: number) => fc.double({ min, max, ...finite });

function within(
  limit: number,
  actual: (x: number) => number,
  expected: (x: number) => number,
  x: fc.Arbitrary<number>,
) {
  fc.assert(
    fc.property(x, (value) => {
      expect(ulps(actual(value), expected(value)), `at ${value}`).toBeLessThanOrEqual(limit);
    }),
    runs,
  );
}

// The engine's functions are themselves up to one unit off, so a limit of 1 here means that both are next to the true value.
describe("agree with the engine's functions to the last place or the one before", () => {
  test("sin, cos, tan", () => {
    for (const angles of [between(-1, 1), between(-10, 10), between(-1e6, 1e6), between(-1e300, 1e300)]) {
      within(1, exact.sin, Math.sin, angles);
      within(1, exact.cos, Math.cos, angles);
      within(2, exact.tan, Math.tan, angles);
    }
  });

  test("atan, asin, acos", () => {
    within(1, exact.atan, Math.atan, between(-10, 10));
    within(1, exact.atan, Math.atan, fc.double(finite));
    within(2, exact.asin, Math.asin, between(-1, 1));
    within(2, exact.acos, Math.acos, between(-1, 1));
  });

  test("exp, log", () => {
    within(1, exact.exp, Math.exp, between(-745.2, 710));
    within(1, exact.exp, Math.exp, between(-1, 1));
    within(1, exact.log, Math.log, fc.double({ min: 0, ...finite }));
    within(1, exact.log, Math.log, between(0.5, 2));
  });

  test("atan2, pow, hypot", () => {
    const pairs = fc.tuple(fc.double(finite), fc.double(finite));
    const plain = fc.tuple(between(-100, 100), between(-100, 100));
    for (const points of [pairs, plain]) {
      fc.assert(
        fc.property(points, ([y, x]) => ulps(exact.atan2(y, x), Math.atan2(y, x)) <= 2),
        runs,
      );
      fc.assert(
        fc.property(points, ([y, x]) => ulps(exact.hypot(y, x), Math.hypot(y, x)) <= 2),
        runs,
      );
    }
    fc.assert(
      fc.property(between(0, 50), between(-30, 30), (x, y) => ulps(exact.pow(x, y), x ** y) <= 1),
      runs,
    );
  });
});

describe("special cases are those of ECMAScript", () => {
  const special = [0, -0, 1, -1, 2, -2, 3, 0.5, -0.5, 5e-324, 1.7e308, Infinity, -Infinity, Number.NaN];

  test("of one argument", () => {
    const { sin, cos, tan, atan, asin, acos, exp, log } = exact;
    for (const [name, ours] of Object.entries({ sin, cos, tan, atan, asin, acos, exp, log })) {
      const theirs = Math[name as "sin"];
      for (const x of special) expect(ulps(ours(x), theirs(x)), `${name}(${x})`).toBeLessThanOrEqual(1);
    }
    expect(
      Object.is(exact.sin(-0), -0) && Object.is(exact.tan(-0), -0) && Object.is(exact.atan(-0), -0),
    ).toBe(true);
  });

  test("of two arguments", () => {
    for (const a of special) {
      for (const b of special) {
        expect(ulps(exact.atan2(a, b), Math.atan2(a, b)), `atan2(${a}, ${b})`).toBeLessThanOrEqual(1);
        expect(ulps(exact.pow(a, b), a ** b), `pow(${a}, ${b})`).toBeLessThanOrEqual(1);
        expect(ulps(exact.hypot(a, b), Math.hypot(a, b)), `hypot(${a}, ${b})`).toBeLessThanOrEqual(1);
      }
    }
  });

  test("powers of integers are exact where a double can hold them", () => {
    for (let base = 2; base <= 20; base++) {
      for (let power = 1, value = base; value <= Number.MAX_SAFE_INTEGER; power++, value *= base) {
        expect(exact.pow(base, power)).toBe(value);
      }
    }
  });
});

describe("Random", () => {
  test("keeps its stream for ever", () => {
    const random = exact.Random.fromSeed(1);
    expect([random.nextU32(), random.nextU32(), random.nextU32()]).toMatchInlineSnapshot(`
      [
        775057843,
        1738589730,
        1954666573,
      ]
    `);
    expect([random.uniform(), random.normal()]).toMatchInlineSnapshot(`
      [
        0.27458385667685403,
        -0.6781297160858649,
      ]
    `);
    expect(exact.Random.fromSeed("drive").fork("lidar").nextU32()).toMatchInlineSnapshot(`3098398494`);
  });

  test("follows the reference of xoshiro128** 1.1", () => {
    const state = Uint32Array.of(1, 2, 3, 4);
    const firsts = Array.from({ length: 4 }, () => nextU32(state));
    expect(firsts).toEqual([11520, 0, 5927040, 70819200]);
  });

  test("forks depend on the name alone", () => {
    const used = exact.Random.fromSeed(5);
    for (let i = 0; i < 100; i++) used.nextU32();
    const fresh = exact.Random.fromSeed(5);
    expect(used.fork("lidar").nextU32()).toBe(fresh.fork("lidar").nextU32());
    const firsts = ["lidar", "radar", "lidar ", "", "a", "b"].map((name) => fresh.fork(name).nextU32());
    firsts.push(exact.Random.fromSeed(6).fork("lidar").nextU32(), exact.Random.fromSeed(5).nextU32());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  test("uniform and normal have the moments that they promise", () => {
    const random = exact.Random.fromSeed("moments");
    const n = 100_000;
    let sum = 0;
    let normals = 0;
    let squares = 0;
    const bins = new Array<number>(16).fill(0);
    for (let i = 0; i < n; i++) {
      const u = random.uniform();
      sum += u;
      bins[Math.floor(u * 16)]!++;
      const z = random.normal(2, 3);
      normals += z;
      squares += (z - 2) ** 2;
    }
    expect(sum / n).toBeCloseTo(0.5, 2);
    expect(normals / n).toBeCloseTo(2, 1);
    expect(Math.sqrt(squares / n)).toBeCloseTo(3, 1);
    const chiSquare = bins.reduce((total, count) => total + (count - n / 16) ** 2 / (n / 16), 0);
    expect(chiSquare).toBeLessThan(37.7); // 15 degrees of freedom, 0.1 %
    const ranged = Array.from({ length: 1000 }, () => random.uniform(-2, 5));
    expect(ranged.every((value) => value >= -2 && value < 5)).toBe(true);
  });
});
