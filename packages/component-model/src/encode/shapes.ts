import type { PrimitiveKind } from "../types.ts";

/**
 * What a value type consists of, one level deep. `V` is how it refers to other value types, `R` to resource types: by
 * index in the binary, by definition before it is written.
 */
export type Shape<V, R> =
  | { readonly kind: "primitive"; readonly primitive: PrimitiveKind }
  | { readonly kind: "record"; readonly fields: readonly Labelled<V>[] }
  | {
      readonly kind: "variant";
      readonly cases: readonly { readonly name: string; readonly type: V | undefined }[];
    }
  | { readonly kind: "enum" | "flags"; readonly labels: readonly string[] }
  | { readonly kind: "tuple"; readonly types: readonly V[] }
  | { readonly kind: "list"; readonly element: V; readonly length: number | undefined }
  | { readonly kind: "map"; readonly key: V; readonly value: V }
  | { readonly kind: "option"; readonly type: V }
  | { readonly kind: "result"; readonly ok: V | undefined; readonly err: V | undefined }
  | { readonly kind: "own" | "borrow"; readonly resource: R };

export interface Labelled<V> {
  readonly name: string;
  readonly type: V;
}

/** The same shape with other references, which are asked for in the order in which they are written. */
export function mapShape<V, R, W, S>(
  shape: Shape<V, R>,
  value: (type: V) => W,
  resource: (type: R) => S,
): Shape<W, S> {
  switch (shape.kind) {
    case "record":
      return { kind: "record", fields: mapLabelled(shape.fields, value) };
    case "variant": {
      const cases = shape.cases.map(({ name, type }) => ({ name, type: mapOptional(type, value) }));
      return { kind: "variant", cases };
    }
    case "tuple":
      return { kind: "tuple", types: shape.types.map(value) };
    case "list":
      return { kind: "list", element: value(shape.element), length: shape.length };
    case "map":
      return { kind: "map", key: value(shape.key), value: value(shape.value) };
    case "option":
      return { kind: "option", type: value(shape.type) };
    case "result":
      return { kind: "result", ok: mapOptional(shape.ok, value), err: mapOptional(shape.err, value) };
    case "own":
    case "borrow":
      return { kind: shape.kind, resource: resource(shape.resource) };
    default:
      return shape;
  }
}

export function mapLabelled<V, W>(items: readonly Labelled<V>[], value: (type: V) => W): Labelled<W>[] {
  return items.map(({ name, type }) => ({ name, type: value(type) }));
}

export function mapOptional<V, W>(item: V | undefined, value: (type: V) => W): W | undefined {
  return item === undefined ? undefined : value(item);
}
