import { describe } from "vitest";
import { itTellsApart, type Twin } from "../twins.case.ts";

/** A component that asks for a type is instantiated with one. */
function typeArgument(message: string, expected: string, given: string, before = ""): Twin {
  return [
    message,
    `(component ${before} (type $given ${given}) (export $g "g" (type $given))
      (component $c ${before} (type $wanted ${expected}) (import "x" (type (eq $wanted))))
      (instance (instantiate $c (with "x" (type $g)))))`,
  ];
}

function funcArgument(message: string, expected: string, given: string): Twin {
  return [
    message,
    `(component (import "f" (func $f ${given})) (component $c (import "x" (func ${expected})))
      (instance (instantiate $c (with "x" (func $f)))))`,
  ];
}

describe("types of arguments", () => {
  itTellsApart([
    typeArgument("argument x: expected u32, found string", "u32", "«u32|string»"),
    typeArgument("argument x: expected u32, found record { f: u8 }", "u32", '«u32|(record (field "f" u8))»'),
    typeArgument(
      "argument x: expected record { f: u8 }, found u32",
      '(record (field "f" u8))',
      '«(record (field "f" u8))|u32»',
    ),
    typeArgument(
      "argument x / field a: expected u32, found u8",
      '(record (field "a" u32))',
      '(record (field "a" «u32|u8»))',
    ),
    typeArgument(
      "expected fields (a), found fields (a, b)",
      '(record (field "a" u8))',
      '(record (field "a" u8) «|(field "b" u8)»)',
    ),
    typeArgument(
      "expected fields (a), found fields (b)",
      '(record (field "a" u8))',
      '(record (field "«a|b»" u8))',
    ),
    typeArgument(
      "expected variant { a }, found variant { a, b }",
      '(variant (case "a"))',
      '(variant (case "a") «|(case "b")»)',
    ),
    typeArgument(
      "expected variant { a }, found variant { b }",
      '(variant (case "a"))',
      '(variant (case "«a|b»"))',
    ),
    typeArgument(
      "argument x / case a: expected u8, found nothing",
      '(variant (case "a" u8))',
      '(variant (case "a" «u8|»))',
    ),
    typeArgument(
      "argument x / case a: expected nothing, found u8",
      '(variant (case "a"))',
      '(variant (case "a" «|u8»))',
    ),
    typeArgument(
      "argument x / case a: expected u8, found s8",
      '(variant (case "a" u8))',
      '(variant (case "a" «u8|s8»))',
    ),
    typeArgument("expected tuple<u8>, found tuple<u8, u8>", "(tuple u8)", "(tuple u8 «|u8»)"),
    typeArgument("argument x / item 1: expected u8, found s8", "(tuple u8 u8)", "(tuple u8 «u8|s8»)"),
    typeArgument("expected flags { a }, found flags { b }", '(flags "a")', '(flags "«a|b»")'),
    typeArgument("expected enum { a }, found enum { b }", '(enum "a")', '(enum "«a|b»")'),
    typeArgument("argument x / ok: expected u8, found s8", "(result u8)", "(result «u8|s8»)"),
    typeArgument("argument x / ok: expected nothing, found s8", "(result)", "(result «|s8»)"),
    typeArgument("argument x / ok: expected u8, found nothing", "(result u8)", "(result «u8|»)"),
    typeArgument(
      "argument x / error: expected u8, found s8",
      "(result (error u8))",
      "(result (error «u8|s8»))",
    ),
    typeArgument(
      "argument x / error: expected u8, found nothing",
      "(result (error u8))",
      "(result «(error u8)|»)",
    ),
    typeArgument("argument x / element: expected u8, found s8", "(list u8)", "(list «u8|s8»)"),
    typeArgument("expected list<u8, 4>, found list<u8, 5>", "(list u8 4)", "(list u8 «4|5»)"),
    typeArgument(
      "expected map<u8, string>, found list<tuple<u8, string>>",
      "(map u8 string)",
      "«(map u8 string)|(list (tuple u8 string))»",
    ),
    typeArgument("expected option<u8>, found list<u8>", "(option u8)", "(«option|list» u8)"),
    funcArgument("argument x: expected params (), found params (a)", "", '«|(param "a" u8)»'),
    funcArgument("argument x: expected params (a), found params (b)", '(param "a" u8)', '(param "«a|b»" u8)'),
    funcArgument("argument x / param a: expected u8, found s8", '(param "a" u8)', '(param "a" «u8|s8»)'),
    funcArgument("argument x / result: expected nothing, found u8", "", "«|(result u8)»"),
    funcArgument("argument x / result: expected u8, found string", "(result u8)", "(result «u8|string»)"),
  ]);
});

describe("arguments", () => {
  itTellsApart([
    [
      'missing argument "x" of an instance',
      '(component (import "f" (func $f)) (component $c (import "x" (func))) (instance (instantiate $c (with "«x|y»" (func $f)))))',
    ],
    [
      'argument "x" given twice',
      `(component (import "f" (func $f)) (component $c (import "x" (func)))
        (instance (instantiate $c (with "x" (func $f)) (with "«y|x»" (func $f)))))`,
    ],
    [
      "argument x: expected func(), found instance",
      `(component (import "f" (func $f)) (import "i" (instance $i)) (component $c (import "x" (func)))
        (instance (instantiate $c (with "x" «(func $f)|(instance $i)»))))`,
    ],
    [
      "argument x / f: expected func(), found nothing",
      `(component (import "f" (func $f)) (component $c (import "x" (instance (export "f" (func)))))
        (instance (instantiate $c (with "x" (instance (export "«f|g»" (func $f)))))))`,
    ],
    [
      "argument x / f / param a: expected u8, found s8",
      `(component (import "f" (func $f (param "a" «u8|s8»)))
        (component $c (import "x" (instance (export "f" (func (param "a" u8))))))
        (instance (instantiate $c (with "x" (instance (export "f" (func $f)))))))`,
    ],
    [
      "argument x / import b: expected no such import, found func()",
      `(component (component $given (import "a" (func)) «|(import "b" (func))»)
        (component $c (import "x" (component (import "a" (func)))))
        (instance (instantiate $c (with "x" (component $given)))))`,
    ],
    [
      "argument b: expected resource a, found another resource s",
      `(component (import "r" (type $r (sub resource))) (import "s" (type $s (sub resource)))
        (component $c (import "a" (type $a (sub resource))) (import "b" (type (eq $a))))
        (instance (instantiate $c (with "a" (type $r)) (with "b" (type $«r|s»)))))`,
    ],
    [
      "argument f / param h: expected a, found borrow<r>",
      `(component (import "r" (type $r (sub resource))) (import "f" (func $f (param "h" («own|borrow» $r))))
        (component $c (import "a" (type $a (sub resource))) (import "f" (func (param "h" (own $a)))))
        (instance (instantiate $c (with "a" (type $r)) (with "f" (func $f)))))`,
    ],
    [
      "argument x: expected resource x, found type u32",
      `(component (import "r" (type $r (sub resource))) (type $u u32)
        (component $c (import "x" (type (sub resource))))
        (instance (instantiate $c (with "x" (type $«r|u»)))))`,
    ],
    [
      "export i / f: declared as func(), but it is nothing",
      `(component (import "f" (func $f)) (instance $i (export "«f|g»" (func $f)))
        (export "i" (instance $i) (instance (export "f" (func)))))`,
    ],
  ]);
});

/** A module that imports something is instantiated with something. */
function coreArgument(message: string, expected: string, given: string): Twin {
  return [
    message,
    `(component (core module $from ${given}) (core module $to (import "a" "b" ${expected}))
      (core instance $i (instantiate $from)) (core instance (instantiate $to (with "a" (instance $i)))))`,
  ];
}

describe("arguments of core modules", () => {
  itTellsApart([
    coreArgument('core import "a" "b" is missing', "(func)", '(func (export "«b|c»"))'),
    coreArgument(
      "expected func () -> (), found func (i32) -> ()",
      "(func)",
      '(func (export "b") «|(param i32)»)',
    ),
    coreArgument(
      "expected global i32, found global i64",
      "(global i32)",
      '(global (export "b") «i32 (i32|i64 (i64».const 1))',
    ),
    coreArgument(
      "expected global i32, found global mut i32",
      "(global i32)",
      '(global (export "b") «i32|(mut i32)» (i32.const 1))',
    ),
    coreArgument(
      "expected table 1 funcref, found table 1 externref",
      "(table 1 funcref)",
      '(table (export "b") 1 «func|extern»ref)',
    ),
    coreArgument(
      "expected table 2 funcref, found table 1 funcref",
      "(table 2 funcref)",
      '(table (export "b") «2|1» funcref)',
    ),
    coreArgument(
      "expected table 1..2 funcref, found table 1 funcref",
      "(table 1 2 funcref)",
      '(table (export "b") 1 «2|» funcref)',
    ),
    coreArgument("expected memory 1, found memory 0", "(memory 1)", '(memory (export "b") «1|0»)'),
    coreArgument(
      "expected global i32, found func () -> ()",
      "(global i32)",
      '«(global (export "b") i32 (i32.const 1))|(func (export "b"))»',
    ),
    [
      "no argument of that name",
      '(component (core module $m (import "a" "b" (func))) (core module $f (func (export "b"))) (core instance $i (instantiate $f)) (core instance (instantiate $m (with "«a|c»" (instance $i)))))',
    ],
    [
      'argument "a" given twice',
      `(component (core module $m) (core instance $i (instantiate $m))
        (core instance (instantiate $m (with "a" (instance $i)) (with "«b|a»" (instance $i)))))`,
    ],
    [
      'core export "f" given twice',
      `(component (core module $m (func (export "f"))) (core instance $i (instantiate $m))
        (core instance (export "f" (func $i "f")) (export "«g|f»" (func $i "f"))))`,
    ],
    [
      "argument m / export f: expected func () -> (), found nothing",
      `(component (core module $m (func (export "«f|g»"))) (component $c (import "m" (core module (export "f" (func)))))
        (instance (instantiate $c (with "m" (core module $m)))))`,
    ],
    [
      "argument m / import a c: expected no such import, found func",
      `(component (core module $m (import "a" "«b|c»" (func))) (component $c (import "m" (core module (import "a" "b" (func)))))
        (instance (instantiate $c (with "m" (core module $m)))))`,
    ],
    [
      "argument m / import a b: expected func () -> (), found func (i32) -> ()",
      `(component (core module $m (import "a" "b" (func «|(param i32)»)))
        (component $c (import "m" (core module (import "a" "b" (func)))))
        (instance (instantiate $c (with "m" (core module $m)))))`,
    ],
  ]);
});
