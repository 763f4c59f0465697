import { describe, expect, it } from "vitest";
import { instantiate } from "../instantiate.ts";
import { decodeText, failure } from "../testing.case.ts";
import { type Caller, withCaller } from "./caller.ts";
import { describeInstances } from "./describe.ts";
import type { InstanceExtern } from "./externs.ts";

/** Imports the instance `in`, calls its `f`, exports the same under `out`. */
function stage(name: string): string {
  return `(component $${name}
    (import "in" (instance $in (export "f" (func (param "x" u32) (result u32)))))
    (core module $m
      (import "" "f" (func $f (param i32) (result i32)))
      (func (export "f") (param i32) (result i32) (call $f (local.get 0))))
    (core func $f (canon lower (func $in "f")))
    (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func $g (param "x" u32) (result u32) (canon lift (core func $i "f")))
    (instance $out (export "f" (func $g)))
    (export "out" (instance $out)))`;
}

const passing = `(component $shim
  (import "g" (func $g (param "x" u32) (result u32)))
  (export "f" (func $g)))`;

/** host → first → (shim) → second → (bundle) → third; what first and second offer is bundled for the last. */
const composition = `(component $line
  (import "in" (instance $in (export "f" (func (param "x" u32) (result u32)))))
  ${stage("first")}
  ${stage("second")}
  ${passing}
  (component $last
    (import "both" (instance (export "a" (func (param "x" u32) (result u32))) (export "b" (func (param "x" u32) (result u32)))))
    (import "only" (func (param "x" u32) (result u32))))
  (instance $a (instantiate $first (with "in" (instance $in))))
  (alias export $a "out" (instance $a-out))
  (instance $through (instantiate $shim (with "g" (func $a-out "f"))))
  (instance $b (instantiate $second (with "in" (instance $through))))
  (alias export $b "out" (instance $b-out))
  (instance $c (instantiate $second (with "in" (instance (export "f" (func $b-out "f"))))))
  (instance (instantiate $last
    (with "both" (instance (export "a" (func $a-out "f")) (export "b" (func $b-out "f"))))
    (with "only" (func $in "f"))))
  (export "through" (instance $through))
  (export "end" (instance $c "out"))
  (export "own" (func $a-out "f")))`;

describe("describeInstances", () => {
  it("tells instances in order, with names and whether they have code", async () => {
    const { instances } = describeInstances(await decodeText(composition), "root");
    expect(instances).toEqual([
      { path: "root", name: "line", hasCode: false },
      { path: "root/a", name: "first", hasCode: true },
      { path: "root/through", name: "shim", hasCode: false },
      { path: "root/b", name: "second", hasCode: true },
      { path: "root/c", name: "second", hasCode: true },
      { path: "root/last", name: "last", hasCode: false },
    ]);
  });

  it("looks through shims and bundles for the wires, also for those to several instances", async () => {
    const { wires } = describeInstances(await decodeText(composition), "root");
    expect(wires.map(({ consumer, import: name, provider }) => `${consumer} ${name} <- ${provider}`)).toEqual(
      [
        "root/a in <- undefined",
        "root/through g <- root/a",
        "root/b in <- root/a",
        "root/c in <- root/b",
        "root/last both <- root/a",
        "root/last both <- root/b",
        "root/last only <- undefined",
      ],
    );
  });

  it("says the same as an instance does", async () => {
    const component = await decodeText(composition);
    const callers: string[] = [];
    const f = withCaller((caller: Caller, x: number) => {
      callers.push(caller.path);
      return x;
    });
    const instance = instantiate(component, { path: "x/y", imports: { in: { f } } });
    (instance.exports as { end: { f(x: number): number } }).end.f(1);
    const graph = describeInstances(component, "x/y");
    const first = graph.wires.filter((wire) => wire.provider === undefined).map((wire) => wire.consumer);
    expect(first).toContain(callers[0]);
    for (const name of ["through", "end"]) {
      expect(graph.exports.get(name)).toBe((instance.externs.get(name) as InstanceExtern).origin);
    }
    expect([...graph.exports]).toEqual([
      ["through", "x/y/a"],
      ["end", "x/y/c"],
      ["own", "x/y/a"],
    ]);
    expect([...graph.exports.keys()]).toEqual([...instance.externs.keys()]);
  });

  it("follows outer aliases and numbers what has no name of its own", async () => {
    const text = `(component $top
      (component $leaf)
      (component $user (alias outer $top $leaf (component $c)) (instance (instantiate $c)) (instance (instantiate $c)))
      (component (;2;))
      (instance (instantiate 2))
      (instance (instantiate $user))
      (instance (instantiate $user)))`;
    const component = await decodeText(text);
    const paths = describeInstances(component).instances.map((instance) => instance.path);
    expect(paths).toEqual([
      "top",
      "top/0",
      "top/user",
      "top/user/leaf",
      "top/user/leaf-2",
      "top/user-2",
      "top/user-2/leaf",
      "top/user-2/leaf-2",
    ]);
  });

  it("takes a component that is an import for code of its own", async () => {
    const text = `(component
      (import "c" (component $c (import "f" (func)) (export "g" (func))))
      (import "f" (func $f))
      (instance $i (instantiate $c (with "f" (func $f))))
      (export "g" (func $i "g")))`;
    const graph = describeInstances(await decodeText(text), "root");
    expect(graph.instances[1]).toEqual({ path: "root/i", name: undefined, hasCode: true });
    expect(graph.exports.get("g")).toBe("root/i");
  });

  it("stops before a few bytes become a million instances", async () => {
    let text = "(component $c0)";
    for (let level = 1; level <= 20; level++) {
      text += `(component $c${level}
        (alias outer $top $c${level - 1} (component $c)) (instance (instantiate $c)) (instance (instantiate $c)))`;
    }
    const component = await decodeText(`(component $top ${text} (instance (instantiate $c20)))`);
    failure(() => describeInstances(component), "unsupported");
  });
});
