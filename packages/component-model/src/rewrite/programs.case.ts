import * as fc from "fast-check";

/** Random guests: four functions that branch, loop, call each other and write to memory and globals, and always end. */

const locals = ["$p", "$a", "$b", "$c"];

interface Place {
  /** Index of the function, which calls only those before it. */
  readonly self: number;
  readonly labels: readonly string[];
  readonly depth: number;
  readonly next: () => number;
}

type Pick = (most: number) => number;

function expression(pick: Pick, place: Place, depth: number): string {
  const kind = pick(depth === 0 ? 2 : 9);
  const sub = () => expression(pick, place, depth - 1);
  switch (kind) {
    case 0:
      return `(i32.const ${pick(1000) - 300})`;
    case 1:
    case 2:
      return `(local.get ${locals[pick(3)]})`;
    case 3:
    case 4:
      return `(i32.${["add", "sub", "mul", "xor", "rotl", "lt_s"][pick(5)]} ${sub()} ${sub()})`;
    case 5:
      return `(i32.load (i32.and ${sub()} (i32.const 0xffc)))`;
    case 6:
      return place.self > 0 ? `(call $f${pick(place.self - 1)} ${sub()})` : `(global.get $g)`;
    case 7:
      return place.self > 1
        ? `(call_indirect (type $t) ${sub()} (i32.const ${pick(place.self - 2)}))`
        : sub();
    case 8:
      return `(if (result i32) ${sub()} (then ${sub()}) (else ${sub()}))`;
    default:
      return `(select ${sub()} ${sub()} ${sub()})`;
  }
}

function statements(pick: Pick, place: Place): string {
  return Array.from({ length: pick(3) }, () => statement(pick, place)).join(" ");
}

function statement(pick: Pick, place: Place): string {
  const value = () => expression(pick, place, 2);
  const inner = { ...place, depth: place.depth - 1 };
  const label = () => place.labels[pick(place.labels.length - 1)];
  const kind = pick(place.depth === 0 ? 6 : 11);
  switch (kind) {
    case 0:
    case 1:
      return `(local.set ${locals[pick(3)]} ${value()})`;
    case 2:
      return `(i32.store (i32.and ${value()} (i32.const 0xffc)) ${value()})`;
    case 3:
      return `(global.set $g ${value()})`;
    case 4:
      return `(drop ${value()})`;
    case 5:
      return place.labels.length > 0 ? `(br_if ${label()} ${value()})` : `(nop)`;
    case 6:
      return `(memory.fill (i32.and ${value()} (i32.const 0xff)) (i32.const 3) (i32.and ${value()} (i32.const 63)))`;
    case 7:
      return `(if ${value()} (then ${statements(pick, inner)}) (else ${statements(pick, inner)}))`;
    case 8: {
      const name = `$l${place.next()}`;
      return `(block ${name} ${statements(pick, { ...inner, labels: [...place.labels, name] })})`;
    }
    case 9: {
      const number = place.next();
      const body = statements(pick, inner);
      return `(local.set $k${place.depth} (i32.const ${1 + pick(4)}))
        (loop $l${number} ${body}
          (br_if $l${number} (local.tee $k${place.depth} (i32.sub (local.get $k${place.depth}) (i32.const 1)))))`;
    }
    case 10:
      return place.labels.length > 1
        ? `(block $t${place.next()} (br_table ${label()} ${label()} ${label()} (i32.and ${value()} (i32.const 3))))`
        : `(if ${value()} (then (return ${value()})))`;
    default:
      return `(if ${value()} (then (return ${value()})) (else ${statements(pick, inner)}))`;
  }
}

function program(pick: Pick): string {
  const functions = [0, 1, 2, 3].map((self) => {
    let count = 0;
    const place: Place = { self, labels: [], depth: 3, next: () => count++ };
    const counters = [1, 2, 3].map((depth) => `(local $k${depth} i32)`).join(" ");
    const body = `${statements(pick, place)} ${statements(pick, place)} ${expression(pick, place, 3)}`;
    return `(func $f${self} (export "f${self}") (type $t) (param $p i32) (result i32)
      (local $a i32) (local $b i32) (local $c i32) ${counters} ${body})`;
  });
  return `(memory (export "memory") 1) (global $g (export "g") (mut i32) (i32.const 1)) (table 4 funcref)
    (type $t (func (param i32) (result i32)))
    (elem (i32.const 0) $f0 $f1 $f2 $f3)
    ${functions.join("\n")}`;
}

/** Texts of core modules without imports that export functions `f0` … `f3`, a memory and a global `g`. */
export const anyProgram: fc.Arbitrary<string> = fc.noShrink(
  fc
    .infiniteStream(fc.nat(0xffff))
    .map((numbers) => program((most) => (numbers.next().value as number) % (most + 1))),
);
