;; A step that calls two functions of the host, laid out as toolchains do it: the code imports functions of a shim, whose table
;; gets the real ones once the memory exists.
(component
  (import "bench:guest/host" (instance $host
    (export "log" (func (param "level" u32) (param "message" string)))
    (export "publish" (func (param "topic" u32) (param "payload" (list u8))))))

  (core module $shim
    (type $three (func (param i32 i32 i32)))
    (table (export "imports") 2 2 funcref)
    (func (export "log") (param i32 i32 i32)
      (call_indirect (type $three) (local.get 0) (local.get 1) (local.get 2) (i32.const 0)))
    (func (export "publish") (param i32 i32 i32)
      (call_indirect (type $three) (local.get 0) (local.get 1) (local.get 2) (i32.const 1))))
  (core instance $shim (instantiate $shim))

  (core module $code
    (import "host" "log" (func $log (param i32 i32 i32)))
    (import "host" "publish" (func $publish (param i32 i32 i32)))
    (memory (export "memory") 1)
    (data (i32.const 1024) "object 17 left the lane at 43.2")
    (data (i32.const 2048) "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 4096))
    (func (export "step") (param i64) (result i32)
      (call $log (i32.const 1) (i32.const 1024) (i32.const 31))
      (call $publish (i32.const 7) (i32.const 2048) (i32.const 64))
      (i32.wrap_i64 (local.get 0))))
  (core instance $core (instantiate $code (with "host" (instance $shim))))
  (alias core export $core "memory" (core memory $memory))
  (core func $realloc (alias core export $core "realloc"))

  (core func $log (canon lower (func $host "log") (memory $memory) (realloc $realloc)))
  (core func $publish (canon lower (func $host "publish") (memory $memory) (realloc $realloc)))
  (core module $fixup
    (import "" "imports" (table 2 2 funcref))
    (import "" "log" (func $log (param i32 i32 i32)))
    (import "" "publish" (func $publish (param i32 i32 i32)))
    (elem (i32.const 0) func $log $publish))
  (core instance (instantiate $fixup (with "" (instance
    (export "imports" (table $shim "imports"))
    (export "log" (func $log))
    (export "publish" (func $publish))))))

  (func (export "step") (param "now-us" u64) (result u32)
    (canon lift (core func $core "step"))))
