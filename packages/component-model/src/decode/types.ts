import { readCoreValueType, unsupported } from "../binary/core-types.ts";
import { hex, type Reader } from "../binary/reader.ts";
import type { ComponentType, DefinedType, ExternType, FuncType, InstanceType } from "../types.ts";
import { externSize, measure } from "../typing/measure.ts";
import { printCoreFunc } from "../typing/print-type.ts";
import { readAlias } from "./aliases.ts";
import { readCoreType } from "./core-types.ts";
import { readExternName } from "./extern-names.ts";
import { invalid, withArticle } from "./invalid.ts";
import { Scope } from "./scope.ts";
import {
  isValueTypeCode,
  readDefinedValueType,
  readNamedTypes,
  readOptional,
  readValueType,
} from "./value-types.ts";

const maxTypeSize = 1_000_000;

/** One entry of a type section, or a type declared inside a component or instance type. */
export function readType(reader: Reader, scope: Scope): void {
  const offset = reader.offset;
  const type = readDefinedType(reader, scope);
  // Shared parts may make the tree of a type far larger than its bytes: each single one is bounded.
  if (type.kind !== "resource" && type.kind !== "value" && externSize(type) > maxTypeSize) {
    throw invalid(`type with more than ${maxTypeSize} parts`, offset);
  }
  scope.types.push(type);
}

function readDefinedType(reader: Reader, scope: Scope): DefinedType {
  const offset = reader.offset;
  const code = reader.peek();
  if (isValueTypeCode(code)) return { kind: "value", type: readDefinedValueType(reader, scope) };
  reader.u8();
  switch (code) {
    case 0x40:
      return { kind: "func", type: readFuncType(reader, scope) };
    case 0x41:
      return {
        kind: "component",
        type: readComponentType(reader, new Scope("component type", scope, offset)),
      };
    case 0x42:
      return { kind: "instance", type: readInstanceType(reader, new Scope("instance type", scope, offset)) };
    case 0x43:
      throw unsupported("async function types", offset);
    case 0x3f:
      return readResourceType(reader, scope, offset);
    default:
      throw reader.malformed(`invalid type ${hex(code)}`, offset);
  }
}

function readFuncType(reader: Reader, scope: Scope): FuncType {
  const offset = reader.offset;
  const params = readNamedTypes(reader, scope, "parameters");
  const tag = reader.u8();
  if (tag === 0x00) {
    const result = readValueType(reader, scope);
    if (measure(result).borrows) throw invalid("function result with a borrow", offset);
    return { params, result };
  }
  if (tag !== 0x01) throw reader.malformed(`invalid result list ${hex(tag)}`, reader.offset - 1);
  reader.expect(0x00, "empty result list");
  return { params, result: undefined };
}

function readResourceType(reader: Reader, scope: Scope, offset: number): DefinedType {
  if (scope.kind !== "component") throw invalid(`resource defined inside ${withArticle(scope.kind)}`, offset);
  const representation = readCoreValueType(reader);
  if (representation === "i64") throw unsupported("resources represented by i64 (memory64)", offset);
  if (representation !== "i32")
    throw invalid(`resource represented by ${representation}, expected i32`, offset);
  const destructor = readOptional(reader, () => {
    const at = reader.offset;
    const index = reader.u32();
    const type = scope.coreFuncs.get(index, at);
    if (type.params.join() !== "i32" || type.results.length > 0) {
      throw invalid(`destructor of the core type ${printCoreFunc(type)}, expected (i32) -> ()`, at);
    }
    return index;
  });
  const resource = scope.defineResource();
  scope.steps.push({ op: "resource", resource, destructor });
  return { kind: "resource", type: resource };
}

function readComponentType(reader: Reader, scope: Scope): ComponentType {
  reader.vector("declarations", () => {
    if (reader.peek() === 0x03) {
      reader.u8();
      readImportDeclaration(reader, scope);
    } else readInstanceDeclaration(reader, scope);
  });
  return scope.componentType();
}

function readInstanceType(reader: Reader, scope: Scope): InstanceType {
  reader.vector("declarations", () => readInstanceDeclaration(reader, scope));
  return scope.instanceType();
}

function readImportDeclaration(reader: Reader, scope: Scope): void {
  const name = readExternName(reader, "import");
  scope.addImport(name, readExternType(reader, scope, name.name, "import"));
}

function readInstanceDeclaration(reader: Reader, scope: Scope): void {
  const offset = reader.offset;
  const code = reader.u8();
  switch (code) {
    case 0x00:
      readCoreType(reader, scope);
      break;
    case 0x01:
      readType(reader, scope);
      break;
    case 0x02:
      readAlias(reader, scope);
      break;
    case 0x04: {
      const name = readExternName(reader, "export");
      scope.addExport(name, readExternType(reader, scope, name.name, "other"));
      break;
    }
    default:
      throw reader.malformed(`invalid declaration ${hex(code)} in ${withArticle(scope.kind)}`, offset);
  }
}

/** What an import or export is declared to be. Resource types that come with it are added to the scope. */
export function readExternType(
  reader: Reader,
  scope: Scope,
  name: string,
  by: "import" | "other",
): ExternType {
  const offset = reader.offset;
  const code = reader.u8();
  switch (code) {
    case 0x00: {
      reader.expect(0x11, "kind of a core import or export");
      const index = reader.u32();
      const entry = scope.coreTypes.get(index, offset);
      if (entry.kind !== "module")
        throw invalid(`core type ${index} is a func type, expected a module type`, offset);
      return { kind: "module", type: entry.type };
    }
    case 0x01:
      return { kind: "func", type: definedOf("func", reader, scope).type };
    case 0x02:
      throw unsupported("values as imports and exports", offset);
    case 0x03:
      return readTypeBound(reader, scope, name, by);
    case 0x04:
      return { kind: "component", type: definedOf("component", reader, scope).type };
    case 0x05:
      return {
        kind: "instance",
        type: scope.openInstance(definedOf("instance", reader, scope).type, by, offset),
      };
    default:
      throw reader.malformed(`invalid kind of an import or export ${hex(code)}`, offset);
  }
}

function readTypeBound(reader: Reader, scope: Scope, name: string, by: "import" | "other"): ExternType {
  const offset = reader.offset;
  const code = reader.u8();
  if (code === 0x00) return { kind: "type", type: scope.types.get(reader.u32(), offset) };
  if (code !== 0x01) throw reader.malformed(`invalid bound of a type ${hex(code)}`, offset);
  return { kind: "type", type: { kind: "resource", type: scope.newResource(name, by) } };
}

type Kind = "func" | "component" | "instance";

function definedOf<K extends Kind>(kind: K, reader: Reader, scope: Scope): Extract<DefinedType, { kind: K }> {
  const offset = reader.offset;
  const index = reader.u32();
  const defined = scope.types.get(index, offset);
  if (!isKind(defined, kind)) {
    throw invalid(
      `type ${index} is ${withArticle(defined.kind)} type, expected ${withArticle(kind)} type`,
      offset,
    );
  }
  return defined;
}

function isKind<K extends Kind>(type: DefinedType, kind: K): type is Extract<DefinedType, { kind: K }> {
  return type.kind === kind;
}
