import type { ExportStatement, ImportStatement, LetStatement, PackageDirective, Statement } from "../ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseInlineInterface, parseInterface, parseTypeDeclaration, parseWorld } from "./declarations.ts";
import { parseExpression } from "./expressions.ts";
import {
  A_NAME,
  parseExternName,
  parseId,
  parseNameReference,
  parsePackageName,
  parsePackagePath,
  rangeOf,
  startsPath,
} from "./names.ts";
import { parseFuncType } from "./types.ts";

/** `package ns:name@1.0.0 targets ns:other/world;` */
export function parsePackageDirective(cursor: Cursor): PackageDirective {
  const start = cursor.expect("package");
  const name = parsePackageName(cursor);
  const targets = cursor.accept("targets") ? parsePackagePath(cursor) : undefined;
  cursor.expect(";");
  return { name, targets, range: cursor.since(start) };
}

export function parseStatement(cursor: Cursor): Statement {
  if (cursor.is("import")) {
    return parseImport(cursor);
  }
  if (cursor.is("let")) {
    return parseLet(cursor);
  }
  if (cursor.is("export")) {
    return parseExport(cursor);
  }
  if (cursor.is("interface")) {
    return parseInterface(cursor);
  }
  if (cursor.is("world")) {
    return parseWorld(cursor);
  }
  return (
    parseTypeDeclaration(cursor) ??
    cursor.fail("`import`", "`let`", "`export`", "`interface`", "`world`", "a type declaration")
  );
}

function parseImport(cursor: Cursor): ImportStatement {
  const start = cursor.expect("import");
  const id = parseId(cursor);
  const as = cursor.accept("as") ? parseExternName(cursor) : undefined;
  cursor.expect(":");
  const type = parseImportType(cursor);
  cursor.expect(";");
  return { kind: "import", docs: start.docs, id, as, type, range: cursor.since(start) };
}

function parseImportType(cursor: Cursor): ImportStatement["type"] {
  if (cursor.is("func")) {
    return parseFuncType(cursor);
  }
  if (cursor.is("interface")) {
    return parseInlineInterface(cursor);
  }
  if (startsPath(cursor)) {
    return parsePackagePath(cursor);
  }
  if (cursor.peek().kind !== "id") {
    cursor.fail("`func`", "`interface`", "a package path", A_NAME);
  }
  return parseNameReference(cursor);
}

function parseLet(cursor: Cursor): LetStatement {
  const start = cursor.expect("let");
  const id = parseId(cursor);
  cursor.expect("=");
  const value = parseExpression(cursor);
  cursor.expect(";");
  return { kind: "let", docs: start.docs, id, value, range: cursor.since(start) };
}

function parseExport(cursor: Cursor): ExportStatement {
  const start = cursor.expect("export");
  const value = parseExpression(cursor);
  const spread = cursor.accept("...");
  const as = spread === undefined && cursor.accept("as") ? parseExternName(cursor) : undefined;
  if (!cursor.is(";")) {
    cursor.fail(...(spread || as ? ["`;`"] : ["`;`", "`as`", "`...`", "`.`", "`[`"]));
  }
  cursor.take();
  return {
    kind: "export",
    docs: start.docs,
    value,
    as,
    spread: spread === undefined ? undefined : rangeOf(spread),
    range: cursor.since(start),
  };
}
