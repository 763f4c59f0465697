import type { CoreValueType } from "../types.ts";

const codes: Readonly<Record<CoreValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  funcref: 0x70,
  externref: 0x6f,
};

/** The byte that stands for a value type. */
export function valueTypeCode(type: CoreValueType): number {
  return codes[type];
}
