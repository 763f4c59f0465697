import { type Declared, type Definitions, TypeBody, type ValueIndex } from "./definitions.ts";
import type {
  Definition,
  FuncDefinition,
  Interface,
  Item,
  ResourceDefinition,
  Use,
  ValueDefinition,
  ValueUse,
  World,
} from "./named-types.ts";
import { mapLabelled, mapOptional, mapShape } from "./shapes.ts";

/** A resource type that nothing in reach of a place defines. */
export class UnreachableResource extends Error {
  readonly resource: ResourceDefinition;

  constructor(resource: ResourceDefinition) {
    super(`nothing here imports or defines the resource type ${resource.name}`);
    this.resource = resource;
  }
}

/** The alias of a type that is used from another interface, in the scope around the interface that uses it. */
interface Alias {
  readonly index: number;
  readonly type: Definition;
}

/** What is around the scope that an encoder writes into. */
interface Surroundings {
  /** Where interfaces can be imported; undefined inside of interfaces. */
  readonly imports: ImportTarget | undefined;
  readonly parent: TypeEncoder | undefined;
  readonly own?: Iterable<ResourceDefinition>;
  readonly expected?: ReadonlyMap<string, Item>;
}

/** Where a type can be aliased from. */
interface Exporter {
  readonly instance: number;
  readonly name: string;
}

/** Something that can hold imports: a component that is written, or a component type. */
export interface ImportTarget extends Definitions {
  import(name: string, declared: Declared): number;
}

/**
 * Writes types into one scope, and into the scopes of the instance and component types inside it. Each definition is
 * written once, before what first needs it. Types that an interface uses from another one are aliased from an import of
 * that one. This is the layout of the Bytecode Alliance's tools.
 */
export class TypeEncoder {
  readonly #out: Definitions;
  readonly #parent: TypeEncoder | undefined;
  readonly #indices = new Map<Definition, number>();
  /** Handles of a resource are the same type however often they are written down. */
  readonly #handles = {
    own: new Map<ResourceDefinition, number>(),
    borrow: new Map<ResourceDefinition, number>(),
  };
  readonly #instances = new Map<Interface, number>();
  readonly #instancesById = new Map<string, number>();
  readonly #exporters = new Map<Definition, Exporter>();
  /** What an interface that is needed, but not there yet, can be imported into. */
  readonly #imports: ImportTarget | undefined;

  /** Resource types that come to be in this scope: they are not to be looked for around it. */
  readonly #own: ReadonlySet<ResourceDefinition>;
  /** What will be imported sooner or later. */
  readonly #expected: ReadonlyMap<string, Item>;

  private constructor(out: Definitions, { imports, parent, own = [], expected = new Map() }: Surroundings) {
    this.#out = out;
    this.#imports = imports;
    this.#parent = parent;
    this.#own = new Set(own);
    this.#expected = expected;
  }

  /**
   * An encoder for the outermost scope.
   *
   * @param expected what will be imported: where one import uses another one's types, that comes first
   */
  static into(target: ImportTarget, expected: ReadonlyMap<string, Item> = new Map()): TypeEncoder {
    return new TypeEncoder(target, { imports: target, parent: undefined, expected });
  }

  /** The index of a definition; it is written if it is not there yet. */
  definition(definition: Definition): number {
    switch (definition.kind) {
      case "value":
        return this.#value(definition);
      case "resource":
        return this.#resource(definition);
      case "func":
        return this.#func(definition);
      case "instance":
        return this.#interface(definition);
      case "component":
        return this.world(definition);
    }
  }

  /** What a definition can be said to be equal to: what it is another name of, or itself. */
  named(definition: Definition): number {
    const of = definition.kind === "value" ? definition.of : undefined;
    return (of && this.#indices.get(of)) ?? this.definition(definition);
  }

  /** From now on, a definition has this index: it was imported or exported under a name. */
  rename(definition: Definition, index: number): void {
    this.#indices.set(definition, index);
  }

  /** Imports an item. An interface that is imported already, because another one uses its types, is not imported again. */
  import(name: string, item: Item): number {
    const imports = this.#imports;
    if (imports === undefined) throw new Error("Invariant: instances import nothing");
    const known = item.kind === "instance" ? this.#instanceOf(item) : undefined;
    if (known !== undefined) return known;
    const declared = this.#declare(item);
    const index = imports.import(name, declared);
    this.#introduce(item, index);
    return index;
  }

  /** A component type. Its imports come first, then its exports. */
  world(world: World): number {
    const known = this.#indices.get(world);
    if (known !== undefined) return known;
    const body = new TypeBody("component");
    const own = [...world.receives, ...world.brings];
    const inside = new TypeEncoder(body, { imports: body, parent: this, own, expected: world.imports });
    inside.#aliasUses(world.uses, world.imports);
    for (const [name, item] of world.imports) inside.import(name, item);
    for (const [name, item] of usedFirst(world)) inside.#export(body, name, item, undefined);
    const index = this.#out.bodyType(body);
    this.#indices.set(world, index);
    return index;
  }

  /** The form in which a WIT package defines an interface or world: a component type that exports it under its full name. */
  packaged(definition: Interface | World): number {
    const body = new TypeBody("component");
    const inside = new TypeEncoder(body, { imports: body, parent: this });
    const index = inside.definition(definition);
    body.export(definition.id ?? "", { kind: definition.kind, type: index });
    return this.#out.bodyType(body);
  }

  #interface(type: Interface, typesOnly = false): number {
    const known = this.#indices.get(type);
    if (known !== undefined) return known;
    const aliases = this.#aliasUses(type.uses, type.exports);
    const body = new TypeBody("instance");
    const inside = new TypeEncoder(body, { imports: undefined, parent: this, own: type.brings });
    for (const [name, item] of type.exports) {
      if (!typesOnly || item.kind === "type") inside.#export(body, name, item, aliases.get(name));
    }
    const index = this.#out.bodyType(body);
    if (!typesOnly) this.#indices.set(type, index);
    return index;
  }

  /**
   * Aliases the types that are used from other interfaces, which are imported where they are not.
   *
   * @returns the aliases by the names under which the types are used
   */
  #aliasUses(uses: ReadonlyMap<string, Use>, items: ReadonlyMap<string, Item>): ReadonlyMap<string, Alias> {
    for (const { from } of uses.values()) this.#importUsed(from);
    const aliases = new Map<string, Alias>();
    for (const [local, { from, name }] of uses) {
      const instance = this.#instanceOf(from);
      const used = from.exports.get(name);
      if (instance === undefined || used?.kind !== "type") {
        throw new Error(`Invariant: ${from.id} is imported and exports ${name}`);
      }
      const index = this.#out.aliasExport("type", instance, name);
      aliases.set(local, { index, type: used.type });
      this.#indices.set(used.type, index);
      const own = items.get(local);
      if (own?.kind === "type") this.#indices.set(own.type, index);
    }
    return aliases;
  }

  /** The instance that an interface stands for here: names of imports are unique. */
  #instanceOf(type: Interface): number | undefined {
    return (
      this.#instances.get(type) ?? (type.id === undefined ? undefined : this.#instancesById.get(type.id))
    );
  }

  #importUsed(from: Interface): void {
    if (this.#instanceOf(from) !== undefined) return;
    if (this.#imports === undefined || from.id === undefined) {
      throw new Error("Invariant: types are used from interfaces with names, outside of interfaces");
    }
    const expected = this.#expected.get(from.id);
    if (expected?.kind === "instance") {
      this.import(from.id, expected);
      return;
    }
    for (const use of from.uses.values()) this.#importUsed(use.from);
    // Inside a type, what else the interface has does not matter.
    const type = this.#interface(from, this.#parent !== undefined);
    this.#introduce(from, this.#imports.import(from.id, { kind: "instance", type }));
  }

  #export(body: TypeBody, name: string, item: Item, used: Alias | undefined): void {
    if (used !== undefined && item.kind === "type") {
      const outer = body.aliasOuterType(1, used.index);
      const index = body.export(name, { kind: "type", type: outer });
      this.#indices.set(used.type, index);
      this.#indices.set(item.type, index);
      return;
    }
    this.#introduce(item, body.export(name, this.#declare(item)));
  }

  /** What an import or export of an item is declared to be. */
  #declare(item: Item): Declared {
    switch (item.kind) {
      case "type":
        return { kind: "type", type: this.#bound(item.type) };
      case "func":
        return { kind: "func", type: this.#func(item) };
      case "instance":
        return { kind: "instance", type: this.#interface(item) };
      case "component":
        return { kind: "component", type: this.world(item) };
      case "module":
        return { kind: "module", type: this.#out.moduleType(item.type) };
    }
  }

  /** What an imported or exported type is equal to; undefined for a resource type that comes to be with it. */
  #bound(type: Definition): number | undefined {
    return type.kind === "resource" && !this.#reaches(type) ? undefined : this.definition(type);
  }

  /** Makes an item that got an index by import or export known. */
  #introduce(item: Item, index: number): void {
    if (item.kind === "type") {
      this.#indices.set(item.type, index);
      for (const name of otherNames(item.type)) {
        if (!this.#indices.has(name)) this.#indices.set(name, index);
      }
    }
    if (item.kind === "instance") {
      this.#instances.set(item, index);
      if (item.id !== undefined && !this.#instancesById.has(item.id)) this.#instancesById.set(item.id, index);
      for (const [name, exported] of item.exports) {
        if (exported.kind === "type") this.#introduceExported(exported.type, { instance: index, name });
      }
    }
  }

  #introduceExported(type: Definition, exporter: Exporter): void {
    for (const name of [type, ...otherNames(type)]) {
      if (!this.#exporters.has(name)) this.#exporters.set(name, exporter);
    }
  }

  #value(type: ValueDefinition): number {
    const handle = type.shape.kind === "own" || type.shape.kind === "borrow" ? type.shape : undefined;
    const known =
      this.#indices.get(type) ??
      (handle && this.#handles[handle.kind].get(handle.resource)) ??
      this.#aliasExported(type);
    if (known !== undefined) return known;
    const shape = mapShape(
      type.shape,
      (use) => this.#use(use),
      (resource) => this.#resource(resource),
    );
    const index = this.#out.valueType(shape);
    this.#indices.set(type, index);
    if (handle !== undefined) this.#handles[handle.kind].set(handle.resource, index);
    return index;
  }

  #use(use: ValueUse): ValueIndex {
    return typeof use === "string" ? use : this.#value(use);
  }

  #func(type: FuncDefinition): number {
    const known = this.#indices.get(type);
    if (known !== undefined) return known;
    const params = mapLabelled(type.params, (use) => this.#use(use));
    const result = mapOptional(type.result, (use) => this.#use(use));
    const index = this.#out.funcType(params, result);
    this.#indices.set(type, index);
    return index;
  }

  #resource(type: ResourceDefinition): number {
    for (const name of [type, ...otherNames(type)]) {
      const known = this.#indices.get(name) ?? this.#aliasExported(name);
      if (known !== undefined) return known;
    }
    if (this.#parent === undefined) throw new UnreachableResource(type);
    const index = this.#out.aliasOuterType(1, this.#parent.#resource(type));
    this.#indices.set(type, index);
    return index;
  }

  /** Whether a resource type, under any of its names, is known here or in the scopes around. */
  #reaches(type: ResourceDefinition): boolean {
    const names = [type, ...otherNames(type)];
    if (names.some((name) => this.#indices.has(name) || this.#exporters.has(name))) return true;
    if (this.#parent === undefined || names.some((name) => this.#own.has(name))) return false;
    return this.#parent.#reaches(type);
  }

  /** An alias of a type that an instance of this scope exports. */
  #aliasExported(type: Definition): number | undefined {
    const exporter = this.#exporters.get(type);
    if (exporter === undefined) return undefined;
    const index = this.#out.aliasExport("type", exporter.instance, exporter.name);
    this.#indices.set(type, index);
    return index;
  }
}

/** What a resource type is another name of, from the nearest on. */
function otherNames(type: Definition): readonly ResourceDefinition[] {
  const names: ResourceDefinition[] = [];
  let of = type.kind === "resource" ? type.of : undefined;
  for (; of !== undefined; of = of.of) names.push(of);
  return names;
}

/** The exports of a world: interfaces whose types others use before those, unless they are imported as well. */
function usedFirst({ imports, exports }: World): ReadonlyMap<string, Item> {
  const ordered = new Map<string, Item>();
  const begun = new Set<string>();
  const add = (name: string, item: Item): void => {
    if (begun.has(name)) return;
    begun.add(name);
    for (const { from } of item.kind === "instance" ? item.uses.values() : []) {
      const used = from.id === undefined || imports.has(from.id) ? undefined : exports.get(from.id);
      if (used !== undefined && from.id !== undefined) add(from.id, used);
    }
    ordered.set(name, item);
  };
  for (const [name, item] of exports) add(name, item);
  return ordered;
}
