import { unsupported } from "../binary/core-types.ts";
import type {
  ComponentType,
  CoreExternType,
  CoreFuncType,
  CoreModuleType,
  DefinedType,
  ExternType,
  FuncType,
  InstanceType,
  ResourceType,
  ValueType,
} from "../types.ts";
import { externSize } from "../typing/measure.ts";
import { underNewName } from "../typing/named-types.ts";
import { printType } from "../typing/print-type.ts";
import { freshResources, openInstance, Substitution } from "../typing/substitute.ts";
import type { ExternName } from "./extern-names.ts";
import { invalid } from "./invalid.ts";
import { NamedExterns } from "./named-externs.ts";
import type { CoreSort, Step } from "./steps.ts";
import { Visibility } from "./visibility.ts";

/** An entry of the core type index space. */
export type CoreTypeEntry =
  | { readonly kind: "func"; readonly type: CoreFuncType }
  | { readonly kind: "module"; readonly type: CoreModuleType };

/** One index space: definitions by number. */
export class IndexSpace<T> {
  readonly items: T[] = [];
  readonly #what: string;

  constructor(what: string) {
    this.#what = what;
  }

  get length(): number {
    return this.items.length;
  }

  push(item: T): void {
    this.items.push(item);
  }

  get(index: number, offset: number): T {
    const item = this.items[index];
    if (item === undefined) {
      throw invalid(
        `${this.#what} index ${index} is out of range: ${this.items.length} defined so far`,
        offset,
      );
    }
    return item;
  }
}

const maxTypeNodes = 500_000;

/**
 * Types that are written once can be used many times, and each instance of a type with resources is a copy. What one binary
 * may make of its types is bounded, so that a short one cannot take unbounded memory.
 */
export class TypeBudget {
  #left = maxTypeNodes;

  spend(type: ExternType, offset: number): void {
    this.#left -= externSize(type);
    if (this.#left < 0) throw invalid(`types of more than ${maxTypeNodes} parts in total`, offset);
  }
}

export type ScopeKind = "component" | "component type" | "instance type";

const maxNesting = 100;

/** The index spaces of a component, a component type or an instance type while it is decoded. */
export class Scope {
  readonly kind: ScopeKind;
  readonly parent: Scope | undefined;
  readonly budget: TypeBudget;
  readonly modules = new IndexSpace<CoreModuleType>("core module");
  readonly coreInstances = new IndexSpace<ReadonlyMap<string, CoreExternType>>("core instance");
  readonly coreFuncs = new IndexSpace<CoreFuncType>("core function");
  readonly tables = new IndexSpace<CoreExternType>("core table");
  readonly memories = new IndexSpace<CoreExternType>("core memory");
  readonly globals = new IndexSpace<CoreExternType>("core global");
  readonly tags = new IndexSpace<CoreExternType>("core tag");
  readonly coreTypes = new IndexSpace<CoreTypeEntry>("core type");
  readonly funcs = new IndexSpace<FuncType>("function");
  readonly types = new IndexSpace<DefinedType>("type");
  readonly components = new IndexSpace<ComponentType>("component");
  readonly instances = new IndexSpace<InstanceType>("instance");
  readonly #imports = new NamedExterns("import");
  readonly #exports = new NamedExterns("export");
  readonly #visibility = new Visibility();
  readonly steps: Step[] = [];
  /** Resource types that imports brought. */
  readonly importedResources: ResourceType[] = [];
  /** Resource types that came to be here in another way: defined, instantiated, exported as abstract. */
  readonly ownResources: ResourceType[] = [];
  /** Resource types that this component defines itself, with what represents them. */
  readonly definedResources = new Set<ResourceType>();
  readonly #unnamed = new Set<ResourceType>();

  constructor(kind: ScopeKind, parent: Scope | undefined, offset: number) {
    this.kind = kind;
    this.parent = parent;
    this.budget = parent?.budget ?? new TypeBudget();
    let depth = 0;
    for (let scope = parent; scope !== undefined; scope = scope.parent) depth++;
    if (depth > maxNesting) throw unsupported(`nesting deeper than ${maxNesting}`, offset);
  }

  /** The scope `count` levels out; 0 is this one. */
  outer(count: number, offset: number): Scope {
    let scope: Scope | undefined = this;
    for (let level = 0; level < count && scope !== undefined; level++) scope = scope.parent;
    if (scope === undefined)
      throw invalid(`outer alias reaches ${count} scopes out, further than there are`, offset);
    return scope;
  }

  /** Returns the type as it is known from here on: a type that is imported or exported is one with a new name. */
  addImport(name: ExternName, type: ExternType): ExternType {
    return this.#add("import", name, type);
  }

  /** As `addImport`. */
  addExport(name: ExternName, type: ExternType): ExternType {
    return this.#add("export", name, type);
  }

  #add(by: "import" | "export", name: ExternName, type: ExternType): ExternType {
    const named: ExternType = type.kind === "type" ? { ...type, type: underNewName(type.type) } : type;
    (by === "import" ? this.#imports : this.#exports).add(name, named);
    this.define(named);
    // An instance type may be anything: what counts is how it is used.
    const hidden = this.kind === "instance type" ? undefined : this.#visibility.admit(by, named);
    if (hidden !== undefined) {
      const names = by === "import" ? "import" : "import or export";
      throw invalid(
        `${by} ${JSON.stringify(name.name)}: this ${type.kind} mentions ${describe(hidden)}, which no earlier ${names} names`,
        name.offset,
      );
    }
    return named;
  }

  /** Appends a definition to the index space of its kind. */
  define(type: ExternType): void {
    switch (type.kind) {
      case "func":
        this.funcs.push(type.type);
        break;
      case "instance":
        this.instances.push(type.type);
        break;
      case "component":
        this.components.push(type.type);
        break;
      case "module":
        this.modules.push(type.type);
        break;
      case "type":
        this.types.push(type.type);
        break;
    }
  }

  /** The type of an instance that comes to be in this scope: resource types that it brings are new ones here. */
  openInstance(type: InstanceType, by: "import" | "other", offset: number): InstanceType {
    if (type.resources?.length) this.budget.spend({ kind: "instance", type }, offset);
    const { type: opened, introduced } = openInstance(type);
    const list = by === "import" ? this.importedResources : this.ownResources;
    for (const resource of introduced) list.push(resource);
    return opened;
  }

  /** A resource that this component defines, before it has a name. */
  defineResource(): ResourceType {
    const resource = this.newResource(`type ${this.types.length}`, "other");
    this.definedResources.add(resource);
    this.#unnamed.add(resource);
    return resource;
  }

  newResource(name: string, by: "import" | "other"): ResourceType {
    const resource: ResourceType = { kind: "resource", name };
    (by === "import" ? this.importedResources : this.ownResources).push(resource);
    return resource;
  }

  /** A resource that is defined here has no name until it is exported under one. */
  nameResource(resource: ResourceType, name: string): void {
    if (this.#unnamed.delete(resource)) (resource as { name: string }).name = name;
  }

  instanceType(): InstanceType {
    return { exports: this.#exports.types, resources: this.ownResources };
  }

  componentType(): ComponentType {
    return {
      imports: this.#imports.types,
      exports: this.#exports.types,
      importedResources: this.importedResources,
      resources: this.ownResources,
    };
  }

  /** Appends a core item to the index space of its kind. */
  defineCore(item: CoreExternType): void {
    if (item.kind === "func") this.coreFuncs.push(item.type);
    else this.#coreSpace(item.kind).push(item);
  }

  coreItem(kind: CoreSort, index: number, offset: number): CoreExternType {
    if (kind === "func") return { kind, type: this.coreFuncs.get(index, offset) };
    return this.#coreSpace(kind).get(index, offset);
  }

  #coreSpace(kind: Exclude<CoreSort, "func">): IndexSpace<CoreExternType> {
    switch (kind) {
      case "table":
        return this.tables;
      case "memory":
        return this.memories;
      case "global":
        return this.globals;
      case "tag":
        return this.tags;
    }
  }
}

function describe(type: ValueType): string {
  const isHandle = type.kind === "own" || type.kind === "borrow";
  return printType(isHandle ? type.resource : type);
}

/**
 * The type of an instance of `component`, once its imported resource types are known, and what the types that it imports under
 * a name are called where it is instantiated.
 */
export function instanceTypeOf(
  component: ComponentType,
  given: ReadonlyMap<ResourceType, ResourceType>,
  names: ReadonlyMap<object, object>,
): { type: InstanceType; introduced: readonly ResourceType[] } {
  const fresh = freshResources(component.resources ?? []);
  const substitution = new Substitution(new Map([...given, ...fresh]), names);
  const { exports } = substitution.instance({ exports: component.exports });
  return { type: { exports }, introduced: [...fresh.values()] };
}
