;; Takes bytes, gives as many as it is asked for (up to a megabyte), and passes as many on.
(component
  (import "bench:guest/host" (instance $host
    (export "sink" (func (param "bytes" (list u8)) (result u32)))))

  (core module $memory (memory (export "memory") 34)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65536)))
  (core instance $memory (instantiate $memory))
  (core func $realloc (alias core export $memory "realloc"))
  (core func $sink (canon lower (func $host "sink") (memory (core memory $memory "memory"))))

  (core module $code
    (import "memory" "memory" (memory 34))
    (import "host" "sink" (func $sink (param i32 i32) (result i32)))
    (data (i32.const 16) "\00\00\01\00")
    (func (export "take") (param i32 i32) (result i32) (local.get 1))
    (func (export "give") (param i32) (result i32)
      (i32.store (i32.const 20) (local.get 0))
      (i32.const 16))
    (func (export "push") (param i32) (result i32) (call $sink (i32.const 65536) (local.get 0))))
  (core instance $code (instantiate $code
    (with "memory" (instance $memory))
    (with "host" (instance (export "sink" (func $sink))))))

  (func (export "take") (param "bytes" (list u8)) (result u32)
    (canon lift (core func $code "take") (memory (core memory $memory "memory")) (realloc $realloc)))
  (func (export "give") (param "count" u32) (result (list u8))
    (canon lift (core func $code "give") (memory (core memory $memory "memory"))))
  (func (export "push") (param "count" u32) (result u32) (canon lift (core func $code "push"))))
