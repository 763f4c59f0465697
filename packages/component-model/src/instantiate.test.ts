import { describe, expect, it } from "vitest";
import { decodeComponent } from "./component.ts";
import { ComponentError, TrapError } from "./errors.ts";
import { type ComponentInstance, type InstantiateOptions, instantiate } from "./instantiate.ts";
import { type Caller, withCaller } from "./link/caller.ts";
import type { InstanceExtern } from "./link/externs.ts";
import { exportsOf } from "./link/js-exports.ts";
import { assemble, dummyComponent, failure } from "./testing.case.ts";

type Fn = (...args: unknown[]) => unknown;

async function make(text: string, options: InstantiateOptions = {}): Promise<ComponentInstance> {
  return instantiate(decodeComponent(await assemble(text)), { path: "root", ...options });
}

function functions(instance: ComponentInstance): Record<string, Fn> {
  return instance.exports as Record<string, Fn>;
}

/** Exports `twice`, which asks the import `f` and doubles the answer. */
const doubler = `(component $doubler
  (import "f" (func $f (param "x" u32) (result u32)))
  (core module $m
    (import "" "f" (func $f (param i32) (result i32)))
    (func (export "twice") (param i32) (result i32) (i32.mul (i32.const 2) (call $f (local.get 0)))))
  (core func $f' (canon lower (func $f)))
  (core instance $i (instantiate $m (with "" (instance (export "f" (func $f'))))))
  (func (export "twice") (param "x" u32) (result u32) (canon lift (core func $i "twice"))))`;

describe("instantiate", () => {
  it("links a host function and calls an export", async () => {
    const instance = await make(doubler, { imports: { f: (x: number) => x + 1 } });
    expect(functions(instance).twice?.(20)).toBe(42);
    expect(instance.path).toBe("root");
  });

  it("makes independent instances of one component", async () => {
    const component = decodeComponent(
      await assemble(`(component
        (core module $m (global $n (mut i32) (i32.const 0))
          (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))
        (core instance $i (instantiate $m))
        (func (export "next") (result u32) (canon lift (core func $i "next"))))`),
    );
    const [a, b] = [functions(instantiate(component)), functions(instantiate(component))];
    expect([a.next?.(), a.next?.(), b.next?.()]).toEqual([1, 2, 1]);
  });

  it("instantiates nested components and passes functions between them", async () => {
    const instance = await make(
      `(component
        ${doubler}
        (import "f" (func $f (param "x" u32) (result u32)))
        (instance $inner (instantiate $doubler (with "f" (func $f))))
        (instance $outer (instantiate $doubler (with "f" (func $inner "twice"))))
        (export "twice" (func $outer "twice")))`,
      { imports: { f: (x: number) => x + 1 } },
    );
    expect(functions(instance).twice?.(4)).toBe(20);
  });

  it("aliases modules and components of outer components", async () => {
    const instance = await make(`(component $top
      (core module $m (func (export "seven") (result i32) (i32.const 7)))
      (component $shared
        (alias outer $top $m (core module $mine))
        (core instance $i (instantiate $mine))
        (func (export "seven") (result u32) (canon lift (core func $i "seven"))))
      (component $user
        (alias outer $top $shared (component $c))
        (instance $i (instantiate $c))
        (export "seven" (func $i "seven")))
      (instance $u (instantiate $user))
      (export "seven" (func $u "seven")))`);
    expect(functions(instance).seven?.()).toBe(7);
  });

  it("passes modules and components as arguments", async () => {
    const instance = await make(`(component
      (core module $m (func (export "n") (result i32) (i32.const 5)))
      (component $c
        (core module $inner (func (export "n") (result i32) (i32.const 6)))
        (core instance $i (instantiate $inner))
        (func (export "n") (result u32) (canon lift (core func $i "n"))))
      (component $user
        (import "m" (core module $m (export "n" (func (result i32)))))
        (import "c" (component $c (export "n" (func (result u32)))))
        (core instance $i (instantiate $m))
        (instance $j (instantiate $c))
        (func (export "of-module") (result u32) (canon lift (core func $i "n")))
        (export "of-component" (func $j "n")))
      (instance $u (instantiate $user (with "m" (core module $m)) (with "c" (component $c))))
      (export "of-module" (func $u "of-module"))
      (export "of-component" (func $u "of-component")))`);
    expect(functions(instance).ofModule?.()).toBe(5);
    expect(functions(instance).ofComponent?.()).toBe(6);
  });

  it("stops before a few bytes become a million instances", async () => {
    const levels = Array.from({ length: 8 }, (_, level) => level + 1);
    const ten = Array.from({ length: 10 }, () => 0);
    const component = (level: number): string =>
      level === 0
        ? "(component $c0)"
        : `(component $c${level} ${component(level - 1)} ${ten.map(() => `(instance (instantiate $c${level - 1}))`).join(" ")})`;
    const bytes = await assemble(
      `(component ${component(levels.length)} (instance (instantiate $c${levels.length})))`,
    );
    expect(failure(() => instantiate(decodeComponent(bytes)), "unsupported").message).toContain(
      "10000 instances",
    );
  });
});

describe("exports", () => {
  const text = `(component
    (core module $m (func (export "run") (param i32) (result i32) local.get 0))
    (core instance $i (instantiate $m))
    (func $run (param "x" u32) (result u32) (canon lift (core func $i "run")))
    (instance $api (export "run-it" (func $run)))
    (export "test:api/runner@0.1.0" (instance $api))
    (export "run-fast" (func $run)))`;

  it("show functions in camelCase and instances under their names", async () => {
    const instance = await make(text);
    expect(Object.keys(instance.exports)).toEqual(["test:api/runner@0.1.0", "runFast"]);
    const api = instance.exports["test:api/runner@0.1.0"] as Record<string, Fn>;
    expect(Object.keys(api)).toEqual(["runIt"]);
    expect(api.runIt?.(3)).toBe(3);
  });

  it("are externs for other instances, with the path of who made them", async () => {
    const instance = await make(text);
    const api = instance.externs.get("test:api/runner@0.1.0") as InstanceExtern;
    expect(api.origin).toBe("root");
    expect(exportsOf(api).runIt?.(4)).toBe(4);
  });
});

describe("linking instances of different components", () => {
  const provider = `(component
    (core module $m (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 100))))
    (core instance $i (instantiate $m))
    (func $f (param "x" u32) (result u32) (canon lift (core func $i "f")))
    (instance $api (export "f" (func $f)))
    (export "test:api/f@0.1.0" (instance $api)))`;
  const user = (version: string) => `(component
    (import "test:api/f@${version}" (instance $api (export "f" (func (param "x" u32) (result u32)))))
    (export "again" (func $api "f"))
    ${doubler}
    (instance $d (instantiate $doubler (with "f" (func $api "f"))))
    (export "twice" (func $d "twice")))`;

  it("calls from one into the other", async () => {
    const given = await make(provider, { path: "provider" });
    const instance = await make(user("0.1.0"), { imports: Object.fromEntries(given.externs) });
    expect(functions(instance).twice?.(1)).toBe(202);
    expect(functions(instance).again?.(1)).toBe(101);
  });

  it("matches compatible versions of an interface", async () => {
    const given = await make(provider, { path: "provider" });
    const imports = Object.fromEntries(given.externs);
    expect(functions(await make(user("0.1.7"), { imports })).twice?.(1)).toBe(202);
    const component = decodeComponent(await assemble(user("0.2.0")));
    const error = failure(() => instantiate(component, { imports }), "missing-import");
    expect(error.message).toContain("missing import test:api/f@0.2.0");
    expect(error.message).toContain("given are test:api/f@0.1.0");
  });

  it("checks the types", async () => {
    const given = await make(provider, { path: "provider" });
    const component = decodeComponent(
      await assemble(
        `(component (import "test:api/f@0.1.0" (instance (export "f" (func (param "x" string) (result u32))))))`,
      ),
    );
    const error = failure(
      () => instantiate(component, { imports: Object.fromEntries(given.externs) }),
      "type-mismatch",
    );
    expect(error.message).toBe("import test:api/f@0.1.0: f / param x: expected string, found u32");
    const wants = decodeComponent(
      await assemble(`(component (import "test:api/f@0.1.0" (instance (export "g" (func)))))`),
    );
    const missing = failure(
      () => instantiate(wants, { imports: Object.fromEntries(given.externs) }),
      "missing-import",
    );
    expect(missing.message).toContain("import test:api/f@0.1.0: g: expected func(), found nothing");
  });
});

describe("imports from the host", () => {
  const wants = (type: string) => assemble(`(component (import "test:host/api@1.0.0" (instance ${type})))`);

  it("names what is missing or of another kind", async () => {
    const component = decodeComponent(await wants('(export "do-it" (func (param "x" u32)))'));
    const of = (api: unknown) => () =>
      instantiate(component, { imports: { "test:host/api@1.0.0": api as object as never } });
    expect(failure(() => instantiate(component), "missing-import").message).toBe(
      "missing import test:host/api@1.0.0: expected instance { do-it }; no imports were given",
    );
    expect(failure(of({}), "missing-import").message).toBe(
      "import test:host/api@1.0.0: doIt: expected func(x: u32), found nothing",
    );
    expect(failure(of({ doIt: 3 }), "type-mismatch").where).toBe("test:host/api@1.0.0 / doIt");
    expect(failure(of(5), "type-mismatch").message).toContain("found a value of type number");
    instantiate(component, { imports: { "test:host/api@1.0.0": { doIt: () => {} } } });
  });

  it("does not take what every object inherits for a function", async () => {
    const component = decodeComponent(await wants('(export "to-string" (func))'));
    failure(() => instantiate(component, { imports: { "test:host/api@1.0.0": {} } }), "missing-import");
  });

  it("asks for nothing where only types are imported", async () => {
    const component = decodeComponent(
      await wants('(type $p (record (field "x" u32))) (export "p" (type (eq $p)))'),
    );
    expect(instantiate(component, { path: "root" }).path).toBe("root");
  });

  it("takes functions from objects whose methods use this", async () => {
    class Counter {
      count = 0;
      f(x: number): number {
        this.count += x;
        return this.count;
      }
    }
    const instance = await make(
      `(component
        (import "test:host/api@1.0.0" (instance $api (export "f" (func (param "x" u32) (result u32)))))
        ${doubler}
        (instance $d (instantiate $doubler (with "f" (func $api "f"))))
        (export "twice" (func $d "twice")))`,
      { imports: { "test:host/api@1.0.0": new Counter() as never } },
    );
    expect([functions(instance).twice?.(1), functions(instance).twice?.(1)]).toEqual([2, 4]);
  });
});

describe("paths", () => {
  const nested = `(component
    (import "f" (func $f (param "x" u32) (result u32)))
    ${doubler}
    (instance $left (instantiate $doubler (with "f" (func $f))))
    (instance $right (instantiate $doubler (with "f" (func $f))))
    (export "left" (func $left "twice"))
    (export "right" (func $right "twice"))
    (instance $api (export "twice" (func $left "twice")))
    (export "api" (instance $api)))`;

  it("tell host functions which instance calls", async () => {
    const callers: string[] = [];
    const f = withCaller((caller: Caller, x: number) => {
      callers.push(caller.path);
      return x;
    });
    const instance = await make(nested, { path: "adas", imports: { f } });
    functions(instance).left?.(1);
    functions(instance).right?.(1);
    expect(callers).toEqual(["adas/left", "adas/right"]);
  });

  it("tell which instance implements an exported one", async () => {
    const instance = await make(nested, { path: "adas", imports: { f: (x: number) => x } });
    expect((instance.externs.get("api") as InstanceExtern).origin).toBe("adas/left");
  });
});

describe("traps", () => {
  const trapping = `(component
    (import "f" (func $f (param "x" u32) (result u32)))
    (component $bomb
      (core module $m
        (func (export "go") (param i32) (result i32) (if (i32.eqz (local.get 0)) (then unreachable)) (local.get 0)))
      (core instance $i (instantiate $m))
      (func (export "go") (param "x" u32) (result u32) (canon lift (core func $i "go"))))
    ${doubler}
    (instance $inner (instantiate $bomb))
    (instance $middle (instantiate $doubler (with "f" (func $inner "go"))))
    (instance $other (instantiate $doubler (with "f" (func $f))))
    (export "middle" (func $middle "twice"))
    (export "inner" (func $inner "go"))
    (export "other" (func $other "twice")))`;

  it("blame the innermost instance and lock it and its callers", async () => {
    const instance = await make(trapping, { imports: { f: (x: number) => x } });
    expect(functions(instance).middle?.(3)).toBe(6);
    const error = failure(() => functions(instance).middle?.(0), "trap") as TrapError;
    expect(error).toBeInstanceOf(TrapError);
    expect(error.instance).toBe("root/inner");
    expect(error.cause).toBeInstanceOf(WebAssembly.RuntimeError);
    failure(() => functions(instance).middle?.(3), "locked");
    failure(() => functions(instance).inner?.(3), "locked");
    expect(functions(instance).other?.(3)).toBe(6);
  });

  it("come from host functions that throw something unexpected", async () => {
    const problem = new Error("no such thing");
    const instance = await make(doubler, {
      imports: {
        f: () => {
          throw problem;
        },
      },
    });
    const error = failure(() => functions(instance).twice?.(1), "trap");
    expect(error.message).toContain("no such thing");
    expect(error.cause).toBe(problem);
  });

  it("come from endless recursion", async () => {
    const instance = await make(`(component
      (core module $m (func $f (export "f") (result i32) (i32.add (i32.const 1) (call $f))))
      (core instance $i (instantiate $m))
      (func (export "f") (result u32) (canon lift (core func $i "f"))))`);
    expect(failure(() => functions(instance).f?.(), "engine-limit").cause).toBeInstanceOf(RangeError);
  });

  it("come from the start of a module", async () => {
    const component = decodeComponent(
      await assemble(
        "(component (core module $m (func $f unreachable) (start $f)) (core instance (instantiate $m)))",
      ),
    );
    const error = failure(() => instantiate(component, { path: "root" }), "trap") as TrapError;
    expect(error.instance).toBe("root");
    expect(error.message).toContain("the start of a core module");
  });

  it("refuse to enter an instance that is still inside a call", async () => {
    let instance: ComponentInstance | undefined;
    instance = await make(doubler, {
      imports: { f: (x: number) => (x === 0 ? 1 : functions(instance as ComponentInstance).twice?.(0)) },
    });
    expect(functions(instance).twice?.(0)).toBe(2);
    expect(failure(() => functions(instance as ComponentInstance).twice?.(1), "trap").message).toContain(
      "again",
    );
  });

  it("let the host call one part of a composition while another waits for it", async () => {
    let instance: ComponentInstance | undefined;
    const composition = `(component
      (import "f" (func $f (param "x" u32) (result u32)))
      ${doubler}
      (instance $left (instantiate $doubler (with "f" (func $f))))
      (instance $right (instantiate $doubler (with "f" (func $f))))
      (export "left" (func $left "twice"))
      (export "right" (func $right "twice")))`;
    instance = await make(composition, {
      imports: { f: (x: number) => (x === 1 ? functions(instance as ComponentInstance).right?.(10) : x) },
    });
    expect(functions(instance).left?.(1)).toBe(40);
  });
});

describe("components of the toolchain", () => {
  const wit = `
    package test:sim@0.1.0;
    interface types { type timestamp = s64; record reading { at: timestamp, values: list<f32>, name: string } enum problem { none, late } }
    interface sensors { use types.{reading, problem}; latest: func(sensor: u32) -> result<reading, problem>; }
    interface component { use types.{timestamp}; step: func(now: timestamp) -> result<_, string>; }
    world unit { import sensors; export component; }`;

  it("link and trap in their dummy functions", async () => {
    const component = decodeComponent(await dummyComponent(wit, "unit", "utf16"));
    const latest = () => ({ at: 0n, values: new Float32Array(), name: "" });
    const instance = instantiate(component, {
      path: "unit",
      imports: { "test:sim/sensors@0.1.0": { latest } },
    });
    const unit = instance.exports["test:sim/component@0.1.0"] as Record<string, Fn>;
    expect((instance.externs.get("test:sim/component@0.1.0") as InstanceExtern).origin).toBe("unit");
    const error = failure(() => unit.step?.(1n), "trap");
    expect(error.message).toContain("trapped in test:sim/component@0.1#step");
    expect(error).not.toBeInstanceOf(ComponentError);
  });
});
