import { describe, expect, it } from "vitest";
import { decodeText } from "../testing.case.ts";
import { itTellsApart } from "../twins.case.ts";
import { rootType } from "../typing/named-types.ts";

const kinds: readonly [type: string, shown: string][] = [
  ['(record (field "x" u32))', "record { x: u32 }"],
  ['(variant (case "x"))', "variant { x }"],
  ['(enum "x")', "enum { x }"],
  ['(flags "x")', "flags { x }"],
];

describe("types that need a name", () => {
  itTellsApart([
    ...kinds.map(
      ([type, shown]) =>
        [
          `this func mentions ${shown}, which no earlier import names`,
          `(component (type $t ${type}) (import "t" (type $named (eq $t))) (import "f" (func (param "x" $«named|t»))))`,
        ] as const,
    ),
    ...[
      '(record (field "y" $«named|t»))',
      '(variant (case "y" $«named|t»))',
      "(list $«named|t»)",
      "(list $«named|t» 4)",
      "(tuple u8 $«named|t»)",
      "(option $«named|t»)",
      "(result $«named|t»)",
      "(result (error $«named|t»))",
      "(option (list (tuple $«named|t»)))",
    ].map(
      (type) =>
        [
          'export "u": this type mentions enum { x }, which no earlier import or export names',
          `(component (type $t (enum "x")) (export $named "t" (type $t)) (type $u ${type}) (export "u" (type $u)))`,
        ] as const,
    ),
    [
      'export "f": this func mentions resource r, which no earlier import or export names',
      `(component (core module $m (func (export "f") (result i32) unreachable)) (core instance $i (instantiate $m))
        (type $r (resource (rep i32))) (export $named "r" (type $r))
        (func $f (result (own $«named|r»)) (canon lift (core func $i "f"))) (export "f" (func $f)))`,
    ],
  ]);
});

describe("names of types", () => {
  const record = '(type $t (record (field "x" u8)))';
  itTellsApart([
    [
      'import "f": this func mentions record { x: u8 }, which no earlier import names',
      `(component ${record} («import "t" (type $n (eq $t))|export $n "t" (type $t)») (import "f" (func (param "x" $n))))`,
    ],
    [
      'import "f": this func mentions resource r, which no earlier import names',
      `(component (type (component («import|export» "r" (type $r (sub resource))) (import "f" (func (result (own $r)))))))`,
    ],
    [
      'export "f": this func mentions record { x: u8 }',
      `(component (type (component ${record} («export "t" (type $n (eq $t))|alias outer 0 $t (type $n)»)
        (export "f" (func (param "x" $n))))))`,
    ],
    [
      'import "i": this instance mentions record { x: u8 }',
      `(component (import "i" (instance ${record} (export "t" (type $n (eq $t))) (export "f" (func (param "x" $«n|t»))))))`,
    ],
    [
      'import "i": this type mentions record { x: u8 }',
      `(component (type $i (instance ${record} (export "t" (type $n (eq $t))) (export "f" (func (param "x" $«n|t»)))))
        (import "i" (type (eq $i))))`,
    ],
    [
      'import "f": this type mentions record { x: u8 }',
      `(component ${record} (import "t" (type $n (eq $t))) (type $f (func (result $«n|t»))) (import "f" (type (eq $f))))`,
    ],
    [
      'export "f": this func mentions record { x: u8 }',
      `(component (core module $m (func (export "f") (param i32))) (core instance $m (instantiate $m))
        ${record} (instance $bag (export "t" (type $t))) (export $shown "bag" (instance $bag))
        (type $u (record (field "x" u8))) (instance $hidden (export "t" (type $u)))
        (alias export $«shown|hidden» "t" (type $n))
        (func $f (param "x" $n) (canon lift (core func $m "f"))) (export "f" (func $f)))`,
    ],
    [
      'import "f": this func mentions record { x: u8 }',
      `(component ${record} (import "t" (type $n (eq $t)))
        (component (alias outer 1 $n (type $outer)) (import "t" (type $mine (eq $outer)))
          (import "f" (func (result $«mine|outer»)))))`,
    ],
    [
      'export "out": this instance mentions record { x: u8 }',
      `(component
        (component $c (core module $m (func (export "f") (param i32))) (core instance $m (instantiate $m))
          ${record} (export $n "t" (type $t)) (func $f (param "x" $n) (canon lift (core func $m "f")))
          (instance $bag «(export "t" (type $n))|» (export "f" (func $f))) (export "i" (instance $bag)))
        (instance $i (instantiate $c)) (export "out" (instance $i "i")))`,
    ],
  ]);

  it("are those of the arguments where a component is instantiated", async () => {
    const { type } = await decodeText(`(component
      (type $t (record (field "x" u8))) (import "t" (type $n (eq $t))) (import "r" (type $r (sub resource)))
      (component $c
        (type $t (record (field "x" u8))) (import "t" (type $n (eq $t))) (import "r" (type $r (sub resource)))
        (import "f" (func $f (param "a" $n) (result (own $r)))) (export "g" (func $f)))
      (import "f" (func $f (param "a" $n) (result (own $r))))
      (instance $i (instantiate $c (with "t" (type $n)) (with "r" (type $r)) (with "f" (func $f))))
      (export "g" (func $i "g")))`);
    expect([...type.exports.keys()]).toEqual(["g"]);
  });

  it("are objects of their own with one root", async () => {
    const { type } = await decodeText(
      '(component (type $t (enum "x")) (import "a" (type $a (eq $t))) (import "b" (type (eq $a))))',
    );
    const [a, b] = ["a", "b"].map((name) => {
      const extern = type.imports.get(name);
      if (extern?.kind !== "type" || extern.type.kind !== "value") throw new Error("expected a type");
      return extern.type.type;
    });
    expect(a).not.toBe(b);
    expect(a).toEqual(b);
    expect(a && b && rootType(a) === rootType(b)).toBe(true);
  });
});

describe("deep and wide types", () => {
  it("are looked into once, under whatever name", async () => {
    let text = "(type $t0 (tuple u8 u8))";
    for (let level = 1; level < 17; level++)
      text += `(type $t${level} (tuple $t${level - 1} $t${level - 1}))`;
    for (let count = 0; count < 100; count++) text += `(import "f${count}" (func (param "x" $t16)))`;
    expect((await decodeText(`(component ${text})`)).type.imports.size).toBe(100);
  });

  it("cost nothing more under another name", async () => {
    const count = 1_000;
    const fields = Array.from({ length: count }, (_, index) => `(field "f${index}" u8)`).join(" ");
    let text = `(type $t (record ${fields})) (import "t0" (type $t0 (eq $t)))`;
    for (let index = 1; index < count; index++) {
      text += `(import "t${index}" (type $t${index} (eq $t${index - 1}))) (import "f${index}" (func (param "x" $t${index})))`;
    }
    expect((await decodeText(`(component ${text})`)).type.imports.size).toBe(2 * count - 1);
  });
});
