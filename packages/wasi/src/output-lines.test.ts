import { describe, expect, it } from "vitest";
import { OutputLines } from "./output-lines.ts";

function recorded(): { lines: string[]; output: OutputLines } {
  const lines: string[] = [];
  return { lines, output: new OutputLines((line) => lines.push(line)) };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("OutputLines", () => {
  it("gives lines when they end, however they were cut", () => {
    const { lines, output } = recorded();
    for (const part of ["a", "b\nc", "\r\n", "\n", "d"]) output.write(bytes(part));
    expect(lines).toEqual(["ab", "c", ""]);
    output.finish();
    output.finish();
    expect(lines).toEqual(["ab", "c", "", "d"]);
  });

  it("keeps characters whole that come in pieces, and replaces what is none", () => {
    const { lines, output } = recorded();
    for (const byte of bytes("grün 🚗\n")) output.write(Uint8Array.of(byte));
    output.write(Uint8Array.of(0x41, 0xff, 0x42, 10));
    expect(lines).toEqual(["grün 🚗", "A\ufffdB"]);
  });

  it("cuts lines that never end, between characters", () => {
    const { lines, output } = recorded();
    output.write(bytes("é".repeat(5000)));
    expect(lines.map((line) => bytes(line).length)).toEqual([4096, 4096]);
    output.write(bytes("x".repeat(4094)));
    output.write(bytes("🚗\n"));
    expect(lines.slice(2).join("")).toBe(`${"é".repeat(904)}${"x".repeat(4094)}🚗`);
  });

  it("goes on from a saved state", () => {
    const { output } = recorded();
    output.write(bytes("half a 🚗").subarray(0, 9));
    const { lines, output: other } = recorded();
    other.state = JSON.parse(JSON.stringify(output.state));
    other.write(bytes("🚗\n").subarray(2));
    expect(lines).toEqual(["half a 🚗"]);
  });
});
