import { describe, expect, it } from "vitest";
import { disposeSymbol } from "../abi/resources.ts";
import { decodeComponent } from "../component.ts";
import { type ComponentInstance, type InstantiateOptions, instantiate } from "../instantiate.ts";
import { assemble, decodeText, failure } from "../testing.case.ts";
import { type Caller, withCaller } from "./caller.ts";

type Fn = (...args: unknown[]) => unknown;

async function make(text: string, options: InstantiateOptions = {}): Promise<Record<string, Fn>> {
  return functions(instantiate(decodeComponent(await assemble(text)), { path: "root", ...options }));
}

function functions(instance: ComponentInstance): Record<string, Fn> {
  return instance.exports as Record<string, Fn>;
}

const counterType = `(instance
  (export "counter" (type $counter (sub resource)))
  (export "[constructor]counter" (func (param "start" u32) (result (own $counter))))
  (export "[method]counter.add" (func (param "self" (borrow $counter)) (param "n" u32) (result u32)))
  (export "[static]counter.sum" (func (param "a" (borrow $counter)) (param "b" (borrow $counter)) (result u32)))
  (export "find" (func (param "n" u32) (result (own $counter)))))`;

/** Makes counters, uses and drops them; `keep` returns the handle that it was given. */
const user = `(component $user
  (import "test:count/api@0.1.0" (instance $api ${counterType.slice("(instance".length)})
  (alias export $api "counter" (type $counter))
  (core module $m
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "add" (func $add (param i32 i32) (result i32)))
    (import "" "sum" (func $sum (param i32 i32) (result i32)))
    (import "" "find" (func $find (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "make-and-add") (param i32 i32) (result i32) (local $h i32)
      (local.set $h (call $new (local.get 0)))
      (call $add (local.get $h) (local.get 1))
      (call $drop (local.get $h)))
    (func (export "sum-of-two") (param i32 i32) (result i32) (local $a i32) (local $b i32)
      (local.set $a (call $find (local.get 0)))
      (local.set $b (call $new (local.get 1)))
      (call $sum (local.get $a) (local.get $b))
      (call $drop (local.get $a))
      (call $drop (local.get $b)))
    (func (export "lend") (param i32 i32) (result i32)
      (call $add (local.get 0) (local.get 1))
      (call $drop (local.get 0)))
    (func (export "keep") (param i32) (result i32) (local.get 0))
    (func (export "bad-drop") (call $drop (i32.const 77))))
  (core func $new (canon lower (func $api "[constructor]counter")))
  (core func $add (canon lower (func $api "[method]counter.add")))
  (core func $sum (canon lower (func $api "[static]counter.sum")))
  (core func $find (canon lower (func $api "find")))
  (core func $drop (canon resource.drop $counter))
  (core instance $i (instantiate $m (with "" (instance (export "new" (func $new)) (export "add" (func $add))
    (export "sum" (func $sum)) (export "find" (func $find)) (export "drop" (func $drop))))))
  (func (export "make-and-add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "make-and-add")))
  (func (export "sum-of-two") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "sum-of-two")))
  (func $lend (param "c" (borrow $counter)) (param "n" u32) (result u32) (canon lift (core func $i "lend")))
  (func $keep (param "c" (own $counter)) (result (own $counter)) (canon lift (core func $i "keep")))
  (func (export "bad-drop") (canon lift (core func $i "bad-drop")))
  (instance $out (export "counter" (type $counter)) (export "lend" (func $lend)) (export "keep" (func $keep)))
  (export "test:count/use@0.1.0" (instance $out)))`;

function api() {
  const log: string[] = [];
  class Counter {
    value: number;
    constructor(start: number) {
      this.value = start;
      log.push(`new ${start}`);
    }
    add(n: number): number {
      this.value += n;
      return this.value;
    }
    static sum(a: Counter, b: Counter): number {
      return a.value + b.value;
    }
    [disposeSymbol](): void {
      log.push(`dispose ${this.value}`);
    }
  }
  return { log, Counter, find: (n: number) => new Counter(n * 100) };
}

describe("resources of the host", () => {
  it("are classes: constructor, methods, static functions, disposal", async () => {
    const host = api();
    const guest = await make(user, { imports: { "test:count/api@0.1.0": host } });
    expect(guest.makeAndAdd?.(40, 2)).toBe(42);
    expect(host.log).toEqual(["new 40", "dispose 42"]);
    expect(guest.sumOfTwo?.(1, 5)).toBe(105);
    expect(host.log.slice(2)).toEqual(["new 100", "new 5", "dispose 100", "dispose 5"]);
  });

  it("are lent to and passed through guests as the same object", async () => {
    const host = api();
    const guest = await make(user, { imports: { "test:count/api@0.1.0": host } });
    const use = guest["test:count/use@0.1.0"] as unknown as Record<string, Fn>;
    const counter = new host.Counter(1);
    expect(use.lend?.(counter, 6)).toBe(7);
    expect(use.keep?.(counter)).toBe(counter);
    expect(failure(() => use.keep?.({}), "bad-value").message).toContain("counter");
  });

  it("tell constructors, methods and functions who calls", async () => {
    const callers: string[] = [];
    class Counter {
      value: number;
      constructor(caller: Caller, start: number) {
        callers.push(`constructor ${caller.path}`);
        this.value = start;
      }
      add = withCaller((caller: Caller, n: number) => {
        callers.push(`add ${caller.path}`);
        this.value += n;
        return this.value;
      });
      static sum = withCaller((caller: Caller, a: Counter, b: Counter) => {
        callers.push(`sum ${caller.path}`);
        return a.value + b.value;
      });
    }
    withCaller(Counter);
    const find = (n: number) => new Counter({ path: "host" }, n);
    const guest = await make(user, { path: "unit", imports: { "test:count/api@0.1.0": { Counter, find } } });
    expect(guest.makeAndAdd?.(40, 2)).toBe(42);
    expect(guest.sumOfTwo?.(1, 5)).toBe(6);
    expect(callers).toEqual([
      "constructor unit",
      "add unit",
      "constructor host",
      "constructor unit",
      "sum unit",
    ]);
  });

  it("need a class when the guest constructs them", async () => {
    const component = decodeComponent(await assemble(user));
    const { find } = api();
    const error = failure(
      () => instantiate(component, { imports: { "test:count/api@0.1.0": { find } } }),
      "missing-import",
    );
    expect(error.message).toContain("Counter: expected func(start: u32) -> counter, found nothing");
  });

  it("trap on a handle that is none", async () => {
    const guest = await make(user, { imports: { "test:count/api@0.1.0": api() } });
    expect(failure(() => guest.badDrop?.(), "trap").message).toContain("77");
  });

  it("pass between components that share the host's class, and not otherwise", async () => {
    const consumer = decodeComponent(
      await assemble(`(component
        (import "test:count/api@0.1.0" (instance $api ${counterType.slice("(instance".length)})
        (alias export $api "counter" (type $counter))
        (import "test:count/use@0.1.0" (instance $use
          (alias outer 1 $counter (type $c))
          (export "counter" (type (eq $c)))
          (export "lend" (func (param "c" (borrow $c)) (param "n" u32) (result u32)))))
        (core module $m
          (import "" "new" (func $new (param i32) (result i32)))
          (import "" "lend" (func $lend (param i32 i32) (result i32)))
          (func (export "go") (param i32) (result i32) (call $lend (call $new (local.get 0)) (i32.const 3))))
        (core func $new (canon lower (func $api "[constructor]counter")))
        (core func $lend (canon lower (func $use "lend")))
        (core instance $i (instantiate $m (with "" (instance (export "new" (func $new)) (export "lend" (func $lend))))))
        (func (export "go") (param "n" u32) (result u32) (canon lift (core func $i "go"))))`),
    );
    const host = api();
    const provider = instantiate(decodeComponent(await assemble(user)), {
      imports: { "test:count/api@0.1.0": host },
    });
    const use = provider.externs.get("test:count/use@0.1.0");
    if (use === undefined) throw new Error("expected an export");
    const both = { "test:count/use@0.1.0": use, "test:count/api@0.1.0": host };
    expect(functions(instantiate(consumer, { imports: both })).go?.(4)).toBe(7);
    const other = { ...both, "test:count/api@0.1.0": api() };
    const error = failure(() => instantiate(consumer, { imports: other }), "type-mismatch");
    expect(error.message).toContain("resource");
  });
});

describe("resources of guests", () => {
  const maker = `(component $maker
    (core module $d
      (global $dropped (export "dropped") (mut i32) (i32.const 0))
      (func (export "dtor") (param i32) (global.set $dropped (i32.add (global.get $dropped) (local.get 0)))))
    (core instance $d (instantiate $d))
    (type $r (resource (rep i32) (dtor (core func $d "dtor"))))
    (core func $new (canon resource.new $r))
    (core func $rep (canon resource.rep $r))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "new" (func $new (param i32) (result i32)))
      (import "" "rep" (func $rep (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (import "" "dropped" (global $dropped (mut i32)))
      (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
      (func (export "read") (param i32) (result i32) (local.get 0))
      (func (export "take") (param i32) (result i32) (local $rep i32)
        (local.set $rep (call $rep (local.get 0)))
        (call $drop (local.get 0))
        (local.get $rep))
      (func (export "dropped") (result i32) (global.get $dropped)))
    (core instance $i (instantiate $m (with "" (instance (export "new" (func $new)) (export "rep" (func $rep))
      (export "drop" (func $drop)) (export "dropped" (global $d "dropped"))))))
    (export $r' "r" (type $r))
    (func (export "make") (param "x" u32) (result (own $r')) (canon lift (core func $i "make")))
    (func (export "read") (param "r" (borrow $r')) (result u32) (canon lift (core func $i "read")))
    (func (export "take") (param "r" (own $r')) (result u32) (canon lift (core func $i "take")))
    (func (export "dropped") (result u32) (canon lift (core func $i "dropped"))))`;

  it("reach JavaScript as handles, which come back, die when given away, and can be disposed of", async () => {
    const guest = await make(maker);
    const handle = guest.make?.(5);
    expect(guest.read?.(handle)).toBe(5);
    expect(guest.dropped?.()).toBe(0);
    expect(guest.take?.(handle)).toBe(5);
    expect(guest.dropped?.()).toBe(5);
    expect(failure(() => guest.read?.(handle), "bad-value").message).toContain("resource");
    const other = guest.make?.(7) as Disposable;
    other[Symbol.dispose]();
    other[Symbol.dispose]();
    expect(guest.dropped?.()).toBe(12);
  });

  /** A counter: its representation is an address in memory. */
  const counters = `(component
    (core module $table
      (table (export "t") 1 funcref)
      (type $d (func (param i32)))
      (func (export "dtor") (param i32) (call_indirect (type $d) (local.get 0) (i32.const 0))))
    (core instance $table (instantiate $table))
    (type $c (resource (rep i32) (dtor (core func $table "dtor"))))
    (core func $new (canon resource.new $c))
    (core module $m
      (import "" "new" (func $new (param i32) (result i32)))
      (import "" "t" (table 1 funcref))
      (memory 1)
      (global $next (mut i32) (i32.const 4))
      (global $live (mut i32) (i32.const 0))
      (func $dtor (param i32) (global.set $live (i32.sub (global.get $live) (i32.const 1))))
      (elem (i32.const 0) $dtor)
      (func (export "new") (param i32) (result i32)
        (if (i32.eqz (local.get 0)) (then unreachable))
        (global.set $next (i32.add (global.get $next) (i32.const 4)))
        (global.set $live (i32.add (global.get $live) (i32.const 1)))
        (i32.store (global.get $next) (local.get 0))
        (call $new (global.get $next)))
      (func (export "add") (param i32 i32) (result i32)
        (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (local.get 1)))
        (i32.load (local.get 0)))
      (func (export "sum") (param i32 i32) (result i32) (i32.add (i32.load (local.get 0)) (i32.load (local.get 1))))
      (func (export "live") (result i32) (global.get $live)))
    (core instance $i (instantiate $m
      (with "" (instance (export "new" (func $new)) (export "t" (table $table "t"))))))
    (func $make (param "from" u32) (result (own $c)) (canon lift (core func $i "new")))
    (func $add (param "self" (borrow $c)) (param "n" u32) (result u32) (canon lift (core func $i "add")))
    (func $sum (param "a" (borrow $c)) (param "b" (borrow $c)) (result u32) (canon lift (core func $i "sum")))
    (func $live (result u32) (canon lift (core func $i "live")))
    (component $shape
      (import "c" (type $c (sub resource)))
      (import "make" (func $make (param "from" u32) (result (own $c))))
      (import "add" (func $add (param "self" (borrow $c)) (param "n" u32) (result u32)))
      (import "sum" (func $sum (param "a" (borrow $c)) (param "b" (borrow $c)) (result u32)))
      (import "live" (func $live (result u32)))
      (export $out "up-counter" (type $c))
      (export "[constructor]up-counter" (func $make) (func (param "from" u32) (result (own $out))))
      (export "[method]up-counter.add-up" (func $add) (func (param "self" (borrow $out)) (param "n" u32) (result u32)))
      (export "[static]up-counter.sum" (func $sum) (func (param "a" (borrow $out)) (param "b" (borrow $out)) (result u32)))
      (export "live" (func $live)))
    (instance $api (instantiate $shape (with "c" (type $c)) (with "make" (func $make)) (with "add" (func $add))
      (with "sum" (func $sum)) (with "live" (func $live))))
    (export "test:count/api" (instance $api)))`;

  it("are classes where they are exported: constructor, methods, static functions, disposal", async () => {
    const { exports } = instantiate(await decodeText(counters));
    interface Counter extends Disposable {
      addUp(n: number): number;
    }
    const { UpCounter, live } = exports["test:count/api"] as {
      UpCounter: { new (from: number): Counter; sum(a: Counter, b: Counter): number };
      live(): number;
    };
    const [a, b] = [new UpCounter(5), new UpCounter(7)];
    expect(a).toBeInstanceOf(UpCounter);
    expect(UpCounter.name).toBe("UpCounter");
    expect([a.addUp(2), b.addUp(1), UpCounter.sum(a, b)]).toEqual([7, 8, 15]);
    expect(live()).toBe(2);
    a[Symbol.dispose]();
    expect(live()).toBe(1);
    expect(failure(() => a.addUp(1), "bad-value").message).toContain("argument self");
    expect(failure(() => b.addUp.call({} as Counter, 1), "bad-value").message).toContain("argument self");
    class Named extends UpCounter {
      readonly label = "mine";
    }
    const named = new Named(1);
    expect([named.addUp(1), named instanceof Named]).toEqual([2, true]);
    failure(() => new UpCounter(0), "trap");
  });

  it("belong to one instance", async () => {
    const [a, b] = [await make(maker), await make(maker)];
    expect(failure(() => b.read?.(a.make?.(1)), "bad-value").message).toContain("resource");
  });

  it("pass between components, whose drops reach the destructor", async () => {
    const guest = await make(`(component
      ${maker}
      (instance $maker (instantiate $maker))
      (alias export $maker "r" (type $r))
      (core func $make (canon lower (func $maker "make")))
      (core func $read (canon lower (func $maker "read")))
      (core func $drop (canon resource.drop $r))
      (core module $m
        (import "" "make" (func $make (param i32) (result i32)))
        (import "" "read" (func $read (param i32) (result i32)))
        (import "" "drop" (func $drop (param i32)))
        (func (export "go") (param i32) (result i32) (local $h i32)
          (local.set $h (call $make (local.get 0)))
          (call $read (local.get $h))
          (call $drop (local.get $h))))
      (core instance $i (instantiate $m (with "" (instance (export "make" (func $make)) (export "read" (func $read))
        (export "drop" (func $drop))))))
      (func (export "go") (param "x" u32) (result u32) (canon lift (core func $i "go")))
      (export "dropped" (func $maker "dropped")))`);
    expect(guest.go?.(9)).toBe(9);
    expect(guest.dropped?.()).toBe(9);
  });
});
