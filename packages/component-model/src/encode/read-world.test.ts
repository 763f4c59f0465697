import { print } from "@bytecodealliance/jco-transpile/wasm-tools";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type Component, decodeComponent } from "../component.ts";
import { ComponentModelError } from "../errors.ts";
import { assemble, dummyComponent } from "../testing.case.ts";
import type { ComponentType } from "../types.ts";
import { checkSubtype, type Mismatch } from "../typing/subtype.ts";
import { ComponentWriter } from "./component-writer.ts";
import { worldOf } from "./read-world.ts";
import { TypeEncoder } from "./type-encoder.ts";

const NAME = "unlocked-dep=<a:b>";

/** The type of a component, written as the type of an import. */
function written(component: Component): Uint8Array {
  const out = new ComponentWriter();
  out.import(NAME, { kind: "component", type: TypeEncoder.into(out).world(worldOf(component)) });
  return out.finish();
}

function readBack(component: Component): ComponentType {
  const found = decodeComponent(written(component)).type.imports.get(NAME);
  if (found?.kind !== "component") throw new Error("expected a component");
  return found.type;
}

function fits(actual: ComponentType, expected: ComponentType): Mismatch | undefined {
  return checkSubtype({ kind: "component", type: actual }, { kind: "component", type: expected });
}

const wit = `package a:b@1.2.3;
interface types {
  type time = u64;
  record point { x: f32, at: time }
  resource thing { constructor(x: time); get: func() -> point; make: static func() -> thing; }
  resource other;
  variant shape { none, one(point), many(list<point>) }
  flags bits { a, b }
  enum kind { a, b }
}
interface api {
  use types.{thing, point as spot, time};
  type again = spot;
  act: func(t: borrow<thing>, at: time) -> result<spot, string>;
  all: func() -> tuple<list<thing>, option<again>>;
}
world w {
  use types.{other};
  resource own-one { m: func(o: borrow<other>); }
  import api;
  import loose: interface { f: func(x: option<bool>); }
  export api;
  export take: func(x: own-one) -> other;
}`;

describe("a component's type, with the names of types", () => {
  let dummy: Uint8Array;
  let texts: readonly Uint8Array[];

  beforeAll(async () => {
    dummy = await dummyComponent(wit, "w");
    texts = await Promise.all(
      [
        `(component (import "a" (core module (import "m" "f" (func (param i32))) (export "t" (table 1 funcref))))
           (core module $n (func (export "f"))) (export "n" (core module $n)))`,
        `(component (component $c (import "r" (type $r (sub resource))) (import "f" (func $f (param "x" (own $r))))
             (export $q "q" (type $r)) (export "g" (func $f) (func (param "x" (own $q)))))
           (type $own (resource (rep i32))) (export $r "r" (type $own))
           (core module $m (func (export "f") (param i32))) (core instance $i (instantiate $m))
           (func $f (param "x" (own $r)) (canon lift (core func $i "f")))
           (instance $made (instantiate $c (with "r" (type $r)) (with "f" (func $f))))
           (export "made" (instance $made)))`,
        `(component (import "i" (instance (export "deep" (instance (export "r" (type (sub resource)))))))
           (type $c (component (import "x" (type $x (sub resource))) (export "y" (type (eq $x)))))
           (import "c" (component (type $c))))`,
        `(component (import "b" (instance (export "a" (func))))
           (instance $bundle (export "f" (func 0))) (alias export 0 "a" (func)) )`.replace(
          `(instance $bundle (export "f" (func 0))) (alias export 0 "a" (func))`,
          `(alias export 0 "a" (func $f)) (instance $bundle (export "f" (func $f))) (export "again" (instance $bundle))`,
        ),
      ].map(assemble),
    );
  });

  test("is the same type when it is written again", () => {
    for (const bytes of [dummy, ...texts]) {
      const component = decodeComponent(bytes);
      const again = readBack(component);
      expect(fits(component.type, again)).toBeUndefined();
      expect(fits(again, component.type)).toBeUndefined();
    }
  });

  test("keeps names, aliases and uses: only what is new is written out", async () => {
    const component = decodeComponent(
      await dummyComponent(
        `package a:b;
         interface types { type time = u64; record point { at: time } }
         interface api { use types.{point as spot}; type again = spot; type time-of = u64; f: func(x: again) -> time-of; }
         world w { import api; }`,
        "w",
      ),
    );
    expect(await print(written(component))).toMatchInlineSnapshot(`
      "(component
        (type (;0;)
          (component
            (type (;0;)
              (instance
                (type (;0;) u64)
                (export (;1;) "time" (type (eq 0)))
                (type (;2;) (record (field "at" 1)))
                (export (;3;) "point" (type (eq 2)))
              )
            )
            (import "a:b/types" (instance (;0;) (type 0)))
            (alias export 0 "point" (type (;1;)))
            (alias export 0 "point" (type (;2;)))
            (type (;3;)
              (instance
                (alias outer 1 1 (type (;0;)))
                (export (;1;) "spot" (type (eq 0)))
                (alias outer 1 2 (type (;2;)))
                (export (;3;) "again" (type (eq 2)))
                (type (;4;) u64)
                (export (;5;) "time-of" (type (eq 4)))
                (type (;6;) (func (param "x" 3) (result 5)))
                (export (;0;) "f" (func (type 6)))
              )
            )
            (import "a:b/api" (instance (;1;) (type 3)))
          )
        )
        (import "unlocked-dep=<a:b>" (component (;0;) (type 0)))
      )
      "
    `);
  });

  test("is the same object every time, and is not confused by another component's", () => {
    const component = decodeComponent(dummy);
    expect(worldOf(component)).toBe(worldOf(component));
    expect(worldOf(decodeComponent(dummy))).not.toBe(worldOf(component));
  });

  test("what is not the world's own is not written as a type that comes with it", async () => {
    const component = decodeComponent(
      await assemble(`(component
        (import "a:b/types" (instance $t (export "x" (type (sub resource)))))
        (alias export $t "x" (type $x))
        (type $c (component
          (alias outer 1 $x (type $x))
          (import "a:b/types" (instance (export "x" (type (sub resource)))))
          (import "x" (type (eq $x)))))
        (import "c" (component (type $c))))`),
    );
    expect(fits(readBack(component), component.type)).toBeUndefined();
    expect(fits(component.type, readBack(component))).toBeUndefined();
  });

  test("of any binary that decodes can be written, and decodes again to what that component fits", () => {
    const edit = fc.record({ seed: fc.nat(), at: fc.nat({ max: 2000 }), value: fc.nat({ max: 255 }) });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const seeds = [dummy, ...texts];
        const bytes = Uint8Array.from(seeds[(edits[0]?.seed ?? 0) % seeds.length] ?? dummy);
        for (const { at, value } of edits) bytes[at % bytes.length] = value;
        const component = decodedOrNothing(bytes);
        if (component !== undefined) expect(fits(component.type, readBack(component))).toBeUndefined();
      }),
      { seed: 11, numRuns: 2000 },
    );
  });
});

function decodedOrNothing(bytes: Uint8Array): Component | undefined {
  try {
    return decodeComponent(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(ComponentModelError);
    return undefined;
  }
}
