import type {
  Id,
  InterfaceDeclaration,
  NameReference,
  PackageName,
  PackagePath,
  WorldDeclaration,
} from "../ast.ts";
import type { Cursor } from "../parse/cursor.ts";
import { parseInterface, parseWorld } from "../parse/declarations.ts";
import { parseId, parsePackageName, parsePathOrName } from "../parse/names.ts";
import type { Range } from "../source.ts";

/** What one file, or one `package … { }` in a file, says about a package. Source: WIT.md, "Package declaration" and on. */
export interface WitPart {
  /** Undefined where the file leaves it to the other files of its folder. */
  readonly package: PackageName | undefined;
  readonly declarations: readonly (InterfaceDeclaration | WorldDeclaration)[];
  readonly uses: readonly FileUse[];
  readonly range: Range;
}

/** `use ns:name/interface as name;` at the top of a file */
export interface FileUse {
  readonly path: PackagePath | NameReference;
  readonly as: Id;
}

/** Reads a WIT file: what it says about its own package, then the packages that stand inside it. */
export function parseWitFile(cursor: Cursor): readonly WitPart[] {
  const start = cursor.peek();
  const name = headerFollows(cursor) ? parseHeader(cursor) : undefined;
  const nested: WitPart[] = [];
  const body = new Body();
  while (cursor.peek().kind !== "end") {
    if (cursor.is("package")) {
      nested.push(parseNested(cursor));
    } else {
      body.parse(cursor);
    }
  }
  const hasOwn = name !== undefined || body.declarations.length > 0 || nested.length === 0;
  return [...(hasOwn ? [body.finish(name, cursor.since(start))] : []), ...nested];
}

/** Whether the `package` that follows is that of the file, not one with a body. */
function headerFollows(cursor: Cursor): boolean {
  if (!cursor.is("package")) {
    return false;
  }
  let ahead = 1;
  while (!cursor.is(";", ahead) && !cursor.is("{", ahead) && cursor.peek(ahead).kind !== "end") {
    ahead++;
  }
  return !cursor.is("{", ahead);
}

function parseHeader(cursor: Cursor): PackageName {
  cursor.expect("package");
  const name = parsePackageName(cursor);
  cursor.expect(";");
  return name;
}

function parseNested(cursor: Cursor): WitPart {
  const start = cursor.expect("package");
  const name = parsePackageName(cursor);
  cursor.expect("{");
  const body = new Body();
  while (!cursor.accept("}")) {
    body.parse(cursor);
  }
  return body.finish(name, cursor.since(start));
}

/** The declarations of a package while they are read. */
class Body {
  readonly declarations: (InterfaceDeclaration | WorldDeclaration)[] = [];
  readonly #uses: FileUse[] = [];

  parse(cursor: Cursor): void {
    const { unstable } = cursor.peek();
    if (cursor.is("use")) {
      this.#uses.push(parseFileUse(cursor));
      return;
    }
    const declaration = cursor.is("interface")
      ? parseInterface(cursor)
      : cursor.is("world")
        ? parseWorld(cursor)
        : cursor.fail("`interface`", "`world`", "`use`");
    if (!unstable) {
      this.declarations.push(declaration);
    }
  }

  finish(name: PackageName | undefined, range: Range): WitPart {
    return { package: name, declarations: this.declarations, uses: this.#uses, range };
  }
}

function parseFileUse(cursor: Cursor): FileUse {
  cursor.expect("use");
  const path = parsePathOrName(cursor);
  const last = path.kind === "path" ? path.segments.at(-1) : path.id;
  const as = cursor.accept("as") ? parseId(cursor) : last;
  cursor.expect(";");
  if (as === undefined) {
    throw new Error("Invariant: a path has a last segment");
  }
  return { path, as };
}
