import { describe, expect, it } from "vitest";
import { decodeComponent } from "../component.ts";
import { instantiate } from "../instantiate.ts";
import { Meter } from "../state/meter.ts";
import { assemble } from "../testing.case.ts";
import { CallRecorder } from "./call-recorder.ts";

/** `outer` passes a list on to `inner`, and tells the host how long it was. */
const composed = `(component
  (import "tell" (func $tell (param "text" string) (param "n" u32)))
  (component $inner
    (core module $m (memory (export "memory") 1) (global $at (mut i32) (i32.const 64))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (global.get $at) (global.set $at (i32.add (global.get $at) (local.get 3))))
      (func (export "count") (param i32 i32) (result i32)
        (if (i32.eqz (local.get 1)) (then (unreachable))) (loop) (local.get 1)))
    (core instance $i (instantiate $m))
    (func (export "count") (param "l" (list u8)) (result u32)
      (canon lift (core func $i "count") (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))
  (component $outer
    (import "tell" (func $tell (param "text" string) (param "n" u32)))
    (import "count" (func $count (param "l" (list u8)) (result u32)))
    (core module $memory (memory (export "memory") 1) (data (i32.const 0) "hello")
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
    (core instance $memory (instantiate $memory))
    (alias core export $memory "memory" (core memory $mem))
    (core func $tell (canon lower (func $tell) (memory $mem)))
    (core func $count (canon lower (func $count) (memory $mem)))
    (core module $m
      (import "" "tell" (func $tell (param i32 i32 i32))) (import "" "count" (func $count (param i32 i32) (result i32)))
      (func (export "run") (param i32 i32) (result i32)
        (call $tell (i32.const 0) (i32.const 5) (local.get 1))
        (call $count (local.get 0) (local.get 1))))
    (core instance $i (instantiate $m
      (with "" (instance (export "tell" (func $tell)) (export "count" (func $count))))))
    (func (export "run") (param "l" (list u8)) (result u32)
      (canon lift (core func $i "run") (memory $mem) (realloc (core func $memory "realloc")))))
  (instance $inner (instantiate $inner))
  (instance $outer (instantiate $outer (with "tell" (func $tell)) (with "count" (func $inner "count"))))
  (export "run" (func $outer "run")))`;

async function observed() {
  let time = 0;
  const recorder = new CallRecorder(() => time++);
  const instance = instantiate(decodeComponent(await assemble(composed)), {
    path: "root",
    meter: new Meter(),
    observer: recorder,
    imports: { tell: () => undefined },
  });
  return { recorder, run: instance.exports.run as (bytes: Uint8Array) => number };
}

describe("an observer", () => {
  it("is told of each call between the host and instances and between instances", async () => {
    const { recorder, run } = await observed();
    expect([run(new Uint8Array(100)), run(new Uint8Array(20))]).toEqual([100, 20]);
    const [tell, count, whole] = recorder.totals;
    expect(tell).toMatchObject({ caller: "root/outer", callee: undefined, name: "tell", calls: 2 });
    // A text of five characters and a number.
    expect(tell).toMatchObject({ bytesIn: 2 * (10 + 8), bytesOut: 0, fuel: 0, time: 2 });
    expect(count).toMatchObject({ caller: "root/outer", callee: "root/inner", name: "count", calls: 2 });
    expect(count).toMatchObject({ bytesIn: 120, bytesOut: 0, failures: 0 });
    expect(whole).toMatchObject({ caller: undefined, callee: "root/outer", name: "run", bytesIn: 120 });
    expect(whole?.time).toBe((whole?.ownTime ?? 0) + (tell?.time ?? 0) + (count?.time ?? 0));
    expect(whole?.fuel).toBeGreaterThan(count?.fuel ?? 0);
    expect(count?.fuel).toBeGreaterThan(0);
  });

  it("is told when a call ends by throwing", async () => {
    const { recorder, run } = await observed();
    expect(() => run(new Uint8Array(0))).toThrow();
    expect(recorder.totals.map(({ name, failures }) => [name, failures])).toEqual([
      ["tell", 0],
      ["count", 1],
      ["run", 1],
    ]);
  });
});
