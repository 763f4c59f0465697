import type { FuncType, ResourceDeclaration, TypeDeclaration, TypeNode } from "./ast.ts";

/** The names of the types that a declaration consists of, in the order of the text. What methods mention does not count. */
export function typesMentioned(declaration: TypeDeclaration | ResourceDeclaration): readonly string[] {
  switch (declaration.kind) {
    case "record":
      return declaration.members.flatMap(({ type }) => namesIn(type));
    case "variant":
      return declaration.members.flatMap(({ type }) => (type === undefined ? [] : namesIn(type)));
    case "alias":
      return declaration.type.kind === "func" ? namesInFunc(declaration.type) : namesIn(declaration.type);
    default:
      return [];
  }
}

function namesInFunc({ params, result }: FuncType): readonly string[] {
  return [...params.map(({ type }) => type), ...(result === undefined ? [] : [result])].flatMap(namesIn);
}

/** The names that a type mentions, in the order of the text. */
function namesIn(type: TypeNode): readonly string[] {
  switch (type.kind) {
    case "name":
    case "borrow":
      return [type.id.name];
    case "tuple":
      return type.types.flatMap(namesIn);
    case "list":
    case "option":
      return namesIn(type.type);
    case "result":
      return [type.ok, type.err].flatMap((each) => (each === undefined ? [] : namesIn(each)));
    case "primitive":
      return [];
  }
}
