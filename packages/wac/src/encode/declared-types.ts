import {
  type Definition,
  type Interface,
  type Item,
  type ResourceDefinition,
  type Use,
  type World,
  worldOf,
} from "@playhead/component-model";
import type {
  ImportStatement,
  Include,
  InterfaceItem,
  NameReference,
  PackagePath,
  ResourceDeclaration,
  ResourceMethod,
  ResourceMethods,
  TypeDeclaration,
  TypeStatement,
  Use as UseNode,
  WorldExtern,
  WorldItem,
} from "../ast.ts";
import type { CompositionText, GraphNode } from "../graph.ts";
import { packageKey } from "../packages.ts";
import {
  declaredDefinition,
  funcDefinition,
  handle,
  labelled,
  otherName,
  wrongKind,
} from "./declared-values.ts";

/** An interface or world while its items are read. */
interface Declaring {
  readonly types: Map<string, Definition>;
  /** The exports of an interface, the imports of a world. */
  readonly externs: Map<string, Item>;
  readonly uses: Map<string, Use>;
  readonly brings: ResourceDefinition[];
}

/** The types that a text declares, with their names. The text has been resolved, so it has no errors. */
export class DeclaredTypes {
  readonly #text: CompositionText;
  readonly #itemOf: (node: GraphNode) => Item;
  readonly #definitions = new Map<TypeStatement, Definition>();

  /** @param itemOf what a node of the graph is, for names of the top level that are no declarations. */
  constructor(text: CompositionText, itemOf: (node: GraphNode) => Item) {
    this.#text = text;
    this.#itemOf = itemOf;
  }

  /** What a declaration of the top level defines. */
  definition(statement: TypeStatement): Definition {
    const known = this.#definitions.get(statement);
    if (known !== undefined) {
      return known;
    }
    const made = this.#declare(statement);
    this.#definitions.set(statement, made);
    return made;
  }

  #declare(statement: TypeStatement): Definition {
    switch (statement.kind) {
      case "interface":
        return this.#interface(this.#fullName(statement.id.name), statement.items);
      case "world":
        return this.#world(this.#fullName(statement.id.name), statement.items);
      default:
        return declaredDefinition(statement, (name) => this.#named(name));
    }
  }

  /** What an import statement imports. */
  imported({ type }: ImportStatement): Item {
    switch (type.kind) {
      case "path":
        return promoted(this.#atPath(type));
      case "func":
        return funcDefinition(type, (name) => this.#named(name));
      case "inline-interface":
        return this.#interface(undefined, type.items);
      case "name":
        return promoted(this.#named(type.id.name));
    }
  }

  #interface(id: string | undefined, items: readonly InterfaceItem[]): Interface {
    const into = declaring();
    for (const item of items) {
      if (item.kind === "use") {
        this.#use(into, item);
      } else if (item.kind === "methods") {
        declareMethods(into, item);
      } else if (item.kind === "function") {
        const { name } = item.id;
        into.externs.set(
          name,
          item.type.kind === "func" ? funcDefinition(item.type, lookUpIn(into)) : this.#func(into, item.type),
        );
      } else {
        declareType(into, item);
      }
    }
    return { kind: "instance", id, exports: into.externs, uses: into.uses, brings: into.brings };
  }

  #func(into: Declaring, { id }: NameReference): Item {
    const found = promoted(lookUpIn(into)(id.name));
    if (found.kind !== "func") {
      throw wrongKind(id.name);
    }
    return found;
  }

  #use(into: Declaring, { path, items }: UseNode): void {
    const from = this.#interfaceAt(path);
    for (const { id, as } of items) {
      const item = from.exports.get(id.name);
      if (item === undefined) {
        throw wrongKind(id.name);
      }
      const local = as?.name ?? id.name;
      const type = otherName(local, item);
      into.types.set(local, type);
      into.externs.set(local, { kind: "type", type });
      into.uses.set(local, { from, name: id.name });
    }
  }

  #world(id: string, items: readonly WorldItem[]): World {
    const into = declaring();
    const exports = new Map<string, Item>();
    const includes: Include[] = [];
    for (const item of items) {
      switch (item.kind) {
        case "use":
          this.#use(into, item);
          break;
        case "include":
          includes.push(item);
          break;
        case "world-extern":
          this.#worldExtern(into, exports, item);
          break;
        case "methods":
          declareMethods(into, item);
          break;
        default:
          declareType(into, item);
      }
    }
    // As the resolver does: what is written out comes first.
    for (const include of includes) {
      this.#include(into, exports, include);
    }
    const { externs: imports, uses, brings: receives } = into;
    return { kind: "component", id, imports, exports, uses, receives, brings: [] };
  }

  #worldExtern(into: Declaring, exports: Map<string, Item>, { direction, item }: WorldExtern): void {
    const externs = direction === "import" ? into.externs : exports;
    if (item.kind !== "named") {
      const found = this.#interfaceAt(item);
      externs.set(found.id ?? (item.kind === "path" ? item.text : item.id.name), found);
      return;
    }
    const { name } = item.id;
    switch (item.type.kind) {
      case "func":
        externs.set(name, funcDefinition(item.type, lookUpIn(into)));
        break;
      case "inline-interface":
        externs.set(name, this.#interface(undefined, item.type.items));
        break;
      case "name": {
        const local = into.types.get(item.type.id.name);
        externs.set(
          name,
          promoted(local === undefined ? this.#named(item.type.id.name) : { kind: "type", type: local }),
        );
        break;
      }
    }
  }

  #include(into: Declaring, exports: Map<string, Item>, { world, with: renames }: Include): void {
    const found = promoted(this.#at(world));
    if (found.kind !== "component") {
      throw wrongKind("include");
    }
    const renamed = new Map(renames.map(({ from, to }) => [from.name, to.name]));
    const copy = (from: ReadonlyMap<string, Item>, to: Map<string, Item>): void => {
      for (const [name, item] of from) {
        const target = name.includes(":") ? name : (renamed.get(name) ?? name);
        if (!to.has(target)) {
          to.set(target, item);
          const use = to === into.externs ? found.uses.get(name) : undefined;
          if (use !== undefined) {
            into.uses.set(target, use);
          }
        }
      }
    };
    copy(found.imports, into.externs);
    copy(found.exports, exports);
    into.brings.push(...found.receives);
  }

  #interfaceAt(path: PackagePath | NameReference): Interface {
    const found = promoted(this.#at(path));
    if (found.kind !== "instance") {
      throw wrongKind(path.kind === "path" ? path.text : path.id.name);
    }
    return found;
  }

  #at(path: PackagePath | NameReference): Item {
    return path.kind === "path" ? this.#atPath(path) : this.#named(path.id.name);
  }

  #atPath(path: PackagePath): Item {
    const [first, ...rest] = path.segments.map(({ name }) => name);
    const start =
      path.package.name === this.#text.document.package.name.name
        ? this.#named(first ?? "")
        : this.#packaged(path, first ?? "");
    return rest.reduce((parent, segment) => exportOf(parent, segment), start);
  }

  /** An interface or world of a WIT package. */
  #packaged(path: PackagePath, segment: string): Item {
    const loaded = this.#text.packages.get(packageKey(path.package));
    if (loaded?.kind !== "package") {
      throw wrongKind(path.text);
    }
    const defined = exportOf(worldOf(loaded.package.component), segment);
    const within = promoted(defined);
    const [only] = within.kind === "component" ? within.exports.values() : [];
    if (only === undefined) {
      throw wrongKind(path.text);
    }
    return only;
  }

  /** What a name of the top level stands for. */
  #named(name: string): Item {
    const node = this.#text.names.get(name);
    if (node === undefined) {
      throw wrongKind(name);
    }
    return node.kind === "definition"
      ? { kind: "type", type: this.definition(node.statement) }
      : this.#itemOf(node);
  }

  /** The name of an interface or world of the composition's own package. */
  #fullName(name: string): string {
    const { name: packageName, version } = this.#text.document.package.name;
    return `${packageName}/${name}${version === undefined ? "" : `@${version}`}`;
  }
}

function declaring(): Declaring {
  return { types: new Map(), externs: new Map(), uses: new Map(), brings: [] };
}

/** Inside interfaces and worlds, only their own types have names. */
function lookUpIn(into: Declaring): (name: string) => Item {
  return (name) => {
    const type = into.types.get(name);
    if (type === undefined) {
      throw wrongKind(name);
    }
    return { kind: "type", type };
  };
}

function declareType(into: Declaring, item: TypeDeclaration | ResourceDeclaration): void {
  const { name } = item.id;
  if (item.kind !== "resource") {
    const type = declaredDefinition(item, lookUpIn(into));
    into.types.set(name, type);
    into.externs.set(name, { kind: "type", type });
    return;
  }
  const resource: ResourceDefinition = { kind: "resource", name, of: undefined };
  into.types.set(name, resource);
  into.externs.set(name, { kind: "type", type: resource });
  into.brings.push(resource);
  declareMethods(into, item);
}

function declareMethods(into: Declaring, { id, methods }: ResourceDeclaration | ResourceMethods): void {
  const resource = into.types.get(id.name);
  if (resource?.kind !== "resource") {
    throw wrongKind(id.name);
  }
  for (const method of methods) {
    const [externName, func] = methodOf(resource, method, lookUpIn(into));
    into.externs.set(externName, func);
  }
}

function methodOf(
  resource: ResourceDefinition,
  method: ResourceMethod,
  lookUp: (name: string) => Item,
): readonly [string, Item] {
  if (method.kind === "constructor") {
    const params = labelled(method.params, lookUp);
    return [`[constructor]${resource.name}`, { kind: "func", params, result: handle("own", resource) }];
  }
  const name = `[${method.kind}]${resource.name}.${method.id.name}`;
  const { params, result } = funcDefinition(method.type, lookUp);
  const self = method.kind === "static" ? [] : [{ name: "self", type: handle("borrow", resource) }];
  return [name, { kind: "func", params: [...self, ...params], result }];
}

/** What an item of a type is: of an interface, an instance; of a function type, a function; of a world, a component. */
export function promoted(item: Item): Item {
  if (item.kind !== "type") {
    return item;
  }
  const { type } = item;
  return type.kind === "value" || type.kind === "resource" ? item : type;
}

/** What is exported by an instance, a component, or the type of one. */
export function exportOf(item: Item, name: string): Item {
  const parent = promoted(item);
  const found =
    parent.kind === "instance" || parent.kind === "component" ? parent.exports.get(name) : undefined;
  if (found === undefined) {
    throw wrongKind(name);
  }
  return found;
}
