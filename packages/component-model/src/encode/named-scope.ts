import { Scope } from "../decode/scope.ts";
import type {
  Definition,
  FuncDefinition,
  Interface,
  Item,
  ModuleDefinition,
  ResourceDefinition,
  World,
} from "./named-types.ts";
import { openInterface } from "./replace.ts";

/** The index spaces of a component, a component type or an instance type, as far as they hold types. */
export class NamedScope {
  readonly parent: NamedScope | undefined;
  /** Where core types are kept: they have no names. */
  readonly core: Scope;
  readonly types: Definition[] = [];
  readonly funcs: FuncDefinition[] = [];
  readonly instances: Interface[] = [];
  readonly components: World[] = [];
  readonly modules: ModuleDefinition[] = [];
  readonly imports = new Map<string, Item>();
  readonly exports = new Map<string, Item>();
  /** Resource types that imports brought, and those that came to be here in another way. */
  readonly receives: ResourceDefinition[] = [];
  readonly brings: ResourceDefinition[] = [];
  /** Instances that have a name from outside already. */
  readonly #imported = new Set<Interface>();

  constructor(kind: Scope["kind"], parent: NamedScope | undefined, offset: number) {
    this.parent = parent;
    this.core = new Scope(kind, parent?.core, offset);
  }

  outer(count: number): NamedScope {
    let scope: NamedScope | undefined = this;
    for (let level = 0; level < count; level++) scope = scope?.parent;
    if (scope === undefined) throw new Error("Invariant: outer aliases were checked by the decoder");
    return scope;
  }

  /** A resource type that comes to be here. */
  newResource(name: string, by: "import" | "other"): ResourceDefinition {
    const resource: ResourceDefinition = { kind: "resource", name, of: undefined };
    (by === "import" ? this.receives : this.brings).push(resource);
    return resource;
  }

  /** The type of an instance that comes to be here under a name, with resource types of its own. */
  openInstance(name: string, declared: Interface, by: "import" | "other"): Interface {
    const { type, introduced } = openInterface(declared);
    (by === "import" ? this.receives : this.brings).push(...introduced);
    return namedInterface(name, type);
  }

  import(name: string, item: Item): void {
    this.imports.set(name, item);
    if (item.kind === "instance") this.#imported.add(item);
    this.define(item);
  }

  /** An instance that comes from outside keeps the name that it has there. */
  export(name: string, item: Item): void {
    const named = item.kind === "instance" && !this.#imported.has(item) ? namedInterface(name, item) : item;
    this.exports.set(name, named);
    this.define(named);
  }

  /** Appends to the index space of the item's kind. */
  define(item: Item): void {
    switch (item.kind) {
      case "type":
        this.types.push(item.type);
        break;
      case "func":
        this.funcs.push(item);
        break;
      case "instance":
        this.instances.push(item);
        break;
      case "component":
        this.components.push(item);
        break;
      case "module":
        this.modules.push(item);
        break;
    }
  }

  interface(): Interface {
    return { kind: "instance", id: undefined, exports: this.exports, uses: new Map(), brings: this.brings };
  }

  world(): World {
    const { imports, exports, receives, brings } = this;
    return { kind: "component", id: undefined, imports, exports, uses: new Map(), receives, brings };
  }
}

function namedInterface(name: string, type: Interface): Interface {
  return { ...type, id: idOf(name), uses: new Map() };
}

/** The name of an import or export, where it is that of an interface of a package. */
export function idOf(name: string): string | undefined {
  return name.includes(":") ? name : undefined;
}

/** An entry of an index space. */
export function at<T>(space: readonly T[], index: number): T {
  const found = space[index];
  if (found === undefined) throw new Error("Invariant: indices were checked by the decoder");
  return found;
}
