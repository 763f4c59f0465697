import { decodeComponent } from "@playhead/component-model";
import type { Document, NameReference, PackageName, PackagePath } from "../ast.ts";
import { encodeComposition } from "../encode/encode-composition.ts";
import { Problem, WacError } from "../errors.ts";
import { type LoadedPackage, packageKey, packageReferences } from "../packages.ts";
import { Cursor } from "../parse/cursor.ts";
import { resolveComposition } from "../resolve/resolve.ts";
import type { Source } from "../source.ts";
import { absolute, elaborated, type Found } from "./elaborate.ts";
import { JoinedSource } from "./joined-source.ts";
import { type FileUse, parseWitFile, type WitPart } from "./wit-file.ts";
import { orderDeclarations } from "./wit-order.ts";

type Declaration = WitPart["declarations"][number];

/** A package of WIT: all that its files say. */
interface WitPackage {
  readonly name: PackageName;
  readonly declarations: Declaration[];
  /** Every file as one text; ranges count from its start. */
  readonly source: JoinedSource;
}

/**
 * WIT packages as texts, made into the binary form in which other tools and `decodeComponent` know packages. Packages that
 * refer to each other are looked up among all that were added.
 */
export class WitPackages {
  readonly #packages = new Map<string, WitPackage>();
  readonly #compiled = new Map<string, Uint8Array>();
  /** Packages that wait for those that they refer to. */
  readonly #open = new Set<WitPackage>();

  /**
   * Adds the files of one package, and those that stand inside it.
   *
   * @returns the package's name with its version, as `compile` takes it
   * @throws WacError what is wrong with the texts
   */
  add(files: readonly Source[]): string {
    const source = new JoinedSource(files);
    return this.#located(source, () => this.#add(files, source));
  }

  /**
   * The binary of a package: its interfaces and worlds, each as a type.
   *
   * @throws WacError what is wrong with it, or with a package that it refers to
   */
  compile(key: string): Uint8Array {
    const known = this.#compiled.get(key);
    if (known !== undefined) {
      return known;
    }
    const found = this.#find(key);
    if (found === undefined) {
      throw new Error(`Invariant: the package ${key} was added`);
    }
    this.#open.add(found);
    try {
      const bytes = this.#located(found.source, () => this.#compile(found));
      this.#compiled.set(key, bytes);
      return bytes;
    } finally {
      this.#open.delete(found);
    }
  }

  #add(files: readonly Source[], source: JoinedSource): string {
    const parts = files.flatMap(({ text }, index) => {
      const start = source.startOf(index);
      // Spaces in front, so that ranges count from the start of the joined text.
      const cursor = new Cursor(" ".repeat(start) + text, "wit");
      return parseWitFile(cursor);
    });
    const own = parts.find((part) => part.package !== undefined)?.package;
    if (own === undefined) {
      const at = parts[0]?.range.start ?? 0;
      throw new Problem({
        code: "syntax",
        message: "no file says which package this is",
        range: { start: at, end: at + 1 },
        label: "expected `package namespace:name;`",
      });
    }
    for (const part of parts) {
      this.#addPart(part, part.package ?? own, source);
    }
    return packageKey(own);
  }

  #addPart(part: WitPart, name: PackageName, source: JoinedSource): void {
    const key = packageKey(name);
    const known = this.#packages.get(key) ?? { name, declarations: [], source };
    this.#packages.set(key, known);
    if (known.source !== source) {
      // The same package again, as each folder has its own copy of what it needs: the first one counts.
      return;
    }
    known.declarations.push(...part.declarations.map((each) => substituted(each, part.uses)));
  }

  #compile({ name, declarations, source }: WitPackage): Uint8Array {
    const statements = orderDeclarations(
      declarations.map((each) =>
        each.kind === "world" ? elaborated(each, name, (path, own) => this.#declarationAt(path, own)) : each,
      ),
      name,
    );
    const document: Document = {
      file: packageKey(name),
      text: source.text,
      docs: [],
      package: { name, targets: undefined, range: name.range },
      statements,
    };
    const packages = new Map(
      packageReferences(document).map((reference) => [packageKey(reference), this.#load(reference)]),
    );
    return encodeComposition(resolveComposition(document, packages));
  }

  #load(reference: PackageName): LoadedPackage {
    const found = this.#find(packageKey(reference));
    if (found === undefined) {
      return { kind: "missing", lookedAt: [], available: [...this.#packages.keys()] };
    }
    const key = packageKey(found.name);
    if (this.#open.has(found)) {
      throw new Problem({
        code: "cycle",
        message: `the package \`${key}\` refers to itself by way of others`,
        range: reference.range,
        label: "refers to what refers to it",
      });
    }
    const component = decodeComponent(this.compile(key), { name: key });
    const { name, version } = found.name;
    return { kind: "package", package: { name, version, component, from: key } };
  }

  /** A package by name and version; by name alone where there is only one version. */
  #find(key: string): WitPackage | undefined {
    const exact = this.#packages.get(key);
    if (exact !== undefined || key.includes("@")) {
      return exact;
    }
    const versions = [...this.#packages.values()].filter(({ name }) => name.name === key);
    return versions.length === 1 ? versions[0] : undefined;
  }

  #declarationAt(path: PackagePath | NameReference, own: PackageName): Found | undefined {
    const absolutePath = absolute(path, own);
    const found = this.#find(packageKey(absolutePath.package));
    const declaration = found?.declarations.find(({ id }) => id.name === absolutePath.segments[0]?.name);
    return found === undefined || declaration === undefined
      ? undefined
      : { declaration, package: found.name };
  }

  /** Runs a step; what is wrong is told with the file that it is in. */
  #located<T>(source: JoinedSource, step: () => T): T {
    try {
      return step();
    } catch (error) {
      if (error instanceof Problem) {
        throw source.locate(new WacError({ file: "", text: source.text }, error.details));
      }
      throw error instanceof WacError && !located.has(error) ? markLocated(source.locate(error)) : error;
    }
  }
}

/** Errors that know their file already: they come from a package that another one refers to. */
const located = new WeakSet<WacError>();

function markLocated(error: WacError): WacError {
  located.add(error);
  return error;
}

/** A declaration with the names that `use` gives at the top of its file put in full. */
function substituted<T extends Declaration>(declaration: T, uses: readonly FileUse[]): T {
  if (uses.length === 0) {
    return declaration;
  }
  const byAlias = new Map(uses.map(({ path, as }) => [as.name, path]));
  const replace = <P extends PackagePath | NameReference>(path: P): P | PackagePath | NameReference =>
    path.kind === "name" ? (byAlias.get(path.id.name) ?? path) : path;
  const items = declaration.items.map((item: Declaration["items"][number]) => {
    switch (item.kind) {
      case "use":
        return { ...item, path: replace(item.path) };
      case "include":
        return { ...item, world: replace(item.world) };
      case "world-extern":
        return item.item.kind === "named" ? item : { ...item, item: replace(item.item) };
      default:
        return item;
    }
  });
  return { ...declaration, items };
}
