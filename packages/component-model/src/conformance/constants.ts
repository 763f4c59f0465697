/**
 * Constants of component types in scripts, `(u32.const 1)` or `(record.const (field "x" …))`, as the values that the host
 * takes and gives for a type (jco's mapping).
 */
import { isNullable, numericArray } from "../abi/js-shape.ts";
import { casesOf } from "../abi/layout.ts";
import { camelCase } from "../abi/names.ts";
import type { ValueType } from "../types.ts";
import { headOf, isList, type List, type Node, ScriptError, textOf } from "./s-expression.ts";

export type Constant =
  | { readonly kind: "number"; readonly type: string; readonly text: string }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "text"; readonly type: "char" | "string"; readonly value: string }
  | { readonly kind: "sequence"; readonly type: "list" | "tuple"; readonly items: readonly Constant[] }
  | { readonly kind: "record"; readonly fields: ReadonlyMap<string, Constant> }
  | { readonly kind: "flags"; readonly labels: readonly string[] }
  /** Enums, options and results are cases too. */
  | {
      readonly kind: "case";
      readonly type: string;
      readonly label: string;
      readonly payload: Constant | undefined;
    };

/** Reads a constant from a list that is one. */
export function readConstant(list: List, source: string): Constant {
  const [type = "", what = ""] = headOf(list).split(".");
  const rest = list.items.slice(1);
  const constant = (node: Node): Constant => {
    if (!isList(node)) throw new ScriptError("expected a constant", source, node.start);
    return readConstant(node, source);
  };
  const optional = (node: Node | undefined) => (node === undefined ? undefined : constant(node));
  const text = (node: Node | undefined) => textOf(node, source, list.start);
  if (type === "option" || type === "result") {
    return { kind: "case", type, label: what, payload: optional(rest[0]) };
  }
  if (what !== "const") throw new ScriptError(`unknown constant ${headOf(list)}`, source, list.start);
  switch (type) {
    case "bool":
      return { kind: "bool", value: wordOf(rest[0]) === "true" };
    case "str":
    case "char":
      return { kind: "text", type: type === "str" ? "string" : type, value: text(rest[0]) };
    case "list":
    case "tuple":
      return { kind: "sequence", type, items: rest.map(constant) };
    case "record":
      return { kind: "record", fields: new Map(rest.map((field) => readField(field, source))) };
    case "flags":
      return { kind: "flags", labels: rest.map(text) };
    case "enum":
    case "variant":
      return { kind: "case", type, label: text(rest[0]), payload: optional(rest[1]) };
    default:
      return { kind: "number", type, text: wordOf(rest[0]) };
  }
}

/** `(field "x" (u32.const 1))`, or with the constant's words not in parentheses of their own. */
function readField(node: Node, source: string): [string, Constant] {
  if (!isList(node, "field")) throw new ScriptError("expected a field", source, node.start);
  const [, name, value, ...rest] = node.items;
  const list: Node | undefined =
    value?.kind === "atom"
      ? { kind: "list", items: [value, ...rest], start: value.start, end: node.end }
      : value;
  if (!isList(list)) throw new ScriptError("expected a constant", source, node.start);
  return [textOf(name, source, node.start), readConstant(list, source)];
}

function wordOf(node: Node | undefined): string {
  return node?.kind === "atom" ? node.text : "";
}

/** A constant that is not of the type that it is needed for. */
export class ConstantError extends Error {
  override readonly name = "ConstantError";
}

/** The value of `type` that a constant stands for. */
export function toValue(constant: Constant, type: ValueType): unknown {
  const refuse = () =>
    new ConstantError(`a constant of kind ${constant.kind} where ${type.kind} is expected`);
  switch (type.kind) {
    case "bool":
      if (constant.kind !== "bool") throw refuse();
      return constant.value;
    case "char":
    case "string":
      if (constant.kind !== "text" || constant.type !== type.kind) throw refuse();
      return constant.value;
    case "record": {
      if (constant.kind !== "record" || constant.fields.size !== type.fields.length) throw refuse();
      const entries = type.fields.map((field) => {
        const value = constant.fields.get(field.name);
        if (value === undefined) throw refuse();
        return [camelCase(field.name), toValue(value, field.type)];
      });
      return Object.fromEntries(entries);
    }
    case "tuple":
      if (constant.kind !== "sequence" || constant.items.length !== type.types.length) throw refuse();
      return constant.items.map((item, index) => toValue(item, type.types[index] as ValueType));
    case "list": {
      if (constant.kind !== "sequence" || constant.type !== "list") throw refuse();
      if (type.length !== undefined && type.length !== constant.items.length) throw refuse();
      return listOf(
        constant.items.map((item) => toValue(item, type.element)),
        type.element,
      );
    }
    case "flags": {
      if (constant.kind !== "flags" || constant.labels.some((label) => !type.labels.includes(label)))
        throw refuse();
      return Object.fromEntries(
        type.labels.map((label) => [camelCase(label), constant.labels.includes(label)]),
      );
    }
    case "enum":
    case "variant":
    case "option":
    case "result":
      if (constant.kind !== "case" || constant.type !== type.kind) throw refuse();
      return caseOf(constant, type);
    case "own":
    case "borrow":
      throw refuse();
    default:
      if (constant.kind !== "number" || constant.type !== type.kind) throw refuse();
      return numberOf(constant.text, type.kind);
  }
}

function caseOf(
  constant: Constant & { kind: "case" },
  type: ValueType & { kind: "enum" | "variant" | "option" | "result" },
): unknown {
  const found = casesOf(type).find(({ name }) => name === constant.label);
  if (found === undefined || (found.type === undefined) !== (constant.payload === undefined)) {
    throw new ConstantError(`case ${constant.label} of ${type.kind}`);
  }
  if (type.kind === "enum") return constant.label;
  const val = constant.payload && found.type && toValue(constant.payload, found.type);
  if (isNullable(type)) return val;
  return found.type === undefined ? { tag: constant.label } : { tag: constant.label, val };
}

/** Lists of numbers are typed arrays. */
function listOf(items: readonly unknown[], element: ValueType): unknown {
  const array = numericArray(element);
  if (array === undefined) return items;
  const constructors = globalThis as unknown as Record<string, { from(items: readonly unknown[]): unknown }>;
  return constructors[array.constructorName]?.from(items);
}

/** An integer (wrapped to its type, as scripts may write negative ones unsigned) or a floating-point number. */
function numberOf(text: string, type: string): number | bigint {
  const plain = text.replaceAll("_", "");
  if (type === "f32" || type === "f64") return floatOf(plain, type);
  const width = Number(type.slice(1));
  const magnitude = BigInt(plain.replace(/^[+-]/, ""));
  const value = plain.startsWith("-") ? -magnitude : magnitude;
  const wrapped = type.startsWith("s") ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value);
  return width === 64 ? wrapped : Number(wrapped);
}

function floatOf(text: string, type: "f32" | "f64"): number {
  const sign = text.startsWith("-") ? -1 : 1;
  const magnitude = text.replace(/^[+-]/, "");
  if (magnitude.startsWith("nan")) return Number.NaN;
  if (magnitude === "inf") return sign * Number.POSITIVE_INFINITY;
  const hex = /^0x([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?\d+))?$/i.exec(magnitude);
  const value =
    hex === null
      ? Number(magnitude)
      : Number(BigInt(`0x0${hex[1]}${hex[2]}`)) * 2 ** (Number(hex[3] ?? 0) - 4 * (hex[2] ?? "").length);
  return sign * (type === "f32" ? Math.fround(value) : value);
}
