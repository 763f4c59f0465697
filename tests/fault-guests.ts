import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { componentEmbed, componentNew, parse } from "@bytecodealliance/jco-transpile/wasm-tools";

const WIT = `package test:unit;
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
    interface advice { ask: func(count: u32); }
    world alone { import bus; export component; }
    world adviser { import bus; export advice; export component; }
    world asker { import bus; import advice; export component; }
  }`;

/** Ways to fail, as text of a WebAssembly function's body. */
export const FAULTS = {
  trap: "unreachable",
  endlessLoop: "(loop (br 0))",
  recursion: "(call $deeper)",
  memoryBomb: "(loop (br_if 0 (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable",
  errorResult: "(return (i32.const 16))",
  none: "",
} as const;

export interface GuestOptions {
  readonly name: string;
  readonly world?: "alone" | "adviser" | "asker";
  /** In which step it fails, counted from 1; never without. */
  readonly at?: number;
  readonly fault?: string;
  /** How it fails when it is initialised. */
  readonly initFault?: string;
  /** As an adviser, it fails when it is asked with this number. */
  readonly askedWith?: number;
  /** Takes one more page of memory in each step. */
  readonly grows?: boolean;
}

/**
 * A unit that publishes the number of its step in four digits on `/<name>`, and fails after that. An asker tells its adviser the number.
 * Memory: 0 an ok result, 16 an error result with the text at 32, 64 the topic's name, 128 the digits, 256 results of the bus.
 */
function core({
  name,
  world = "alone",
  at = 0,
  fault = "",
  initFault = "",
  askedWith = 0,
  grows,
}: GuestOptions): string {
  const ask = world === "asker" ? "(call $ask (global.get $count))" : "";
  const digit = (place: number, unit: number): string =>
    `(i32.store8 (i32.const ${128 + place}) (i32.add (i32.const 48)
      (i32.rem_u (i32.div_u (global.get $count) (i32.const ${unit})) (i32.const 10))))`;
  return `(module
    (import "playhead:sim/bus@0.1.0" "advertise" (func $advertise (param i32 i32 i32)))
    (import "playhead:sim/bus@0.1.0" "publish" (func $publish (param i32 i32 i32 i32)))
    ${world === "asker" ? '(import "playhead:sim/advice@0.1.0" "ask" (func $ask (param i32)))' : ""}
    (memory (export "memory") 1)
    (global $topic (mut i32) (i32.const 0))
    (global $count (mut i32) (i32.const 0))
    (data (i32.const 16) "\\01\\00\\00\\00\\20\\00\\00\\00\\07\\00\\00\\00")
    (data (i32.const 32) "no idea")
    (data (i32.const 64) "/${name}")
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 2048))
    (func $deeper (call $deeper))
    (func (export "playhead:sim/component@0.1.0#init") (param i32 i32) (result i32)
      (call $advertise (i32.const 64) (i32.const ${name.length + 1}) (i32.const 256))
      (global.set $topic (i32.load (i32.const 264)))
      ${initFault}
      (i32.const 0))
    ${
      world === "adviser"
        ? `(func (export "playhead:sim/advice@0.1.0#ask") (param i32)
            (if (i32.eq (local.get 0) (i32.const ${askedWith})) (then unreachable)))`
        : ""
    }
    (func (export "playhead:sim/component@0.1.0#step") (param i64) (result i32)
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      ${[1000, 100, 10, 1].map((unit, place) => digit(place, unit)).join("\n")}
      ${grows === true ? "(drop (memory.grow (i32.const 1)))" : ""}
      (call $publish (global.get $topic) (i32.const 128) (i32.const 4) (i32.const 256))
      ${ask}
      (if (i32.eq (global.get $count) (i32.const ${at})) (then ${fault}))
      (i32.const 0)))`;
}

/** Writes a guest as the package `test:<name>` among those of the folder, and returns its file. */
export async function makeGuest(folder: string, options: GuestOptions): Promise<string> {
  const world = `playhead:sim/${options.world ?? "alone"}@0.1.0`;
  const binary = await parse(core(options));
  const file = join(folder, "deps", "test", `${options.name}.wasm`);
  await mkdir(join(folder, "deps", "test"), { recursive: true });
  await writeFile(file, await componentNew(await componentEmbed({ binary, witSource: WIT, world }), []));
  return file;
}
