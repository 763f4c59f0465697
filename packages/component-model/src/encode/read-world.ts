import { readCoreModuleType } from "../binary/core-module.ts";
import { Reader } from "../binary/reader.ts";
import type { Component } from "../component.ts";
import { readCoreType } from "../decode/core-types.ts";
import { readSort, type Sort } from "../decode/sorts.ts";
import { at, NamedScope } from "./named-scope.ts";
import type { Interface, Item, ModuleDefinition, World } from "./named-types.ts";
import {
  optional,
  readAlias,
  readDeclared,
  readExternName,
  readType,
  renamed,
  unexpected,
} from "./read-types.ts";
import { instanceOf } from "./replace.ts";
import { UseFinder } from "./uses.ts";

const worlds = new WeakMap<Component, World>();

/** The type of a component as its binary puts it, with the names of types. It is read once. */
export function worldOf(component: Component): World {
  let world = worlds.get(component);
  if (world === undefined) {
    world = readComponent(new Reader(component.bytes), new NamedScope("component", undefined, 0));
    new UseFinder().component(world);
    worlds.set(component, world);
  }
  return world;
}

function readComponent(reader: Reader, scope: NamedScope): World {
  reader.skip(8);
  while (!reader.done) {
    const id = reader.u8();
    readSection(id, reader.part(reader.u32()), scope);
  }
  return scope.world();
}

function readSection(id: number, reader: Reader, scope: NamedScope): void {
  switch (id) {
    case 1:
      scope.modules.push(moduleAt(reader));
      break;
    case 3:
      reader.vector("core types", () => readCoreType(reader, scope.core));
      break;
    case 4:
      scope.components.push(readComponent(reader, new NamedScope("component", scope, reader.offset)));
      break;
    case 5:
      reader.vector("instances", () => readInstance(reader, scope));
      break;
    case 6:
      reader.vector("aliases", () => readAlias(reader, scope));
      break;
    case 7:
      reader.vector("types", () => readType(reader, scope));
      break;
    case 8:
      reader.vector("canonical functions", () => readCanon(reader, scope));
      break;
    case 10:
      reader.vector("imports", () => {
        const name = readExternName(reader);
        scope.import(name, readDeclared(reader, scope, name, "import"));
      });
      break;
    case 11:
      reader.vector("exports", () => readExport(reader, scope));
      break;
  }
}

/** A module that is defined here; its type is read when it is asked for. */
function moduleAt({ bytes, offset, end }: Reader): ModuleDefinition {
  return {
    kind: "module",
    get type() {
      return readCoreModuleType(bytes, offset, end);
    },
  };
}

function readInstance(reader: Reader, scope: NamedScope): void {
  const isBundle = reader.u8() === 0x01;
  if (isBundle) {
    const exports = new Map<string, Item>();
    reader.vector("exports", () => exports.set(readExternName(reader), readReference(reader, scope)));
    const bundle: Interface = { kind: "instance", id: undefined, exports, uses: new Map(), brings: [] };
    scope.instances.push(bundle);
    return;
  }
  const world = at(scope.components, reader.u32());
  const args = new Map<string, Item>();
  reader.vector("arguments", () => args.set(reader.name(), readReference(reader, scope)));
  const { type, introduced } = instanceOf(world, args);
  scope.brings.push(...introduced);
  scope.instances.push(type);
}

function readExport(reader: Reader, scope: NamedScope): void {
  const name = readExternName(reader);
  const item = readReference(reader, scope);
  const shown = optional(reader, () => readDeclared(reader, scope, name, "other")) ?? item;
  scope.export(name, shown.kind === "type" ? { kind: "type", type: renamed(name, shown.type) } : shown);
}

/** A sort and an index: what is passed, bundled or exported. */
function readReference(reader: Reader, scope: NamedScope): Item {
  const sort = readSort(reader);
  return itemAt(sort, reader.u32(), scope, reader);
}

function itemAt(sort: Sort, index: number, scope: NamedScope, reader: Reader): Item {
  switch (sort) {
    case "type":
      return { kind: "type", type: at(scope.types, index) };
    case "func":
      return at(scope.funcs, index);
    case "instance":
      return at(scope.instances, index);
    case "component":
      return at(scope.components, index);
    case "module":
      return at(scope.modules, index);
    default:
      throw unexpected("a sort", reader);
  }
}

/** Of canonical functions, only what is lifted has a type at the level of components. */
function readCanon(reader: Reader, scope: NamedScope): void {
  const code = reader.u8();
  if (code > 0x01) {
    reader.u32();
    return;
  }
  reader.u8();
  reader.u32();
  reader.vector("canonical options", () => {
    if (reader.u8() > 0x02) reader.u32();
  });
  if (code === 0x01) return;
  const type = at(scope.types, reader.u32());
  if (type.kind !== "func") throw unexpected("the type of a lifted function", reader);
  scope.funcs.push(type);
}
