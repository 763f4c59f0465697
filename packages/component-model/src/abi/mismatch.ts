/**
 * Finds where a JavaScript value does not fit a type. Generated code only says that something does not; this walk, which runs
 * once the call has failed, says what and where.
 */
import type { ResourceType, ValueType } from "../types.ts";
import { BadValue } from "./bad-value.ts";
import { isNullable } from "./js-shape.ts";
import { casesOf, type VariantLike } from "./layout.ts";
import { camelCase } from "./names.ts";
import type { RuntimeResource } from "./resources.ts";

export interface Mismatch {
  /** From the argument or result on: `readings[3].timestamp`. */
  readonly path: string;
  readonly problem: BadValue;
}

export function findMismatch(
  type: ValueType,
  value: unknown,
  path: string,
  resources: (type: ResourceType) => RuntimeResource,
): Mismatch | undefined {
  const bad = (expected: string): Mismatch => ({ path, problem: new BadValue(expected, value) });
  const inner = (part: ValueType, at: unknown, place: string) =>
    findMismatch(part, at, path + place, resources);
  switch (type.kind) {
    case "bool":
      return typeof value === "boolean" ? undefined : bad("a boolean");
    case "s64":
    case "u64":
      return typeof value === "bigint" || Number.isInteger(value)
        ? undefined
        : bad(`a bigint (${type.kind})`);
    case "char":
      return isChar(value) ? undefined : bad("a string of one character (char)");
    case "string":
      return typeof value === "string" ? undefined : bad("a string");
    case "record": {
      if (!isObject(value)) return bad("an object (record)");
      return first(type.fields, ({ name, type: field }) =>
        inner(field, value[camelCase(name)], `.${camelCase(name)}`),
      );
    }
    case "tuple": {
      if (!isArray(value) || value.length !== type.types.length) {
        return bad(`an array of length ${type.types.length} (tuple)`);
      }
      return first(type.types, (part, index) => inner(part, value[index], `[${index}]`));
    }
    case "list": {
      if (!isArray(value)) return bad("an array or typed array (list)");
      if (type.length !== undefined && value.length !== type.length) return bad(`${type.length} elements`);
      for (let index = 0; index < value.length; index++) {
        const found = inner(type.element, value[index], `[${index}]`);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    case "flags":
      return isObject(value) ? undefined : bad("an object of booleans (flags)");
    case "enum":
      return type.labels.includes(value as string) ? undefined : bad(`one of ${type.labels.join(", ")}`);
    case "option":
      if (isNullable(type)) {
        return value === undefined || value === null
          ? undefined
          : findMismatch(type.type, value, path, resources);
      }
      return variantMismatch(type, value, bad, inner);
    case "variant":
    case "result":
      return variantMismatch(type, value, bad, inner);
    case "own":
    case "borrow": {
      const resource = resources(type.resource);
      return resource.accepts(value) ? undefined : bad(`a resource ${resource.name}`);
    }
    default:
      return typeof value === "number" ? undefined : bad(`a number (${type.kind})`);
  }
}

function variantMismatch(
  type: VariantLike,
  value: unknown,
  bad: (expected: string) => Mismatch,
  inner: (part: ValueType, at: unknown, place: string) => Mismatch | undefined,
): Mismatch | undefined {
  const cases = casesOf(type);
  const found = isObject(value) ? cases.find(({ name }) => name === value.tag) : undefined;
  if (found === undefined)
    return bad(`{ tag, val } with a tag of ${cases.map(({ name }) => name).join(", ")}`);
  if (found.type === undefined) return undefined;
  return inner(found.type, (value as { val?: unknown }).val, `.val`);
}

function first<T>(
  parts: readonly T[],
  find: (part: T, index: number) => Mismatch | undefined,
): Mismatch | undefined {
  for (const [index, part] of parts.entries()) {
    const found = find(part, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null;
}

function isArray(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}

function isChar(value: unknown): boolean {
  if (typeof value !== "string") return false;
  const point = value.codePointAt(0);
  if (point === undefined || (point >= 0xd800 && point <= 0xdfff)) return false;
  return value.length === (point > 0xffff ? 2 : 1);
}
