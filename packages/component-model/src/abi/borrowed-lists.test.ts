import { describe, expect, test } from "vitest";
import { func, Guest, list, record, t } from "./guest.case.ts";

const bytes = list(t.u8);

/** An import of a guest whose lists of numbers are passed in a certain way. */
function sink(guest: Guest, lists: "copied" | "borrowed" | "poisoned", type = bytes) {
  const seen: unknown[] = [];
  const call = guest.lower(func([type]), { call: (value) => seen.push(value), withCaller: false, lists });
  return { call, seen };
}

describe("lists of numbers in arguments of a host function", () => {
  test("are copies by default", () => {
    const guest = new Guest("guest");
    const { call, seen } = sink(guest, "copied");
    guest.bytes.set([1, 2, 3], 64);
    call(64, 3);
    guest.bytes[64] = 9;
    expect(seen).toEqual([Uint8Array.of(1, 2, 3)]);
  });

  test("are views of the memory when they are borrowed", () => {
    const guest = new Guest("guest");
    const { call, seen } = sink(guest, "borrowed");
    guest.bytes.set([1, 2, 3], 64);
    call(64, 3);
    guest.bytes[64] = 9;
    expect(seen).toEqual([Uint8Array.of(9, 2, 3)]);
    guest.memory.grow(1);
    expect((seen[0] as Uint8Array).length).toBe(0);
  });

  test("are empty after the call when they are poisoned", () => {
    const guest = new Guest("guest");
    const nested = list(record({ name: t.string, samples: list(t.f64) }));
    const kept: Float64Array[] = [];
    let during = "";
    const call = guest.lower(func([nested]), {
      call: (value) => {
        for (const { name, samples } of value as { name: string; samples: Float64Array }[]) {
          during += `${name}: ${samples}; `;
          kept.push(samples);
        }
        if (kept.length > 2) throw new Error("enough");
      },
      withCaller: false,
      lists: "poisoned",
    });
    guest.bytes.set([0x61, 0x62], 64);
    new Float64Array(guest.memory.buffer, 128, 3).set([0.5, Number.NaN, 2]);
    new Uint32Array(guest.memory.buffer, 256, 8).set([64, 1, 128, 1, 65, 1, 128, 3]);
    call(256, 2);
    expect(during).toBe("a: 0.5; b: 0.5,NaN,2; ");
    expect(kept.map((samples) => samples.length)).toEqual([0, 0]);
    expect(() => call(256, 1)).toThrow("enough");
    expect(kept[2]?.length).toBe(0);
  });

  test("are copies with canonical NaNs where floats are not", () => {
    const guest = new Guest("guest");
    for (const count of [3, 40]) {
      const { call, seen } = sink(guest, "borrowed", list(t.f32));
      const words = new Uint32Array(guest.memory.buffer, 64, count);
      words.fill(0x3f800000);
      call(64, count);
      words[1] = 0xffc00123;
      call(64, count);
      const [clean, odd] = seen as [Float32Array, Float32Array];
      expect(clean.buffer).toBe(guest.memory.buffer);
      expect(odd.buffer).not.toBe(guest.memory.buffer);
      expect(new Uint32Array(odd.buffer)[1]).toBe(0x7fc00000);
      expect(words[1]).toBe(0xffc00123);
    }
  });

  test("are checked like all others", () => {
    const guest = new Guest("guest");
    const { call } = sink(guest, "borrowed", list(t.u32));
    expect(() => call(66, 1)).toThrow("unaligned pointer of list pointer/length");
    const other = new Guest("other");
    expect(() => sink(other, "borrowed", list(t.u32)).call(65532, 2)).toThrow("out of bounds");
  });
});
