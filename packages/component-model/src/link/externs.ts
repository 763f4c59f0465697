import type { LiftedFunction } from "../abi/lift.ts";
import type { HostFunction } from "../abi/lower.ts";
import type { RuntimeResource } from "../abi/resources.ts";
import type { ComponentPlan, CoreModule } from "../decode/steps.ts";
import type {
  ComponentType,
  CoreModuleType,
  DefinedType,
  ExternType,
  FuncType,
  InstanceType,
  ResourceType,
} from "../types.ts";
import { freeResources } from "../typing/mentions.ts";
import { Substitution } from "../typing/substitute.ts";
import type { Frame } from "./frame.ts";
import { commonOrigin } from "./instance-paths.ts";

/** What instances pass to each other, without becoming JavaScript values on the way. */
export type Extern = FuncExtern | InstanceExtern | ComponentExtern | ModuleExtern | TypeExtern;

export interface FuncExtern {
  readonly kind: "func";
  readonly type: FuncType;
  /** For messages: `playhead:sim/bus@0.1.0#publish`. */
  readonly name: string;
  readonly target: LiftedFunction | HostFunction;
}

export interface InstanceExtern {
  readonly kind: "instance";
  readonly type: InstanceType;
  readonly exports: ReadonlyMap<string, Extern>;
  /** Path of the component instance whose code answers the calls; undefined when the host does. */
  readonly origin: string | undefined;
}

/** A component as a value: what it consists of, and the instance around its definition, for outer aliases. */
export interface ComponentExtern {
  readonly kind: "component";
  readonly type: ComponentType;
  readonly plan: ComponentPlan;
  readonly outer: Frame | undefined;
  readonly name: string | undefined;
}

export interface ModuleExtern {
  readonly kind: "module";
  readonly type: CoreModuleType;
  readonly module: CoreModule;
}

export interface TypeExtern {
  readonly kind: "type";
  readonly type: DefinedType;
  /** What the type stands for, when it is a resource type. */
  readonly resource: RuntimeResource | undefined;
}

export function isExtern(value: unknown): value is Extern {
  const kind = (value as { kind?: unknown } | null)?.kind;
  if (kind === "func") return "target" in (value as object);
  if (kind === "instance") return (value as { exports?: unknown }).exports instanceof Map;
  return kind === "component" || kind === "module" || kind === "type";
}

export function isHostFunction(target: LiftedFunction | HostFunction): target is HostFunction {
  return "withCaller" in target;
}

/** The type of an extern, as `checkSubtype` takes it. */
export function externType(extern: Extern): ExternType {
  switch (extern.kind) {
    case "func":
      return { kind: "func", type: extern.type };
    case "instance":
      return { kind: "instance", type: extern.type };
    case "component":
      return { kind: "component", type: extern.type };
    case "module":
      return { kind: "module", type: extern.type };
    case "type":
      return { kind: "type", type: extern.type };
  }
}

/** Makes an instance of definitions; `path` is that of the instance that holds them together. */
export function instanceExtern(
  type: InstanceType,
  exports: ReadonlyMap<string, Extern>,
  path: string | undefined,
): InstanceExtern {
  return { kind: "instance", type, exports, origin: originOf(exports, path) };
}

/** The instance that implements all functions, where it is one; components that only pass functions on do not count. */
function originOf(exports: ReadonlyMap<string, Extern>, path: string | undefined): string | undefined {
  const origins = [...exports.values()].map((extern) =>
    extern.kind !== "func" || isHostFunction(extern.target) ? undefined : extern.target.state.path,
  );
  return commonOrigin(origins, path);
}

const canonical = new WeakMap<RuntimeResource, ResourceType>();

/** One resource type per resource at run time, so that types of externs of different components can be compared. */
function canonicalType(resource: RuntimeResource): ResourceType {
  let type = canonical.get(resource);
  if (type === undefined) {
    type = { kind: "resource", name: resource.name };
    canonical.set(resource, type);
  }
  return type;
}

/**
 * The same extern with types that hold outside its component: resource types that only meant something inside are replaced by
 * those of the resources that they stand for at run time.
 */
export function publish(extern: Extern, resources: ReadonlyMap<ResourceType, RuntimeResource>): Extern {
  if (freeResources(externType(extern)).size === 0) return extern;
  const types = new Map<ResourceType, ResourceType>();
  for (const [type, resource] of resources) types.set(type, canonicalType(resource));
  return publishWith(extern, new Substitution(types));
}

function publishWith(extern: Extern, types: Substitution): Extern {
  switch (extern.kind) {
    case "func":
      return { ...extern, type: types.func(extern.type) };
    case "instance": {
      const exports = new Map<string, Extern>();
      for (const [name, item] of extern.exports) exports.set(name, publishWith(item, types));
      return { ...extern, type: types.instance(extern.type), exports };
    }
    case "component":
      return { ...extern, type: types.component(extern.type) };
    case "module":
      return extern;
    case "type":
      return { ...extern, type: types.defined(extern.type) };
  }
}
