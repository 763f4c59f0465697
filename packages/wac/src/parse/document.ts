import type { Document, Statement } from "../ast.ts";
import { Problem, Problems } from "../errors.ts";
import { Cursor } from "./cursor.ts";
import { sketchProblem } from "./sketch.ts";
import { parsePackageDirective, parseStatement } from "./statements.ts";

/**
 * Parses a WAC text: the complete language of LANGUAGE.md, without looking at any package.
 *
 * @param file Name for messages.
 * @throws WacError with the first error of the text and, in `others`, those of later statements.
 */
export function parseWac(text: string, file = "composition.wac"): Document {
  const problems = new Problems({ file, text });
  const cursor = problems.attempt(() => new Cursor(text));
  if (cursor === undefined) {
    problems.throwIfAny();
    throw new Error("Invariant: a text without tokens has a problem");
  }
  const document = parseDocument(cursor, problems, file, text);
  problems.throwIfAny();
  return document;
}

function parseDocument(cursor: Cursor, problems: Problems, file: string, text: string): Document {
  const { docs } = cursor.peek();
  const directive = problems.attempt(() => explained(cursor, () => parseHeader(cursor)));
  if (directive === undefined) {
    problems.throwIfAny();
    throw new Error("Invariant: a missing header is a problem");
  }
  const statements: Statement[] = [];
  while (cursor.peek().kind !== "end" && !problems.full) {
    const began = cursor.position;
    const statement = problems.attempt(() => explained(cursor, () => parseStatement(cursor)));
    if (statement === undefined) {
      cursor.skipToStatement(began);
    } else {
      statements.push(statement);
    }
  }
  return { file, text, docs, package: directive, statements };
}

function parseHeader(cursor: Cursor): Document["package"] {
  if (cursor.is("package")) {
    return parsePackageDirective(cursor);
  }
  try {
    return cursor.fail("`package`");
  } catch (error) {
    if (!(error instanceof Problem) || error.details.code !== "syntax") {
      throw error;
    }
    throw new Problem({
      ...error.details,
      hints: ["a composition begins with its name: `package example:composition;`"],
    });
  }
}

/** Runs a step; a syntax error in a text of the old sketch form says so. */
function explained<T>(cursor: Cursor, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw error instanceof Problem ? (sketchProblem(cursor) ?? error) : error;
  }
}
