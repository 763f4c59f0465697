import type { ComponentType, ExternType } from "@playhead/component-model";
import type { Include, NamedWorldItem, WorldDeclaration, WorldExtern } from "../ast.ts";
import { Problem } from "../errors.ts";
import type { Range } from "../source.ts";
import { describeKind } from "./describe.ts";
import {
  addUses,
  type Declaring,
  declareMethods,
  declareType,
  declareUse,
  declaring,
  interfaceAt,
  interfaceTypeOf,
} from "./interfaces.ts";
import { resolvePath } from "./paths.ts";
import type { State } from "./state.ts";
import { funcTypeOf } from "./value-types.ts";

/** A world while its items are read. `externs` of the declaring are its imports. */
interface World {
  readonly name: string;
  readonly declaring: Declaring;
  readonly exports: Map<string, ExternType>;
}

/** The type of the components that fit a world that is declared in the text. */
export function worldTypeOf(state: State, declaration: WorldDeclaration): ComponentType {
  const world: World = {
    name: declaration.id.name,
    declaring: declaring("import"),
    exports: new Map(),
  };
  const includes: Include[] = [];
  for (const item of declaration.items) {
    switch (item.kind) {
      case "use":
        declareUse(state, world.declaring, item);
        break;
      case "world-extern":
        declareExtern(state, world, item);
        break;
      case "include":
        includes.push(item);
        break;
      case "methods":
        declareMethods(world.declaring, item);
        break;
      default:
        declareType(world.declaring, item);
    }
  }
  // Includes come last, so that only what is written out can conflict with them.
  for (const include of includes) {
    declareInclude(state, world, include);
  }
  // Interfaces whose types are used are imported with those that use them.
  for (const [name, type] of world.declaring.uses) {
    if (!world.declaring.externs.has(name)) {
      world.declaring.externs.set(name, { kind: "instance", type });
    }
  }
  return {
    imports: world.declaring.externs,
    exports: world.exports,
    importedResources: world.declaring.resources,
  };
}

function declareExtern(state: State, world: World, { direction, item }: WorldExtern): void {
  const externs = direction === "import" ? world.declaring.externs : world.exports;
  const { name, range, type } = externOf(state, world, direction, item);
  if (externs.has(name)) {
    throw new Problem({
      code: "duplicate-member",
      message: `${direction} \`${name}\` conflicts with existing ${direction} of the same name in world \`${world.name}\``,
      range,
      label: "conflicting name",
    });
  }
  externs.set(name, type);
}

interface NamedExtern {
  readonly name: string;
  readonly range: Range;
  readonly type: ExternType;
}

function externOf(
  state: State,
  world: World,
  direction: WorldExtern["direction"],
  item: WorldExtern["item"],
): NamedExtern {
  if (item.kind === "named") {
    return { name: item.id.name, range: item.id.range, type: namedExternType(state, world, item) };
  }
  const { name, type, uses } = interfaceAt(state, item);
  if (direction === "import") {
    addUses(world.declaring.uses, { name, type, uses });
  }
  return { name, range: item.range, type: { kind: "instance", type } };
}

function namedExternType(state: State, world: World, { type }: NamedWorldItem): ExternType {
  const { scope } = world.declaring;
  switch (type.kind) {
    case "func":
      return { kind: "func", type: funcTypeOf(scope, type) };
    case "inline-interface":
      return { kind: "instance", type: interfaceTypeOf(state, undefined, type.items) };
    case "name": {
      const found = scope.find(type.id.name) ?? state.lookUp(type.id).type;
      if (found.kind === "type" && (found.type.kind === "instance" || found.type.kind === "func")) {
        return found.type;
      }
      throw new Problem({
        code: "wrong-kind",
        message: `\`${type.id.name}\` (${describeKind(found)}) is not a function type or interface`,
        range: type.range,
        label: "not a function type or interface",
        expected: "a function type or interface",
        found: describeKind(found),
      });
    }
  }
}

/** `include world with { a as b };` */
function declareInclude(state: State, world: World, include: Include): void {
  const renames = new Map<string, Include["with"][number]>();
  for (const rename of include.with) {
    if (renames.has(rename.from.name)) {
      throw new Problem({
        code: "include-conflict",
        message: `duplicate \`${rename.from.name}\` in world include \`with\` clause`,
        range: rename.from.range,
        label: "duplicate name",
      });
    }
    renames.set(rename.from.name, rename);
  }
  const included = worldAt(state, include.world);
  const worldName = include.world.kind === "path" ? include.world.text : include.world.id.name;
  const unused = new Set(renames.keys());
  for (const direction of ["import", "export"] as const) {
    const externs = direction === "import" ? world.declaring.externs : world.exports;
    const from = direction === "import" ? included.imports : included.exports;
    for (const [name, type] of from) {
      // Interfaces keep their names, and may be imported or exported by both.
      const rename = name.includes(":") || !unused.delete(name) ? undefined : renames.get(name);
      const target = rename?.to.name ?? name;
      if (!name.includes(":") && externs.has(target)) {
        throw new Problem({
          code: "include-conflict",
          message: `${direction} \`${target}\` from world \`${worldName}\` conflicts with ${direction} of the same name in world \`${world.name}\``,
          range: rename?.to.range ?? include.world.range,
          label: "conflicting name",
          hints: include.with.length === 0 ? ["use a `with` clause to include it under another name"] : [],
        });
      }
      if (!externs.has(target)) {
        externs.set(target, type);
      }
    }
  }
  const missing = include.with.find(({ from }) => unused.has(from.name));
  if (missing !== undefined) {
    throw new Problem({
      code: "include-conflict",
      message: `world \`${worldName}\` does not have an import or export named \`${missing.from.name}\``,
      range: missing.from.range,
      label: "no such import or export",
    });
  }
}

/** The world that a path or a name of the top level stands for. */
export function worldAt(state: State, path: Include["world"]): ComponentType {
  const found = path.kind === "path" ? resolvePath(state, path).type : state.lookUp(path.id).type;
  const inner = found.kind === "type" ? found.type : found;
  if (inner.kind === "component") {
    return inner.type;
  }
  throw new Problem({
    code: "wrong-kind",
    message: `\`${path.kind === "path" ? path.text : path.id.name}\` (${describeKind(found)}) is not a world`,
    range: path.range,
    label: "not a world",
    expected: "a world",
    found: describeKind(found),
  });
}
