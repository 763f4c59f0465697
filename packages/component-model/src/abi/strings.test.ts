import { describe, expect, test } from "vitest";
import { func, Guest, t } from "./guest.case.ts";
import type { StringEncoding } from "./strings.ts";
import { UTF16_TAG } from "./strings.ts";

/** What a host function gets for bytes in the guest's memory, or why it does not. */
function lifted(encoding: StringEncoding, hex: string, length: number, address = 64): string {
  const guest = new Guest("guest", encoding);
  guest.bytes.set(Buffer.from(hex.replaceAll(" ", ""), "hex"), 64);
  let seen = "";
  const sink = guest.import(func([t.string]), (text: string) => {
    seen = text;
  });
  try {
    sink(address, length);
  } catch (error) {
    const { message } = error as Error;
    return `! ${message.slice(0, message.indexOf(" (in"))}`;
  }
  return seen;
}

describe("strings of a guest", () => {
  test("in utf8", () => {
    expect(lifted("utf8", "68c3b6e29883f09f8db0", 10)).toBe("hö☃🍰");
    expect(lifted("utf8", "efbbbf41", 4)).toBe("\ufeffA");
    expect(lifted("utf8", "", 0, 65536)).toBe("");
    expect(lifted("utf8", "", 0, 65537)).toBe("! string pointer/length out of bounds of memory");
    expect(lifted("utf8", "", 2 ** 28)).toBe("! string of 268435456 bytes is longer than 268435455");
  });

  test.each([
    ["ff", "invalid utf-8 at byte 0 of the string"],
    ["41c080", "invalid utf-8 at byte 1 of the string"],
    ["e08080", "invalid utf-8 at byte 0 of the string"],
    ["eda080", "invalid utf-8 at byte 0 of the string"],
    ["f08080 80", "invalid utf-8 at byte 0 of the string"],
    ["f4908080", "invalid utf-8 at byte 0 of the string"],
    ["c341", "invalid utf-8 at byte 0 of the string"],
    ["41e298", "incomplete utf-8 byte sequence at the end of the string"],
  ])("that are not utf8 trap: %s", (hex, message) => {
    const bytes = hex.replaceAll(" ", "").length / 2;
    expect(lifted("utf8", hex, bytes)).toBe(`! ${message}`);
    const long = `${"61".repeat(200)}${hex}`;
    expect(lifted("utf8", long, 200 + bytes)).toBe(
      `! ${message.replace(/byte (\d+)/, (_, at) => `byte ${200 + Number(at)}`)}`,
    );
  });

  test("in utf16", () => {
    expect(lifted("utf16", "6800f60003263cd870df", 5)).toBe("hö☃🍰");
    expect(lifted("utf16", "0326".repeat(100), 100)).toBe("☃".repeat(100));
    expect(lifted("utf16", "", 0, 65)).toBe("! unaligned pointer of a string");
    expect(lifted("utf16", "", 2 ** 27)).toBe("! string of 268435456 bytes is longer than 268435455");
    for (const hex of ["3cd8", "70df3cd8", "3cd84100"]) {
      expect(lifted("utf16", hex, hex.length / 4)).toBe("! invalid utf-16: lone surrogate");
      expect(lifted("utf16", "4100".repeat(100) + hex, 100 + hex.length / 4)).toBe(
        "! invalid utf-16: lone surrogate",
      );
    }
  });

  test("in latin1+utf16", () => {
    expect(lifted("latin1+utf16", "68f66c61", 4)).toBe("höla");
    expect(lifted("latin1+utf16", "f6".repeat(100), 100)).toBe("ö".repeat(100));
    expect(lifted("latin1+utf16", "03263cd870df", UTF16_TAG + 3)).toBe("☃🍰");
    expect(lifted("latin1+utf16", "03263cd870df", (UTF16_TAG + 3) | 0)).toBe("☃🍰");
    expect(lifted("latin1+utf16", "", 0, 65)).toBe("! unaligned pointer of a string");
  });
});

describe("strings of the host", () => {
  test.each<[StringEncoding, string, string, number]>([
    ["utf8", "hö☃🍰", "68c3b6e29883f09f8db0", 10],
    ["utf16", "hö☃🍰", "6800f60003263cd870df", 5],
    ["latin1+utf16", "höla", "68f66c61", 4],
    ["latin1+utf16", "☃🍰", "03263cd870df", UTF16_TAG + 3],
  ])("in %s take exactly the memory that they need", (encoding, text, hex, length) => {
    const guest = new Guest("guest", encoding);
    let seen: unknown[] = [];
    const size = hex.length / 2;
    guest
      .lift(func([t.string]), (at: number, n: number) => {
        seen = [Buffer.from(guest.bytes.slice(at, at + size)).toString("hex"), n];
      })
      .call(text);
    expect(seen).toEqual([hex, length]);
    expect(guest.reallocs).toEqual([[0, 0, encoding === "utf8" ? 1 : 2, size]]);
  });
});

describe("strings between guests", () => {
  /** The string as the callee sees it and what was asked of its realloc: [moves, old size, alignment, size]. */
  function copied(from: StringEncoding, to: StringEncoding, hex: string, length: number): unknown[] {
    const [caller, callee] = [new Guest("caller", from), new Guest("callee", to)];
    caller.bytes.set(Buffer.from(hex, "hex"), 64);
    const type = func([t.string]);
    let seen: unknown[] = [];
    const target = callee.lift(type, (at: number, n: number) => {
      const units = n % UTF16_TAG;
      const wide = to === "utf16" || n >= UTF16_TAG;
      seen = [Buffer.from(callee.bytes.slice(at, at + (wide ? 2 : 1) * units)).toString("hex"), n];
    });
    caller.lower(type, target)(64, length);
    return [...seen, ...callee.reallocs];
  }

  test("of one encoding are copied", () => {
    expect(copied("utf8", "utf8", "68c3b6", 3)).toEqual(["68c3b6", 3, [0, 0, 1, 3]]);
    expect(copied("utf16", "utf16", "68000326", 2)).toEqual(["68000326", 2, [0, 0, 2, 4]]);
    expect(copied("latin1+utf16", "latin1+utf16", "68f6", 2)).toEqual(["68f6", 2, [0, 0, 2, 2]]);
  });

  test("from utf8 to utf16 take the worst case and shrink", () => {
    expect(copied("utf8", "utf16", "6869", 2)).toEqual(["68006900", 2, [0, 0, 2, 4]]);
    expect(copied("utf8", "utf16", "c3b6", 2)).toEqual(["f600", 1, [0, 0, 2, 4], [1, 4, 2, 2]]);
  });

  test("to utf8 hope for ASCII", () => {
    expect(copied("utf16", "utf8", "68006900", 2)).toEqual(["6869", 2, [0, 0, 1, 2]]);
    expect(copied("utf16", "utf8", "6800f600", 2)).toEqual([
      "68c3b6",
      3,
      [0, 0, 1, 2],
      [1, 2, 1, 6],
      [1, 6, 1, 3],
    ]);
    expect(copied("utf16", "utf8", "03260326", 2)).toEqual(["e29883e29883", 6, [0, 0, 1, 2], [1, 2, 1, 6]]);
    expect(copied("latin1+utf16", "utf8", "f6f6", 2)).toEqual(["c3b6c3b6", 4, [0, 0, 1, 2], [1, 2, 1, 4]]);
  });

  test("to latin1+utf16 hope for Latin-1", () => {
    expect(copied("utf8", "latin1+utf16", "68c3b6", 3)).toEqual(["68f6", 2, [0, 0, 2, 3], [1, 3, 2, 2]]);
    expect(copied("utf16", "latin1+utf16", "6800f600", 2)).toEqual(["68f6", 2, [0, 0, 2, 2]]);
    expect(copied("utf8", "latin1+utf16", "68e29883", 4)).toEqual([
      "68000326",
      UTF16_TAG + 2,
      [0, 0, 2, 4],
      [1, 4, 2, 8],
      [1, 8, 2, 4],
    ]);
  });

  test("tagged as utf16 stay so unless Latin-1 is enough", () => {
    expect(copied("latin1+utf16", "latin1+utf16", "0326", UTF16_TAG + 1)).toEqual([
      "0326",
      UTF16_TAG + 1,
      [0, 0, 2, 2],
    ]);
    expect(copied("latin1+utf16", "latin1+utf16", "41004200", UTF16_TAG + 2)).toEqual([
      "4142",
      2,
      [0, 0, 2, 4],
      [1, 4, 1, 2],
    ]);
    expect(copied("latin1+utf16", "utf16", "4142", 2)).toEqual(["41004200", 2, [0, 0, 2, 4]]);
  });

  test("that are ill-formed trap in every pair of encodings", () => {
    for (const to of ["utf8", "utf16", "latin1+utf16"] as const) {
      expect(() => copied("utf8", to, "ff", 1)).toThrow("invalid utf-8");
      expect(() => copied("utf16", to, "3cd8", 1)).toThrow("lone surrogate");
      expect(() => copied("latin1+utf16", to, "3cd8", UTF16_TAG + 1)).toThrow("lone surrogate");
    }
  });
});
