import {
  type Definition,
  type FuncDefinition,
  type Interface,
  type Item,
  mapLabelled,
  mapOptional,
  mapShape,
  type ResourceDefinition,
  type Use,
  type ValueDefinition,
  type ValueUse,
  type World,
} from "@playhead/component-model";
import type { ImportNode, InstantiationNode } from "../graph.ts";
import { isInterfaceName, versionTrack } from "../names.ts";

/** An interface that grows as more of it is needed. */
interface MergedInterface extends Interface {
  readonly exports: Map<string, Item>;
  readonly uses: Map<string, Use>;
}

/**
 * Makes one import of what several components ask for: its type has what each of them needs. Types keep their names, and
 * types of the same name in the same interface become one, also where others use them. The resolver has checked that they
 * fit together.
 */
export class ImportMerger {
  readonly #items = new Map<ImportNode, Item>();
  readonly #interfaces = new Map<ImportNode, MergedInterface>();
  /** By what the names of versions that fit each other have in common. */
  readonly #byTrack = new Map<string, MergedInterface>();

  /** What is imported for a node, once all that ask for it are added. */
  itemOf(node: ImportNode): Item {
    const item = this.#items.get(node);
    if (item === undefined) {
      throw new Error(`Invariant: the import ${node.name} has a type`);
    }
    return item;
  }

  /** Adds what an instance imports implicitly. */
  addInstantiation({ arguments: args }: InstantiationNode, world: World): void {
    const copy = new MergingCopy((source) => this.#usedInterface(source));
    const wanted = [...world.imports].flatMap(([name, item]): readonly (readonly [ImportNode, Item])[] => {
      const node = args.get(name);
      return node?.kind === "import" ? [[node, item]] : [];
    });
    // First which interface is which: they use each other's types.
    for (const [node, item] of wanted) {
      if (item.kind === "instance") {
        copy.assign(item, this.#interfaceOf(node));
      }
    }
    for (const [node, item] of wanted) {
      if (!node.explicit) {
        this.#add(node, item, copy);
      }
    }
  }

  /** Adds what an explicit import is declared to be. */
  addExplicit(node: ImportNode, item: Item): void {
    this.#add(node, item, new MergingCopy((source) => this.#usedInterface(source)));
  }

  #add(node: ImportNode, item: Item, copy: MergingCopy): void {
    if (item.kind === "instance") {
      const target = this.#interfaceOf(node);
      copy.assign(item, target);
      copy.mergeInterface(target, item);
      this.#items.set(node, target);
      return;
    }
    const known = this.#items.get(node);
    if (known === undefined) {
      this.#items.set(node, copy.item(item));
    } else {
      copy.mergeItem(known, item);
    }
  }

  #interfaceOf(node: ImportNode): MergedInterface {
    const known = this.#interfaces.get(node);
    if (known !== undefined) {
      return known;
    }
    const made = this.#newInterface(isInterfaceName(node.name) ? node.name : undefined);
    this.#interfaces.set(node, made);
    return made;
  }

  #newInterface(id: string | undefined): MergedInterface {
    const made = emptyInterface(id);
    const track = id === undefined ? undefined : versionTrack(id);
    if (track !== undefined && !this.#byTrack.has(track)) {
      this.#byTrack.set(track, made);
    }
    return made;
  }

  /** The import that an interface whose types are used is, or one of its own where nothing else imports it. */
  #usedInterface({ id }: Interface): MergedInterface {
    const known = id === undefined ? undefined : this.#byTrack.get(versionTrack(id));
    return known ?? this.#newInterface(id);
  }
}

/** Copies types of one component, or of one statement, into merged interfaces. */
class MergingCopy {
  readonly #usedInterface: (source: Interface) => MergedInterface;
  readonly #interfaces = new Map<Interface, MergedInterface>();
  readonly #merged = new Set<Interface>();
  readonly #copies = new Map<object, object>();

  constructor(usedInterface: (source: Interface) => MergedInterface) {
    this.#usedInterface = usedInterface;
  }

  /** Says what an interface becomes. */
  assign(source: Interface, target: MergedInterface): void {
    this.#interfaces.set(source, target);
  }

  mergeInterface(target: MergedInterface, source: Interface): void {
    if (this.#merged.has(source)) {
      return;
    }
    this.#merged.add(source);
    for (const [local, { from, name }] of source.uses) {
      const used = this.#interfaces.get(from) ?? this.#usedInterface(from);
      this.#interfaces.set(from, used);
      this.mergeInterface(used, from);
      if (!target.uses.has(local)) {
        target.uses.set(local, { from: used, name });
      }
    }
    for (const [name, item] of source.exports) {
      const known = target.exports.get(name);
      if (known === undefined) {
        target.exports.set(name, this.item(item));
      } else {
        this.mergeItem(known, item);
      }
    }
  }

  /** Makes what is there stand for another item of the same name. */
  mergeItem(known: Item, item: Item): void {
    if (known.kind === "type" && item.kind === "type") {
      this.#copies.set(item.type, known.type);
    }
    if (known.kind === "instance" && item.kind === "instance") {
      this.#copies.set(item, known);
      this.mergeInterface(known as MergedInterface, item);
    }
  }

  item(item: Item): Item {
    switch (item.kind) {
      case "module":
        return item;
      case "type":
        return { kind: "type", type: this.#definition(item.type) };
      default:
        return this.#definition(item) as Item;
    }
  }

  #definition(definition: Definition): Definition {
    switch (definition.kind) {
      case "value":
        return this.#value(definition);
      case "resource":
        return this.#resource(definition);
      case "func":
        return this.#func(definition);
      case "instance":
        return this.#nestedInterface(definition);
      case "component":
        return this.#world(definition);
    }
  }

  #value(type: ValueDefinition): ValueDefinition {
    return this.#once(type, () => ({
      kind: "value",
      shape: mapShape(
        type.shape,
        (use) => this.#use(use),
        (resource) => this.#resource(resource),
      ),
      of: type.of && this.#value(type.of),
    }));
  }

  #use(use: ValueUse): ValueUse {
    return typeof use === "string" ? use : this.#value(use);
  }

  #resource(type: ResourceDefinition): ResourceDefinition {
    return this.#once(type, () => ({ ...type, of: type.of && this.#resource(type.of) }));
  }

  #func(type: FuncDefinition): FuncDefinition {
    return this.#once(type, () => ({
      kind: "func",
      params: mapLabelled(type.params, (use) => this.#use(use)),
      result: mapOptional(type.result, (use) => this.#use(use)),
    }));
  }

  /** An interface inside another one, or one that is a type. */
  #nestedInterface(source: Interface): Interface {
    const known = this.#copies.get(source);
    if (known !== undefined) {
      return known as Interface;
    }
    const brings = source.brings.map((resource) => this.#resource(resource));
    const made: MergedInterface = { ...emptyInterface(source.id), brings };
    this.#copies.set(source, made);
    this.mergeInterface(made, source);
    return made;
  }

  #world(source: World): World {
    return this.#once(source, () => {
      const items = (of: ReadonlyMap<string, Item>): Map<string, Item> =>
        new Map([...of].map(([name, item]) => [name, this.item(item)]));
      const imports = items(source.imports);
      const uses = [...source.uses].map(
        ([local, { from, name }]) => [local, { from: this.#nestedInterface(from), name }] as const,
      );
      return {
        ...source,
        uses: new Map(uses),
        imports,
        exports: items(source.exports),
        receives: source.receives.map((resource) => this.#resource(resource)),
        brings: source.brings.map((resource) => this.#resource(resource)),
      };
    });
  }

  #once<T extends object>(type: T, make: () => T): T {
    const known = this.#copies.get(type);
    if (known !== undefined) {
      return known as T;
    }
    const made = make();
    this.#copies.set(type, made);
    return made;
  }
}

function emptyInterface(id: string | undefined): MergedInterface {
  return { kind: "instance", id, exports: new Map(), uses: new Map(), brings: [] };
}
