/**
 * Where values lie in linear memory: size, alignment and offsets (CanonicalABI.md, "Alignment" and "Element Size"), for 32-bit
 * memories.
 */
import type { PrimitiveKind, ValueType, VariantCase } from "../types.ts";

/** Bytes that a value takes as an element of a list, and the alignment of its address. */
export interface Layout {
  readonly size: number;
  readonly align: number;
}

const primitives: { readonly [kind in PrimitiveKind]: Layout } = {
  bool: { size: 1, align: 1 },
  s8: { size: 1, align: 1 },
  u8: { size: 1, align: 1 },
  s16: { size: 2, align: 2 },
  u16: { size: 2, align: 2 },
  s32: { size: 4, align: 4 },
  u32: { size: 4, align: 4 },
  s64: { size: 8, align: 8 },
  u64: { size: 8, align: 8 },
  f32: { size: 4, align: 4 },
  f64: { size: 8, align: 8 },
  char: { size: 4, align: 4 },
  string: { size: 8, align: 4 },
};

const known = new WeakMap<ValueType, Layout>();

/** Types form a graph in which parts are shared, so each is measured once. */
export function layoutOf(type: ValueType): Layout {
  let layout = known.get(type);
  if (layout === undefined) {
    layout = measure(type);
    known.set(type, layout);
  }
  return layout;
}

function alignTo(offset: number, align: number): number {
  return Math.ceil(offset / align) * align;
}

function measure(type: ValueType): Layout {
  switch (type.kind) {
    case "record":
      return tupleLayout(type.fields.map((field) => field.type));
    case "tuple":
      return tupleLayout(type.types);
    case "variant":
    case "enum":
    case "option":
    case "result":
      return variantLayout(casesOf(type));
    case "flags": {
      const size = flagsSize(type.labels.length);
      return { size, align: size };
    }
    case "list": {
      if (type.length === undefined) return { size: 8, align: 4 };
      const element = layoutOf(type.element);
      return { size: element.size * type.length, align: element.align };
    }
    case "own":
    case "borrow":
      return { size: 4, align: 4 };
    default:
      return primitives[type.kind];
  }
}

export function tupleLayout(types: readonly ValueType[]): Layout {
  let size = 0;
  let align = 1;
  for (const type of types) {
    const field = layoutOf(type);
    size = alignTo(size, field.align) + field.size;
    align = Math.max(align, field.align);
  }
  return { size: alignTo(size, align), align };
}

/** Offsets of the fields of a record or tuple, in order. */
export function fieldOffsets(types: readonly ValueType[]): number[] {
  let end = 0;
  return types.map((type) => {
    const field = layoutOf(type);
    const offset = alignTo(end, field.align);
    end = offset + field.size;
    return offset;
  });
}

export type VariantLike = Extract<ValueType, { kind: "variant" | "enum" | "option" | "result" }>;

/** Enums, options and results are variants to the ABI. The cases of a result are `ok` and `err`, as JavaScript names them. */
export function casesOf(type: VariantLike): readonly VariantCase[] {
  switch (type.kind) {
    case "variant":
      return type.cases;
    case "enum":
      return type.labels.map((name) => ({ name, type: undefined }));
    case "option":
      return [
        { name: "none", type: undefined },
        { name: "some", type: type.type },
      ];
    case "result":
      return [
        { name: "ok", type: type.ok },
        { name: "err", type: type.err },
      ];
  }
}

/** Bytes of the discriminant of a variant with that many cases. */
export function discriminantSize(cases: number): 1 | 2 | 4 {
  return cases <= 0x100 ? 1 : cases <= 0x10000 ? 2 : 4;
}

/** Offset of the payload in a variant. */
export function payloadOffset(cases: readonly VariantCase[]): number {
  return alignTo(discriminantSize(cases.length), payloadAlign(cases));
}

function payloadAlign(cases: readonly VariantCase[]): number {
  return cases.reduce((align, { type }) => (type ? Math.max(align, layoutOf(type).align) : align), 1);
}

function variantLayout(cases: readonly VariantCase[]): Layout {
  const align = Math.max(discriminantSize(cases.length), payloadAlign(cases));
  const payload = cases.reduce((size, { type }) => (type ? Math.max(size, layoutOf(type).size) : size), 0);
  return { size: alignTo(payloadOffset(cases) + payload, align), align };
}

/** Bytes of a set of flags with that many labels (at most 32). */
export function flagsSize(labels: number): 1 | 2 | 4 {
  return labels <= 8 ? 1 : labels <= 16 ? 2 : 4;
}
