import {
  type Component,
  type ComponentType,
  decodeComponent,
  type InstanceType,
} from "@playhead/component-model";
import type { Document, Expression, PackageName, PackagePath, TypeStatement } from "./ast.ts";
import type { Package } from "./graph.ts";
import { isInterfaceName } from "./names.ts";

/** What a composition calls a package: `adas:video-decoder`, with or without a version. */
export interface PackageReference {
  readonly name: string;
  readonly version: string | undefined;
}

/** What a resolver answers. */
export type PackageAnswer =
  | {
      /** The binary of a component, or of a WIT package as `wasm-tools` encodes it. */
      readonly bytes: Uint8Array;
      /** Where it was found, for messages. */
      readonly from: string;
    }
  | {
      readonly bytes: undefined;
      /** The places that were looked at, for the message. */
      readonly lookedAt: readonly string[];
      /** Names of packages that there are, for the hint. */
      readonly available?: readonly string[];
      /** Why what was found can't be used. */
      readonly problem?: { readonly from: string; readonly cause: unknown } | undefined;
    };

/** Where packages come from: the caller knows. */
export interface PackageResolver {
  find(reference: PackageReference): PackageAnswer | Promise<PackageAnswer>;
}

/** What became of a reference: the package, or why there is none. */
export type LoadedPackage =
  | { readonly kind: "package"; readonly package: Package }
  | {
      readonly kind: "missing";
      readonly lookedAt: readonly string[];
      readonly available: readonly string[];
    }
  | { readonly kind: "invalid"; readonly from: string; readonly cause: unknown };

/** The packages that a document refers to, by `packageKey`. */
export type PackageSet = ReadonlyMap<string, LoadedPackage>;

export type Decode = (bytes: Uint8Array, name: string) => Component;

/** The interfaces and worlds that a WIT package defines, by their short names. */
export type Definition =
  | {
      readonly kind: "interface";
      readonly name: string;
      readonly type: InstanceType;
      readonly within: ComponentType;
    }
  | { readonly kind: "world"; readonly name: string; readonly type: ComponentType };

export function packageKey({ name, version }: PackageReference): string {
  return version === undefined ? name : `${name}@${version}`;
}

/** Asks for every package that a document refers to, each once, in the order of the text. */
export async function loadPackages(
  document: Document,
  resolver: PackageResolver,
  decode: Decode = (bytes, name) => decodeComponent(bytes, { name }),
): Promise<PackageSet> {
  const loaded = new Map<string, LoadedPackage>();
  for (const reference of packageReferences(document)) {
    const key = packageKey(reference);
    if (!loaded.has(key)) {
      loaded.set(key, open(reference, await resolver.find(reference), decode));
    }
  }
  return loaded;
}

function open({ name, version }: PackageReference, answer: PackageAnswer, decode: Decode): LoadedPackage {
  if (answer.bytes === undefined && answer.problem !== undefined) {
    return { kind: "invalid", ...answer.problem };
  }
  if (answer.bytes === undefined) {
    return { kind: "missing", lookedAt: answer.lookedAt, available: answer.available ?? [] };
  }
  const { bytes, from } = answer;
  try {
    return { kind: "package", package: { name, version, component: decode(bytes, name), from } };
  } catch (cause) {
    return { kind: "invalid", from, cause };
  }
}

/** Every reference to another package, in the order of the text; the document's own package is left out. */
export function packageReferences(document: Document): readonly PackageName[] {
  const found: PackageName[] = [];
  for (const statement of document.statements) {
    switch (statement.kind) {
      case "import":
        if (statement.type.kind === "path") {
          found.push(statement.type.package);
        } else if (statement.type.kind === "inline-interface") {
          found.push(...pathsOf(statement.type.items).map((path) => path.package));
        }
        break;
      case "let":
      case "export":
        found.push(...newPackages(statement.value));
        break;
      default:
        found.push(...pathsOf(itemsOf(statement)).map((path) => path.package));
    }
  }
  const { targets } = document.package;
  const all = targets === undefined ? found : [...found, targets.package];
  return all.filter(({ name }) => name !== document.package.name.name);
}

function itemsOf(statement: TypeStatement): Parameters<typeof pathsOf>[0] {
  return statement.kind === "interface" || statement.kind === "world" ? statement.items : [];
}

type Item = Extract<TypeStatement, { kind: "interface" | "world" }>["items"][number];

function pathsOf(items: readonly Item[]): readonly PackagePath[] {
  return items.flatMap((item): readonly PackagePath[] => {
    switch (item.kind) {
      case "use":
        return item.path.kind === "path" ? [item.path] : [];
      case "include":
        return item.world.kind === "path" ? [item.world] : [];
      case "world-extern":
        if (item.item.kind === "named" && item.item.type.kind === "inline-interface") {
          return pathsOf(item.item.type.items);
        }
        return item.item.kind === "path" ? [item.item] : [];
      default:
        return [];
    }
  });
}

function newPackages({ primary }: Expression): readonly PackageName[] {
  switch (primary.kind) {
    case "name":
      return [];
    case "nested":
      return newPackages(primary.inner);
    case "new":
      return [
        primary.package,
        ...primary.arguments.flatMap((argument) =>
          argument.kind === "named" ? newPackages(argument.value) : [],
        ),
      ];
  }
}

/**
 * What a WIT package defines. Its binary exports, for each interface or world, a component type with one export that has
 * the full name. Source: the component model's WIT.md, "Package Format".
 */
export function definitionsOf(component: Component): ReadonlyMap<string, Definition> {
  const definitions = new Map<string, Definition>();
  for (const [shortName, extern] of component.type.exports) {
    if (extern.kind !== "type" || extern.type.kind !== "component") {
      continue;
    }
    const within = extern.type.type;
    const [only, ...more] = within.exports;
    if (only === undefined || more.length > 0 || !isInterfaceName(only[0])) {
      continue;
    }
    const [name, defined] = only;
    if (defined.kind === "instance") {
      definitions.set(shortName, { kind: "interface", name, type: defined.type, within });
    } else if (defined.kind === "component") {
      definitions.set(shortName, { kind: "world", name, type: defined.type });
    }
  }
  return definitions;
}
