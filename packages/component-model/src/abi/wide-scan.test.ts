import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assemble } from "../testing.case.ts";
import { WIDE_SCAN_BASE64, type WideScan, wideScanOf } from "./wide-scan.ts";

const memory = new WebAssembly.Memory({ initial: 1 });
const bytes = new Uint8Array(memory.buffer);
const scan = wideScanOf(memory) as WideScan;
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Puts bytes somewhere, or at the end of memory, with bytes around them that no check would let pass. */
function place(content: Uint8Array, at: number | "end"): number {
  const address = at === "end" ? bytes.length - content.length : at;
  bytes.fill(0xff);
  bytes.set(content, address);
  return address;
}

function isUtf8(content: Uint8Array): boolean {
  try {
    decoder.decode(content);
    return true;
  } catch {
    return false;
  }
}

/** Bytes without custom sections. */
function stripped(module: Uint8Array): Uint8Array {
  const parts = [...module.subarray(0, 8)];
  for (let at = 8; at < module.length; ) {
    const start = at;
    const id = module[at++];
    let size = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = module[at++] as number;
      size |= (byte & 0x7f) << shift;
      more = byte >= 0x80;
    }
    at += size;
    if (id !== 0) parts.push(...module.subarray(start, at));
  }
  return Uint8Array.from(parts);
}

const anywhere = fc.oneof(fc.constant("end" as const), fc.integer({ min: 0, max: 40 }));
const spare = fc.string({ unit: "binary", maxLength: 120 }).map((text) => new TextEncoder().encode(text));
const mostlyAscii = fc
  .tuple(
    fc.nat(300),
    fc.array(fc.tuple(fc.nat(300), fc.constantFrom("é", "☃", "🍰", "\u0000")), { maxLength: 3 }),
  )
  .map(([length, odd]) => {
    let text = "a".repeat(length);
    for (const [at, char] of odd) text = text.slice(0, at) + char + text.slice(at);
    return new TextEncoder().encode(text);
  });
const broken = fc
  .tuple(fc.oneof(spare, mostlyAscii), fc.nat(), fc.integer({ min: 0, max: 255 }))
  .map(([content, at, byte]) => content.map((old, i) => (i === at % content.length ? byte : old)));
const noise = fc.uint8Array({ maxLength: 40 });

describe("the scanner with SIMD instructions", () => {
  test("is what the text says", async () => {
    const text = readFileSync(new URL("wide-scan.wat", import.meta.url), "utf8");
    expect(WIDE_SCAN_BASE64).toBe(Buffer.from(stripped(await assemble(text))).toString("base64"));
  });

  test("knows UTF-8 and ASCII", () => {
    fc.assert(
      fc.property(fc.oneof(spare, mostlyAscii, broken, noise), anywhere, (content, at) => {
        const address = place(content, at);
        expect(scan.utf8(address, content.length)).toBe(Number(isUtf8(content)));
        expect(scan.ascii(address, content.length)).toBe(Number(content.every((byte) => byte < 0x80)));
      }),
      { numRuns: 1500 },
    );
  });

  test("knows every sequence of up to two bytes and the borders of longer ones", () => {
    const edges = [0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0];
    for (let lead = 0; lead < 256; lead++) {
      for (const second of edges) {
        for (const rest of [[], [0x80], [0x7f], [0x80, 0x80], [0x80, 0xc0], [0x80, 0x80, 0x41]]) {
          const content = Uint8Array.of(lead, second, ...rest);
          const address = place(content, "end");
          expect([content, scan.utf8(address, content.length)]).toEqual([content, Number(isUtf8(content))]);
        }
      }
    }
  });

  test("knows UTF-16", () => {
    const units = fc.oneof(
      fc.integer({ min: 0, max: 0xffff }),
      fc.constantFrom(0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000),
    );
    const text = fc.oneof(
      fc.array(units, { maxLength: 40 }).map((all) => String.fromCharCode(...all)),
      fc.string({ unit: "binary", maxLength: 60 }),
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 20 }), (string, at) => {
        const address = place(Buffer.from(string, "utf16le"), 2 * at);
        const wellFormed = (string as unknown as { isWellFormed(): boolean }).isWellFormed();
        expect(scan.utf16(address, string.length)).toBe(Number(wellFormed));
      }),
      { numRuns: 800 },
    );
  });

  test.each([
    ["32", Float32Array, scan.nan32, scan.canonical32, [0x7fc00000, 0xffc00001, 0x7f800001, 0x7f800000]],
    [
      "64",
      Float64Array,
      scan.nan64,
      scan.canonical64,
      [0x7ff8000000000000n, 0xfff8000000000001n, 0x7ff0000000000001n, 0x7ff0000000000000n],
    ],
  ] as const)("finds and replaces NaNs of %s bits", (_, Floats, nan, canonical, patterns) => {
    const Words = Floats === Float32Array ? Uint32Array : BigUint64Array;
    const size = Floats.BYTES_PER_ELEMENT;
    const places = fc.array(fc.tuple(fc.nat(70), fc.constantFrom(...patterns)), { maxLength: 4 });
    fc.assert(
      fc.property(fc.nat(70), places, (count, odd) => {
        const floats = new Floats(count).fill(1.5);
        const words = new Words(floats.buffer) as { [index: number]: number | bigint };
        for (const [at, bits] of odd) if (at < count) words[at] = bits;
        const address = place(new Uint8Array(floats.buffer), 8);
        expect(nan(address, count)).toBe(Number(floats.some(Number.isNaN)));
        canonical(address, count);
        const expected = floats.map((x) => (Number.isNaN(x) ? Number.NaN : x));
        expect(bytes.slice(address, address + count * size)).toEqual(new Uint8Array(expected.buffer));
        expect(bytes[address + count * size]).toBe(0xff);
      }),
      { numRuns: 400 },
    );
  });
});
