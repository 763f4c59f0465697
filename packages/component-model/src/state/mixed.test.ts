import { describe, expect, it } from "vitest";
import { decodeComponent } from "../component.ts";
import { type ComponentInstance, instantiate } from "../instantiate.ts";
import { assemble, failure } from "../testing.case.ts";
import { mixed, type WholeState } from "./mixed.ts";
import { capture, restoreImages } from "./operations.ts";

async function make(text: string): Promise<ComponentInstance> {
  return instantiate(decodeComponent(await assemble(text)), { path: "root" });
}

function call(instance: ComponentInstance, name: string): unknown {
  return (instance.exports[name] as () => unknown)();
}

const whole = (instance: ComponentInstance): WholeState => capture(instance);

/** Makes the part at the path what it was, and leaves the rest as it is. */
function putBack(instance: ComponentInstance, first: WholeState, path: string): void {
  const { state, images } = mixed(instance, whole(instance), first, path);
  restoreImages(instance, state, images);
}

/** Two counters, in memory and in a global, the second inside another component. */
const counters = `(component
  (component $counter
    (core module $m (memory 1) (global $g (mut i32) (i32.const 0))
      (func (export "next") (result i32)
        (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 1)))
        (global.set $g (i32.add (global.get $g) (i32.const 10)))
        (i32.add (i32.load (i32.const 4)) (global.get $g))))
    (core instance $i (instantiate $m))
    (func (export "next") (result u32) (canon lift (core func $i "next"))))
  (component $around
    (import "counter" (component $counter (export "next" (func (result u32)))))
    (instance $inner (instantiate $counter))
    (export "next" (func $inner "next")))
  (instance $a (instantiate $counter))
  (instance $b (instantiate $around (with "counter" (component $counter))))
  (export "a" (func $a "next")) (export "b" (func $b "next")))`;

/** A holder of resources that a maker makes. */
const resources = `(component
  (component $maker
    (type $r (resource (rep i32)))
    (core func $new (canon resource.new $r))
    (core module $m (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (result i32) (call $new (i32.const 7))))
    (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
    (export $r' "r" (type $r))
    (func (export "make") (result (own $r')) (canon lift (core func $i "make"))))
  (instance $a (instantiate $maker))
  (alias export $a "r" (type $r))
  (component $holder
    (import "r" (type $r (sub resource)))
    (import "make" (func $make (result (own $r))))
    (core func $make (canon lower (func $make)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "make" (func $make (result i32))) (import "" "drop" (func $drop (param i32)))
      (func (export "take") (drop (call $make))) (func (export "give") (call $drop (i32.const 1))))
    (core instance $i (instantiate $m
      (with "" (instance (export "make" (func $make)) (export "drop" (func $drop))))))
    (func (export "take") (canon lift (core func $i "take")))
    (func (export "give") (canon lift (core func $i "give"))))
  (instance $b (instantiate $holder (with "r" (type $r)) (with "make" (func $a "make"))))
  (export "take" (func $b "take")) (export "give" (func $b "give")))`;

describe("a state made of two", () => {
  it("has one instance, with all inside it, from the one, and everything else from the other", async () => {
    const instance = await make(counters);
    const paths = instance.tree.frames.map(({ state }) => state.path);
    const outer = paths.find((path) => path.endsWith("b")) ?? "";
    expect(paths.filter((path) => path.startsWith(outer))).toHaveLength(2);
    expect([call(instance, "a"), call(instance, "b")]).toEqual([11, 11]);
    const first = whole(instance);
    expect([call(instance, "a"), call(instance, "b"), call(instance, "b")]).toEqual([22, 22, 33]);
    putBack(instance, first, outer);
    expect([call(instance, "a"), call(instance, "b")]).toEqual([33, 22]);
    putBack(instance, first, "elsewhere");
    expect([call(instance, "a"), call(instance, "b")]).toEqual([44, 33]);
    putBack(instance, first, "root");
    expect([call(instance, "a"), call(instance, "b")]).toEqual([22, 22]);
  });

  it("is refused where others hold resources of the instance", async () => {
    const instance = await make(resources);
    const first = whole(instance);
    call(instance, "take");
    const { message } = failure(() => putBack(instance, first, "root/a"), "not-saveable");
    expect(message).toBe('component instance "root/b" holds a resource of "root/a"');
    call(instance, "give");
    putBack(instance, first, "root/a");
  });

  it("is refused where the instance would hold again what it has given back", async () => {
    const instance = await make(resources);
    call(instance, "take");
    const first = whole(instance);
    putBack(instance, first, "root/b");
    call(instance, "give");
    const { message } = failure(() => putBack(instance, first, "root/b"), "not-saveable");
    expect(message).toBe('component instance "root/b" held a resource of "root/a" that it has given back');
  });
});
