import { hex, type Reader } from "../binary/reader.ts";
import type { ComponentType, CoreExternType, ExternType, ResourceType } from "../types.ts";
import { coreExternFits } from "../typing/core-subtype.ts";
import { needsName } from "../typing/named-types.ts";
import { printCoreExtern } from "../typing/print-type.ts";
import { checkSubtype } from "../typing/subtype.ts";
import { readExternName } from "./extern-names.ts";
import { invalid, withArticle } from "./invalid.ts";
import { NamedExterns } from "./named-externs.ts";
import { instanceTypeOf, type Scope } from "./scope.ts";
import { coreSortName, readCoreSort, readSort, type Sort } from "./sorts.ts";
import type { CoreRef, Ref } from "./steps.ts";

/** One entry of a core instance section: an instantiated module, or a bundle of core items. */
export function readCoreInstance(reader: Reader, scope: Scope): void {
  const offset = reader.offset;
  const form = reader.u8();
  if (form === 0x00) instantiateModule(reader, scope, offset);
  else if (form === 0x01) bundleCore(reader, scope);
  else throw reader.malformed(`invalid form of a core instance ${hex(form)}`, offset);
}

function instantiateModule(reader: Reader, scope: Scope, offset: number): void {
  const index = reader.u32();
  const module = scope.modules.get(index, offset);
  const args = new Map<string, number>();
  reader.vector("arguments", () => {
    const at = reader.offset;
    const name = reader.name();
    reader.expect(0x12, "sort of an argument of a core instance");
    if (args.has(name)) throw invalid(`argument ${JSON.stringify(name)} given twice`, at);
    const instance = reader.u32();
    scope.coreInstances.get(instance, at);
    args.set(name, instance);
  });
  for (const item of module.imports) {
    const from = args.get(item.module);
    const given = from === undefined ? undefined : scope.coreInstances.get(from, offset).get(item.name);
    checkCoreArgument(item, from !== undefined, given, offset);
  }
  scope.coreInstances.push(module.exports);
  scope.steps.push({ op: "instantiate-module", module: index, args });
}

function checkCoreArgument(
  item: { readonly module: string; readonly name: string; readonly type: CoreExternType },
  moduleGiven: boolean,
  given: CoreExternType | undefined,
  offset: number,
): void {
  const what = `core import ${JSON.stringify(item.module)} ${JSON.stringify(item.name)}`;
  const expected = printCoreExtern(item.type);
  if (given === undefined) {
    const why = moduleGiven ? "the given instance has no such export" : "no argument of that name";
    throw invalid(`${what} is missing: expected ${expected}, ${why}`, offset);
  }
  if (!coreExternFits(given, item.type)) {
    throw invalid(`${what}: expected ${expected}, found ${printCoreExtern(given)}`, offset);
  }
}

function bundleCore(reader: Reader, scope: Scope): void {
  const exports = new Map<string, CoreExternType>();
  const refs = new Map<string, CoreRef>();
  reader.vector("core exports", () => {
    const offset = reader.offset;
    const name = reader.name();
    const kind = coreSortName(readCoreSort(reader));
    const index = reader.u32();
    if (kind === undefined)
      throw invalid(`core export ${JSON.stringify(name)} of a kind that modules lack`, offset);
    if (exports.has(name)) throw invalid(`core export ${JSON.stringify(name)} given twice`, offset);
    exports.set(name, scope.coreItem(kind, index, offset));
    refs.set(name, { kind, index });
  });
  scope.coreInstances.push(exports);
  scope.steps.push({ op: "bundle-core", exports: refs });
}

/** One entry of an instance section: an instantiated component, or a bundle of definitions. */
export function readInstance(reader: Reader, scope: Scope): void {
  const offset = reader.offset;
  const form = reader.u8();
  if (form === 0x00) instantiateComponent(reader, scope, offset);
  else if (form === 0x01) bundle(reader, scope);
  else throw reader.malformed(`invalid form of an instance ${hex(form)}`, offset);
}

function instantiateComponent(reader: Reader, scope: Scope, offset: number): void {
  const index = reader.u32();
  const component = scope.components.get(index, offset);
  const args = new Map<string, Ref>();
  const types = new Map<string, ExternType>();
  reader.vector("arguments", () => {
    const at = reader.offset;
    const name = reader.name();
    const { ref, type } = readRef(reader, scope);
    if (args.has(name)) throw invalid(`argument ${JSON.stringify(name)} given twice`, at);
    args.set(name, ref);
    types.set(name, type);
  });
  const given = matchArguments(component, types, offset);
  scope.budget.spend({ kind: "component", type: component }, offset);
  const { type, introduced } = instanceTypeOf(component, given, namesGiven(component, types));
  for (const resource of introduced) scope.ownResources.push(resource);
  scope.instances.push(type);
  scope.steps.push({ op: "instantiate", component: index, args, type });
}

/** Checks the arguments against the imports; returns what each imported resource type stands for. */
function matchArguments(
  component: ComponentType,
  args: ReadonlyMap<string, ExternType>,
  offset: number,
): ReadonlyMap<ResourceType, ResourceType> {
  const bindings = new Map<ResourceType, ResourceType>();
  const imported = new Set(component.importedResources);
  for (const [name, expected] of component.imports) {
    const actual = args.get(name);
    if (actual === undefined)
      throw invalid(`missing argument ${JSON.stringify(name)} of an instance`, offset);
    const mismatch = checkSubtype(actual, expected, bindings, (resource) => imported.has(resource));
    if (mismatch !== undefined) {
      const place = [name, ...mismatch.path].join(" / ");
      throw invalid(`argument ${place}: expected ${mismatch.expected}, found ${mismatch.found}`, offset);
    }
  }
  return bindings;
}

/** What the names of imported types stand for outside, by the objects that stand for names. */
function namesGiven(
  component: ComponentType,
  args: ReadonlyMap<string, ExternType>,
): ReadonlyMap<object, object> {
  const names = new Map<object, object>();
  const note = (expected: ExternType, actual: ExternType | undefined): void => {
    if (expected.kind === "instance" && actual?.kind === "instance") {
      for (const [name, item] of expected.type.exports) note(item, actual.type.exports.get(name));
    }
    if (expected.kind !== "type" || actual?.kind !== "type") return;
    if (expected.type.kind === "resource") names.set(expected.type, actual.type);
    else if (expected.type.kind === "value" && needsName(expected.type.type)) {
      names.set(expected.type.type, actual.type.type);
    }
  };
  for (const [name, type] of component.imports) note(type, args.get(name));
  return names;
}

function bundle(reader: Reader, scope: Scope): void {
  const exports = new NamedExterns("export");
  const refs = new Map<string, Ref>();
  reader.vector("exports", () => {
    const name = readExternName(reader, "export");
    const { ref, type } = readRef(reader, scope);
    exports.addAnonymous(name, type);
    refs.set(name.name, ref);
  });
  const type = { exports: exports.types };
  scope.instances.push(type);
  scope.steps.push({ op: "bundle", exports: refs, type });
}

/** A sort and an index: what is passed, bundled or exported. */
export function readRef(reader: Reader, scope: Scope): { ref: Ref; type: ExternType } {
  const offset = reader.offset;
  const sort = readSort(reader);
  const index = reader.u32();
  return resolveRef(sort, index, scope, offset);
}

function resolveRef(sort: Sort, index: number, scope: Scope, offset: number): { ref: Ref; type: ExternType } {
  switch (sort) {
    case "func":
      return { ref: { kind: sort, index }, type: { kind: sort, type: scope.funcs.get(index, offset) } };
    case "instance":
      return { ref: { kind: sort, index }, type: { kind: sort, type: scope.instances.get(index, offset) } };
    case "component":
      return { ref: { kind: sort, index }, type: { kind: sort, type: scope.components.get(index, offset) } };
    case "module":
      return { ref: { kind: sort, index }, type: { kind: sort, type: scope.modules.get(index, offset) } };
    case "type": {
      const type = scope.types.get(index, offset);
      return { ref: { kind: sort, type }, type: { kind: sort, type } };
    }
    default:
      throw invalid(`${withArticle(sort)} cannot be passed or exported by a component`, offset);
  }
}
