/**
 * Reads types with their names, from a binary that the decoder has accepted. Source: Binary.md, "Type Definitions".
 */
import type { Reader } from "../binary/reader.ts";
import { readCoreType } from "../decode/core-types.ts";
import { readSort, type Sort } from "../decode/sorts.ts";
import type { PrimitiveKind } from "../types.ts";
import { at, idOf, NamedScope } from "./named-scope.ts";
import type {
  Definition,
  FuncDefinition,
  Interface,
  Item,
  ResourceDefinition,
  ValueDefinition,
  ValueUse,
} from "./named-types.ts";
import type { Labelled, Shape } from "./shapes.ts";

const primitives = new Map<number, PrimitiveKind>([
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
]);

export function unexpected(what: string, reader: Reader): Error {
  return new Error(`Invariant: ${what} before byte ${reader.offset} was checked by the decoder`);
}

/** One entry of a type section, or a type declared inside a component or instance type. */
export function readType(reader: Reader, scope: NamedScope): void {
  scope.types.push(readDefinition(reader, scope));
}

function readDefinition(reader: Reader, scope: NamedScope): Definition {
  switch (reader.peek()) {
    case 0x40:
      reader.u8();
      return readFunc(reader, scope);
    case 0x41:
      reader.u8();
      return readBody(reader, new NamedScope("component type", scope, reader.offset)).world();
    case 0x42:
      reader.u8();
      return readBody(reader, new NamedScope("instance type", scope, reader.offset)).interface();
    case 0x3f:
      reader.skip(2);
      optional(reader, () => reader.u32());
      return scope.newResource(`type ${scope.types.length}`, "other");
    default:
      return { kind: "value", shape: readShape(reader, scope), of: undefined };
  }
}

function readFunc(reader: Reader, scope: NamedScope): FuncDefinition {
  const params = readLabelled(reader, scope);
  const hasResult = reader.u8() === 0x00;
  const result = hasResult ? readUse(reader, scope) : undefined;
  if (!hasResult) reader.u8();
  return { kind: "func", params, result };
}

function readBody(reader: Reader, scope: NamedScope): NamedScope {
  reader.vector("declarations", () => {
    switch (reader.u8()) {
      case 0x00:
        readCoreType(reader, scope.core);
        break;
      case 0x01:
        readType(reader, scope);
        break;
      case 0x02:
        readAlias(reader, scope);
        break;
      case 0x03: {
        const name = readExternName(reader);
        scope.import(name, readDeclared(reader, scope, name, "import"));
        break;
      }
      case 0x04: {
        const name = readExternName(reader);
        scope.export(name, readDeclared(reader, scope, name, "other"));
        break;
      }
      default:
        throw unexpected("a declaration", reader);
    }
  });
  return scope;
}

/** The name of an import or export, without its attributes. */
export function readExternName(reader: Reader): string {
  const form = reader.u8();
  const name = reader.name();
  if (form === 0x02) {
    reader.vector("attributes", () => {
      reader.u8();
      reader.name();
    });
  }
  return name;
}

/** What an import or export is declared to be. */
export function readDeclared(reader: Reader, scope: NamedScope, name: string, by: "import" | "other"): Item {
  switch (reader.u8()) {
    case 0x00: {
      reader.u8();
      const found = scope.core.coreTypes.get(reader.u32(), reader.offset);
      if (found.kind !== "module") throw unexpected("a core type", reader);
      return { kind: "module", type: found.type };
    }
    case 0x01:
      return definitionOf("func", reader, scope);
    case 0x03: {
      const isNew = reader.u8() !== 0x00;
      return {
        kind: "type",
        type: isNew ? scope.newResource(name, by) : renamed(name, at(scope.types, reader.u32())),
      };
    }
    case 0x04: {
      const world = definitionOf("component", reader, scope);
      return idOf(name) === undefined ? world : { ...world, id: idOf(name), uses: new Map() };
    }
    case 0x05:
      return scope.openInstance(name, definitionOf("instance", reader, scope), by);
    default:
      throw unexpected("a kind of import or export", reader);
  }
}

/** A type that is imported or exported is another name of what it is equal to. */
export function renamed(name: string, type: Definition): Definition {
  switch (type.kind) {
    case "value":
      return { kind: "value", shape: type.shape, of: type };
    case "resource":
      return { kind: "resource", name, of: type };
    default:
      return { ...type };
  }
}

function definitionOf<K extends Definition["kind"]>(
  kind: K,
  reader: Reader,
  scope: NamedScope,
): Extract<Definition, { kind: K }> {
  const found = at(scope.types, reader.u32());
  if (found.kind !== kind) throw unexpected("a type index", reader);
  return found as Extract<Definition, { kind: K }>;
}

export function readAlias(reader: Reader, scope: NamedScope): void {
  const sort = readSort(reader);
  switch (reader.u8()) {
    case 0x00: {
      const instance: Interface = at(scope.instances, reader.u32());
      const item = instance.exports.get(reader.name());
      if (item === undefined) throw unexpected("the name of an export", reader);
      scope.define(item);
      break;
    }
    case 0x01:
      reader.u32();
      reader.name();
      break;
    case 0x02:
      aliasOuter(scope, sort, scope.outer(reader.u32()), reader.u32());
      break;
    default:
      throw unexpected("an alias", reader);
  }
}

function aliasOuter(scope: NamedScope, sort: Sort, outer: NamedScope, index: number): void {
  switch (sort) {
    case "type":
      scope.types.push(at(outer.types, index));
      break;
    case "component":
      scope.components.push(at(outer.components, index));
      break;
    case "module":
      scope.modules.push(at(outer.modules, index));
      break;
    case "core type":
      scope.core.coreTypes.push(outer.core.coreTypes.get(index, 0));
      break;
  }
}

function readShape(reader: Reader, scope: NamedScope): Shape<ValueUse, ResourceDefinition> {
  const code = reader.u8();
  const primitive = primitives.get(code);
  if (primitive !== undefined) return { kind: "primitive", primitive };
  const use = (): ValueUse => readUse(reader, scope);
  const labels = (): string[] => reader.vector("labels", () => reader.name());
  switch (code) {
    case 0x72:
      return { kind: "record", fields: readLabelled(reader, scope) };
    case 0x71: {
      const cases = reader.vector("cases", () => {
        const name = reader.name();
        const type = optional(reader, use);
        reader.u8();
        return { name, type };
      });
      return { kind: "variant", cases };
    }
    case 0x70:
      return { kind: "list", element: use(), length: undefined };
    case 0x67:
      return { kind: "list", element: use(), length: reader.u32() };
    case 0x63:
      return { kind: "map", key: use(), value: use() };
    case 0x6f:
      return { kind: "tuple", types: reader.vector("items", use) };
    case 0x6e:
      return { kind: "flags", labels: labels() };
    case 0x6d:
      return { kind: "enum", labels: labels() };
    case 0x6b:
      return { kind: "option", type: use() };
    case 0x6a:
      return { kind: "result", ok: optional(reader, use), err: optional(reader, use) };
    case 0x69:
      return { kind: "own", resource: definitionOf("resource", reader, scope) };
    case 0x68:
      return { kind: "borrow", resource: definitionOf("resource", reader, scope) };
    default:
      throw unexpected("a type", reader);
  }
}

function readUse(reader: Reader, scope: NamedScope): ValueUse {
  const code = reader.s33();
  const primitive = code < 0 ? primitives.get(code + 0x80) : undefined;
  if (primitive !== undefined) return primitive;
  const found: Definition = at(scope.types, code);
  if (found.kind !== "value") throw unexpected("a value type", reader);
  return found satisfies ValueDefinition;
}

function readLabelled(reader: Reader, scope: NamedScope): Labelled<ValueUse>[] {
  return reader.vector("labels", () => ({ name: reader.name(), type: readUse(reader, scope) }));
}

/** 0x00 for nothing, or 0x01 and a value. */
export function optional<T>(reader: Reader, read: () => T): T | undefined {
  return reader.u8() === 0x00 ? undefined : read();
}
