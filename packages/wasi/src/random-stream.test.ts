import { describe, expect, it } from "vitest";
import { RandomStream } from "./random-stream.ts";

describe("RandomStream", () => {
  it("gives the same numbers for ever", () => {
    const stream = RandomStream.of(0, "unit");
    expect([stream.nextU32(), stream.nextU32()]).toMatchInlineSnapshot(`
      [
        4287306263,
        674331928,
      ]
    `);
    expect(stream.nextU64()).toMatchInlineSnapshot(`11001382536527497612n`);
    expect([...stream.bytes(7)]).toMatchInlineSnapshot(`
      [
        176,
        162,
        77,
        208,
        14,
        22,
        203,
      ]
    `);
  });

  it("differs by seed, by kind of seed, and by name", () => {
    const first = [
      RandomStream.of(0, "a"),
      RandomStream.of(1, "a"),
      RandomStream.of("0", "a"),
      RandomStream.of(0, "b"),
      RandomStream.of(-0.5, "a"),
    ].map((stream) => stream.nextU64());
    expect(new Set(first).size).toBe(first.length);
  });

  it("goes on from a saved state", () => {
    const stream = RandomStream.of("seed", "unit");
    stream.bytes(100);
    const { state } = stream;
    const expected = [...stream.bytes(50)];
    const other = RandomStream.of(0, "other");
    other.state = JSON.parse(JSON.stringify(state));
    expect([...other.bytes(50)]).toEqual(expected);
  });

  it("spreads evenly over bytes and bits", () => {
    const stream = RandomStream.of(3, "moments");
    const counts = new Array<number>(256).fill(0);
    for (const byte of stream.bytes(256_000)) counts[byte] = (counts[byte] ?? 0) + 1;
    // χ² of 255 degrees of freedom: mean 255, standard deviation 22.6.
    const chiSquared = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(Math.abs(chiSquared - 255)).toBeLessThan(5 * 22.6);
  });
});
