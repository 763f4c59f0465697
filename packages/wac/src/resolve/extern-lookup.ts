import { lastSegment } from "../names.ts";

/**
 * The import or export that a short name means: the only one whose path ends with it. Undefined where there is none or
 * more than one, or where the name itself is one. Source: LANGUAGE.md, "Access Expressions" and "Named Arguments".
 */
export function findByLastSegment(name: string, externs: Iterable<string>): string | undefined {
  let found: string | undefined;
  for (const extern of externs) {
    if (extern === name) {
      return undefined;
    }
    if (lastSegment(extern) === name) {
      if (found !== undefined) {
        return undefined;
      }
      found = extern;
    }
  }
  return found;
}

/** The short names of those that have one. */
export function lastSegments(externs: Iterable<string>): readonly string[] {
  return [...externs].flatMap((extern) => lastSegment(extern) ?? []);
}
