/**
 * Questions about what a type contains (CanonicalABI.md, "Type Predicates").
 */
import type { ValueType } from "../types.ts";
import { numericArray } from "./js-shape.ts";
import { casesOf } from "./layout.ts";

/** Whether a type, or a part of it, is a borrowed handle. */
export function containsBorrow(type: ValueType): boolean {
  return contains(type, (part) => part.kind === "borrow", new Set());
}

/**
 * Whether a guest can make large JavaScript values of a small memory: with a list whose elements are lists or strings, which may
 * all lie at the same place, or with one that becomes an array of objects. Such types need a memory.
 */
export function isAmplifying(type: ValueType): boolean {
  return contains(type, isAmplifyingList, new Set());
}

function isAmplifyingList(type: ValueType): boolean {
  if (type.kind !== "list") return false;
  return type.length === undefined
    ? numericArray(type.element) === undefined
    : contains(type.element, isElsewhere, new Set());
}

/** Whether a value is an address and a length. */
function isElsewhere(type: ValueType): boolean {
  return type.kind === "string" || (type.kind === "list" && type.length === undefined);
}

function contains(type: ValueType, test: (part: ValueType) => boolean, seen: Set<ValueType>): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  return test(type) || partsOf(type).some((part) => contains(part, test, seen));
}

function partsOf(type: ValueType): readonly ValueType[] {
  switch (type.kind) {
    case "record":
      return type.fields.map((field) => field.type);
    case "tuple":
      return type.types;
    case "list":
      return [type.element];
    case "variant":
    case "option":
    case "result":
      return casesOf(type).flatMap((part) => part.type ?? []);
    default:
      return [];
  }
}
