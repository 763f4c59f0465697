/**
 * Names of types. An import or export of a type gives it a name; what is exported may mention only types that have one
 * (Explainer.md, "External Visibility of Types"). So a type under a name is an object of its own, equal to the type that
 * it names, and handle types know by which name they speak of their resource. Nothing but validation and generators of
 * bindings cares: that is why this stands beside the types.
 */
import type { DefinedType, ValueType } from "../types.ts";

/** A definition, import or export of a resource type: its object is the identity of the name. */
export type ResourceName = DefinedType & { readonly kind: "resource" };

const roots = new WeakMap<ValueType, ValueType>();
const resourceNames = new WeakMap<ValueType, ResourceName>();

/** The same type under a new name. */
export function underNewName(type: DefinedType): DefinedType {
  if (type.kind === "resource") return { ...type };
  if (type.kind !== "value" || !needsName(type.type)) return type;
  const named = { ...type.type };
  roots.set(named, rootType(type.type));
  return { kind: "value", type: named };
}

/** Whether a type can be mentioned by its name only; all others are what they consist of. */
export function needsName({ kind }: ValueType): boolean {
  return kind === "record" || kind === "variant" || kind === "enum" || kind === "flags";
}

/**
 * The type as it was defined. Each import and export of a record, variant, enum or set of flags is an object of its own;
 * those that name one definition, `use`d by several interfaces say, have the same root.
 */
export function rootType(type: ValueType): ValueType {
  return roots.get(type) ?? type;
}

/** Notes the root of a copy, where substitution makes copies of both. */
export function setRoot(named: ValueType, root: ValueType): void {
  if (named !== root) roots.set(named, root);
}

export function handleType(kind: "own" | "borrow", name: ResourceName): ValueType {
  const type: ValueType = { kind, resource: name.type };
  resourceNames.set(type, name);
  return type;
}

/** The name by which a handle type speaks of its resource; undefined for one that was not decoded. */
export function resourceNameOf(handle: ValueType): ResourceName | undefined {
  return resourceNames.get(handle);
}
