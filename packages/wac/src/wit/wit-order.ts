/**
 * WIT lets names be used before they are declared. Here declarations are put into the order in which WAC, which is read
 * from top to bottom, needs them.
 */
import type {
  Id,
  InterfaceDeclaration,
  InterfaceItem,
  NameReference,
  PackageName,
  PackagePath,
  ResourceDeclaration,
  ResourceMethods,
  TypeDeclaration,
  WorldDeclaration,
  WorldItem,
} from "../ast.ts";
import { cycleMessage, Problem } from "../errors.ts";
import { topologicalOrder } from "../topological-order.ts";
import { typesMentioned } from "../type-names.ts";

type Declaration = InterfaceDeclaration | WorldDeclaration;

/** The interfaces and worlds of a package, each after those that it refers to, and so the types inside each. */
export function orderDeclarations(
  declarations: readonly Declaration[],
  own: PackageName,
): readonly Declaration[] {
  const sorted = declarations.map(
    (each): Declaration =>
      each.kind === "interface"
        ? { ...each, items: orderItems(each.items) }
        : { ...each, items: orderItems(each.items) },
  );
  return orderByName(sorted, (declaration) => referencesOf(declaration, own));
}

/** What an interface or world refers to, by path or by name. */
function pathsOf({
  items,
}: {
  readonly items: readonly (InterfaceItem | WorldItem)[];
}): readonly (PackagePath | NameReference)[] {
  return items.flatMap((item): readonly (PackagePath | NameReference)[] => {
    switch (item.kind) {
      case "use":
        return [item.path];
      case "include":
        return [item.world];
      case "world-extern":
        if (item.item.kind !== "named") {
          return [item.item];
        }
        return item.item.type.kind === "inline-interface" ? pathsOf(item.item.type) : [];
      default:
        return [];
    }
  });
}

function referencesOf(declaration: Declaration, own: PackageName): readonly string[] {
  return pathsOf(declaration).flatMap((path) => localName(path, own) ?? []);
}

/** The name in the package itself that a path or name stands for. */
export function localName(path: PackagePath | NameReference, own: PackageName): string | undefined {
  if (path.kind === "name") {
    return path.id.name;
  }
  const isOwn =
    path.package.name === own.name &&
    (path.package.version === undefined || path.package.version === own.version);
  return isOwn ? path.segments[0]?.name : undefined;
}

/** Uses, then types in the order of their need, then what has functions: resources get their methods last. */
function orderItems<T extends InterfaceItem | WorldItem>(items: readonly T[]): readonly T[] {
  const types: (TypeDeclaration | ResourceDeclaration)[] = [];
  const uses: T[] = [];
  const rest: (T | ResourceMethods)[] = [];
  for (const item of items) {
    switch (item.kind) {
      case "use":
        uses.push(item);
        break;
      case "resource": {
        const { id, methods, range } = item;
        types.push({ ...item, methods: [] });
        if (methods.length > 0) {
          rest.push({ kind: "methods", id, methods, range });
        }
        break;
      }
      case "function":
      case "world-extern":
      case "include":
      case "methods":
        rest.push(orderInside(item));
        break;
      default:
        types.push(item);
    }
  }
  return [...uses, ...(orderByName(types, typesMentioned) as readonly T[]), ...(rest as readonly T[])];
}

function orderInside<T extends InterfaceItem | WorldItem>(item: T): T {
  if (item.kind !== "world-extern" || item.item.kind !== "named") {
    return item;
  }
  const { type } = item.item;
  return type.kind !== "inline-interface"
    ? item
    : { ...item, item: { ...item.item, type: { ...type, items: orderItems(type.items) } } };
}

/** Puts each item after those that it refers to. References that lead nowhere are left to whoever resolves them. */
function orderByName<T extends { readonly id: Id }>(
  items: readonly T[],
  referencesOf: (item: T) => readonly string[],
): readonly T[] {
  const byName = new Map(items.map((item) => [item.id.name, item]));
  const edges = items.flatMap((item) =>
    referencesOf(item).flatMap((name): readonly (readonly [T, T])[] => {
      const needed = byName.get(name);
      return needed === undefined ? [] : [[needed, item]];
    }),
  );
  const ordered = topologicalOrder(items, edges);
  if (ordered.kind === "cycle") {
    const [first] = ordered.cycle;
    throw new Problem({
      code: "cycle",
      message: cycleMessage(ordered.cycle.map(({ id }) => id.name)),
      range: first?.id.range ?? { start: 0, end: 0 },
      label: "refers to what refers to it",
    });
  }
  return ordered.items;
}
