import type {
  InterfaceItem,
  NameReference,
  PackageName,
  PackagePath,
  WorldDeclaration,
  WorldExtern,
} from "../ast.ts";
import { packageKey } from "../packages.ts";
import type { WitPart } from "./wit-file.ts";
import { localName } from "./wit-order.ts";

type Path = PackagePath | NameReference;

/** An interface or world, and the package that it is in. */
export interface Found {
  readonly declaration: WitPart["declarations"][number];
  readonly package: PackageName;
}

/** Finds what a path or name stands for that is written in a package. */
type LookUp = (path: Path, own: PackageName) => Found | undefined;

/**
 * A world imports the interfaces whose types it and its imports use, and those that its exports use, unless it exports
 * them. Here they are written out. Source: WIT.md, "Worlds".
 */
export function elaborated(world: WorldDeclaration, own: PackageName, lookUp: LookUp): WorldDeclaration {
  const byImports = new UsedInterfaces(lookUp);
  const byExports = new UsedInterfaces(lookUp);
  const written = { import: new Set<string>(), export: new Set<string>() };
  for (const item of world.items) {
    if (item.kind === "use") {
      byImports.add(item.path, own);
    } else if (item.kind === "world-extern") {
      (item.direction === "import" ? byImports : byExports).addThoseOf(item.item, own);
      if (item.item.kind !== "named") {
        written[item.direction].add(byImports.fullName(item.item, own));
      }
    }
  }
  const needed = new Map([
    ...byImports.byName,
    ...[...byExports.byName].filter(([name]) => !written.export.has(name)),
  ]);
  const { range } = world.id;
  const imports = [...needed].flatMap(([name, path]): readonly WorldExtern[] => {
    const item = relative(path, own);
    return written.import.has(name)
      ? []
      : [{ kind: "world-extern", direction: "import", docs: [], item, range }];
  });
  return { ...world, items: [...imports, ...world.items] };
}

/** Interfaces whose types are used; those that they use themselves come before them. */
class UsedInterfaces {
  readonly byName = new Map<string, PackagePath>();
  /** Those that were begun: a cycle is an error that is told where declarations are ordered. */
  readonly #begun = new Set<string>();
  readonly #lookUp: LookUp;

  constructor(lookUp: LookUp) {
    this.#lookUp = lookUp;
  }

  add(path: Path, own: PackageName): void {
    const name = this.fullName(path, own);
    if (!this.#begun.has(name)) {
      this.#begun.add(name);
      this.addThoseOf(path, own);
      this.byName.set(name, absolute(path, own));
    }
  }

  /** Adds what an interface uses, but not itself. */
  addThoseOf(item: WorldExtern["item"], own: PackageName): void {
    if (item.kind === "named") {
      this.#addItems(item.type.kind === "inline-interface" ? item.type.items : [], own);
      return;
    }
    const found = this.#lookUp(item, own);
    if (found?.declaration.kind === "interface") {
      this.#addItems(found.declaration.items, found.package);
    }
  }

  #addItems(items: readonly InterfaceItem[], own: PackageName): void {
    for (const item of items) {
      if (item.kind === "use") {
        this.add(item.path, own);
      }
    }
  }

  fullName(path: Path, own: PackageName): string {
    const absolutePath = absolute(path, own);
    const name = this.#lookUp(path, own)?.package ?? absolutePath.package;
    return `${packageKey(name)}/${absolutePath.segments[0]?.name}`;
  }
}

/** A name of a package as a path that means the same everywhere. */
export function absolute(path: Path, own: PackageName): PackagePath {
  if (path.kind === "path") {
    return path;
  }
  const { id, range } = path;
  const text = `${own.name}/${id.name}${own.version === undefined ? "" : `@${own.version}`}`;
  return { kind: "path", package: own, segments: [id], text, range };
}

/** A path into the package itself as a name. */
function relative(path: PackagePath, own: PackageName): Path {
  const name = localName(path, own);
  const { range } = path;
  return name === undefined ? path : { kind: "name", id: { name, range }, range };
}
