import { type Component, decodeComponent } from "../component.ts";
import { assemble } from "../testing.case.ts";

/**
 * A guest with every kind of state: a memory that grows, mutable globals of all types, a table whose entries are set and which
 * grows, segments that are dropped, resources of its own and of the host. Each operation is an export that returns a number.
 */
const everyState = `(component
  (import "host:counters/api" (instance $api
    (export "counter" (type $counter (sub resource)))
    (export "[constructor]counter" (func (param "start" u32) (result (own $counter))))
    (export "[method]counter.next" (func (param "self" (borrow $counter)) (result u32)))))
  (alias export $api "counter" (type $counter))
  (core func $new (canon lower (func $api "[constructor]counter")))
  (core func $next (canon lower (func $api "[method]counter.next")))
  (core func $drop (canon resource.drop $counter))
  (core module $main
    (import "host" "new" (func $new (param i32) (result i32)))
    (import "host" "next" (func $next (param i32) (result i32)))
    (import "host" "drop" (func $drop (param i32)))
    (memory (export "memory") 1 40)
    (global $count (mut i32) (i32.const 7))
    (global $long (mut i64) (i64.const 0x7fffffffffffffff))
    (global $single (mut f32) (f32.const nan:0x200001))
    (global $double (mut f64) (f64.const nan:0x4000000000001))
    (global $vector (mut v128) (v128.const i32x4 1 2 3 4))
    (global $last (mut funcref) (ref.null func))
    (table $functions 4 20 funcref)
    (type $op (func (param i32) (result i32)))
    (elem $pool func $double-it $negate $count-up)
    (elem declare func $next)
    (elem (i32.const 1) $negate)
    (data $text "a passive segment")
    (data (i32.const 16) "active")
    (func $double-it (type $op) (i32.shl (local.get 0) (i32.const 1)))
    (func $negate (type $op) (i32.sub (i32.const 0) (local.get 0)))
    (func $count-up (type $op)
      (global.set $count (i32.add (global.get $count) (local.get 0)))
      (global.get $count))
    (func (export "write") (param $at i32) (param $value i32) (result i32)
      (i32.store (i32.rem_u (local.get $at) (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4)))
        (local.get $value))
      (memory.size))
    (func (export "sum") (param $at i32) (param $unused i32) (result i32) (local $sum i32) (local $end i32)
      (local.set $end (i32.mul (memory.size) (i32.const 65536)))
      (local.set $at (i32.const 0))
      (loop $next
        (local.set $sum (i32.add (i32.rotl (local.get $sum) (i32.const 1)) (i32.load (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
      (local.get $sum))
    (func (export "grow") (param $by i32) (param $unused i32) (result i32)
      (memory.grow (i32.rem_u (local.get $by) (i32.const 3))))
    (func (export "globals") (param $value i32) (param $other i32) (result i32)
      (global.set $count (i32.add (global.get $count) (local.get $value)))
      (global.set $long (i64.mul (global.get $long) (i64.extend_i32_s (local.get $other))))
      (global.set $single (f32.reinterpret_i32 (i32.xor (i32.reinterpret_f32 (global.get $single)) (local.get $value))))
      (global.set $double
        (f64.reinterpret_i64 (i64.add (i64.reinterpret_f64 (global.get $double)) (i64.extend_i32_s (local.get $other)))))
      (global.set $vector (i32x4.add (global.get $vector) (i32x4.splat (local.get $value))))
      (i32.xor (i32.xor (global.get $count) (i32.wrap_i64 (i64.shr_u (global.get $long) (i64.const 32))))
        (i32.xor
          (i32.xor (i32.reinterpret_f32 (global.get $single)) (i32x4.extract_lane 3 (global.get $vector)))
          (i32.wrap_i64 (i64.shr_u (i64.reinterpret_f64 (global.get $double)) (i64.const 32))))))
    (func (export "table-set") (param $at i32) (param $which i32) (result i32)
      (local.set $which (i32.rem_u (local.get $which) (i32.const 5)))
      (local.set $at (i32.rem_u (local.get $at) (table.size $functions)))
      (if (i32.eqz (local.get $which)) (then (table.set $functions (local.get $at) (ref.null func))))
      (if (i32.eq (local.get $which) (i32.const 1)) (then (table.set $functions (local.get $at) (ref.func $count-up))))
      (if (i32.eq (local.get $which) (i32.const 2)) (then (table.set $functions (local.get $at) (global.get $last))))
      (if (i32.eq (local.get $which) (i32.const 3)) (then (table.set $functions (local.get $at) (ref.func $next))))
      (if (i32.eq (local.get $which) (i32.const 4))
        (then (global.set $last (table.get $functions (local.get $at)))))
      (table.size $functions))
    (func (export "table-grow") (param $which i32) (param $unused i32) (result i32)
      (table.grow $functions (ref.func $double-it) (i32.rem_u (local.get $which) (i32.const 2))))
    (func (export "table-init") (param $at i32) (param $unused i32) (result i32)
      (table.init $functions $pool
        (i32.rem_u (local.get $at) (i32.sub (table.size $functions) (i32.const 2))) (i32.const 0) (i32.const 3))
      (i32.const 1))
    (func (export "elem-drop") (param i32 i32) (result i32) (elem.drop $pool) (i32.const 0))
    (func (export "call") (param $at i32) (param $value i32) (result i32)
      (local.set $at (i32.rem_u (local.get $at) (table.size $functions)))
      (if (result i32) (ref.is_null (table.get $functions (local.get $at)))
        (then (i32.const -1))
        (else (call_indirect $functions (type $op) (local.get $value) (local.get $at)))))
    (func (export "memory-init") (param $at i32) (param $unused i32) (result i32)
      (memory.init $text (i32.rem_u (local.get $at) (i32.const 60000)) (i32.const 2) (i32.const 10))
      (i32.load (i32.const 16)))
    (func (export "data-drop") (param i32 i32) (result i32) (data.drop $text) (i32.const 0))
    (func (export "new") (param $start i32) (param $unused i32) (result i32) (call $new (local.get $start)))
    (func (export "next") (param $handle i32) (param $unused i32) (result i32) (call $next (local.get $handle)))
    (func (export "drop") (param $handle i32) (param $unused i32) (result i32)
      (call $drop (local.get $handle)) (i32.const 0)))
  (core instance $main (instantiate $main
    (with "host" (instance (export "new" (func $new)) (export "next" (func $next)) (export "drop" (func $drop))))))
  LIFTS)`;

/** The exports of the guest. */
export const operations = [
  ...["write", "sum", "grow", "globals", "table-set", "table-grow", "table-init", "elem-drop", "call"],
  ...["memory-init", "data-drop", "new", "next", "drop"],
];

let component: Component | undefined;

export async function everyStateComponent(): Promise<Component> {
  const lifts = operations.map(
    (name) => `(func (export "${name}") (param "a" u32) (param "b" u32) (result u32)
      (canon lift (core func $main "${name}")))`,
  );
  component ??= decodeComponent(await assemble(everyState.replace("LIFTS", lifts.join("\n"))), {
    name: "guest",
  });
  return component;
}
