/**
 * For tests: random types of the component model, with random values in jco's mapping.
 */
import fc from "fast-check";
import type { ValueType } from "../types.ts";

const numeric = ["u8", "s8", "u16", "s16", "u32", "s32", "u64", "s64", "f32", "f64"] as const;
const primitive = fc.constantFrom(...numeric, "bool" as const, "char" as const, "string" as const);

function names(count: { min: number; max: number }): fc.Arbitrary<string[]> {
  return fc
    .integer(count)
    .map((length) => Array.from({ length }, (_, i) => (i % 3 === 0 ? `name-${i}-x` : `n${i}`)));
}

const leaf: fc.Arbitrary<ValueType> = fc.oneof(
  { weight: 6, arbitrary: primitive.map((kind): ValueType => ({ kind })) },
  {
    weight: 1,
    arbitrary: names({ min: 1, max: 300 }).map((labels): ValueType => ({ kind: "enum", labels })),
  },
  {
    weight: 1,
    arbitrary: names({ min: 1, max: 32 }).map((labels): ValueType => ({ kind: "flags", labels })),
  },
);

export const anyType: fc.Arbitrary<ValueType> = fc.letrec<{ type: ValueType }>((tie) => {
  const optional = fc.option(tie("type"), { nil: undefined });
  return {
    type: fc.oneof(
      { maxDepth: 3, depthSize: "small", withCrossShrink: true },
      { weight: 4, arbitrary: leaf },
      {
        weight: 2,
        arbitrary: fc.array(tie("type"), { minLength: 1, maxLength: 6 }).map(
          (types): ValueType => ({
            kind: "record",
            fields: types.map((type, i) => ({ name: `field-${i}`, type })),
          }),
        ),
      },
      {
        weight: 2,
        arbitrary: fc
          .array(tie("type"), { minLength: 1, maxLength: 5 })
          .map((types): ValueType => ({ kind: "tuple", types })),
      },
      {
        weight: 2,
        arbitrary: fc.array(optional, { minLength: 1, maxLength: 5 }).map(
          (types): ValueType => ({
            kind: "variant",
            cases: types.map((type, i) => ({ name: `case-${i}`, type })),
          }),
        ),
      },
      { weight: 2, arbitrary: tie("type").map((type): ValueType => ({ kind: "option", type })) },
      {
        weight: 1,
        arbitrary: fc.tuple(optional, optional).map(([ok, err]): ValueType => ({ kind: "result", ok, err })),
      },
      {
        weight: 3,
        arbitrary: fc
          .tuple(tie("type"), fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined, freq: 3 }))
          .map(([element, length]): ValueType => ({ kind: "list", element, length })),
      },
    ),
  };
}).type;

const text = fc.oneof(
  fc.string({ unit: "binary-ascii", maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((c) => String.fromCharCode(c)), maxLength: 90 }),
);

const scalars: { readonly [kind: string]: fc.Arbitrary<unknown> } = {
  bool: fc.boolean(),
  u8: fc.integer({ min: 0, max: 2 ** 8 - 1 }),
  s8: fc.integer({ min: -(2 ** 7), max: 2 ** 7 - 1 }),
  u16: fc.integer({ min: 0, max: 2 ** 16 - 1 }),
  s16: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
  u32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  s32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  u64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  s64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  f32: fc.float(),
  f64: fc.double(),
  char: fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  string: text,
};

const arrays: { readonly [kind: string]: { from(values: unknown[]): unknown } } = {
  u8: Uint8Array,
  s8: Int8Array,
  u16: Uint16Array,
  s16: Int16Array,
  u32: Uint32Array,
  s32: Int32Array,
  u64: BigUint64Array,
  s64: BigInt64Array,
  f32: Float32Array,
  f64: Float64Array,
} as never;

function camel(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function isNullable(type: ValueType): boolean {
  return type.kind === "option" && !isNullable(type.type);
}

/** Random values of a type, as lifting makes them. */
export function valuesOf(type: ValueType): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case "record":
      return fc.record(
        Object.fromEntries(type.fields.map((field) => [camel(field.name), valuesOf(field.type)])),
      );
    case "tuple":
      return fc.tuple(...type.types.map(valuesOf));
    case "enum":
      return fc.constantFrom(...type.labels);
    case "flags":
      return fc.record(Object.fromEntries(type.labels.map((label) => [camel(label), fc.boolean()])));
    case "option":
      if (isNullable(type)) return fc.option(valuesOf(type.type), { nil: undefined });
      return fc.oneof(
        fc.constant({ tag: "none" }),
        fc.record({ tag: fc.constant("some"), val: valuesOf(type.type) }),
      );
    case "result":
      return fc.oneof(caseOf("ok", type.ok, true), caseOf("err", type.err, true));
    case "variant":
      return fc.oneof(...type.cases.map((part) => caseOf(part.name, part.type, false)));
    case "list": {
      const length =
        type.length === undefined ? { maxLength: 12 } : { minLength: type.length, maxLength: type.length };
      return fc
        .array(valuesOf(type.element), length)
        .map((values) =>
          type.length === undefined ? (arrays[type.element.kind]?.from(values) ?? values) : values,
        );
    }
    default:
      return scalars[type.kind] as fc.Arbitrary<unknown>;
  }
}

function caseOf(tag: string, type: ValueType | undefined, always: boolean): fc.Arbitrary<unknown> {
  if (type !== undefined) return fc.record({ tag: fc.constant(tag), val: valuesOf(type) });
  return fc.constant(always ? { tag, val: undefined } : { tag });
}

/** A type with a value. */
export const anyTyped: fc.Arbitrary<{ type: ValueType; value: unknown }> = anyType.chain((type) =>
  valuesOf(type).map((value) => ({ type, value })),
);
