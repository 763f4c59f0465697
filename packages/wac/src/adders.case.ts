import { componentFrom } from "./components.case.ts";

/** A component that adds `step` to what it gets from `test:w/number.get`, notes the sum, and exports it as the same interface. */
export function adder(step: number): Promise<Uint8Array> {
  return componentFrom(`(component
  (import "test:w/number@0.1.0" (instance $in (export "get" (func (result u32)))))
  (import "test:w/log@0.1.0" (instance $log (export "note" (func (param "value" u32)))))
  (core func $get (canon lower (func $in "get")))
  (core func $note (canon lower (func $log "note")))
  (core module $m
    (import "in" "get" (func $get (result i32)))
    (import "log" "note" (func $note (param i32)))
    (func (export "get") (result i32)
      (local $sum i32)
      (local.set $sum (i32.add (call $get) (i32.const ${step})))
      (call $note (local.get $sum))
      (local.get $sum)))
  (core instance $i (instantiate $m
    (with "in" (instance (export "get" (func $get))))
    (with "log" (instance (export "note" (func $note))))))
  (func $out (result u32) (canon lift (core func $i "get")))
  (instance $number (export "get" (func $out)))
  (export "test:w/number@0.1.0" (instance $number)))`);
}
