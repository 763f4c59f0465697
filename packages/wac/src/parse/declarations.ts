import type {
  CaseNode,
  FieldNode,
  Id,
  Include,
  InlineInterface,
  InterfaceDeclaration,
  InterfaceExport,
  InterfaceItem,
  LabelNode,
  ResourceDeclaration,
  ResourceMethod,
  TypeDeclaration,
  Use,
  UseItem,
  WorldDeclaration,
  WorldExtern,
  WorldItem,
} from "../ast.ts";
import { Problem } from "../errors.ts";
import type { Cursor } from "./cursor.ts";
import {
  A_NAME,
  parseId,
  parseNameReference,
  parsePackagePath,
  parsePathOrName,
  rangeOf,
  startsPath,
} from "./names.ts";
import { parseAliased, parseFuncType, parseParams, parseType } from "./types.ts";

/** The keywords that start a `TypeDeclaration`. */
const TYPE_DECLARATIONS = ["variant", "record", "flags", "enum", "type"] as const;

export function parseInterface(cursor: Cursor): InterfaceDeclaration {
  const start = cursor.expect("interface");
  const id = parseId(cursor);
  const items = parseInterfaceItems(cursor);
  return { kind: "interface", docs: start.docs, id, items, range: cursor.since(start) };
}

export function parseInlineInterface(cursor: Cursor): InlineInterface {
  const start = cursor.expect("interface");
  const items = parseInterfaceItems(cursor);
  return { kind: "inline-interface", items, range: cursor.since(start) };
}

function parseInterfaceItems(cursor: Cursor): readonly InterfaceItem[] {
  cursor.expect("{");
  return cursor.list("}", false, "an item of the interface", () => parseInterfaceItem(cursor));
}

function parseInterfaceItem(cursor: Cursor): InterfaceItem {
  if (cursor.is("use")) {
    return parseUse(cursor);
  }
  if (cursor.peek().kind === "id") {
    return parseInterfaceExport(cursor);
  }
  return parseItemType(cursor) ?? cursor.fail("`use`", A_NAME, "a type declaration", "`}`");
}

function parseInterfaceExport(cursor: Cursor): InterfaceExport {
  const start = cursor.peek();
  const id = parseId(cursor);
  cursor.expect(":");
  const type = cursor.is("func")
    ? parseFuncType(cursor)
    : cursor.peek().kind === "id"
      ? parseNameReference(cursor)
      : cursor.fail("`func`", A_NAME);
  cursor.expect(";");
  return { kind: "function", docs: start.docs, id, type, range: cursor.since(start) };
}

function parseUse(cursor: Cursor): Use {
  const start = cursor.expect("use");
  const path = parsePathOrName(cursor);
  cursor.expect(".");
  cursor.expect("{");
  const items = cursor.list("}", true, "a type of the interface", (): UseItem => {
    const id = parseId(cursor);
    return { id, as: cursor.accept("as") ? parseId(cursor) : undefined };
  });
  cursor.expect(";");
  return { kind: "use", docs: start.docs, path, items, range: cursor.since(start) };
}

export function parseWorld(cursor: Cursor): WorldDeclaration {
  const start = cursor.expect("world");
  const id = parseId(cursor);
  cursor.expect("{");
  const items = cursor.list("}", false, "an item of the world", () => parseWorldItem(cursor));
  return { kind: "world", docs: start.docs, id, items, range: cursor.since(start) };
}

function parseWorldItem(cursor: Cursor): WorldItem {
  if (cursor.is("use")) {
    return parseUse(cursor);
  }
  if (cursor.is("import") || cursor.is("export")) {
    return parseWorldExtern(cursor);
  }
  if (cursor.is("include")) {
    return parseInclude(cursor);
  }
  return (
    parseItemType(cursor) ??
    cursor.fail("`use`", "`import`", "`export`", "`include`", "a type declaration", "`}`")
  );
}

function parseWorldExtern(cursor: Cursor): WorldExtern {
  const start = cursor.take();
  const direction = start.text === "import" ? "import" : "export";
  const item = parseWorldExternItem(cursor);
  const isBlock = item.kind === "named" && item.type.kind === "inline-interface";
  if (!(isBlock && cursor.language === "wit") || cursor.is(";")) {
    cursor.expect(";");
  }
  return { kind: "world-extern", direction, docs: start.docs, item, range: cursor.since(start) };
}

function parseWorldExternItem(cursor: Cursor): WorldExtern["item"] {
  if (startsPath(cursor)) {
    return parsePackagePath(cursor);
  }
  const start = cursor.peek();
  if (start.kind !== "id") {
    cursor.fail("a package path", A_NAME);
  }
  if (!cursor.is(":", 1)) {
    return parseNameReference(cursor);
  }
  const id = parseId(cursor);
  cursor.take();
  const type = cursor.is("func")
    ? parseFuncType(cursor)
    : cursor.is("interface")
      ? parseInlineInterface(cursor)
      : cursor.peek().kind === "id"
        ? parseNameReference(cursor)
        : cursor.fail(A_NAME, "`func`", "`interface`");
  return { kind: "named", id, type, range: cursor.since(start) };
}

function parseInclude(cursor: Cursor): Include {
  const start = cursor.expect("include");
  const world = parsePathOrName(cursor);
  let renames: Include["with"] = [];
  if (cursor.accept("with")) {
    cursor.expect("{");
    renames = cursor.list("}", true, "a renaming", () => {
      const from = parseId(cursor);
      cursor.expect("as");
      return { from, to: parseId(cursor) };
    });
  }
  cursor.expect(";");
  return { kind: "include", docs: start.docs, world, with: renames, range: cursor.since(start) };
}

/** A type declaration as interfaces and worlds have them: with resources. Undefined where none starts. */
function parseItemType(cursor: Cursor): TypeDeclaration | ResourceDeclaration | undefined {
  return cursor.is("resource") ? parseResource(cursor) : parseTypeDeclaration(cursor);
}

function parseResource(cursor: Cursor): ResourceDeclaration {
  const start = cursor.expect("resource");
  const id = parseId(cursor);
  let methods: readonly ResourceMethod[] = [];
  if (cursor.accept("{")) {
    methods = cursor.list("}", false, "a method", () => parseMethod(cursor));
  } else if (!cursor.accept(";")) {
    cursor.fail("`;`", "`{`");
  }
  return { kind: "resource", docs: start.docs, id, methods, range: cursor.since(start) };
}

function parseMethod(cursor: Cursor): ResourceMethod {
  const start = cursor.peek();
  if (cursor.accept("constructor")) {
    const params = parseParams(cursor);
    cursor.expect(";");
    return { kind: "constructor", docs: start.docs, params, range: rangeOf(start) };
  }
  if (start.kind !== "id") {
    cursor.fail("`constructor`", A_NAME, "`}`");
  }
  const id = parseId(cursor);
  cursor.expect(":");
  const kind = cursor.accept("static") ? "static" : "method";
  const type = parseFuncType(cursor);
  cursor.expect(";");
  return { kind, docs: start.docs, id, type, range: cursor.since(start) };
}

/** Undefined where no type declaration starts. */
export function parseTypeDeclaration(cursor: Cursor): TypeDeclaration | undefined {
  const kind = TYPE_DECLARATIONS.find((keyword) => cursor.is(keyword));
  if (kind === undefined) {
    return undefined;
  }
  const start = cursor.take();
  const { docs } = start;
  const id = parseId(cursor);
  switch (kind) {
    case "variant": {
      const members = parseMembers(cursor, "variant", "case", () => parseCase(cursor));
      return { kind, docs, id, members, range: cursor.since(start) };
    }
    case "record": {
      const members = parseMembers(cursor, "record", "field", () => parseField(cursor));
      return { kind, docs, id, members, range: cursor.since(start) };
    }
    case "flags":
    case "enum": {
      const member = kind === "enum" ? "case" : "flag";
      const members = parseMembers(cursor, kind, member, () => parseLabel(cursor));
      return { kind, docs, id, members, range: cursor.since(start) };
    }
    case "type": {
      cursor.expect("=");
      const type = parseAliased(cursor);
      cursor.expect(";");
      return { kind: "alias", docs, id, type, range: cursor.since(start) };
    }
  }
}

function parseMembers<T>(cursor: Cursor, kind: string, member: string, parse: () => T): readonly T[] {
  cursor.expect("{");
  const members = cursor.list("}", true, A_NAME, parse);
  if (members.length === 0) {
    throw new Problem({
      code: "empty-type",
      message: `${kind} must contain at least one ${member}`,
      range: rangeOf(cursor.last),
      label: `empty ${kind}`,
    });
  }
  return members;
}

function parseLabel(cursor: Cursor): LabelNode {
  const { docs } = cursor.peek();
  const id: Id = parseId(cursor);
  return { docs, id };
}

function parseField(cursor: Cursor): FieldNode {
  const label = parseLabel(cursor);
  cursor.expect(":");
  return { ...label, type: parseType(cursor) };
}

function parseCase(cursor: Cursor): CaseNode {
  const label = parseLabel(cursor);
  if (!cursor.accept("(")) {
    return { ...label, type: undefined };
  }
  const type = parseType(cursor);
  cursor.expect(")");
  return { ...label, type };
}
