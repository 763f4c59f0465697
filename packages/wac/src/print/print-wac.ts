import type {
  Argument,
  CaseNode,
  DocComment,
  Document,
  Expression,
  ExternName,
  FieldNode,
  FuncType,
  Id,
  InterfaceItem,
  LabelNode,
  NamedTypeNode,
  NameReference,
  PackagePath,
  ResourceMethod,
  Statement,
  TypeDeclaration,
  TypeNode,
  Use,
  WorldExtern,
  WorldItem,
} from "../ast.ts";
import { packageKey } from "../packages.ts";
import { isKeyword } from "../parse/lexer.ts";

/**
 * A composition as text in the usual form: two spaces for each level, one item a line. Parsing it gives the same document
 * again, but for the ranges; comments that document nothing are lost.
 */
export function printWac({ docs, package: directive, statements }: Document): string {
  const { name, targets } = directive;
  const header = `package ${packageKey(name)}${targets === undefined ? "" : ` targets ${targets.text}`};`;
  const blocks = statements.map((statement) => printStatement(statement).join("\n"));
  return `${[[...printDocs(docs), header].join("\n"), ...blocks].join("\n\n")}\n`;
}

type Lines = readonly string[];

function printStatement(statement: Statement): Lines {
  const docs = printDocs(statement.docs);
  switch (statement.kind) {
    case "import": {
      const as = statement.as === undefined ? "" : ` as ${printExternName(statement.as)}`;
      const head = `import ${printId(statement.id)}${as}: `;
      const { type } = statement;
      switch (type.kind) {
        case "path":
          return [...docs, `${head}${type.text};`];
        case "func":
          return [...docs, `${head}${printFunc(type)};`];
        case "name":
          return [...docs, `${head}${printId(type.id)};`];
        case "inline-interface":
          return [...docs, ...block(`${head}interface`, type.items.flatMap(printInterfaceItem), "};")];
      }
      break;
    }
    case "let":
      return [...docs, `let ${printId(statement.id)} = ${printExpression(statement.value)};`];
    case "export": {
      const { value, as, spread } = statement;
      const option = spread !== undefined ? "..." : as === undefined ? "" : ` as ${printExternName(as)}`;
      return [...docs, `export ${printExpression(value)}${option};`];
    }
    case "interface":
      return [
        ...docs,
        ...block(`interface ${printId(statement.id)}`, statement.items.flatMap(printInterfaceItem)),
      ];
    case "world":
      return [...docs, ...block(`world ${printId(statement.id)}`, statement.items.flatMap(printWorldItem))];
    default:
      return printType(statement);
  }
}

function printExpression({ primary, accesses }: Expression): string {
  const after = accesses.map(({ name }) => (name.quoted ? `["${name.name}"]` : `.${printId(name)}`));
  return printPrimary(primary) + after.join("");
}

function printPrimary(primary: Expression["primary"]): string {
  switch (primary.kind) {
    case "name":
      return printId(primary.id);
    case "nested":
      return `(${printExpression(primary.inner)})`;
    case "new": {
      const args = primary.arguments.map(printArgument).join(", ");
      return `new ${packageKey(primary.package)} {${args === "" ? "" : ` ${args} `}}`;
    }
  }
}

function printArgument(argument: Argument): string {
  switch (argument.kind) {
    case "inferred":
      return printId(argument.id);
    case "spread":
      return `...${printId(argument.id)}`;
    case "named":
      return `${printExternName(argument.name)}: ${printExpression(argument.value)}`;
    case "fill":
      return "...";
  }
}

function printInterfaceItem(item: InterfaceItem): Lines {
  switch (item.kind) {
    case "use":
      return printUse(item);
    case "function": {
      const type = item.type.kind === "func" ? printFunc(item.type) : printId(item.type.id);
      return [...printDocs(item.docs), `${printId(item.id)}: ${type};`];
    }
    default:
      return printItemType(item);
  }
}

function printWorldItem(item: WorldItem): Lines {
  switch (item.kind) {
    case "use":
      return printUse(item);
    case "world-extern":
      return printWorldExtern(item);
    case "include": {
      const renames = item.with.map(({ from, to }) => `${printId(from)} as ${printId(to)}`).join(", ");
      const rest = renames === "" ? "" : ` with { ${renames} }`;
      return [...printDocs(item.docs), `include ${printPath(item.world)}${rest};`];
    }
    default:
      return printItemType(item);
  }
}

function printWorldExtern({ docs, direction, item }: WorldExtern): Lines {
  if (item.kind !== "named") {
    return [...printDocs(docs), `${direction} ${printPath(item)};`];
  }
  const head = `${direction} ${printId(item.id)}: `;
  switch (item.type.kind) {
    case "func":
      return [...printDocs(docs), `${head}${printFunc(item.type)};`];
    case "name":
      return [...printDocs(docs), `${head}${printId(item.type.id)};`];
    case "inline-interface":
      return [
        ...printDocs(docs),
        ...block(`${head}interface`, item.type.items.flatMap(printInterfaceItem), "};"),
      ];
  }
}

function printUse({ docs, path, items }: Use): Lines {
  const names = items.map(({ id, as }) =>
    as === undefined ? printId(id) : `${printId(id)} as ${printId(as)}`,
  );
  return [...printDocs(docs), `use ${printPath(path)}.{${names.join(", ")}};`];
}

function printItemType(
  item: Extract<InterfaceItem, { kind: "resource" | "methods" }> | TypeDeclaration,
): Lines {
  switch (item.kind) {
    case "methods":
      throw new Error("Invariant: no text has methods apart from their resource");
    case "resource": {
      const head = `resource ${printId(item.id)}`;
      const methods = item.methods.flatMap(printMethod);
      return [...printDocs(item.docs), ...(methods.length === 0 ? [`${head};`] : block(head, methods))];
    }
    default:
      return printType(item);
  }
}

function printMethod(method: ResourceMethod): Lines {
  const docs = printDocs(method.docs);
  if (method.kind === "constructor") {
    return [...docs, `constructor(${printParams(method.params)});`];
  }
  const isStatic = method.kind === "static" ? "static " : "";
  return [...docs, `${printId(method.id)}: ${isStatic}${printFunc(method.type)};`];
}

function printType(declaration: TypeDeclaration): Lines {
  const docs = printDocs(declaration.docs);
  const id = printId(declaration.id);
  switch (declaration.kind) {
    case "alias": {
      const { type } = declaration;
      return [...docs, `type ${id} = ${type.kind === "func" ? printFunc(type) : printValueType(type)};`];
    }
    case "variant":
      return [...docs, ...block(`variant ${id}`, declaration.members.flatMap(printCase))];
    case "record":
      return [...docs, ...block(`record ${id}`, declaration.members.flatMap(printField))];
    case "flags":
    case "enum":
      return [...docs, ...block(`${declaration.kind} ${id}`, declaration.members.flatMap(printLabel))];
  }
}

function printCase({ docs, id, type }: CaseNode): Lines {
  return [...printDocs(docs), `${printId(id)}${type === undefined ? "" : `(${printValueType(type)})`},`];
}

function printField({ docs, id, type }: FieldNode): Lines {
  return [...printDocs(docs), `${printId(id)}: ${printValueType(type)},`];
}

function printLabel({ docs, id }: LabelNode): Lines {
  return [...printDocs(docs), `${printId(id)},`];
}

function printFunc({ params, result }: FuncType): string {
  return `func(${printParams(params)})${result === undefined ? "" : ` -> ${printValueType(result)}`}`;
}

function printParams(params: readonly NamedTypeNode[]): string {
  return params.map(({ id, type }) => `${printId(id)}: ${printValueType(type)}`).join(", ");
}

function printValueType(type: TypeNode): string {
  switch (type.kind) {
    case "primitive":
      return type.name;
    case "name":
      return printId(type.id);
    case "tuple":
      return `tuple<${type.types.map(printValueType).join(", ")}>`;
    case "list":
    case "option":
      return `${type.kind}<${printValueType(type.type)}>`;
    case "borrow":
      return `borrow<${printId(type.id)}>`;
    case "result": {
      const ok = type.ok === undefined ? "_" : printValueType(type.ok);
      if (type.err === undefined) {
        return type.ok === undefined ? "result" : `result<${ok}>`;
      }
      return `result<${ok}, ${printValueType(type.err)}>`;
    }
  }
}

function printPath(path: PackagePath | NameReference): string {
  return path.kind === "path" ? path.text : printId(path.id);
}

function printExternName({ name, quoted }: ExternName): string {
  return quoted ? `"${name}"` : printName(name);
}

function printId({ name }: Id): string {
  return printName(name);
}

/** Keywords are names only with a `%`. */
function printName(name: string): string {
  return isKeyword(name) ? `%${name}` : name;
}

function printDocs(docs: readonly DocComment[]): Lines {
  return docs.flatMap(({ text }) => {
    const lines = text.split("\n");
    return lines.length === 1 ? [`/// ${text}`.trimEnd()] : [`/** ${text} */`];
  });
}

function block(head: string, items: Lines, close = "}"): Lines {
  return items.length === 0 ? [`${head} {${close}`] : [`${head} {`, ...indented(items), close];
}

/** Lines of a comment that has several belong to it as they are. */
function indented(lines: Lines): Lines {
  return lines.map((line) => `  ${line}`);
}
