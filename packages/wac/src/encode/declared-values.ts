import type {
  Definition,
  FuncDefinition,
  Item,
  Labelled,
  ResourceDefinition,
  ValueDefinition,
  ValueUse,
} from "@playhead/component-model";
import type { FuncType, NamedTypeNode, TypeDeclaration, TypeNode } from "../ast.ts";

/** What a name stands for where a type is declared. */
export type LookUp = (name: string) => Item;

/** The definition that a declaration of a type of values or functions makes. */
export function declaredDefinition(declaration: TypeDeclaration, lookUp: LookUp): Definition {
  switch (declaration.kind) {
    case "variant": {
      const cases = declaration.members.map(({ id, type }) => ({
        name: id.name,
        type: type && valueUse(type, lookUp),
      }));
      return value({ kind: "variant", cases });
    }
    case "record":
      return value({ kind: "record", fields: labelled(declaration.members, lookUp) });
    case "flags":
    case "enum":
      return value({ kind: declaration.kind, labels: declaration.members.map(({ id }) => id.name) });
    case "alias":
      return aliasDefinition(declaration.id.name, declaration.type, lookUp);
  }
}

function aliasDefinition(name: string, type: FuncType | TypeNode, lookUp: LookUp): Definition {
  if (type.kind === "func") {
    return funcDefinition(type, lookUp);
  }
  if (type.kind === "name") {
    return otherName(name, lookUp(type.id.name));
  }
  const use = valueUse(type, lookUp);
  return typeof use === "string" ? value({ kind: "primitive", primitive: use }) : use;
}

/** A definition that is another name of what an item is or stands for. */
export function otherName(name: string, item: Item): Definition {
  const type = item.kind === "type" ? item.type : item;
  switch (type.kind) {
    case "value":
      return { kind: "value", shape: type.shape, of: type };
    case "resource":
      return { kind: "resource", name, of: type };
    case "module":
      throw wrongKind(name);
    default:
      return { ...type };
  }
}

export function funcDefinition({ params, result }: FuncType, lookUp: LookUp): FuncDefinition {
  return {
    kind: "func",
    params: labelled(params, lookUp),
    result: result && valueUse(result, lookUp),
  };
}

export function labelled(nodes: readonly NamedTypeNode[], lookUp: LookUp): Labelled<ValueUse>[] {
  return nodes.map(({ id, type }) => ({ name: id.name, type: valueUse(type, lookUp) }));
}

function valueUse(node: TypeNode, lookUp: LookUp): ValueUse {
  const use = (inner: TypeNode): ValueUse => valueUse(inner, lookUp);
  switch (node.kind) {
    case "primitive":
      return node.name;
    case "tuple":
      return value({ kind: "tuple", types: node.types.map(use) });
    case "list":
      return value({ kind: "list", element: use(node.type), length: undefined });
    case "option":
      return value({ kind: "option", type: use(node.type) });
    case "result":
      return value({ kind: "result", ok: node.ok && use(node.ok), err: node.err && use(node.err) });
    case "borrow":
      return handle("borrow", resourceNamed(node.id.name, lookUp));
    case "name": {
      const item = lookUp(node.id.name);
      const isValue = item.kind === "type" && item.type.kind === "value";
      return isValue ? (item.type as ValueDefinition) : handle("own", resourceNamed(node.id.name, lookUp));
    }
  }
}

function resourceNamed(name: string, lookUp: LookUp): ResourceDefinition {
  const item = lookUp(name);
  if (item.kind !== "type" || item.type.kind !== "resource") {
    throw wrongKind(name);
  }
  return item.type;
}

export function handle(kind: "own" | "borrow", resource: ResourceDefinition): ValueDefinition {
  return value({ kind, resource });
}

function value(shape: ValueDefinition["shape"]): ValueDefinition {
  return { kind: "value", shape, of: undefined };
}

export function wrongKind(name: string): Error {
  return new Error(`Invariant: the kind of \`${name}\` was checked by the resolver`);
}
