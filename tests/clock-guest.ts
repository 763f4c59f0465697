import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { componentEmbed, componentNew, parse } from "@bytecodealliance/jco-transpile/wasm-tools";

const WIT = `package test:unit;
  package wasi:clocks@0.2.0 {
    interface wall-clock {
      record datetime { seconds: u64, nanoseconds: u32 }
      now: func() -> datetime;
    }
  }
  package playhead:sim@0.1.0 {
    interface component {
      init: func(configuration: list<tuple<string, string>>) -> result<_, string>;
      step: func(now: s64) -> result<_, string>;
    }
    interface bus {
      variant bus-error { not-declared(string), unknown-topic(u32), too-large(u64) }
      advertise: func(name: string) -> result<u32, bus-error>;
      publish: func(topic: u32, payload: list<u8>) -> result<_, bus-error>;
    }
    world clock-reader {
      import wasi:clocks/wall-clock@0.2.0;
      import bus;
      export component;
    }
  }`;

/**
 * Memory: 0 an ok result, 16 the time, 64 the topic's name, 128 the message, 256 results of the bus. The sixteen digits of the time
 * are written from the last to the first.
 */
const CORE = `(module
  (import "wasi:clocks/wall-clock@0.2.0" "now" (func $now (param i32)))
  (import "playhead:sim/bus@0.1.0" "advertise" (func $advertise (param i32 i32 i32)))
  (import "playhead:sim/bus@0.1.0" "publish" (func $publish (param i32 i32 i32 i32)))
  (memory (export "memory") 1)
  (global $topic (mut i32) (i32.const 0))
  (global $free (mut i32) (i32.const 1024))
  (data (i32.const 64) "/clock")
  (data (i32.const 128) "{\\22reading\\22:{\\22now_us\\22:0000000000000000}}")
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 2048))
  (func (export "playhead:sim/component@0.1.0#init") (param i32 i32) (result i32)
    (call $advertise (i32.const 64) (i32.const 6) (i32.const 256))
    (global.set $topic (i32.load (i32.const 264)))
    (i32.load8_u (i32.const 256))
    (if (then unreachable))
    (i32.const 0))
  (func (export "playhead:sim/component@0.1.0#step") (param i64) (result i32)
    (local $time i64) (local $at i32)
    (call $now (i32.const 16))
    (local.set $time
      (i64.add
        (i64.mul (i64.load (i32.const 16)) (i64.const 1000000))
        (i64.div_u (i64.load32_u (i32.const 24)) (i64.const 1000))))
    (local.set $at (i32.const 164))
    (loop $digit
      (i64.store8 (local.get $at) (i64.add (i64.const 48) (i64.rem_u (local.get $time) (i64.const 10))))
      (local.set $time (i64.div_u (local.get $time) (i64.const 10)))
      (local.set $at (i32.sub (local.get $at) (i32.const 1)))
      (br_if $digit (i32.ge_u (local.get $at) (i32.const 149))))
    (call $publish (global.get $topic) (i32.const 128) (i32.const 39) (i32.const 256))
    (i32.const 0)))`;

/**
 * A composition of one component, `clock.wasm`, which publishes what WASI's wall clock shows as `{"reading":{"now_us":…}}` on `/clock`.
 *
 * @param clock what its configuration grants it
 * @returns the component's file
 */
export async function makeClockGuest(folder: string, clock: "virtual" | "machine"): Promise<string> {
  const embedded = await componentEmbed({
    binary: await parse(CORE),
    witSource: WIT,
    world: "playhead:sim/clock-reader@0.1.0",
  });
  const file = join(folder, `clock-${clock}.wasm`);
  await writeFile(file, await componentNew(embedded, []));
  await writeFile(
    join(folder, `clock-${clock}.yaml`),
    `units:\n  clock-${clock}:\n    rateHz: 10\n    publishes: { /clock: {} }\n    wasi: { clock: ${clock} }\n`,
  );
  return file;
}
