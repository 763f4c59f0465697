import type { PreparedModule } from "../link/core-module.ts";
import type {
  ComponentType,
  CoreModuleType,
  DefinedType,
  ExternType,
  FuncType,
  InstanceType,
  ResourceType,
} from "../types.ts";

/**
 * What instantiating a component does, in order. A component's definitions name each other by index; each step appends to
 * the index spaces that its kind implies, at instantiation exactly as while decoding.
 */
export type Step =
  | { readonly op: "module"; readonly module: CoreModule }
  | { readonly op: "component"; readonly plan: ComponentPlan }
  | { readonly op: "instantiate-module"; readonly module: number; readonly args: ReadonlyMap<string, number> }
  | { readonly op: "bundle-core"; readonly exports: ReadonlyMap<string, CoreRef> }
  | {
      readonly op: "instantiate";
      readonly component: number;
      readonly args: ReadonlyMap<string, Ref>;
      readonly type: InstanceType;
    }
  | { readonly op: "bundle"; readonly exports: ReadonlyMap<string, Ref>; readonly type: InstanceType }
  | { readonly op: "alias"; readonly instance: number; readonly name: string }
  | { readonly op: "alias-core"; readonly instance: number; readonly name: string; readonly kind: CoreSort }
  | {
      readonly op: "alias-outer";
      readonly kind: "module" | "component";
      readonly scopes: number;
      readonly index: number;
    }
  | {
      readonly op: "lift";
      readonly func: number;
      readonly options: CanonicalOptions;
      readonly type: FuncType;
    }
  | {
      readonly op: "lower";
      readonly func: number;
      readonly options: CanonicalOptions;
      readonly type: FuncType;
    }
  | { readonly op: "resource"; readonly resource: ResourceType; readonly destructor: number | undefined }
  | { readonly op: "resource-new" | "resource-drop" | "resource-rep"; readonly resource: ResourceType }
  | { readonly op: "import"; readonly name: string; readonly type: ExternType }
  | { readonly op: "export"; readonly name: string; readonly ref: Ref; readonly type: ExternType };

/** Kinds of core items that instances export. */
export type CoreSort = "func" | "table" | "memory" | "global" | "tag";

export interface CoreRef {
  readonly kind: CoreSort;
  readonly index: number;
}

/** A definition that is passed or exported. Types need no index: they are resolved while decoding. */
export type Ref =
  | { readonly kind: "func" | "instance" | "component" | "module"; readonly index: number }
  | { readonly kind: "type"; readonly type: DefinedType };

export type StringEncoding = "utf8" | "utf16" | "latin1+utf16";

/** Options of `canon lift` and `canon lower`, as indices of core memories and functions. */
export interface CanonicalOptions {
  readonly encoding: StringEncoding;
  readonly memory: number | undefined;
  readonly realloc: number | undefined;
  readonly postReturn: number | undefined;
}

/** A core module inside a component: where it lies, what it imports and exports. */
export interface CoreModule {
  readonly bytes: Uint8Array;
  /** Offset of the module in the component's binary. */
  readonly offset: number;
  readonly type: CoreModuleType;
  /** By the way in which it is rewritten: set when it is first instantiated so, then shared by all instances. */
  prepared?: Map<string, PreparedModule>;
}

/** Names that a component's `component-name` section gives to its definitions, for messages and paths. */
export interface ComponentNames {
  readonly component: string | undefined;
  readonly instances: ReadonlyMap<number, string>;
  readonly components: ReadonlyMap<number, string>;
}

/** A decoded component: its steps in order, and what it needs and offers. */
export interface ComponentPlan {
  readonly type: ComponentType;
  readonly steps: readonly Step[];
  readonly names: ComponentNames;
  /** Offset of the component in the binary. */
  readonly offset: number;
}
