import type { Definition, Interface, Item, Use, World } from "./named-types.ts";

/**
 * Finds out which types interfaces use from each other, and fills in their `uses`: a type belongs to the interface that
 * names it first; where another interface has a type that is another name of it, it is used from there.
 */
export class UseFinder {
  readonly #owners = new Map<Definition, Owner>();
  readonly #seen = new Set<Interface | World>();
  /** What the world at hand imports and exports: only from there can a type be used by the name of an interface. */
  #reachable: ReadonlySet<Item> = new Set();

  /** Interfaces are gone through in the order of the imports, then of the exports. */
  component(world: World): void {
    this.#reachable = new Set([...world.imports.values(), ...world.exports.values()]);
    for (const item of this.#reachable) this.#item(item);
  }

  #item(item: Item): void {
    const inner = item.kind === "type" ? item.type : item;
    if (inner.kind !== "instance" && inner.kind !== "component") return;
    if (this.#seen.has(inner)) return;
    this.#seen.add(inner);
    if (inner.kind === "component") this.#world(inner);
    else this.#named(inner, inner.exports);
  }

  #world(world: World): void {
    const around = this.#reachable;
    this.#reachable = new Set([...world.imports.values(), ...world.exports.values()]);
    this.#named(world, world.imports);
    for (const item of world.exports.values()) this.#item(item);
    this.#reachable = around;
  }

  #named(scope: Interface | World, items: ReadonlyMap<string, Item>): void {
    for (const [name, item] of items) {
      this.#item(item);
      if (item.kind === "type") this.#useOrOwn(scope, name, item.type);
    }
  }

  #useOrOwn(scope: Interface | World, name: string, type: Definition): void {
    const owner = this.#ownerOf(type);
    if (owner === undefined) {
      this.#owners.set(type, { scope, name });
    } else if (owner.scope !== scope && owner.scope.kind === "instance" && this.#canBeUsed(owner.scope)) {
      (scope.uses as Map<string, Use>).set(name, { from: owner.scope, name: owner.name });
    }
  }

  #canBeUsed(from: Interface): boolean {
    return from.id !== undefined && this.#reachable.has(from);
  }

  #ownerOf(type: Definition): Owner | undefined {
    for (let each: Definition | undefined = type; each !== undefined; each = of(each)) {
      const owner = this.#owners.get(each);
      if (owner !== undefined) return owner;
    }
    return undefined;
  }
}

interface Owner {
  readonly scope: Interface | World;
  readonly name: string;
}

function of(definition: Definition): Definition | undefined {
  return definition.kind === "value" || definition.kind === "resource" ? definition.of : undefined;
}
