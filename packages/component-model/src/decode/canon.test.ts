import { describe } from "vitest";
import { itTellsApart } from "../twins.case.ts";

const module = `(core module $m (memory (export "mem") 1)
  (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0))
  (func (export "nothing")) (func (export "one") (param i32)) (func (export "two") (param i32 i32))
  (func (export "give") (result i32) (i32.const 0)))
  (core instance $i (instantiate $m))`;
const memory = '(memory (core memory $i "mem"))';
const realloc = '(realloc (core func $i "realloc"))';

function lift(func: string, type: string, options: string): string {
  return `(component ${module} (func ${type} (canon lift (core func $i "${func}") ${options})))`;
}

function lower(type: string, options: string): string {
  return `(component ${module} (import "f" (func $f ${type})) (core func (canon lower (func $f) ${options})))`;
}

describe("options of canonical definitions", () => {
  itTellsApart([
    ["canon lift without the option memory", lift("give", "(result string)", `«${memory}|»`)],
    ["canon lift without the option realloc", lift("two", '(param "x" string)', `${memory} «${realloc}|»`)],
    ["canon lower without the option memory", lower('(param "x" string)', `«${memory}|»`)],
    ["canon lower without the option realloc", lower("(result (list u8))", `${memory} «${realloc}|»`)],
    ["canonical option realloc without memory", lower('(param "x" u8)', `«${memory}|» ${realloc}`)],
    ["canonical option encoding given twice", lower("", "string-encoding=utf8 «|string-encoding=utf16»")],
    ["canonical option memory given twice", lower("", `${memory} «|${memory}»`)],
    ["canonical option realloc given twice", lower("", `${memory} ${realloc} «|${realloc}»`)],
    [
      "canonical option post-return given twice",
      lift("nothing", "", '(post-return (core func $i "nothing")) «|(post-return (core func $i "nothing"))»'),
    ],
    ["post-return given to canon lower", lower("", '«|(post-return (core func $i "nothing"))»')],
    [
      "realloc: expected the core type (i32, i32, i32, i32) -> (i32), found () -> ()",
      lower("", `${memory} (realloc (core func $i "«realloc|nothing»"))`),
    ],
    [
      "post-return: expected the core type (i32) -> (), found () -> ()",
      lift("give", "(result u32)", '(post-return (core func $i "«one|nothing»"))'),
    ],
    ["canon lift: expected the core type () -> (), found (i32) -> ()", lift("«nothing|one»", "", "")],
    ["canon lift: expected the core type () -> (), found () -> (i32)", lift("«nothing|give»", "", "")],
    [
      "canon lift: expected the core type (i32, i32) -> ()",
      lift("«two|one»", '(param "a" u8) (param "b" u8)', ""),
    ],
    [
      "type 1 is a value type, expected a func type",
      `(component ${module} (type $f (func)) (type $u u8) (func (type $f) (canon lift (core func $i "nothing")))
        (import "g" (func (type $«f|u»))))`,
    ],
    [
      "core memory index 1 is out of range",
      `(component ${module} (import "f" (func $f (param "x" string))) (alias core export $i "mem" (core memory $mem))
        (core func (canon lower (func $f) (memory «0|1»))))`,
    ],
    [
      "core function index 1 is out of range",
      `(component ${module} (alias core export $i "nothing" (core func)) (type $t (func))
        (func (type $t) (canon lift (core func «0|1»))))`,
    ],
  ]);
});
