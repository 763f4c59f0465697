/**
 * Types as they are written: with the names that interfaces give to them, and where a name comes from. `ExternType` says
 * what a type is, which is what checking and calling need; this says how it was put, which is what writing it again needs.
 *
 * Definitions are told apart by identity: `type a = u32` and `type b = u32` are two. Everything else that refers to one
 * refers to the same object.
 */
import type { CoreModuleType, PrimitiveKind } from "../types.ts";
import type { Labelled, Shape } from "./shapes.ts";

/** A value type where it is used: a primitive, or a definition. */
export type ValueUse = PrimitiveKind | ValueDefinition;

export interface ValueDefinition {
  readonly kind: "value";
  readonly shape: Shape<ValueUse, ResourceDefinition>;
  /** The definition that this is another name of: its alias, import or export. */
  readonly of: ValueDefinition | undefined;
}

export interface ResourceDefinition {
  readonly kind: "resource";
  /** For messages. */
  readonly name: string;
  /** The definition that this is another name of. Undefined: a resource type of its own. */
  readonly of: ResourceDefinition | undefined;
}

export interface FuncDefinition {
  readonly kind: "func";
  readonly params: readonly Labelled<ValueUse>[];
  readonly result: ValueUse | undefined;
}

/** The type of an instance. */
export interface Interface {
  readonly kind: "instance";
  /** Its name with package and version, where it has one: `playhead:sim/types@0.1.0`. */
  readonly id: string | undefined;
  readonly exports: ReadonlyMap<string, Item>;
  /** Those of the exported types that come from other interfaces. */
  readonly uses: ReadonlyMap<string, Use>;
  /** Resource types that each instance of this type brings along, new ones every time. */
  readonly brings: readonly ResourceDefinition[];
}

/** `use from.{name}` */
export interface Use {
  readonly from: Interface;
  readonly name: string;
}

/** The type of a component. */
export interface World {
  readonly kind: "component";
  readonly id: string | undefined;
  readonly imports: ReadonlyMap<string, Item>;
  readonly exports: ReadonlyMap<string, Item>;
  /** Those of the imported types that come from interfaces, where the world is one of WIT. */
  readonly uses: ReadonlyMap<string, Use>;
  /** Resource types that the imports bring: what is given to an instance takes their place. */
  readonly receives: readonly ResourceDefinition[];
  /** Resource types that are new in every instance. */
  readonly brings: readonly ResourceDefinition[];
}

export interface ModuleDefinition {
  readonly kind: "module";
  readonly type: CoreModuleType;
}

/** What has a name of its own, or an entry in an index space of types. */
export type Definition = ValueDefinition | ResourceDefinition | FuncDefinition | Interface | World;

/** What is imported or exported. */
export type Item =
  | { readonly kind: "type"; readonly type: Definition }
  | FuncDefinition
  | Interface
  | World
  | ModuleDefinition;
