import { describe, expect, it } from "vitest";
import { decodeComponent } from "../component.ts";
import { instantiate } from "../instantiate.ts";
import { assemble, decodeText, failure } from "../testing.case.ts";
import { refusal } from "./validate-code.ts";

describe("the code of core modules", () => {
  it("is validated when a component is decoded, with the place of what is wrong", async () => {
    const text = (constant: string) =>
      `(component (core module (func (export "f") (result i32) (${constant}.const 7))))`;
    expect((await decodeText(text("i32"))).type.exports.size).toBe(0);
    const broken = await assemble(text("i64"));
    const error = failure(() => decodeComponent(broken), "invalid");
    expect(error.message).toMatch(/^core module at byte \d+: Compiling function #0.* failed/);
    expect(error.offset).toBeGreaterThan(broken.indexOf(0x42));
    expect(error.offset).toBeLessThanOrEqual(broken.length);
  });

  it("is refused by name for a feature that the engine lacks", async () => {
    const text = '(component (core module (memory 1) (memory (export "m") 1)))';
    if (WebAssembly.validate(Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 5, 5, 2, 0, 1, 0, 1]))) {
      expect((await decodeText(text)).type.imports.size).toBe(0);
      return;
    }
    const bytes = await assemble(text);
    expect(failure(() => decodeComponent(bytes), "unsupported").message).toContain("several memories");
  });

  it("may have constant expressions that the host evaluates, and is validated all the same", async () => {
    const module = (result: string) => `(core module $m
      (global $a i32 (i32.const 40))
      (global $b i32 (i32.add (global.get $a) (i32.const 2)))
      (func (export "f") (result ${result}) (global.get $b)))`;
    const lifted =
      '(core instance $i (instantiate $m)) (func (export "f") (result u32) (canon lift (core func $i "f")))';
    const { exports } = instantiate(await decodeText(`(component ${module("i32")} ${lifted})`));
    expect((exports as { f(): number }).f()).toBe(42);
    const broken = await assemble(`(component ${module("i64")})`);
    const error = failure(() => decodeComponent(broken), "invalid");
    expect(error.message).toContain("Compiling function");
    expect(error.offset).toBeLessThan(broken.length);
  });

  it.each([
    [
      "Compiling function #1 failed: Invalid opcode 0x1f @+71",
      "unsupported",
      "exception references at byte 171",
    ],
    [
      "invalid numeric opcode 0xfd100, enable with --experimental-wasm-relaxed-simd",
      "unsupported",
      "relaxed SIMD",
    ],
    ["type error in fallthru[0] (expected i32, got i64) @+5", "invalid", "(byte 105)"],
  ])("is refused as the engine says: %s", (message, code, text) => {
    const error = refusal(new WebAssembly.CompileError(`WebAssembly.Module(): ${message}`), 100);
    expect(error.code).toBe(code);
    expect(error.message).toContain(text);
  });
});
