/**
 * Guests that pass each call on: every export calls the import of the same name with the core values that it got. So every value
 * crosses the boundary twice on its way in, and twice on its way back.
 */
import { componentEmbed, componentNew, parse, print } from "@bytecodealliance/jco-transpile/wasm-tools";
import { coreFuncType } from "../../packages/component-model/src/abi/flatten.ts";
import { layoutOf } from "../../packages/component-model/src/abi/layout.ts";
import type { FuncType } from "../../packages/component-model/src/types.ts";
import { witOf } from "./wit-text.ts";

export type Encoding = "utf8" | "utf16";

/** A component that imports and exports `diff:test/api` and relays `f0`, `f1`, …. */
export async function relay(functions: readonly FuncType[], encoding: Encoding): Promise<Uint8Array> {
  const module = await componentEmbed({
    binary: await parse(coreText(functions)),
    witSource: witOf(functions),
    world: "relay",
    stringEncoding: encoding,
  });
  return componentNew(module, []);
}

/** Such relays in a row inside one component; the first is called, the last calls the host. */
export async function relayChain(
  functions: readonly FuncType[],
  encodings: readonly Encoding[],
): Promise<Uint8Array> {
  const texts = await Promise.all(encodings.map(async (encoding) => print(await relay(functions, encoding))));
  const last = encodings.length - 1;
  const instances = texts.map((_, index) => {
    const next = index === last ? "$host" : `$i${index + 1} "diff:test/api"`;
    return `(instance $i${index} (instantiate $c${index} (with "diff:test/api" (instance ${next}))))`;
  });
  return parse(`(component
${firstForm(texts[0] as string, "(type $ty-diff:test/api")}
(import "diff:test/api" (instance $host (type $ty-diff:test/api)))
${texts.map((text, index) => text.replace("(component", `(component $c${index}`)).join("\n")}
${instances.reverse().join("\n")}
(export "diff:test/api" (instance $i0 "diff:test/api")))`);
}

/** The form that begins like this, with its parentheses. */
function firstForm(text: string, start: string): string {
  const from = text.indexOf(start);
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "(") depth++;
    if (text[at] === ")" && --depth === 0) return text.slice(from, at + 1);
  }
  throw new Error(`no form ${start}`);
}

const HEAP = 1024;

/** The memory that `realloc` gives is full of dirt, and is never used again. */
function coreText(functions: readonly FuncType[]): string {
  return `(module
${functions.map(importText).join("\n")}
(memory (export "cm32p2_memory") 1)
(global $top (mut i32) (i32.const ${HEAP}))
(func $realloc (export "cm32p2_realloc") (param $old i32) (param $oldSize i32) (param $align i32) (param $size i32)
  (result i32)
  (local $at i32) (local $missing i32)
  (local.set $at (i32.and
    (i32.sub (i32.add (global.get $top) (local.get $align)) (i32.const 1))
    (i32.sub (i32.const 0) (local.get $align))))
  (global.set $top (i32.add (local.get $at) (local.get $size)))
  (local.set $missing (i32.sub (global.get $top) (i32.mul (memory.size) (i32.const 65536))))
  (if (i32.gt_s (local.get $missing) (i32.const 0)) (then
    (drop (memory.grow (i32.add (i32.div_u (local.get $missing) (i32.const 65536)) (i32.const 1))))))
  (memory.fill (local.get $at) (i32.const 0xa5) (local.get $size))
  (memory.copy (local.get $at) (local.get $old) (select (local.get $oldSize) (local.get $size)
    (i32.lt_u (local.get $oldSize) (local.get $size))))
  (local.get $at))
(func (export "cm32p2_initialize"))
${functions.map(relayText).join("\n")})`;
}

function signature(types: readonly string[], keyword: "param" | "result"): string {
  return types.length === 0 ? "" : `(${keyword} ${types.join(" ")})`;
}

function importText(type: FuncType, index: number): string {
  const { params, results } = coreFuncType(type, "lower");
  const text = `${signature(params as string[], "param")} ${signature(results as string[], "result")}`;
  return `(import "cm32p2|diff:test/api" "f${index}" (func $f${index} ${text}))`;
}

function relayText(type: FuncType, index: number): string {
  const { params, results } = coreFuncType(type, "lift");
  const passed = params.map((_, at) => `(local.get ${at})`).join(" ");
  const head = `(func (export "cm32p2|diff:test/api|f${index}") ${signature(params as string[], "param")} ${signature(results as string[], "result")}`;
  const throughMemory = coreFuncType(type, "lower").params.length > params.length;
  if (!throughMemory || type.result === undefined) return `${head} (call $f${index} ${passed}))`;
  const { size, align } = layoutOf(type.result);
  const memory = `(call $realloc (i32.const 0) (i32.const 0) (i32.const ${align}) (i32.const ${size}))`;
  return `${head} (local $at i32)
  (local.set $at ${memory})
  (call $f${index} ${passed} (local.get $at))
  (local.get $at))`;
}
