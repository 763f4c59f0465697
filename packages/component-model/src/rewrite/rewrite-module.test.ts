import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ComponentModelError } from "../errors.ts";
import { Meter } from "../state/meter.ts";
import { assemble } from "../testing.case.ts";
import { anyProgram } from "./programs.case.ts";
import { type RewriteOptions, rewriteModule } from "./rewrite-module.ts";

type Exports = Record<string, WebAssembly.ExportValue>;

/** Instantiates a rewritten module and does what the engine would have done with the original. */
function start(bytes: Uint8Array, options: RewriteOptions, meter: Meter, budget = 1n << 40n): Exports {
  const { bytes: rewritten, layout } = rewriteModule(bytes, 0, bytes.length, options);
  const constants = layout.constants(() => 0);
  const host = layout.imports.map(({ kind, name, type, global }) => {
    if (kind === "meter") return [name, meter.globals.meter];
    if (kind === "reason") return [name, meter.globals.reason];
    if (kind === "budget") return [name, new WebAssembly.Global({ value: "i64", mutable: true }, budget)];
    return [name, new WebAssembly.Global({ value: type as "i32" }, constants.get(global) as never)];
  });
  const imports = { [layout.host]: Object.fromEntries(host) };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(rewritten), imports);
  for (const name of [layout.fillTables, layout.fillMemories, layout.start]) {
    if (name !== undefined) (exports[name] as () => void)();
  }
  return exports;
}

/** What the functions of a program give and leave behind. */
function outcome(exports: Exports, argument: number): unknown {
  const results = ["f0", "f1", "f2", "f3"].map((name) => {
    try {
      return (exports[name] as (value: number) => number)(argument);
    } catch (error) {
      return String(error);
    }
  });
  const memory = new Uint8Array((exports.memory as WebAssembly.Memory).buffer);
  return {
    results,
    global: (exports.g as WebAssembly.Global).value,
    memory: Buffer.from(memory).toString("latin1"),
  };
}

describe("a rewritten module", () => {
  it("does what the original does", async () => {
    await fc.assert(
      fc.asyncProperty(anyProgram, fc.nat(0xffffffff), async (text, argument) => {
        const bytes = await assemble(`(module ${text})`);
        const original = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource)).exports;
        const expected = outcome(original, argument);
        for (const metered of [false, true]) {
          for (const capped of [false, true]) {
            const meter = new Meter();
            expect(outcome(start(bytes, { metered, capped }, meter), argument)).toEqual(expected);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it("does what the original does with all that functions can have", async () => {
    const bytes = await assemble(`(module
      (type $two (func (param i32) (result i32 i64)))
      (type $t (func (param i32) (result i32)))
      (tag $e (param i32))
      (memory (export "memory") 1)
      (global $g (export "g") (mut i32) (i32.const 0))
      (global $v (mut v128) (v128.const i32x4 1 2 3 4))
      (table 2 funcref) (elem (i32.const 0) $f0 $count)
      (func $two (type $two) (local $i i32)
        (loop $l (local.set $i (i32.add (local.get $i) (local.get 0)))
          (br_if 1 (i32.const 5) (i64.extend_i32_u (local.get $i)) (i32.gt_u (local.get $i) (i32.const 1000)))
          (drop) (drop)
          (br $l))
        (unreachable))
      (func $count (type $t)
        (if (i32.eqz (local.get 0)) (then (return (global.get $g))))
        (global.set $g (i32.add (global.get $g) (i32.const 1)))
        (return_call $count (i32.sub (local.get 0) (i32.const 1))))
      (func $throws (param i32) (if (i32.and (local.get 0) (i32.const 1)) (then (throw $e (local.get 0)))))
      (func $catches (type $t) (local $i i32)
        loop $l
          try local.get $i call $throws catch $e global.get $g i32.add global.set $g end
          local.get $i i32.const 1 i32.add local.tee $i i32.const 50 i32.lt_u br_if $l
        end
        try (result i32) i32.const 3 throw $e catch $e call $count catch_all i32.const 1 end)
      (func $f0 (export "f0") (type $t) (call $two (i32.or (local.get 0) (i32.const 1))) (i32.wrap_i64) (i32.add))
      (func $f1 (export "f1") (type $t)
        (i32.const 7) (i32.and (local.get 0) (i32.const 255))
        (loop $l (param i32 i32) (result i32) (i32.add) (i32.const 1) (i32.sub)
          (local.tee 0) (local.get 0) (br_if $l (i32.gt_s (local.get 0) (i32.const 100))) (drop)))
      (func $f2 (export "f2") (type $t)
        (global.set $v (i32x4.mul (global.get $v) (i32x4.splat (local.get 0))))
        (memory.copy (i32.const 100) (i32.const 0) (i32.and (local.get 0) (i32.const 0xff)))
        (v128.store (i32.const 16) (i8x16.swizzle (global.get $v) (v128.const i32x4 3 0x01020304 9 1)))
        (i32x4.extract_lane 2 (global.get $v)))
      (func $f3 (export "f3") (type $t)
        (i32.add (return_call_indirect (type $t) (i32.and (local.get 0) (i32.const 0x7f)) (i32.const 1)) (call $catches (i32.const 1))))
      (func (export "caught") (type $t) (call $catches (local.get 0))))`);
    const original = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource)).exports;
    const rewritten = start(bytes, { metered: true, capped: true }, new Meter());
    for (const argument of [0, 1, 77, 1234567]) {
      const both = [original, rewritten].map((exports) => [
        (exports.caught as (value: number) => number)(argument),
        outcome(exports, argument),
      ]);
      expect(both[1]).toEqual(both[0]);
    }
  });

  it("pays the same fuel for the same, and stops when there is no more", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyProgram,
        fc.nat(0xffffffff),
        fc.integer({ min: 1, max: 300 }),
        async (text, argument, fuel) => {
          const bytes = await assemble(`(module ${text})`);
          const run = () => {
            const meter = new Meter({ fuel });
            const exports = start(bytes, { metered: true, capped: false }, meter);
            return { used: meter.fuelUsed, ...(outcome(exports, argument) as object) };
          };
          expect(run()).toEqual(run());
        },
      ),
      { numRuns: 30 },
    );
  });

  it("has the values of extended constant expressions", async () => {
    const bytes = await assemble(`(module
      (global $a i32 (i32.const 40))
      (global $b (export "b") i32 (i32.add (i32.mul (i32.const 3) (i32.const 5)) (i32.const -2)))
      (global $c (export "c") i64 (i64.sub (i64.const 1) (i64.const 2)))
      (global $d (export "d") (mut i32) (i32.add (global.get $b) (i32.const 7)))
      (global $e (export "e") i32 (global.get $a))
      (memory (export "memory") 1)
      (data (offset (i32.add (global.get $a) (i32.const 2))) "x"))`);
    const exports = start(bytes, { metered: false, capped: false }, new Meter());
    const values = ["b", "c", "d", "e"].map((name) => (exports[name] as WebAssembly.Global).value);
    expect(values).toEqual([13, -1n, 20, 40]);
    expect(new Uint8Array((exports.memory as WebAssembly.Memory).buffer)[42]).toBe(0x78);
  });

  it("takes reserved names that the module does not use", async () => {
    const bytes = await assemble(
      '(module (memory 1) (func (export "state:memory0")) (func (export ":state:x")))',
    );
    const { layout } = rewriteModule(bytes, 0, bytes.length, { metered: false, capped: false });
    expect(layout.memories).toEqual(["::state:memory0"]);
  });

  it("cannot be made of a module with features out of scope", async () => {
    const refused: readonly [string, string][] = [
      ["(memory 1 1) (func (drop (i32x4.relaxed_trunc_f32x4_s (v128.const i64x2 0 0))))", "relaxed SIMD"],
      ["(memory 1 1 shared)", "threads"],
      ["(memory 1 1) (func (drop (i32.atomic.load (i32.const 0))))", "threads"],
      ["(memory i64 1 1)", "memory64"],
      ["(type (struct))", "GC types"],
      ["(func (drop (ref.i31 (i32.const 1))))", "GC types"],
      ["(func (try_table))", "exception references"],
      ["(type $t (func)) (func (param funcref) (call_ref $t (ref.cast (ref $t) (local.get 0))))", ""],
    ];
    for (const [text, feature] of refused) {
      const bytes = await assemble(`(module ${text})`);
      let error: unknown;
      try {
        rewriteModule(bytes, 0, bytes.length, { metered: false, capped: false });
      } catch (cause) {
        error = cause;
      }
      expect(error, text).toBeInstanceOf(ComponentModelError);
      expect(error).toMatchObject({ code: "unsupported", offset: expect.any(Number) });
      expect((error as Error).message).toContain(feature);
    }
  });

  it("is made in a time that follows its size", async () => {
    const depth = 20_000;
    const nested = `${"block ".repeat(depth)} ${`i32.const 0 br_if ${depth - 1} `.repeat(depth)} ${"end ".repeat(depth)}`;
    const globals = Array.from(
      { length: depth },
      () => "(global (mut i32) (i32.add (i32.const 1) (i32.const 2)))",
    );
    const bytes = await assemble(`(module ${globals.join("")} (func ${nested}))`);
    const { bytes: rewritten } = rewriteModule(bytes, 0, bytes.length, { metered: true, capped: true });
    expect(WebAssembly.validate(rewritten)).toBe(true);
    expect(rewritten.length).toBeLessThan(20 * bytes.length);
  });

  it("comes of any bytes, or an error does", async () => {
    const texts = await Promise.all(fc.sample(anyProgram, 5).map((text) => assemble(`(module ${text})`)));
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.nat(),
        (original, changes, cut) => {
          const bytes = original.slice(0, cut % 4 === 0 ? cut % original.length : original.length);
          for (const [at, value] of changes)
            if (bytes.length > 8) bytes[8 + (at % (bytes.length - 8))] = value;
          try {
            const { bytes: rewritten } = rewriteModule(bytes, 0, bytes.length, {
              metered: true,
              capped: true,
            });
            if (WebAssembly.validate(bytes as BufferSource))
              expect(WebAssembly.validate(rewritten)).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(ComponentModelError);
            // Whatever the engine takes, the rewriter takes, but for what it refuses by name.
            const { code } = error as ComponentModelError;
            if (WebAssembly.validate(bytes as BufferSource)) expect(code).toBe("unsupported");
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});
