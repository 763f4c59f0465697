import type { Access, Argument, Expression, NewExpression, PrimaryExpression } from "../ast.ts";
import type { Cursor } from "./cursor.ts";
import {
  A_NAME,
  parseExternName,
  parseId,
  parseNameReference,
  parsePackageName,
  parseString,
  rangeOf,
} from "./names.ts";

export function parseExpression(cursor: Cursor): Expression {
  return cursor.nested(() => {
    const start = cursor.peek();
    const primary = parsePrimary(cursor);
    const accesses: Access[] = [];
    while (cursor.is(".") || cursor.is("[")) {
      accesses.push(parseAccess(cursor));
    }
    return { primary, accesses, range: cursor.since(start) };
  });
}

function parsePrimary(cursor: Cursor): PrimaryExpression {
  if (cursor.is("new")) {
    return parseNew(cursor);
  }
  if (cursor.is("(")) {
    const start = cursor.take();
    const inner = parseExpression(cursor);
    cursor.expect(")");
    return { kind: "nested", inner, range: cursor.since(start) };
  }
  if (cursor.peek().kind !== "id") {
    cursor.fail("`new`", "`(`", A_NAME);
  }
  return parseNameReference(cursor);
}

function parseAccess(cursor: Cursor): Access {
  const start = cursor.take();
  if (start.text === ".") {
    const id = parseId(cursor);
    return { name: { ...id, quoted: false }, range: cursor.since(start) };
  }
  const name = parseString(cursor);
  cursor.expect("]");
  return { name, range: cursor.since(start) };
}

function parseNew(cursor: Cursor): NewExpression {
  const start = cursor.expect("new");
  const packageName = parsePackageName(cursor);
  cursor.expect("{");
  const args = cursor.list("}", true, "an argument", () => parseArgument(cursor));
  return { kind: "new", package: packageName, arguments: args, range: cursor.since(start) };
}

function parseArgument(cursor: Cursor): Argument {
  const start = cursor.peek();
  if (cursor.accept("...")) {
    if (cursor.is(",") || cursor.is("}")) {
      return { kind: "fill", range: rangeOf(start) };
    }
    const id = parseId(cursor);
    return { kind: "spread", id, range: cursor.since(start) };
  }
  if (start.kind !== "id" && start.kind !== "string") {
    cursor.fail(A_NAME, "a string", "`...`", "`}`");
  }
  if (start.kind === "id" && !cursor.is(":", 1)) {
    const id = parseId(cursor);
    return { kind: "inferred", id, range: id.range };
  }
  const name = parseExternName(cursor);
  cursor.expect(":");
  const value = parseExpression(cursor);
  return { kind: "named", name, value, range: cursor.since(start) };
}
