import type { FuncType, NamedTypeNode, PrimitiveName, TypeNode } from "../ast.ts";
import type { Cursor } from "./cursor.ts";
import { A_NAME, parseId, parseNameReference, rangeOf } from "./names.ts";

const PRIMITIVES: ReadonlySet<string> = new Set<PrimitiveName>([
  "u8",
  "s8",
  "u16",
  "s16",
  "u32",
  "s32",
  "u64",
  "s64",
  "f32",
  "f64",
  "char",
  "bool",
  "string",
]);

/** Keywords that begin a type with others inside. */
const WRAPPERS: ReadonlySet<string> = new Set(["tuple", "list", "option", "result", "borrow"]);

/** `func(a: u32) -> string` */
export function parseFuncType(cursor: Cursor): FuncType {
  const start = cursor.expect("func");
  const params = parseParams(cursor);
  const result = cursor.accept("->") ? parseType(cursor) : undefined;
  return { kind: "func", params, result, range: cursor.since(start) };
}

/** `(a: u32, b: string)` */
export function parseParams(cursor: Cursor): readonly NamedTypeNode[] {
  cursor.expect("(");
  return cursor.list(")", true, "a parameter", () => {
    const id = parseId(cursor);
    cursor.expect(":");
    return { id, type: parseType(cursor) };
  });
}

/** A type of values or, where the type is given a name, of functions. */
export function parseAliased(cursor: Cursor): FuncType | TypeNode {
  if (cursor.is("func")) {
    return parseFuncType(cursor);
  }
  const { kind, text } = cursor.peek();
  const startsType = kind === "id" || (kind === "keyword" && (PRIMITIVES.has(text) || WRAPPERS.has(text)));
  return startsType ? parseType(cursor) : cursor.fail("`func`", "a type", A_NAME);
}

/** A type of values. */
export function parseType(cursor: Cursor): TypeNode {
  return cursor.nested(() => parseTypeHere(cursor));
}

function parseTypeHere(cursor: Cursor): TypeNode {
  const token = cursor.peek();
  if (token.kind === "id") {
    return parseNameReference(cursor);
  }
  if (token.kind !== "keyword") {
    cursor.fail("a type", A_NAME);
  }
  if (PRIMITIVES.has(token.text)) {
    return { kind: "primitive", name: cursor.take().text as PrimitiveName, range: rangeOf(token) };
  }
  switch (token.text) {
    case "tuple":
      return parseTuple(cursor);
    case "list":
      return parseWrapped(cursor, "list");
    case "option":
      return parseWrapped(cursor, "option");
    case "result":
      return parseResult(cursor);
    case "borrow":
      return parseBorrow(cursor);
    default:
      return cursor.fail("a type", A_NAME);
  }
}

function parseTuple(cursor: Cursor): TypeNode {
  const start = cursor.take();
  cursor.expect("<");
  if (cursor.is(">")) {
    cursor.fail("a type");
  }
  const types = cursor.list(">", true, "a type", () => parseType(cursor));
  return { kind: "tuple", types, range: cursor.since(start) };
}

function parseWrapped(cursor: Cursor, kind: "list" | "option"): TypeNode {
  const start = cursor.take();
  cursor.expect("<");
  const type = parseType(cursor);
  cursor.expect(">");
  return { kind, type, range: cursor.since(start) };
}

/** `result`, `result<t>`, `result<_, e>` or `result<t, e>`; as in `wac`, `_` may stand for either. */
function parseResult(cursor: Cursor): TypeNode {
  const start = cursor.take();
  if (!cursor.accept("<")) {
    return { kind: "result", ok: undefined, err: undefined, range: cursor.since(start) };
  }
  const ok = parseTypeOrNone(cursor);
  const err = cursor.accept(",") ? parseTypeOrNone(cursor) : undefined;
  cursor.expect(">");
  return { kind: "result", ok, err, range: cursor.since(start) };
}

function parseTypeOrNone(cursor: Cursor): TypeNode | undefined {
  return cursor.accept("_") ? undefined : parseType(cursor);
}

function parseBorrow(cursor: Cursor): TypeNode {
  const start = cursor.take();
  cursor.expect("<");
  const id = parseId(cursor);
  cursor.expect(">");
  return { kind: "borrow", id, range: cursor.since(start) };
}
