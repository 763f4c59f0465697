;; One exported function of plain numbers.
(component
  (core module $code
    (func (export "run") (param i64) (result i32) (i32.wrap_i64 (local.get 0))))
  (core instance $core (instantiate $code))
  (func (export "run") (param "x" u64) (result u32)
    (canon lift (core func $core "run"))))
