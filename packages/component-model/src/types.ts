/**
 * The types of the component model, resolved: no indices, no aliases; what a component's sections say after
 * decoding. Source: the component model's Explainer.md and Binary.md.
 */

/** A type of values that cross the boundary between components. */
export type ValueType =
  | { readonly kind: PrimitiveKind }
  | { readonly kind: "record"; readonly fields: readonly NamedType[] }
  | { readonly kind: "tuple"; readonly types: readonly ValueType[] }
  | { readonly kind: "variant"; readonly cases: readonly VariantCase[] }
  | { readonly kind: "enum"; readonly labels: readonly string[] }
  | { readonly kind: "flags"; readonly labels: readonly string[] }
  | { readonly kind: "option"; readonly type: ValueType }
  | { readonly kind: "result"; readonly ok: ValueType | undefined; readonly err: ValueType | undefined }
  | {
      readonly kind: "list";
      readonly element: ValueType;
      readonly length: number | undefined;
      /** A `map<k, v>`: another type than the list of pairs (tuples) that it consists of, for the same values. */
      readonly isMap?: true;
    }
  | { readonly kind: "own"; readonly resource: ResourceType }
  | { readonly kind: "borrow"; readonly resource: ResourceType };

export type PrimitiveKind =
  | "bool"
  | "s8"
  | "u8"
  | "s16"
  | "u16"
  | "s32"
  | "u32"
  | "s64"
  | "u64"
  | "f32"
  | "f64"
  | "char"
  | "string";

export interface NamedType {
  readonly name: string;
  readonly type: ValueType;
}

export interface VariantCase {
  readonly name: string;
  readonly type: ValueType | undefined;
}

/**
 * A resource type, told apart from others by the identity of this object alone. While a component is decoded it stands for the
 * type that an import brings or that the component defines; instantiation maps it to a `RuntimeResource`.
 */
export interface ResourceType {
  readonly kind: "resource";
  /** For messages: the name under which it was imported, exported or defined. */
  readonly name: string;
}

export interface FuncType {
  readonly params: readonly NamedType[];
  readonly result: ValueType | undefined;
}

export type CoreValueType = "i32" | "i64" | "f32" | "f64" | "v128" | "funcref" | "externref";

export interface CoreFuncType {
  readonly params: readonly CoreValueType[];
  readonly results: readonly CoreValueType[];
}

/** What an import or export of a core module is. Limits are in pages (memory) or elements (table). */
export type CoreExternType =
  | { readonly kind: "func"; readonly type: CoreFuncType }
  | {
      readonly kind: "memory";
      readonly min: number;
      readonly max: number | undefined;
      readonly shared: boolean;
    }
  | {
      readonly kind: "table";
      readonly element: CoreValueType;
      readonly min: number;
      readonly max: number | undefined;
    }
  | { readonly kind: "global"; readonly type: CoreValueType; readonly mutable: boolean }
  | { readonly kind: "tag"; readonly type: CoreFuncType };

export interface CoreModuleType {
  readonly imports: readonly {
    readonly module: string;
    readonly name: string;
    readonly type: CoreExternType;
  }[];
  readonly exports: ReadonlyMap<string, CoreExternType>;
}

/** A type that is imported or exported by name: a value type, a resource, a function's or an instance's type. */
export type DefinedType =
  | { readonly kind: "value"; readonly type: ValueType }
  | { readonly kind: "resource"; readonly type: ResourceType }
  | { readonly kind: "func"; readonly type: FuncType }
  | { readonly kind: "instance"; readonly type: InstanceType }
  | { readonly kind: "component"; readonly type: ComponentType };

/** What an import or export of a component is. */
export type ExternType =
  | { readonly kind: "func"; readonly type: FuncType }
  | { readonly kind: "instance"; readonly type: InstanceType }
  | { readonly kind: "component"; readonly type: ComponentType }
  | { readonly kind: "module"; readonly type: CoreModuleType }
  | { readonly kind: "type"; readonly type: DefinedType };

export interface InstanceType {
  /** In the order of the exports. Names as in the binary: `playhead:sim/types@0.1.0`, `[method]subscriber.read`. */
  readonly exports: ReadonlyMap<string, ExternType>;
  /**
   * Resource types that each instance of this type brings along, new ones every time. Any other resource type in
   * `exports` belongs to the surroundings. Absent: none.
   */
  readonly resources?: readonly ResourceType[] | undefined;
}

export interface ComponentType {
  /** In the order of the imports. */
  readonly imports: ReadonlyMap<string, ExternType>;
  /** In the order of the exports. */
  readonly exports: ReadonlyMap<string, ExternType>;
  /** Resource types that the imports bring: what is given to an instance takes their place. Absent: none. */
  readonly importedResources?: readonly ResourceType[] | undefined;
  /** Resource types that are new in every instance (defined inside, or exported as abstract). Absent: none. */
  readonly resources?: readonly ResourceType[] | undefined;
}
