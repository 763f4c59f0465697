import { unsupported } from "../binary/core-types.ts";
import { hex, type Reader } from "../binary/reader.ts";
import { isLabel } from "../names.ts";
import type { NamedType, PrimitiveKind, ResourceType, ValueType, VariantCase } from "../types.ts";
import { measure } from "../typing/measure.ts";
import { handleType, type ResourceName } from "../typing/named-types.ts";
import { printType } from "../typing/print-type.ts";
import { invalid, withArticle } from "./invalid.ts";
import type { Scope } from "./scope.ts";

const primitives = new Map<number, ValueType>(
  (
    [
      [0x7f, "bool"],
      [0x7e, "s8"],
      [0x7d, "u8"],
      [0x7c, "s16"],
      [0x7b, "u16"],
      [0x7a, "s32"],
      [0x79, "u32"],
      [0x78, "s64"],
      [0x77, "u64"],
      [0x76, "f32"],
      [0x75, "f64"],
      [0x74, "char"],
      [0x73, "string"],
    ] satisfies [number, PrimitiveKind][]
  ).map(([code, kind]) => [code, { kind }]),
);

const refused = new Map<number, string>([
  [0x66, "streams (stream types)"],
  [0x65, "futures (future types)"],
  [0x64, "error-context"],
]);

const maxNodes = 1_000_000;
const maxDepth = 100;
const maxSize = 2 ** 28;

export function isValueTypeCode(code: number): boolean {
  return (
    primitives.has(code) ||
    refused.has(code) ||
    code === 0x63 ||
    (code >= 0x67 && code <= 0x72 && code !== 0x6c)
  );
}

/** A type as it is used: a primitive, or the index of a defined value type. */
export function readValueType(reader: Reader, scope: Scope): ValueType {
  const offset = reader.offset;
  const code = reader.s33();
  if (code < 0) {
    const byte = code + 0x80;
    const type = primitives.get(byte);
    if (type !== undefined) return type;
    const feature = refused.get(byte);
    if (feature !== undefined) throw unsupported(feature, offset);
    throw reader.malformed(`invalid value type ${hex(byte & 0xff)}`, offset);
  }
  const defined = scope.types.get(code, offset);
  if (defined.kind !== "value")
    throw invalid(`type ${code} is ${withArticle(defined.kind)} type, expected a value type`, offset);
  return defined.type;
}

/** A definition of a value type after its opcode has been recognised but not read. */
export function readDefinedValueType(reader: Reader, scope: Scope): ValueType {
  const offset = reader.offset;
  const type = readStructure(reader, scope);
  const { nodes, depth, size } = measure(type);
  if (nodes > maxNodes) throw invalid(`type with more than ${maxNodes} parts`, offset);
  if (depth > maxDepth) throw invalid(`type nested deeper than ${maxDepth}`, offset);
  if (size >= maxSize) throw invalid(`type of ${size} bytes per element, the limit is ${maxSize}`, offset);
  return type;
}

function readStructure(reader: Reader, scope: Scope): ValueType {
  const offset = reader.offset;
  const code = reader.u8();
  const primitive = primitives.get(code);
  if (primitive !== undefined) return primitive;
  const feature = refused.get(code);
  if (feature !== undefined) throw unsupported(feature, offset);
  switch (code) {
    case 0x72:
      return { kind: "record", fields: notEmpty(readNamedTypes(reader, scope, "fields"), "record", offset) };
    case 0x71:
      return { kind: "variant", cases: notEmpty(readCases(reader, scope), "variant", offset) };
    case 0x70:
      return { kind: "list", element: readValueType(reader, scope), length: undefined };
    case 0x67:
      return readFixedList(reader, scope);
    case 0x63:
      return readMap(reader, scope);
    case 0x6f: {
      const types = reader.vector("items of a tuple", () => readValueType(reader, scope));
      return { kind: "tuple", types: notEmpty(types, "tuple", offset) };
    }
    case 0x6e: {
      const labels = notEmpty(readLabels(reader, "flag"), "flags", offset);
      if (labels.length > 32) throw invalid(`flags with ${labels.length} labels, the limit is 32`, offset);
      return { kind: "flags", labels };
    }
    case 0x6d:
      return { kind: "enum", labels: notEmpty(readLabels(reader, "enum case"), "enum", offset) };
    case 0x6b:
      return { kind: "option", type: readValueType(reader, scope) };
    case 0x6a: {
      const ok = readOptional(reader, () => readValueType(reader, scope));
      return { kind: "result", ok, err: readOptional(reader, () => readValueType(reader, scope)) };
    }
    case 0x69:
      return handleType("own", readResourceName(reader, scope));
    case 0x68:
      return handleType("borrow", readResourceName(reader, scope));
    default:
      throw reader.malformed(`invalid value type ${hex(code)}`, offset);
  }
}

function readFixedList(reader: Reader, scope: Scope): ValueType {
  const element = readValueType(reader, scope);
  const offset = reader.offset;
  const length = reader.u32();
  if (length === 0) throw invalid("fixed-length list of length 0", offset);
  return { kind: "list", element, length };
}

const keyKinds = new Set(["bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "char", "string"]);

function readMap(reader: Reader, scope: Scope): ValueType {
  const offset = reader.offset;
  const key = readValueType(reader, scope);
  if (!keyKinds.has(key.kind)) {
    throw invalid(`map with keys of ${printType(key)}: expected an integer, bool, char or string`, offset);
  }
  const element: ValueType = { kind: "tuple", types: [key, readValueType(reader, scope)] };
  return { kind: "list", element, length: undefined, isMap: true };
}

/** The resource type that a type index names. */
export function readResourceIndex(reader: Reader, scope: Scope): ResourceType {
  return readResourceName(reader, scope).type;
}

function readResourceName(reader: Reader, scope: Scope): ResourceName {
  const offset = reader.offset;
  const index = reader.u32();
  const defined = scope.types.get(index, offset);
  if (defined.kind !== "resource") {
    throw invalid(`type ${index} is ${withArticle(defined.kind)} type, expected a resource type`, offset);
  }
  return defined;
}

/** Labels with types: fields of a record, parameters of a function. */
export function readNamedTypes(reader: Reader, scope: Scope, what: "fields" | "parameters"): NamedType[] {
  const seen = new Map<string, string>();
  return reader.vector(what, () => {
    const name = readLabel(reader, seen, what === "fields" ? "field" : "parameter");
    return { name, type: readValueType(reader, scope) };
  });
}

function readCases(reader: Reader, scope: Scope): VariantCase[] {
  const seen = new Map<string, string>();
  return reader.vector("cases", () => {
    const name = readLabel(reader, seen, "case");
    const type = readOptional(reader, () => readValueType(reader, scope));
    reader.expect(0x00, "end of a case");
    return { name, type };
  });
}

function readLabels(reader: Reader, what: string): string[] {
  const seen = new Map<string, string>();
  return reader.vector("labels", () => readLabel(reader, seen, what));
}

/** A label that differs from those before it, given by their names in lower case, in more than capital letters. */
function readLabel(reader: Reader, seen: Map<string, string>, what: string): string {
  const offset = reader.offset;
  const label = reader.name();
  if (!isLabel(label)) throw invalid(`${what} name ${JSON.stringify(label)} is not in kebab case`, offset);
  const key = label.toLowerCase();
  const earlier = seen.get(key);
  if (earlier !== undefined) {
    throw invalid(
      `${what} name ${JSON.stringify(label)} conflicts with the earlier ${JSON.stringify(earlier)}`,
      offset,
    );
  }
  seen.set(key, label);
  return label;
}

/** 0x00 for nothing, or 0x01 and a value. */
export function readOptional<T>(reader: Reader, read: () => T): T | undefined {
  const offset = reader.offset;
  const tag = reader.u8();
  if (tag === 0x00) return undefined;
  if (tag === 0x01) return read();
  throw reader.malformed(`expected 0x00 (none) or 0x01 (some), found ${hex(tag)}`, offset);
}

function notEmpty<T>(items: T[], what: string, offset: number): T[] {
  if (items.length === 0) throw invalid(`${what} without any member`, offset);
  return items;
}
