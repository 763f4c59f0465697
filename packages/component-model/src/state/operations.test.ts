import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { decodeComponent } from "../component.ts";
import { type ComponentInstance, type InstantiateOptions, instantiate } from "../instantiate.ts";
import { withState } from "../link/host-state.ts";
import { assemble, failure } from "../testing.case.ts";
import { Meter } from "./meter.ts";
import { capture, fits, release, restore, snapshot, stateHash } from "./operations.ts";
import { MemoryPageStore } from "./page-store.ts";

async function make(text: string, options: InstantiateOptions = {}): Promise<() => ComponentInstance> {
  const component = decodeComponent(await assemble(text));
  return (more: InstantiateOptions = {}) => instantiate(component, { path: "root", ...options, ...more });
}

type Make = (options?: InstantiateOptions) => ComponentInstance;

function call(instance: ComponentInstance, name: string, ...args: unknown[]): unknown {
  return (instance.exports[name] as (...args: unknown[]) => unknown)(...args);
}

/** Two instances of a counter inside one component, the second of which calls the first. */
const nested = `(component
  (component $counter
    (import "before" (func $before (result u32)))
    (core func $before (canon lower (func $before)))
    (core module $m (import "" "before" (func $before (result i32))) (memory 1)
      (func (export "next") (result i32)
        (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 1)))
        (i32.add (i32.load (i32.const 4)) (call $before))))
    (core instance $i (instantiate $m (with "" (instance (export "before" (func $before))))))
    (func (export "next") (result u32) (canon lift (core func $i "next"))))
  (core module $zero (func (export "zero") (result i32) (i32.const 0)))
  (core instance $z (instantiate $zero))
  (func $zero (result u32) (canon lift (core func $z "zero")))
  (instance $a (instantiate $counter (with "before" (func $zero))))
  (instance $b (instantiate $counter (with "before" (func $a "next"))))
  (export "a" (func $a "next")) (export "b" (func $b "next")))`;

describe("snapshot and restore", () => {
  it("are of a whole tree of instances", async () => {
    const tree: Make = await make(nested);
    const store = new MemoryPageStore();
    const instance = tree();
    expect([call(instance, "a"), call(instance, "b")]).toEqual([1, 3]);
    const saved = JSON.parse(JSON.stringify(snapshot(instance, store)));
    expect([call(instance, "b"), call(instance, "b")]).toEqual([5, 7]);
    restore(instance, saved, store);
    const fresh = tree({ from: { snapshot: saved, store } });
    for (const each of [instance, fresh]) expect([call(each, "b"), call(each, "a")]).toEqual([5, 4]);
    expect(stateHash(fresh)).toBe(stateHash(instance));
  });

  it("store equal pages once, and give them back", async () => {
    const tree: Make = await make(nested);
    const store = new MemoryPageStore();
    const [one, two] = [tree(), tree()];
    call(one, "a");
    call(two, "b");
    const first = snapshot(one, store);
    // A page of zeros, and one that says 1.
    expect(store.pages).toBe(2);
    const again = snapshot(one, store);
    expect(again).toEqual(first);
    const other = snapshot(two, store);
    expect(store.pages).toBe(2);
    release(first, store);
    release(other, store);
    expect(store.pages).toBe(2);
    restore(one, again, store);
    expect(call(one, "a")).toBe(2);
    release(again, store);
    expect([store.pages, store.bytes]).toEqual([0, 0]);
    expect(failure(() => restore(two, again, store), "wrong-snapshot").message).toContain("expected");
    expect(call(two, "b")).toBe(4);
  });

  it("let hashing and storing wait while the instance goes on", async () => {
    const instance = (await make(nested))();
    const store = new MemoryPageStore();
    const captures = [1, 2, 3].map(() => {
      call(instance, "a");
      return { capture: capture(instance), hash: stateHash(instance) };
    });
    const saved = captures.reverse().map(({ capture, hash }) => {
      expect(capture.hash()).toBe(hash);
      return capture.keep(store);
    });
    for (const [index, each] of saved.entries()) {
      restore(instance, each, store);
      expect(call(instance, "a")).toBe(4 - index);
    }
  });

  it("run no guest code: neither start functions nor active segments", async () => {
    const text = `(component (import "host" (func $host)) (core func $host (canon lower (func $host)))
      (core module $m (import "" "host" (func $host)) (memory 1) (data (i32.const 0) "abc") (start $host)
        (func (export "first") (result i32) (i32.load (i32.const 0)))
        (func (export "clear") (i32.store (i32.const 0) (i32.const 0))))
      (core instance $i (instantiate $m (with "" (instance (export "host" (func $host))))))
      (func (export "first") (result u32) (canon lift (core func $i "first")))
      (func (export "clear") (canon lift (core func $i "clear"))))`;
    let calls = 0;
    const tree: Make = await make(text, { imports: { host: () => void calls++ } });
    const store = new MemoryPageStore();
    const instance = tree();
    expect([calls, call(instance, "first")]).toEqual([1, 0x636261]);
    call(instance, "clear");
    const fresh = tree({ from: { snapshot: snapshot(instance, store), store } });
    expect([calls, call(fresh, "first")]).toEqual([1, 0]);
  });

  it("need a fresh instance where a memory has grown", async () => {
    const text = `(component (core module $m (memory 1) (table 1 funcref)
        (func (export "size") (result i32) (memory.size))
        (func (export "grow") (drop (memory.grow (i32.const 1))))
        (func (export "more") (drop (table.grow (ref.null func) (i32.const 1)))))
      (core instance $i (instantiate $m))
      (func (export "size") (result u32) (canon lift (core func $i "size")))
      (func (export "grow") (canon lift (core func $i "grow")))
      (func (export "more") (canon lift (core func $i "more"))))`;
    const tree: Make = await make(text);
    const store = new MemoryPageStore();
    const instance = tree();
    const small = snapshot(instance, store);
    call(instance, "grow");
    const large = snapshot(instance, store);
    expect([fits(instance, small), fits(instance, large)]).toEqual([false, true]);
    const error = failure(() => restore(instance, small, store), "fresh-instance-needed");
    expect(error.message).toBe('a memory of component instance "root" is larger than in the snapshot');
    const fresh = tree({ from: { snapshot: small, store } });
    expect(call(fresh, "size")).toBe(1);
    restore(fresh, large, store);
    expect(call(fresh, "size")).toBe(2);
    call(fresh, "more");
    expect(failure(() => restore(fresh, large, store), "fresh-instance-needed").message).toContain("a table");
    const capped = tree({ from: { snapshot: large, store }, maxMemoryBytes: 3 * 65_536 + 100 });
    for (let time = 0; time < 2; time++) {
      call(capped, "grow");
      expect(call(capped, "size")).toBe(3);
    }
  });

  it("bring back what trapped, and what had trapped", async () => {
    const text = `(component (core module $m (memory 1)
        (func (export "spin") (loop $l (br $l))) (func (export "ok") (result i32) (i32.const 1)))
      (core instance $i (instantiate $m))
      (func (export "spin") (canon lift (core func $i "spin")))
      (func (export "ok") (result u32) (canon lift (core func $i "ok"))))`;
    const instance = (await make(text, { meter: new Meter({ fuel: 1000 }) }))();
    const store = new MemoryPageStore();
    const good = snapshot(instance, store);
    const trap = failure(() => call(instance, "spin"), "fuel");
    const bad = snapshot(instance, store);
    restore(instance, good, store);
    expect(call(instance, "ok")).toBe(1);
    restore(instance, bad, store);
    expect(failure(() => call(instance, "ok"), "locked").cause).toMatchObject({
      name: "FuelError",
      code: "fuel",
      message: trap.message,
      where: "spin",
    });
  });

  it("are refused during a call, for another component, and without rewriting", async () => {
    const text = `(component (import "host" (func $host)) (core func $host (canon lower (func $host)))
      (core module $m (import "" "host" (func $host)) (func (export "f") (call $host)))
      (core instance $i (instantiate $m (with "" (instance (export "host" (func $host))))))
      (func (export "f") (canon lift (core func $i "f"))))`;
    const store = new MemoryPageStore();
    let during: unknown;
    const instance: ComponentInstance = (
      await make(text, {
        imports: {
          host: () => {
            during = failure(() => snapshot(instance, store), "busy").message;
          },
        },
      })
    )();
    call(instance, "f");
    expect(during).toBe('a call into component instance "root" is not finished');
    const other = (await make(nested))();
    failure(() => restore(other, snapshot(instance, store), store), "wrong-snapshot");
    const plain = (await make(nested, { snapshots: false }))();
    expect(failure(() => snapshot(plain, store), "not-saveable").where).toBe("root");
  });
});

describe("resources of the host", () => {
  const text = `(component
    (import "host:a/b" (instance $b (export "thing" (type $thing (sub resource)))
      (export "make" (func (result (own $thing)))) (export "look" (func (param "t" (borrow $thing)) (result u32)))))
    (alias export $b "thing" (type $thing))
    (core func $make (canon lower (func $b "make"))) (core func $look (canon lower (func $b "look")))
    (core func $drop (canon resource.drop $thing))
    (core module $m (import "" "make" (func $make (result i32))) (import "" "look" (func $look (param i32) (result i32)))
      (import "" "drop" (func $drop (param i32)))
      (export "make" (func $make)) (export "look" (func $look)) (export "drop" (func $drop)))
    (core instance $i (instantiate $m
      (with "" (instance (export "make" (func $make)) (export "look" (func $look)) (export "drop" (func $drop))))))
    (func (export "make") (result u32) (canon lift (core func $i "make")))
    (func (export "look") (param "h" u32) (result u32) (canon lift (core func $i "look")))
    (func (export "drop") (param "h" u32) (canon lift (core func $i "drop"))))`;
  const host = (Thing: new () => { looks: number }) => {
    let last: { looks: number } | undefined;
    return {
      Thing,
      make: () => {
        last ??= new Thing();
        return last;
      },
      look: (thing: { looks: number }) => ++thing.looks,
    };
  };

  it("go along as their class says, each object once", async () => {
    class Thing {
      looks = 0;
    }
    withState(Thing, {
      save: ({ looks }) => ({ looks }),
      restore: ({ looks }) => Object.assign(new Thing(), { looks }),
    });
    const tree: Make = await make(text, { imports: { "host:a/b": host(Thing) } });
    const store = new MemoryPageStore();
    const instance = tree();
    // Two handles to the same object, and a free place between them.
    const [a, b, c] = [call(instance, "make"), call(instance, "make"), call(instance, "make")];
    call(instance, "drop", b);
    expect([call(instance, "look", a), call(instance, "look", c)]).toEqual([1, 2]);
    const saved = snapshot(instance, store);
    expect(saved.objects).toEqual([{ looks: 2 }]);
    const fresh = tree({ from: { snapshot: saved, store } });
    expect([call(fresh, "look", a), call(fresh, "look", c)]).toEqual([3, 4]);
    expect(call(fresh, "make")).toBe(b);
    failure(() => call(fresh, "look", 9), "trap");
  });

  it("are refused by name when nothing says how they are saved", async () => {
    class Thing {
      looks = 0;
    }
    const instance = (await make(text, { imports: { "host:a/b": host(Thing) } }))();
    const store = new MemoryPageStore();
    snapshot(instance, store);
    call(instance, "make");
    const error = failure(() => snapshot(instance, store), "not-saveable");
    expect(error.message).toBe(
      'handle 1 of component instance "root" is a host resource "thing": nothing says how it is saved (see withState)',
    );
    call(instance, "drop", 1);
    snapshot(instance, store);
  });
});

describe("handles of the host to resources of guests", () => {
  const text = `(component
    (component $c
      (core module $m (memory 1)
        (func (export "new") (param i32) (result i32) (local.get 0))
        (func (export "get") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 10))))
      (core instance $i (instantiate $m))
      (type $r' (resource (rep i32)))
      (export $r "r" (type $r'))
      (core func $new (canon resource.new $r'))
      (core module $n (import "" "new" (func $new (param i32) (result i32)))
        (func (export "make") (param i32) (result i32) (call $new (local.get 0))))
      (core instance $n (instantiate $n (with "" (instance (export "new" (func $new))))))
      (func (export "make") (param "n" u32) (result (own $r)) (canon lift (core func $n "make")))
      (func (export "get") (param "self" (borrow $r)) (result u32) (canon lift (core func $i "get"))))
    (instance $c (instantiate $c))
    (export "api" (instance $c)))`;
  type Api = { make(n: number): object; get(self: object): number };

  it("have to be named, and come back in order", async () => {
    const tree: Make = await make(text);
    const store = new MemoryPageStore();
    const instance = tree();
    const api = (each: ComponentInstance) => each.exports.api as unknown as Api;
    const [one, two] = [api(instance).make(1), api(instance).make(2)];
    const error = failure(() => snapshot(instance, store, [two]), "not-saveable");
    expect(error.message).toContain("the host holds 2 handles");
    const saved = snapshot(instance, store, [two, one]);
    const fresh = tree({ from: { snapshot: saved, store } });
    expect(fresh.held.map((handle) => api(fresh).get(handle))).toEqual([20, 10]);
    (one as Disposable)[Symbol.dispose]();
    const [backTwo, backOne] = restore(instance, saved, store);
    expect([api(instance).get(backOne as object), api(instance).get(backTwo as object)]).toEqual([10, 20]);
    failure(() => api(instance).get(two), "bad-value");
    for (const handle of [backOne, backTwo]) (handle as Disposable)[Symbol.dispose]();
    expect(snapshot(instance, store).held).toEqual([]);
  });
});

describe("instances that nobody needs", () => {
  it("go away: many restores into fresh ones leave nothing behind", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const tree: Make = await make(nested);
    const store = new MemoryPageStore();
    const saved = snapshot(tree(), store);
    const made: WeakRef<object>[] = [];
    for (let count = 0; count < 1000; count++) {
      const instance = tree({ from: { snapshot: saved, store } });
      release(snapshot(instance, store), store);
      made.push(new WeakRef(instance), new WeakRef(instance.tree.cores[0]?.exports ?? {}));
    }
    const live = (): number => made.filter((each) => each.deref() !== undefined).length;
    for (let attempt = 0; attempt < 50 && live() > 2; attempt++) {
      await new Promise(setImmediate);
      collect();
    }
    expect(live()).toBeLessThanOrEqual(2);
    release(saved, store);
    expect(store.pages).toBe(0);
  });
});
