import type { FuncType, NamedType, ResourceType, ValueType } from "@playhead/component-model";
import type { FuncType as FuncTypeNode, Id, NamedTypeNode, TypeDeclaration, TypeNode } from "../ast.ts";
import { Problem } from "../errors.ts";
import { describeKind } from "./describe.ts";
import type { TypeScope } from "./type-scope.ts";

/** The type that a declaration of a variant, record, enum or flags stands for. */
export function memberTypeOf(
  scope: TypeScope,
  declaration: Exclude<TypeDeclaration, { kind: "alias" }>,
): ValueType {
  const { kind, id, members } = declaration;
  const what = { variant: "case", record: "field", enum: "case", flags: "flag" }[kind];
  refuseDuplicates(members, (name) => ({
    message: `duplicate ${what} \`${name}\` for ${kind} type \`${id.name}\``,
    label: `duplicate ${what}`,
  }));
  switch (declaration.kind) {
    case "variant":
      return {
        kind: "variant",
        cases: declaration.members.map(({ id: { name }, type }) => ({
          name,
          type: type && valueTypeOf(scope, type),
        })),
      };
    case "record":
      return { kind: "record", fields: namedTypesOf(scope, declaration.members) };
    case "enum":
    case "flags":
      return { kind: declaration.kind, labels: members.map((member) => member.id.name) };
  }
}

export function valueTypeOf(scope: TypeScope, node: TypeNode): ValueType {
  switch (node.kind) {
    case "primitive":
      return { kind: node.name };
    case "tuple":
      return { kind: "tuple", types: node.types.map((type) => valueTypeOf(scope, type)) };
    case "list":
      return { kind: "list", element: valueTypeOf(scope, node.type), length: undefined };
    case "option":
      return { kind: "option", type: valueTypeOf(scope, node.type) };
    case "result":
      return {
        kind: "result",
        ok: node.ok && valueTypeOf(scope, node.ok),
        err: node.err && valueTypeOf(scope, node.err),
      };
    case "borrow":
      return { kind: "borrow", resource: resourceOf(scope, node.id) };
    case "name":
      return namedValueType(scope, node.id);
  }
}

/** The type of a name; of a resource, its owned handle. */
function namedValueType(scope: TypeScope, id: Id): ValueType {
  const found = scope.lookUp(id);
  if (found.kind === "type" && found.type.kind === "value") {
    return found.type.type;
  }
  if (found.kind === "type" && found.type.kind === "resource") {
    return { kind: "own", resource: found.type.type };
  }
  throw new Problem({
    code: "not-a-type",
    message: `\`${id.name}\` (${describeKind(found)}) cannot be used as a value type`,
    range: id.range,
    label: "not a value type",
    expected: "a type of values",
    found: describeKind(found),
  });
}

function resourceOf(scope: TypeScope, id: Id): ResourceType {
  const found = scope.lookUp(id);
  if (found.kind === "type" && found.type.kind === "resource") {
    return found.type.type;
  }
  throw new Problem({
    code: "not-a-type",
    message: `\`${id.name}\` (${describeKind(found)}) is not a resource type`,
    range: id.range,
    label: "not a resource type",
    expected: "a resource type",
    found: describeKind(found),
  });
}

export function funcTypeOf(scope: TypeScope, { params, result }: FuncTypeNode): FuncType {
  return {
    params: paramsOf(scope, params, "function"),
    result: result === undefined ? undefined : resultOf(scope, result),
  };
}

export function paramsOf(
  scope: TypeScope,
  params: readonly NamedTypeNode[],
  kind: "function" | "constructor" | "method" | "static function",
  self: readonly NamedType[] = [],
): readonly NamedType[] {
  refuseDuplicates(
    params,
    (name) => ({
      message: `duplicate ${kind} parameter \`${name}\``,
      label: "duplicate parameter",
    }),
    self.map((each) => each.name),
  );
  return [...self, ...namedTypesOf(scope, params)];
}

/** A function can't return a borrowed handle, wherever in the result it would be. */
export function resultOf(scope: TypeScope, node: TypeNode): ValueType {
  const type = valueTypeOf(scope, node);
  if (containsBorrow(type)) {
    throw new Problem({
      code: "borrow-in-result",
      message: "function result cannot recursively contain a borrow type",
      range: node.range,
      label: "borrow type in result",
    });
  }
  return type;
}

/** `seen`: types are shared, so that a small text can stand for a huge tree. */
function containsBorrow(type: ValueType | undefined, seen = new Set<ValueType>()): boolean {
  if (type === undefined || seen.has(type)) {
    return false;
  }
  seen.add(type);
  switch (type.kind) {
    case "borrow":
      return true;
    case "record":
      return type.fields.some((field) => containsBorrow(field.type, seen));
    case "tuple":
      return type.types.some((item) => containsBorrow(item, seen));
    case "variant":
      return type.cases.some((item) => containsBorrow(item.type, seen));
    case "option":
      return containsBorrow(type.type, seen);
    case "result":
      return containsBorrow(type.ok, seen) || containsBorrow(type.err, seen);
    case "list":
      return containsBorrow(type.element, seen);
    default:
      return false;
  }
}

function namedTypesOf(scope: TypeScope, nodes: readonly NamedTypeNode[]): readonly NamedType[] {
  return nodes.map(({ id, type }) => ({ name: id.name, type: valueTypeOf(scope, type) }));
}

function refuseDuplicates(
  nodes: readonly { readonly id: Id }[],
  describe: (name: string) => { readonly message: string; readonly label: string },
  taken: readonly string[] = [],
): void {
  const seen = new Map<string, Id | undefined>(taken.map((name) => [name, undefined]));
  for (const { id } of nodes) {
    if (seen.has(id.name)) {
      const first = seen.get(id.name);
      throw new Problem({
        code: "duplicate-member",
        ...describe(id.name),
        range: id.range,
        related: first === undefined ? [] : [{ range: first.range, label: "first here" }],
      });
    }
    seen.set(id.name, id);
  }
}
