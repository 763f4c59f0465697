import lz4 from "@foxglove/wasm-lz4";
import { decompressLz4 } from "@playhead/recording";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { compress, compressionReady, decompress } from "./compression.ts";
import { compressLz4 } from "./lz4-compress.ts";

beforeAll(async () => {
  await compressionReady();
  await lz4.isLoaded;
});

/** Bytes with runs, repeats near and far, and noise. */
const bytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(fc.nat(255), fc.nat(2000)).map(([value, length]) => new Uint8Array(length).fill(value)),
      fc.constant(Uint8Array.from({ length: 300 }, (_, index) => (index * 17) & 255)),
    ),
    { maxLength: 30 },
  )
  .map((parts) => new Uint8Array(Buffer.concat(parts)));

describe("LZ4", () => {
  test("decompresses what it compresses, and so does the reference", () => {
    fc.assert(
      fc.property(bytes, (source) => {
        const compressed = compressLz4(source);
        expect(Buffer.compare(decompressLz4(compressed, source.length), source)).toBe(0);
        if (source.length > 0) expect(Buffer.compare(lz4(compressed, source.length), source)).toBe(0);
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  test("makes text smaller, takes blocks of more than 4 MiB, and gives the same bytes again", () => {
    const text = new TextEncoder().encode("the quick brown fox jumps over the lazy dog. ".repeat(120_000));
    const compressed = compressLz4(text);
    expect(compressed.length).toBeLessThan(text.length / 50);
    expect(Buffer.compare(decompressLz4(compressed, text.length), text)).toBe(0);
    expect(Buffer.compare(compressLz4(text), compressed)).toBe(0);
    expect(Buffer.compare(lz4(compressed, text.length), text)).toBe(0);
  });

  test("reads frames with every option, frames after each other, and skips what is not data", () => {
    // Version 1, linked blocks, block checksums, content size, content checksum; "abcd" as literals, then a match of 8 four back, then "wxyz!".
    const block = [0x44, ...bytesOf("abcd"), 4, 0, 0x50, ...bytesOf("wxyz!")];
    const frame = [
      4,
      0x22,
      0x4d,
      0x18,
      0b01011100,
      0x40,
      17,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      block.length,
      0,
      0,
      0,
      ...block,
    ];
    const end = [9, 9, 9, 9, 0, 0, 0, 0, 8, 8, 8, 8];
    const skippable = [0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
    const plain = [...compressLz4(Uint8Array.from(bytesOf("123")))];
    const both = Uint8Array.from([...frame, ...end, ...skippable, ...plain]);
    expect(new TextDecoder().decode(decompressLz4(both, 20))).toBe("abcdabcdabcdwxyz!123");
  });

  test("says what is wrong with a damaged frame, and is not spoilt by it", () => {
    const source = new TextEncoder().encode("a line that repeats, a line that repeats, a line that repeats");
    const good = compressLz4(source);
    for (let length = 0; length < good.length; length++) {
      expect(() => decompressLz4(good.subarray(0, length), source.length)).toThrow(/expected/);
    }
    expect(() => decompressLz4(good, source.length - 1)).toThrow(/found more/);
    expect(() => decompressLz4(good, source.length + 1)).toThrow(/expected 62 bytes from LZ4, found 61/);
    expect(decompressLz4(good, source.length)).toEqual(source);
  });

  test("changed bytes give an error or other bytes, never more than was asked for", () => {
    const source = new TextEncoder().encode(
      "to and fro, to and fro, and to and fro again, to and fro".repeat(5),
    );
    const good = compressLz4(source);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (place, value) => {
        const changed = good.slice();
        changed[place] = value;
        try {
          expect(decompressLz4(changed, source.length).length).toBe(source.length);
        } catch (error) {
          expect((error as Error).message).toMatch(/^expected /);
        }
      }),
      { numRuns: 3000, seed: 4 },
    );
  });
});

describe("chunks", () => {
  test("every compression gives back what it got", () => {
    const source = Uint8Array.from({ length: 100_000 }, (_, index) => (index * index) >> 7);
    for (const compression of ["none", "lz4", "zstd"] as const) {
      const { name, bytes: compressed } = compress(compression, source);
      expect(Buffer.compare(decompress(name, compressed, source.length), source)).toBe(0);
    }
  });

  test("a wrong size, damaged bytes and an unknown name are errors", () => {
    const { bytes: compressed } = compress("zstd", new Uint8Array(1000).fill(7));
    expect(() => decompress("zstd", compressed, 999)).toThrow();
    expect(() => decompress("zstd", compressed, 1001)).toThrow(
      /expected 1001 bytes from Zstandard, found 1000/,
    );
    expect(() => decompress("zstd", compressed.slice(1), 1000)).toThrow();
    expect(() => decompress("brotli", compressed, 1000)).toThrow(/"lz4" or "zstd", found "brotli"/);
    expect(decompress("zstd", compressed, 1000)).toEqual(new Uint8Array(1000).fill(7));
  });
});

function bytesOf(text: string): number[] {
  return Array.from(new TextEncoder().encode(text));
}
