/** Syntax trees of any form, for property tests. Places are left open. */
import fc from "fast-check";
import type {
  Argument,
  DocComment,
  Document,
  Expression,
  ExternName,
  FuncType,
  Id,
  InlineInterface,
  InterfaceItem,
  LabelNode,
  NamedTypeNode,
  NameReference,
  PackageName,
  PackagePath,
  ResourceDeclaration,
  Statement,
  TypeDeclaration,
  TypeNode,
  Use,
  WorldItem,
} from "../ast.ts";

const range = { start: 0, end: 0 };
const words = ["a", "b2", "frame", "let", "u8", "type", "new", "X", "interface", "world"];

const name = fc
  .array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join("-"));
const id: fc.Arbitrary<Id> = name.map((text) => ({ name: text, range }));
const docs: fc.Arbitrary<readonly DocComment[]> = fc.array(
  fc.constantFrom("A thing.", "It has\nlines.", "").map((text) => ({ text, range })),
  { maxLength: 2 },
);
const version = fc.option(fc.constantFrom("1.0.0", "0.2.1-rc.1+build.5"), { nil: undefined });
const lower = fc.constantFrom("wasi", "adas", "my-type", "import");
const packageName: fc.Arbitrary<PackageName> = fc
  .tuple(fc.array(lower, { minLength: 2, maxLength: 3 }), version)
  .map(([parts, of]) => ({ name: parts.join(":"), version: of, range }));
const path: fc.Arbitrary<PackagePath> = fc
  .tuple(packageName, fc.array(lower, { minLength: 1, maxLength: 2 }))
  .map(([of, parts]) => ({
    kind: "path",
    package: of,
    segments: parts.map((each) => ({ name: each, range })),
    text: `${of.name}/${parts.join("/")}${of.version === undefined ? "" : `@${of.version}`}`,
    range,
  }));
const reference: fc.Arbitrary<NameReference> = id.map((of) => ({ kind: "name", id: of, range }));
const pathOrName = fc.oneof(path, reference);
const externName: fc.Arbitrary<ExternName> = fc.oneof(
  name.map((text) => ({ name: text, quoted: false, range })),
  fc.constantFrom("a:b/c@1.0.0", "", "what ever").map((text) => ({ name: text, quoted: true, range })),
);

const { type } = fc.letrec<{ type: TypeNode }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    fc
      .constantFrom("u8", "f64", "char", "bool", "string")
      .map((of): TypeNode => ({ kind: "primitive", name: of as "u8", range })),
    reference,
    id.map((of): TypeNode => ({ kind: "borrow", id: of, range })),
    tie("type").map((of): TypeNode => ({ kind: "list", type: of, range })),
    tie("type").map((of): TypeNode => ({ kind: "option", type: of, range })),
    fc
      .array(tie("type"), { minLength: 1, maxLength: 3 })
      .map((types): TypeNode => ({ kind: "tuple", types, range })),
    fc
      .tuple(fc.option(tie("type"), { nil: undefined }), fc.option(tie("type"), { nil: undefined }))
      .map(([ok, err]): TypeNode => ({ kind: "result", ok, err, range })),
  ),
}));
const params: fc.Arbitrary<readonly NamedTypeNode[]> = fc.array(fc.record({ id, type }), { maxLength: 3 });
const func: fc.Arbitrary<FuncType> = fc
  .tuple(params, fc.option(type, { nil: undefined }))
  .map(([of, result]) => ({ kind: "func", params: of, result, range }));

const label: fc.Arbitrary<LabelNode> = fc.record({ docs, id });
const labels = fc.array(label, { minLength: 1, maxLength: 3 });
const field = fc.record({ docs, id, type });
const caseNode = fc.record({ docs, id, type: fc.option(type, { nil: undefined }) });
const typeDeclaration: fc.Arbitrary<TypeDeclaration> = fc.oneof(
  fc
    .tuple(docs, id, fc.array(caseNode, { minLength: 1, maxLength: 3 }))
    .map(([d, of, members]): TypeDeclaration => ({ kind: "variant", docs: d, id: of, members, range })),
  fc
    .tuple(docs, id, fc.array(field, { minLength: 1, maxLength: 3 }))
    .map(([d, of, members]): TypeDeclaration => ({ kind: "record", docs: d, id: of, members, range })),
  fc
    .tuple(docs, id, labels, fc.constantFrom("flags" as const, "enum" as const))
    .map(([d, of, members, kind]): TypeDeclaration => ({ kind, docs: d, id: of, members, range })),
  fc
    .tuple(docs, id, fc.oneof(type, func))
    .map(([d, of, aliased]): TypeDeclaration => ({ kind: "alias", docs: d, id: of, type: aliased, range })),
);
const method: fc.Arbitrary<ResourceDeclaration["methods"][number]> = fc.oneof(
  fc.tuple(docs, params).map(([d, of]) => ({ kind: "constructor" as const, docs: d, params: of, range })),
  fc
    .tuple(docs, id, func, fc.constantFrom("method" as const, "static" as const))
    .map(([d, of, signature, kind]) => ({ kind, docs: d, id: of, type: signature, range })),
);
const resource: fc.Arbitrary<ResourceDeclaration> = fc
  .tuple(docs, id, fc.array(method, { maxLength: 3 }))
  .map(([d, of, methods]) => ({ kind: "resource", docs: d, id: of, methods, range }));
const use: fc.Arbitrary<Use> = fc
  .tuple(
    docs,
    pathOrName,
    fc.array(fc.record({ id, as: fc.option(id, { nil: undefined }) }), { minLength: 1, maxLength: 3 }),
  )
  .map(([d, from, items]) => ({ kind: "use", docs: d, path: from, items, range }));
const interfaceItem: fc.Arbitrary<InterfaceItem> = fc.oneof(
  use,
  typeDeclaration,
  resource,
  fc
    .tuple(docs, id, fc.oneof(func, reference))
    .map(
      ([d, of, signature]): InterfaceItem => ({ kind: "function", docs: d, id: of, type: signature, range }),
    ),
);
const inlineInterface: fc.Arbitrary<InlineInterface> = fc
  .array(interfaceItem, { maxLength: 2 })
  .map((items) => ({ kind: "inline-interface", items, range }));
const namedItem = fc
  .tuple(id, fc.oneof(func, inlineInterface, reference))
  .map(([of, signature]) => ({ kind: "named" as const, id: of, type: signature, range }));
const worldItem: fc.Arbitrary<WorldItem> = fc.oneof(
  use,
  typeDeclaration,
  resource,
  fc
    .tuple(docs, fc.constantFrom("import" as const, "export" as const), fc.oneof(path, reference, namedItem))
    .map(([d, direction, item]): WorldItem => ({ kind: "world-extern", direction, docs: d, item, range })),
  fc
    .tuple(docs, pathOrName, fc.array(fc.record({ from: id, to: id }), { maxLength: 2 }))
    .map(([d, of, renames]): WorldItem => ({ kind: "include", docs: d, world: of, with: renames, range })),
);

const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const argument: fc.Arbitrary<Argument> = fc.oneof(
    id.map((of): Argument => ({ kind: "inferred", id: of, range })),
    id.map((of): Argument => ({ kind: "spread", id: of, range })),
    fc
      .tuple(externName, tie("expression"))
      .map(([of, value]): Argument => ({ kind: "named", name: of, value, range })),
    fc.constant<Argument>({ kind: "fill", range }),
  );
  const primary: fc.Arbitrary<Expression["primary"]> = fc.oneof(
    { maxDepth: 3 },
    reference,
    tie("expression").map((inner) => ({ kind: "nested" as const, inner, range })),
    fc
      .tuple(packageName, fc.array(argument, { maxLength: 3 }))
      .map(([of, args]) => ({ kind: "new" as const, package: of, arguments: args, range })),
  );
  const access = externName.map((of) => ({ name: of, range }));
  return {
    expression: fc
      .tuple(primary, fc.array(access, { maxLength: 2 }))
      .map(([of, accesses]) => ({ primary: of, accesses, range })),
  };
});
const statement: fc.Arbitrary<Statement> = fc.oneof(
  fc
    .tuple(
      docs,
      id,
      fc.option(externName, { nil: undefined }),
      fc.oneof(path, func, inlineInterface, reference),
    )
    .map(
      ([d, of, as, imported]): Statement => ({ kind: "import", docs: d, id: of, as, type: imported, range }),
    ),
  fc
    .tuple(docs, id, expression)
    .map(([d, of, value]): Statement => ({ kind: "let", docs: d, id: of, value, range })),
  fc
    .tuple(
      docs,
      expression,
      fc.option(fc.oneof(externName, fc.constant("spread" as const)), { nil: undefined }),
    )
    .map(([d, value, option]): Statement => {
      const spread = option === "spread" ? range : undefined;
      return { kind: "export", docs: d, value, as: option === "spread" ? undefined : option, spread, range };
    }),
  fc
    .tuple(docs, id, fc.array(interfaceItem, { maxLength: 4 }))
    .map(([d, of, items]): Statement => ({ kind: "interface", docs: d, id: of, items, range })),
  fc
    .tuple(docs, id, fc.array(worldItem, { maxLength: 4 }))
    .map(([d, of, items]): Statement => ({ kind: "world", docs: d, id: of, items, range })),
  typeDeclaration,
);

export const arbitraryDocument: fc.Arbitrary<Document> = fc
  .tuple(docs, packageName, fc.option(path, { nil: undefined }), fc.array(statement, { maxLength: 5 }))
  .map(([d, of, targets, statements]) => ({
    file: "any.wac",
    text: "",
    docs: d,
    package: { name: of, targets, range },
    statements,
  }));
