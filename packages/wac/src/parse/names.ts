import type { ExternName, Id, NameReference, PackageName, PackagePath } from "../ast.ts";
import { Problem } from "../errors.ts";
import { isVersion } from "../names.ts";
import type { Range } from "../source.ts";
import type { Cursor } from "./cursor.ts";
import type { Token } from "./lexer.ts";

/** What messages call an identifier. */
export const A_NAME = "a name";

export function parseId(cursor: Cursor): Id {
  if (cursor.peek().kind !== "id") {
    cursor.fail(A_NAME);
  }
  return idOf(cursor.take());
}

/** An identifier or a string. */
export function parseExternName(cursor: Cursor): ExternName {
  if (cursor.peek().kind === "string") {
    return parseString(cursor);
  }
  if (cursor.peek().kind !== "id") {
    cursor.fail(A_NAME, "a string");
  }
  return { ...idOf(cursor.take()), quoted: false };
}

export function parseString(cursor: Cursor): ExternName {
  if (cursor.peek().kind !== "string") {
    cursor.fail("a string");
  }
  const token = cursor.take();
  return { name: token.text.slice(1, -1), quoted: true, range: rangeOf(token) };
}

export function parseNameReference(cursor: Cursor): NameReference {
  const id = parseId(cursor);
  return { kind: "name", id, range: id.range };
}

/** A path, or a name where there is no `:` and `/` that make a path. */
export function parsePathOrName(cursor: Cursor): PackagePath | NameReference {
  if (startsPath(cursor)) {
    return parsePackagePath(cursor);
  }
  if (cursor.peek().kind !== "id") {
    cursor.fail("a package path", A_NAME);
  }
  return parseNameReference(cursor);
}

/** `ns:name@1.0.0`: written without white space, so `a:b` is one name and `a: b` is not. */
export function parsePackageName(cursor: Cursor): PackageName {
  if (!startsPackage(cursor)) {
    cursor.fail("a package name (`namespace:name`)");
  }
  const start = cursor.peek();
  const name = takeJoined(cursor, ":")
    .map((segment) => segment.name)
    .join(":");
  const version = acceptVersion(cursor);
  return { name, version, range: cursor.since(start) };
}

/** `ns:name/segment@1.0.0`, without white space. */
export function parsePackagePath(cursor: Cursor): PackagePath {
  if (!startsPath(cursor)) {
    cursor.fail("a package path (`namespace:name/interface`)");
  }
  const start = cursor.peek();
  const name = takeJoined(cursor, ":")
    .map((segment) => segment.name)
    .join(":");
  const range = cursor.since(start);
  cursor.expect("/");
  const segments = takeJoined(cursor, "/");
  const version = acceptVersion(cursor);
  const text = `${name}/${segments.map((segment) => segment.name).join("/")}${version ? `@${version}` : ""}`;
  return { kind: "path", package: { name, version, range }, segments, text, range: cursor.since(start) };
}

/** Whether `a:b` follows. */
function startsPackage(cursor: Cursor): boolean {
  return isWord(cursor.peek()) && joinedBy(cursor, ":", 0);
}

/** Whether `a:b/c` follows: as many `:b` as there are, then a `/`. */
export function startsPath(cursor: Cursor): boolean {
  if (!startsPackage(cursor)) {
    return false;
  }
  let ahead = 0;
  while (joinedBy(cursor, ":", ahead)) {
    ahead += 2;
  }
  return joinedBy(cursor, "/", ahead);
}

/** Whether a separator and a word follow the token without white space. What should be a word and is not is an error. */
function joinedBy(cursor: Cursor, separator: string, ahead: number): boolean {
  if (!cursor.touches(ahead) || !cursor.is(separator, ahead + 1) || !cursor.touches(ahead + 1)) {
    return false;
  }
  const word = cursor.peek(ahead + 2);
  if (word.problem?.details.code === "invalid-name") {
    throw word.problem;
  }
  return isWord(word);
}

/** Takes a word and every separator and word that follow without white space. */
function takeJoined(cursor: Cursor, separator: string): readonly Id[] {
  const ids: Id[] = [];
  while (joinedBy(cursor, separator, 0)) {
    ids.push(idOf(cursor.take()));
    cursor.take();
  }
  return [...ids, idOf(cursor.take())];
}

function acceptVersion(cursor: Cursor): string | undefined {
  const token = cursor.peek();
  if (cursor.last.end !== token.start) {
    return undefined;
  }
  if (token.kind === "symbol" && token.text === "@") {
    cursor.take();
    cursor.fail("a version after `@`");
  }
  if (token.kind !== "version") {
    return undefined;
  }
  cursor.take();
  const version = token.text.slice(1);
  if (!isVersion(version)) {
    throw new Problem({
      code: "invalid-version",
      message: `\`${version}\` is not a valid semantic version`,
      range: { start: token.start + 1, end: token.end },
      label: "invalid version",
      expected: "a version such as `1.0.0`",
      found: `\`${version}\``,
      hints: ["a version has three numbers: `1.2.3`, and may have more: `1.2.3-rc.1+build`"],
    });
  }
  return version;
}

/** Inside packages and paths keywords are ordinary words: `wasi:io/type`. */
function isWord(token: Token): boolean {
  return token.kind === "id" || token.kind === "keyword";
}

function idOf(token: Token): Id {
  return { name: token.text.replace(/^%/, ""), range: rangeOf(token) };
}

export function rangeOf(token: Token): Range {
  return { start: token.start, end: token.end };
}
