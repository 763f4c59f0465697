import { hex, type Reader } from "../binary/reader.ts";
import type { ExternType } from "../types.ts";
import { freeResources } from "../typing/mentions.ts";
import { invalid, withArticle } from "./invalid.ts";
import type { Scope } from "./scope.ts";
import { coreSortName, readSort, type Sort } from "./sorts.ts";

/** One alias: of an export of an instance, of an export of a core instance, or of a definition of an outer scope. */
export function readAlias(reader: Reader, scope: Scope): void {
  const offset = reader.offset;
  const sort = readSort(reader);
  const target = reader.u8();
  switch (target) {
    case 0x00:
      aliasExport(reader, scope, sort, offset);
      break;
    case 0x01:
      aliasCoreExport(reader, scope, sort, offset);
      break;
    case 0x02:
      aliasOuter(reader, scope, sort, offset);
      break;
    default:
      throw reader.malformed(`invalid target of an alias ${hex(target)}`, offset);
  }
}

function aliasExport(reader: Reader, scope: Scope, sort: Sort, offset: number): void {
  const instance = reader.u32();
  const name = reader.name();
  const type = scope.instances.get(instance, offset).exports.get(name);
  if (type === undefined) throw invalid(`instance ${instance} has no export ${JSON.stringify(name)}`, offset);
  if (type.kind !== sort) {
    throw invalid(
      `export ${JSON.stringify(name)} of instance ${instance} is ${withArticle(type.kind)}, expected ${withArticle(sort)}`,
      offset,
    );
  }
  if (scope.kind !== "component" && sort !== "instance" && sort !== "type") {
    throw invalid(
      `alias of ${withArticle(sort)} inside ${withArticle(scope.kind)}: only instances and types are allowed`,
      offset,
    );
  }
  scope.define(type);
  if (type.kind !== "type") scope.steps.push({ op: "alias", instance, name });
}

function aliasCoreExport(reader: Reader, scope: Scope, sort: Sort, offset: number): void {
  const instance = reader.u32();
  const name = reader.name();
  const found = scope.coreInstances.get(instance, offset).get(name);
  const kind = coreSortName(sort);
  if (kind === undefined) throw invalid(`alias of ${withArticle(sort)} from a core instance`, offset);
  if (found === undefined)
    throw invalid(`core instance ${instance} has no export ${JSON.stringify(name)}`, offset);
  if (found.kind !== kind) {
    throw invalid(
      `export ${JSON.stringify(name)} of core instance ${instance} is ${withArticle(found.kind)}, expected ${withArticle(kind)}`,
      offset,
    );
  }
  scope.defineCore(found);
  scope.steps.push({ op: "alias-core", instance, name, kind });
}

const outerSorts: readonly Sort[] = ["type", "core type", "module", "component"];

function aliasOuter(reader: Reader, scope: Scope, sort: Sort, offset: number): void {
  if (!outerSorts.includes(sort)) {
    const found = withArticle(sort);
    throw reader.malformed(`outer alias of ${found}: expected a type, module or component`, offset);
  }
  const scopes = reader.u32();
  const index = reader.u32();
  const outer = scope.outer(scopes, offset);
  if (scope.kind !== "component" && sort !== "type" && sort !== "core type") {
    throw invalid(
      `outer alias of ${withArticle(sort)} inside ${withArticle(scope.kind)}: only types are allowed`,
      offset,
    );
  }
  switch (sort) {
    case "type": {
      const type = outer.types.get(index, offset);
      if (leavesComponent(scope, scopes)) forbidResources({ kind: "type", type }, offset);
      scope.types.push(type);
      break;
    }
    case "core type":
      scope.coreTypes.push(outer.coreTypes.get(index, offset));
      break;
    case "module":
      scope.modules.push(outer.modules.get(index, offset));
      scope.steps.push({ op: "alias-outer", kind: "module", scopes, index });
      break;
    case "component":
      scope.components.push(outer.components.get(index, offset));
      scope.steps.push({ op: "alias-outer", kind: "component", scopes, index });
      break;
  }
}

function leavesComponent(scope: Scope, scopes: number): boolean {
  let current: Scope | undefined = scope;
  for (let level = 0; level < scopes; level++) {
    if (current?.kind === "component") return true;
    current = current?.parent;
  }
  return false;
}

function forbidResources(type: ExternType, offset: number): void {
  if (freeResources(type).size > 0) {
    throw invalid(
      "outer alias of a type that refers to resources, across the boundary of a component",
      offset,
    );
  }
}
