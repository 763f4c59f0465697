import { describe, expect, it } from "vitest";
import { decodeComponent } from "../component.ts";
import { FuelError, TrapError } from "../errors.ts";
import { type ComponentInstance, type InstantiateOptions, instantiate } from "../instantiate.ts";
import { assemble, failure } from "../testing.case.ts";
import { Meter } from "./meter.ts";
import { snapshot, stateHash } from "./operations.ts";
import { MemoryPageStore } from "./page-store.ts";

/** A guest with one core module, whose exports named here are lifted with these types. */
async function guest(
  core: string,
  lifts: Readonly<Record<string, string>>,
  options: InstantiateOptions = {},
): Promise<ComponentInstance> {
  const lifted = Object.entries(lifts).map(
    ([name, type]) => `(func (export "${name}") ${type} (canon lift (core func $i "${name}")))`,
  );
  const text = `(component (core module $m ${core}) (core instance $i (instantiate $m)) ${lifted.join("\n")})`;
  return instantiate(decodeComponent(await assemble(text)), { path: "guest", ...options });
}

function call(instance: ComponentInstance, name: string, ...args: unknown[]): unknown {
  return (instance.exports[name] as (...args: unknown[]) => unknown)(...args);
}

const looping = `
  (memory 1)
  (global $rounds (mut i32) (i32.const 0))
  (func (export "rounds") (result i32) (global.get $rounds))
  (func (export "spin")
    (loop $again
      (global.set $rounds (i32.add (global.get $rounds) (i32.const 1)))
      (i32.store (i32.and (global.get $rounds) (i32.const 0xfffc)) (global.get $rounds))
      (br $again)))
  (func (export "sum") (param $n i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (local.get $n)))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))`;

/** How often the endless loop went round, and how deep a recursion went: the first mutable number of the guest. */
function firstNumber(instance: ComponentInstance): number | undefined {
  return snapshot(instance, new MemoryPageStore()).cores[0]?.words[0];
}

/** Runs something at the end of so many JavaScript calls. */
function underFrames<T>(frames: number, run: () => T): T {
  return frames === 0 ? run() : underFrames(frames - 1, run);
}

describe("fuel", () => {
  it("ends an endless loop at the same place every time", async () => {
    const end = async () => {
      const instance = await guest(looping, { spin: "" }, { meter: new Meter({ fuel: 100_000 }) });
      const error = failure(() => call(instance, "spin"), "fuel") as FuelError;
      expect(error).toBeInstanceOf(FuelError);
      expect(error.instance).toBe("guest");
      expect(failure(() => call(instance, "spin"), "locked").cause).toBe(error);
      // 11 units a round; the same on every engine.
      expect(firstNumber(instance)).toBe(9090);
      return stateHash(instance);
    };
    expect(await end()).toBe(await end());
  });

  it("ends a start function, too", async () => {
    const core = "(func $f (loop $again (br $again))) (start $f)";
    const error = await guest(core, {}, { meter: new Meter({ fuel: 1000 }) }).catch((cause) => cause);
    expect(error).toMatchObject({ name: "FuelError", code: "fuel", instance: "guest" });
  });

  it("is full again for each call, and used in proportion", async () => {
    const meter = new Meter({ fuel: 100_000 });
    const instance = await guest(looping, { sum: '(param "n" u32) (result u32)' }, { meter });
    const used = (n: number): number => {
      call(instance, "sum", n);
      return meter.fuelUsed;
    };
    expect(used(1000) - used(500)).toBe(500 * (used(2) - used(1)));
    for (let count = 0; count < 30; count++) expect(call(instance, "sum", 9000)).toBe(40_504_500);
    expect(failure(() => call(instance, "sum", 100_000), "fuel").where).toBe("sum");
    expect(meter.fuelUsed).toBe(100_000);
  });

  it("pays for bulk operations by their length", async () => {
    const core = `(memory 100) (func (export "fill") (param $n i32) (result i32)
      (memory.fill (i32.const 0) (i32.const 1) (local.get $n)) (i32.load8_u (i32.const 7)))`;
    const meter = new Meter({ fuel: 100_000 });
    const instance = await guest(core, { fill: '(param "n" u32) (result u32)' }, { meter });
    expect(call(instance, "fill", 32 * 1000)).toBe(1);
    expect(meter.fuelUsed).toBeGreaterThanOrEqual(1000);
    expect(meter.fuelUsed).toBeLessThan(1100);
    failure(() => call(instance, "fill", 32 * 100_000), "fuel");
  });

  it("is the caller's where a call goes to another instance of the same meter", async () => {
    const meter = new Meter({ fuel: 100_000 });
    const inner = await guest(
      looping,
      { spin: "", sum: '(param "n" u32) (result u32)' },
      { meter, path: "inner" },
    );
    const text = `(component
      (import "spin" (func $spin)) (import "sum" (func $sum (param "n" u32) (result u32)))
      (core func $spin (canon lower (func $spin))) (core func $sum (canon lower (func $sum)))
      (core module $m (import "" "spin" (func $spin)) (import "" "sum" (func $sum (param i32) (result i32)))
        (func (export "spin") (call $spin))
        (func (export "sums") (param $times i32) (loop $again (drop (call $sum (i32.const 1000)))
          (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))))
      (core instance $i (instantiate $m
        (with "" (instance (export "spin" (func $spin)) (export "sum" (func $sum))))))
      (func (export "spin") (canon lift (core func $i "spin")))
      (func (export "sums") (param "times" u32) (canon lift (core func $i "sums"))))`;
    const imports = { spin: inner.externs.get("spin") as never, sum: inner.externs.get("sum") as never };
    const outer = instantiate(decodeComponent(await assemble(text)), { meter, imports, path: "outer" });
    call(outer, "sums", 5);
    expect(meter.fuelUsed).toBeGreaterThan(35_000);
    const error = failure(() => call(outer, "spin"), "fuel") as TrapError;
    expect(error.instance).toBe("inner");
    expect(failure(() => call(outer, "sums", 1), "locked").cause).toBe(error);
  });

  it("of a call waits while the host makes another", async () => {
    const meter = new Meter({ fuel: 100_000 });
    const inner = await guest(looping, { sum: '(param "n" u32) (result u32)' }, { meter, path: "inner" });
    const text = `(component
      (import "host" (func $host)) (core func $host (canon lower (func $host)))
      (core module $m (import "" "host" (func $host))
        (func (export "f") (param $times i32) (loop $again (call $host)
          (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))))
      (core instance $i (instantiate $m (with "" (instance (export "host" (func $host))))))
      (func (export "f") (param "times" u32) (canon lift (core func $i "f"))))`;
    const host = () => {
      expect(call(inner, "sum", 9000)).toBe(40_504_500);
    };
    const outer = instantiate(decodeComponent(await assemble(text)), { meter, imports: { host } });
    call(outer, "f", 20);
    expect(meter.fuelUsed).toBeLessThan(10_000);
  });

  it("pays for what the host copies", async () => {
    const text = `(component (import "take" (func $take (param "l" (list u8)) (param "s" string)))
      (core module $memory (memory (export "memory") 20)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0)))
      (core instance $memory (instantiate $memory))
      (core func $take (canon lower (func $take) (memory (core memory $memory "memory"))))
      (core module $m (import "" "take" (func $take (param i32 i32 i32 i32)))
        (func (export "give") (param $bytes i32) (param $text i32)
          (call $take (i32.const 0) (local.get $bytes) (i32.const 0) (local.get $text)))
        (func (export "get") (param i32 i32)))
      (core instance $i (instantiate $m (with "" (instance (export "take" (func $take))))))
      (func (export "give") (param "bytes" u32) (param "text" u32) (canon lift (core func $i "give")))
      (func (export "get") (param "l" (list u8))
        (canon lift (core func $i "get") (memory (core memory $memory "memory"))
          (realloc (core func $memory "realloc")))))`;
    const meter = new Meter();
    const instance = instantiate(decodeComponent(await assemble(text)), {
      meter,
      imports: { take: () => {} },
    });
    const used = (name: string, ...args: unknown[]): number => {
      call(instance, name, ...args);
      return meter.fuelUsed;
    };
    const least = used("give", 0, 0);
    expect(used("give", 100, 100)).toBe(least);
    expect(used("give", 1 << 20, 0)).toBe(least + 32_768);
    expect(used("give", 0, 1 << 20)).toBe(least + 32_768);
    expect(used("get", new Uint8Array(1 << 20))).toBe(used("get", new Uint8Array(10)) + 32_768);
  });
});

describe("the depth of calls", () => {
  const recursive = `(global $depth (mut i32) (i32.const 0))
    (func $down (param $a i32) (result i32)
      (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
      (i32.add (i32.const 1) (call $down (local.get $a))))
    (func (export "f") (result i32) (call $down (i32.const 0)))
    (func (export "reset") (global.set $depth (i32.const 0)))`;

  it("is the same at top level and under deep JavaScript stacks", async () => {
    const depthAt = async (frames: number): Promise<number | undefined> => {
      const instance = await guest(recursive, { f: "(result u32)" }, { meter: new Meter() });
      const error = underFrames(frames, () => failure(() => call(instance, "f"), "stack-depth"));
      expect(error).toBeInstanceOf(FuelError);
      return firstNumber(instance);
    };
    const depth = await depthAt(0);
    expect(depth).toBe(4095);
    expect(await depthAt(2000)).toBe(depth);
  });

  it("follows the limit, and is given back at every way out of a function", async () => {
    const core = `${recursive}
      (func $leaf (param $n i32) (result i32) (loop $l (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))) (local.get $n))
      (func $exits (param $way i32) (result i32)
        (drop (call $leaf (i32.const 1)))
        (block $b (block $a (br_table $a $b 2 (local.get $way))
          (unreachable)) (return (i32.const 5)))
        (if (i32.eq (local.get $way) (i32.const 1)) (then (return_call $leaf (i32.const 1))))
        (i32.const 9))
      (func (export "exits") (param $way i32) (result i32) (local $n i32)
        (loop $l (drop (call $exits (local.get $way)))
          (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 100000))))
        (call $exits (local.get $way)))`.replace(
      "br_table $a $b 2 (local.get $way)",
      "br_table $a $b (local.get $way)",
    );
    const meter = new Meter({ stackBytes: 2048 });
    const instance = await guest(
      core,
      { exits: '(param "way" u32) (result u32)', f: "(result u32)" },
      { meter },
    );
    expect([0, 1, 2].map((way) => call(instance, "exits", way))).toEqual([5, 0, 9]);
    failure(() => call(instance, "f"), "stack-depth");
    expect(firstNumber(instance)).toBe(15);
  });

  it("is right again after an exception was caught", async () => {
    const core = `(tag $oops) (global $depth (mut i32) (i32.const 0))
      (func $throw-at (param $n i32)
        (if (i32.eqz (local.get $n)) (then (throw $oops)))
        (call $throw-at (i32.sub (local.get $n) (i32.const 1))))
      (func (export "f") (result i32) (local $n i32)
        (loop $again
          try i32.const 5 call $throw-at catch_all end
          (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 10000))))
        (local.get $n))`;
    const meter = new Meter({ stackBytes: 2048 });
    const instance = await guest(core, { f: "(result u32)" }, { meter });
    expect(call(instance, "f")).toBe(10_000);
    expect(meter.fuelUsed).toBeGreaterThan(10_000 * 20);
  });
});

describe("the memory cap", () => {
  const growing = `(memory 1) (table 1 funcref) (global $pages (mut i32) (i32.const 0))
    (func (export "grow") (param $by i32) (result i32) (memory.grow (local.get $by)))
    (func (export "grow-table") (param $by i32) (result i32) (table.grow (ref.null func) (local.get $by)))
    (func (export "all") (result i32)
      (loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (memory.size))`;
  const lifts = {
    grow: '(param "by" u32) (result s32)',
    "grow-table": '(param "by" u32) (result s32)',
    all: "(result u32)",
  };

  it("makes memory.grow and table.grow fail as they can", async () => {
    const instance = await guest(growing, lifts, { maxMemoryBytes: 10 * 65_536 });
    expect(call(instance, "grow", 3)).toBe(1);
    expect(call(instance, "grow", 7)).toBe(-1);
    expect(call(instance, "growTable", 4095)).toBe(1);
    expect(call(instance, "all")).toBe(9);
    expect(call(instance, "growTable", 1)).toBe(-1);
  });

  it("is told of by a trap in the same call, where calls are metered", async () => {
    const core = `(memory 1) (func (export "grow") (drop (memory.grow (i32.const 9)))) (func (export "trap") unreachable)
      (func (export "both") (drop (memory.grow (i32.const 9))) unreachable)`;
    const make = () =>
      guest(core, { grow: "", trap: "", both: "" }, { maxMemoryBytes: 65_536, meter: new Meter() });
    const greedy = await make();
    expect(failure(() => call(greedy, "both"), "memory-limit")).toBeInstanceOf(TrapError);
    const modest = await make();
    call(modest, "grow");
    failure(() => call(modest, "trap"), "trap");
  });

  it("goes for unbounded growth", async () => {
    const instance = await guest(growing, lifts, { maxMemoryBytes: 100 * 65_536 });
    expect(call(instance, "all")).toBe(99);
  });

  it("refuses an instance that begins with more", async () => {
    const error = await guest("(memory 3)", {}, { maxMemoryBytes: 2 * 65_536 }).catch((cause) => cause);
    expect(error).toMatchObject({ code: "memory-limit", where: "guest" });
  });

  it("limits the handles that the host keeps for an instance", async () => {
    const text = `(component (type $r (resource (rep i32))) (core func $new (canon resource.new $r))
      (core module $m (import "" "new" (func $new (param i32) (result i32))) (memory 1)
        (func (export "all") (loop $l (drop (call $new (i32.const 7))) (br $l))))
      (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
      (func (export "all") (canon lift (core func $i "all"))))`;
    const component = decodeComponent(await assemble(text));
    const instance = instantiate(component, { maxMemoryBytes: 1 << 20 });
    expect(failure(() => call(instance, "all"), "trap").message).toContain("the table of handles is full");
    expect(instance.tree.frames[0]?.state.handles.size).toBe(8192);
  });

  it("leaves the limit of the module in force", async () => {
    const core = growing.replace("(memory 1)", "(memory 1 3)");
    const instance = await guest(core, lifts, { maxMemoryBytes: 100 * 65_536 });
    expect(call(instance, "grow", 3)).toBe(-1);
    expect(call(instance, "grow", 2)).toBe(1);
  });
});

describe("a realloc that lies", () => {
  it.each([
    ["beyond the memory", "(i32.const 65528)", "beyond end of memory"],
    ["unaligned", "(i32.const 1)", "not aligned"],
    ["without end", "(loop $l (br $l)) (i32.const 0)", "fuel"],
  ])("ends in an error: %s", async (_, code, text) => {
    const core = `(memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) ${code})
      (func (export "take") (param i32 i32))`;
    const component = `(component (core module $m ${core}) (core instance $i (instantiate $m))
      (func (export "take") (param "l" (list u32))
        (canon lift (core func $i "take") (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))`;
    const bytes = await assemble(component);
    const instance = instantiate(decodeComponent(bytes), { meter: new Meter({ fuel: 10_000 }) });
    let error: unknown;
    try {
      call(instance, "take", [1, 2, 3]);
    } catch (cause) {
      error = cause;
    }
    expect(error).toBeInstanceOf(TrapError);
    expect((error as TrapError).message).toContain(text);
  });
});
