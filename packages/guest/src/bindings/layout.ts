/**
 * How values lie in memory and in core parameters: size, alignment, discriminants and flattening, as CanonicalABI.md of
 * the component model defines them.
 */

import type { ValueType } from "@playhead/component-model";

/** The core types that values flatten to. */
export type FlatType = "i32" | "i64" | "f32" | "f64";

/** A case of anything that has a discriminant: variants, options, results and enums. */
export interface Case {
  readonly name: string;
  readonly type: ValueType | undefined;
}

export const MAX_FLAT_PARAMS = 16;
export const MAX_FLAT_RESULTS = 1;

/** The cases of a variant, option, result or enum, in the order of their discriminants; `undefined` for any other type. */
export function casesOf(type: ValueType): readonly Case[] | undefined {
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
    default:
      return undefined;
  }
}

/** The types that lie one after the other in a record, tuple or fixed-length list; `undefined` for any other type. */
export function partsOf(type: ValueType): readonly ValueType[] | undefined {
  if (type.kind === "record") return type.fields.map((field) => field.type);
  if (type.kind === "tuple") return type.types;
  if (type.kind === "list" && type.length !== undefined) {
    return Array.from({ length: type.length }, () => type.element);
  }
  return undefined;
}

/** Bytes of the discriminant of so many cases: 1, 2 or 4. */
export function discriminantSize(caseCount: number): number {
  return caseCount <= 0x100 ? 1 : caseCount <= 0x10000 ? 2 : 4;
}

/** Where the payload of the cases lies, in bytes from the discriminant. */
export function payloadOffset(cases: readonly Case[]): number {
  const alignment = Math.max(1, ...cases.map((each) => (each.type === undefined ? 1 : alignOf(each.type))));
  return alignTo(discriminantSize(cases.length), alignment);
}

/** Bytes of the integer that holds so many flags: 1, 2 or 4. */
export function flagsSize(flagCount: number): number {
  return flagCount <= 8 ? 1 : flagCount <= 16 ? 2 : 4;
}

/** Where each of the types lies when they follow one another. */
export function offsetsOf(types: readonly ValueType[]): number[] {
  let end = 0;
  return types.map((type) => {
    const offset = alignTo(end, alignOf(type));
    end = offset + sizeOf(type);
    return offset;
  });
}

export function alignOf(type: ValueType): number {
  const cases = casesOf(type);
  if (cases !== undefined) {
    const payloads = cases.map((each) => (each.type === undefined ? 1 : alignOf(each.type)));
    return Math.max(discriminantSize(cases.length), ...payloads);
  }
  const parts = partsOf(type);
  if (parts !== undefined) return Math.max(1, ...parts.map(alignOf));
  if (type.kind === "string" || type.kind === "list") return 4;
  return sizeOf(type);
}

export function sizeOf(type: ValueType): number {
  const cases = casesOf(type);
  if (cases !== undefined) {
    const payloads = cases.map((each) => (each.type === undefined ? 0 : sizeOf(each.type)));
    return alignTo(payloadOffset(cases) + Math.max(0, ...payloads), alignOf(type));
  }
  const parts = partsOf(type);
  if (parts !== undefined) {
    const offsets = offsetsOf(parts);
    const last = parts.at(-1);
    const end = last === undefined ? 0 : (offsets.at(-1) ?? 0) + sizeOf(last);
    return alignTo(end, alignOf(type));
  }
  switch (type.kind) {
    case "bool":
    case "s8":
    case "u8":
      return 1;
    case "s16":
    case "u16":
      return 2;
    case "s64":
    case "u64":
    case "f64":
    case "string":
    case "list":
      return 8;
    case "flags":
      return flagsSize(type.labels.length);
    default:
      return 4;
  }
}

/** The core values that a value becomes when it is passed as a parameter or result. */
export function flatten(type: ValueType): FlatType[] {
  const cases = casesOf(type);
  if (cases !== undefined) return ["i32", ...joinPayloads(cases)];
  const parts = partsOf(type);
  if (parts !== undefined) return parts.flatMap(flatten);
  switch (type.kind) {
    case "s64":
    case "u64":
      return ["i64"];
    case "f32":
    case "f64":
      return [type.kind];
    case "string":
    case "list":
      return ["i32", "i32"];
    default:
      return ["i32"];
  }
}

/** The core values that can hold the payload of any of the cases. */
export function joinPayloads(cases: readonly Case[]): FlatType[] {
  const joined: FlatType[] = [];
  for (const each of cases) {
    const flat = each.type === undefined ? [] : flatten(each.type);
    flat.forEach((type, i) => {
      const before = joined[i];
      joined[i] = before === undefined ? type : join(before, type);
    });
  }
  return joined;
}

function join(a: FlatType, b: FlatType): FlatType {
  if (a === b) return a;
  return (a === "i32" && b === "f32") || (a === "f32" && b === "i32") ? "i32" : "i64";
}

function alignTo(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}
