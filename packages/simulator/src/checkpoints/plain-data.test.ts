import fc from "fast-check";
import { expect, it } from "vitest";
import { decodePlain, encodePlain } from "./plain-data.ts";

const half = "\ud83d";

it("gives back exactly what was written", () => {
  const data = {
    numbers: [0, -0, 1, -1, 2 ** 31, -(2 ** 31), 1e300, Number.NaN, -Infinity, 0.1, 2 ** 53],
    texts: ["", "größer 🚗", half, "a\0b"],
    big: [0n, -(2n ** 70n)],
    nothing: [undefined, null, false, true],
    bytes: [new Uint8Array([1, 2]), new Float32Array([0.5, -0]), new BigInt64Array([-5n]), new Uint8Array(0)],
    z: 1,
    a: { 3: "x", 1: "y" },
  };
  const back = decodePlain(encodePlain(data)) as typeof data;
  expect(back).toStrictEqual(data);
  expect(Object.keys(back)).toEqual(Object.keys(data));
});

it("gives equal bytes for equal data, and keeps what it is given", () => {
  const value = fc.anything({
    withBigInt: true,
    withTypedArray: true,
    withNullPrototype: false,
    withObjectString: false,
  });
  fc.assert(
    fc.property(value, (data) => {
      let bytes: Uint8Array;
      try {
        bytes = encodePlain(data);
      } catch (error) {
        expect(String(error)).toMatch(/expected plain data/);
        return;
      }
      const back = decodePlain(bytes);
      expect(back).toStrictEqual(data);
      expect(encodePlain(back)).toEqual(bytes);
    }),
  );
});

it("takes a key such as __proto__ as data", () => {
  const data = JSON.parse('{"__proto__": {"x": 1}}') as object;
  const back = decodePlain(encodePlain(data)) as object;
  expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
  expect(JSON.stringify(back)).toBe('{"__proto__":{"x":1}}');
});

it("puts large arrays elsewhere", () => {
  const elsewhere: Uint8Array[] = [];
  const large = new Uint8Array(100).fill(7);
  const bytes = encodePlain({ large, small: new Uint8Array(3) }, (blob) =>
    blob.length < 50 ? undefined : elsewhere.push(blob) - 1,
  );
  expect(bytes.length).toBeLessThan(60);
  expect(elsewhere).toEqual([large]);
  const back = decodePlain(bytes, (index) => elsewhere[index] as Uint8Array) as { large: Uint8Array };
  expect(back.large).toBe(large);
});

it("refuses what is no plain data, and damaged bytes", () => {
  for (const value of [() => 1, new Map(), new Date(0), Symbol("x"), new DataView(new ArrayBuffer(1))])
    expect(() => encodePlain({ value })).toThrow(/expected plain data/);
  const bytes = encodePlain({ list: [1, "two", new Uint8Array(9)], more: { x: 1n } });
  for (let cut = 0; cut < bytes.length; cut++) expect(() => decodePlain(bytes.subarray(0, cut))).toThrow();
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
      const damaged = bytes.slice();
      damaged[at] = byte;
      try {
        decodePlain(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
  );
});
