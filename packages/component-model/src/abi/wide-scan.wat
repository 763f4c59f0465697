;; Checks over ranges of a memory, 16 bytes at a time where it counts. Ranges are aligned, within bounds and below 2^28 bytes.
;; `wide-scan.ts` holds this module's bytes.
(module
  (import "" "memory" (memory 0))

  ;; Whether n bytes are ASCII.
  (func (export "ascii") (param $at i32) (param $n i32) (result i32)
    (local $any i32)
    (block $short
      (loop $next
        (br_if $short (i32.lt_u (local.get $n) (i32.const 64)))
        (br_if $short (i8x16.bitmask (v128.or
          (v128.or (v128.load align=1 (local.get $at)) (v128.load offset=16 align=1 (local.get $at)))
          (v128.or (v128.load offset=32 align=1 (local.get $at)) (v128.load offset=48 align=1 (local.get $at))))))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (local.set $n (i32.sub (local.get $n) (i32.const 64)))
        (br $next)))
    (block $shorter
      (loop $next
        (br_if $shorter (i32.lt_u (local.get $n) (i32.const 16)))
        (if (i8x16.bitmask (v128.load align=1 (local.get $at))) (then (return (i32.const 0))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (local.set $n (i32.sub (local.get $n) (i32.const 16)))
        (br $next)))
    (block $end
      (loop $next
        (br_if $end (i32.eqz (local.get $n)))
        (local.set $any (i32.or (local.get $any) (i32.load8_u (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next)))
    (i32.lt_u (local.get $any) (i32.const 0x80)))

  ;; Whether n bytes are UTF-8 (Unicode 15, table 3-7).
  (func (export "utf8") (param $at i32) (param $n i32) (result i32)
    (local $mask i32) (local $lead i32) (local $more i32) (local $low i32) (local $high i32)
    (loop $next
      (block $other
        (loop $ascii
          (br_if $other (i32.lt_u (local.get $n) (i32.const 16)))
          (local.set $mask (i8x16.bitmask (v128.load align=1 (local.get $at))))
          (if (local.get $mask) (then
            (local.set $at (i32.add (local.get $at) (i32.ctz (local.get $mask))))
            (local.set $n (i32.sub (local.get $n) (i32.ctz (local.get $mask))))
            (br $other)))
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (local.set $n (i32.sub (local.get $n) (i32.const 16)))
          (loop $long
            (br_if $ascii (i32.lt_u (local.get $n) (i32.const 64)))
            (br_if $ascii (i8x16.bitmask (v128.or
              (v128.or (v128.load align=1 (local.get $at)) (v128.load offset=16 align=1 (local.get $at)))
              (v128.or (v128.load offset=32 align=1 (local.get $at)) (v128.load offset=48 align=1 (local.get $at))))))
            (local.set $at (i32.add (local.get $at) (i32.const 64)))
            (local.set $n (i32.sub (local.get $n) (i32.const 64)))
            (br $long))))
      (if (i32.eqz (local.get $n)) (then (return (i32.const 1))))
      (loop $sequence
        (local.set $lead (i32.load8_u (local.get $at)))
        (local.set $more (i32.const 0))
        (if (i32.ge_u (local.get $lead) (i32.const 0x80)) (then
          (if (i32.or (i32.lt_u (local.get $lead) (i32.const 0xc2)) (i32.gt_u (local.get $lead) (i32.const 0xf4)))
            (then (return (i32.const 0))))
          ;; How many bytes follow, and the range of the first of them.
          (local.set $more (i32.const 1))
          (local.set $low (i32.const 0x80))
          (local.set $high (i32.const 0xbf))
          (if (i32.ge_u (local.get $lead) (i32.const 0xe0)) (then
            (local.set $more (i32.const 2))
            (if (i32.eq (local.get $lead) (i32.const 0xe0)) (then (local.set $low (i32.const 0xa0))))
            (if (i32.eq (local.get $lead) (i32.const 0xed)) (then (local.set $high (i32.const 0x9f))))
            (if (i32.ge_u (local.get $lead) (i32.const 0xf0)) (then
              (local.set $more (i32.const 3))
              (if (i32.eq (local.get $lead) (i32.const 0xf0)) (then (local.set $low (i32.const 0x90))))
              (if (i32.eq (local.get $lead) (i32.const 0xf4)) (then (local.set $high (i32.const 0x8f))))))))
          (if (i32.le_u (local.get $n) (local.get $more)) (then (return (i32.const 0))))
          (if (i32.gt_u
                (i32.sub (i32.load8_u offset=1 (local.get $at)) (local.get $low))
                (i32.sub (local.get $high) (local.get $low)))
            (then (return (i32.const 0))))
          (if (i32.ge_u (local.get $more) (i32.const 2)) (then
            (if (i32.ne (i32.and (i32.load8_u offset=2 (local.get $at)) (i32.const 0xc0)) (i32.const 0x80))
              (then (return (i32.const 0))))))
          (if (i32.eq (local.get $more) (i32.const 3)) (then
            (if (i32.ne (i32.and (i32.load8_u offset=3 (local.get $at)) (i32.const 0xc0)) (i32.const 0x80))
              (then (return (i32.const 0))))))))
        (local.set $more (i32.add (local.get $more) (i32.const 1)))
        (local.set $at (i32.add (local.get $at) (local.get $more)))
        (local.set $n (i32.sub (local.get $n) (local.get $more)))
        ;; In text that is not ASCII, the next character is likely not ASCII either.
        (if (local.get $n) (then (br_if $sequence (i32.ge_u (i32.load8_u (local.get $at)) (i32.const 0x80))))))
      (br $next))
    (unreachable))

  ;; Whether n 16-bit units hold no surrogate without its partner.
  (func (export "utf16") (param $at i32) (param $n i32) (result i32)
    (local $unit i32)
    (loop $next
      (block $other
        (loop $plain
          (br_if $other (i32.lt_u (local.get $n) (i32.const 8)))
          (br_if $other (v128.any_true (i16x8.eq
            (v128.and (v128.load align=2 (local.get $at)) (i16x8.splat (i32.const 0xf800)))
            (i16x8.splat (i32.const 0xd800)))))
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (local.set $n (i32.sub (local.get $n) (i32.const 8)))
          (br $plain)))
      (if (i32.eqz (local.get $n)) (then (return (i32.const 1))))
      (local.set $unit (i32.load16_u (local.get $at)))
      (if (i32.eq (i32.and (local.get $unit) (i32.const 0xf800)) (i32.const 0xd800)) (then
        (if (i32.or (i32.ge_u (local.get $unit) (i32.const 0xdc00)) (i32.eq (local.get $n) (i32.const 1)))
          (then (return (i32.const 0))))
        (if (i32.ne (i32.and (i32.load16_u offset=2 (local.get $at)) (i32.const 0xfc00)) (i32.const 0xdc00))
          (then (return (i32.const 0))))
        (local.set $at (i32.add (local.get $at) (i32.const 2)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))))
      (local.set $at (i32.add (local.get $at) (i32.const 2)))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br $next))
    (unreachable))

  ;; Whether one of n floats of 32 bits is NaN.
  (func (export "nan32") (param $at i32) (param $n i32) (result i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (block $short
      (loop $next
        (br_if $short (i32.lt_u (local.get $n) (i32.const 16)))
        (local.set $a (v128.load align=4 (local.get $at)))
        (local.set $b (v128.load offset=16 align=4 (local.get $at)))
        (local.set $c (v128.load offset=32 align=4 (local.get $at)))
        (local.set $d (v128.load offset=48 align=4 (local.get $at)))
        (if (v128.any_true (v128.or
              (v128.or (f32x4.ne (local.get $a) (local.get $a)) (f32x4.ne (local.get $b) (local.get $b)))
              (v128.or (f32x4.ne (local.get $c) (local.get $c)) (f32x4.ne (local.get $d) (local.get $d)))))
          (then (return (i32.const 1))))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (local.set $n (i32.sub (local.get $n) (i32.const 16)))
        (br $next)))
    (block $end
      (loop $next
        (br_if $end (i32.eqz (local.get $n)))
        (if (f32.ne (f32.load (local.get $at)) (f32.load (local.get $at))) (then (return (i32.const 1))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next)))
    (i32.const 0))

  ;; Replaces every NaN among n floats of 32 bits by the canonical one.
  (func (export "canonical32") (param $at i32) (param $n i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $nan v128)
    (local.set $nan (i32x4.splat (i32.const 0x7fc00000)))
    (block $short
      (loop $next
        (br_if $short (i32.lt_u (local.get $n) (i32.const 16)))
        (local.set $a (v128.load align=4 (local.get $at)))
        (local.set $b (v128.load offset=16 align=4 (local.get $at)))
        (local.set $c (v128.load offset=32 align=4 (local.get $at)))
        (local.set $d (v128.load offset=48 align=4 (local.get $at)))
        (if (v128.any_true (v128.or
              (v128.or (f32x4.ne (local.get $a) (local.get $a)) (f32x4.ne (local.get $b) (local.get $b)))
              (v128.or (f32x4.ne (local.get $c) (local.get $c)) (f32x4.ne (local.get $d) (local.get $d)))))
          (then
            (v128.store align=4 (local.get $at) (v128.bitselect
              (local.get $a) (local.get $nan) (f32x4.eq (local.get $a) (local.get $a))))
            (v128.store offset=16 align=4 (local.get $at) (v128.bitselect
              (local.get $b) (local.get $nan) (f32x4.eq (local.get $b) (local.get $b))))
            (v128.store offset=32 align=4 (local.get $at) (v128.bitselect
              (local.get $c) (local.get $nan) (f32x4.eq (local.get $c) (local.get $c))))
            (v128.store offset=48 align=4 (local.get $at) (v128.bitselect
              (local.get $d) (local.get $nan) (f32x4.eq (local.get $d) (local.get $d))))))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (local.set $n (i32.sub (local.get $n) (i32.const 16)))
        (br $next)))
    (block $end
      (loop $next
        (br_if $end (i32.eqz (local.get $n)))
        (if (f32.ne (f32.load (local.get $at)) (f32.load (local.get $at)))
          (then (i32.store (local.get $at) (i32.const 0x7fc00000))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next))))

  ;; Whether one of n floats of 64 bits is NaN.
  (func (export "nan64") (param $at i32) (param $n i32) (result i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (block $short
      (loop $next
        (br_if $short (i32.lt_u (local.get $n) (i32.const 8)))
        (local.set $a (v128.load align=8 (local.get $at)))
        (local.set $b (v128.load offset=16 align=8 (local.get $at)))
        (local.set $c (v128.load offset=32 align=8 (local.get $at)))
        (local.set $d (v128.load offset=48 align=8 (local.get $at)))
        (if (v128.any_true (v128.or
              (v128.or (f64x2.ne (local.get $a) (local.get $a)) (f64x2.ne (local.get $b) (local.get $b)))
              (v128.or (f64x2.ne (local.get $c) (local.get $c)) (f64x2.ne (local.get $d) (local.get $d)))))
          (then (return (i32.const 1))))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (local.set $n (i32.sub (local.get $n) (i32.const 8)))
        (br $next)))
    (block $end
      (loop $next
        (br_if $end (i32.eqz (local.get $n)))
        (if (f64.ne (f64.load (local.get $at)) (f64.load (local.get $at))) (then (return (i32.const 1))))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next)))
    (i32.const 0))

  ;; Replaces every NaN among n floats of 64 bits by the canonical one.
  (func (export "canonical64") (param $at i32) (param $n i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $nan v128)
    (local.set $nan (i64x2.splat (i64.const 0x7ff8000000000000)))
    (block $short
      (loop $next
        (br_if $short (i32.lt_u (local.get $n) (i32.const 8)))
        (local.set $a (v128.load align=8 (local.get $at)))
        (local.set $b (v128.load offset=16 align=8 (local.get $at)))
        (local.set $c (v128.load offset=32 align=8 (local.get $at)))
        (local.set $d (v128.load offset=48 align=8 (local.get $at)))
        (if (v128.any_true (v128.or
              (v128.or (f64x2.ne (local.get $a) (local.get $a)) (f64x2.ne (local.get $b) (local.get $b)))
              (v128.or (f64x2.ne (local.get $c) (local.get $c)) (f64x2.ne (local.get $d) (local.get $d)))))
          (then
            (v128.store align=8 (local.get $at) (v128.bitselect
              (local.get $a) (local.get $nan) (f64x2.eq (local.get $a) (local.get $a))))
            (v128.store offset=16 align=8 (local.get $at) (v128.bitselect
              (local.get $b) (local.get $nan) (f64x2.eq (local.get $b) (local.get $b))))
            (v128.store offset=32 align=8 (local.get $at) (v128.bitselect
              (local.get $c) (local.get $nan) (f64x2.eq (local.get $c) (local.get $c))))
            (v128.store offset=48 align=8 (local.get $at) (v128.bitselect
              (local.get $d) (local.get $nan) (f64x2.eq (local.get $d) (local.get $d))))))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (local.set $n (i32.sub (local.get $n) (i32.const 8)))
        (br $next)))
    (block $end
      (loop $next
        (br_if $end (i32.eqz (local.get $n)))
        (if (f64.ne (f64.load (local.get $at)) (f64.load (local.get $at)))
          (then (i64.store (local.get $at) (i64.const 0x7ff8000000000000))))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next)))))
