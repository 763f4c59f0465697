import { describe, expect, it } from "vitest";
import { importNames, renameExports } from "./core-module.ts";

/** (module (import "env" "seed" (func (result f64))) (import "a" "m" (memory 1 2)) (memory…) exports f, g, memory) */
function sample(): Uint8Array {
  const text = (value: string) => [value.length, ...Buffer.from(value)];
  const section = (id: number, ...body: number[]) => [id, body.length, ...body];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 0, 1, 0x7c),
    ...section(2, 2, ...text("env"), ...text("seed"), 0, 0, ...text("a"), ...text("m"), 2, 1, 1, 2),
    ...section(3, 2, 0, 0),
    ...section(7, 3, ...text("f"), 0, 1, ...text("g"), 0, 2, ...text("memory"), 2, 0),
    ...section(10, 2, 11, 0, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0x0b, 11, 0, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0x0b),
  ]);
}

describe("core modules", () => {
  it("tell what they import", () => {
    expect(importNames(sample())).toEqual([
      { module: "env", name: "seed" },
      { module: "a", name: "m" },
    ]);
  });

  it("export under other names, also several, and lose what has none", () => {
    const long = "cabi_post_playhead:sim/component@0.1.0#".repeat(5);
    const renamed = renameExports(sample(), new Map([["g", ["a:b/c#d", long]]]));
    const exports = WebAssembly.Module.exports(new WebAssembly.Module(renamed as Uint8Array<ArrayBuffer>));
    expect(exports.map((each) => each.name)).toEqual(["a:b/c#d", long, "memory"]);
  });
});
