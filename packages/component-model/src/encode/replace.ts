import type {
  Definition,
  FuncDefinition,
  Interface,
  Item,
  ResourceDefinition,
  ValueDefinition,
  ValueUse,
  World,
} from "./named-types.ts";
import { mapLabelled, mapOptional, mapShape } from "./shapes.ts";

/**
 * Puts definitions in the place of others, everywhere inside a type. Parts without any of them stay the objects that they
 * are; a part that occurs twice is visited once.
 */
class Replacement {
  readonly #done: Map<object, object>;

  constructor(definitions: ReadonlyMap<Definition, Definition>) {
    this.#done = new Map(definitions);
  }

  item(item: Item): Item {
    if (item.kind === "module") return item;
    if (item.kind !== "type") return this.definition(item) as Item;
    const type = this.definition(item.type);
    return type === item.type ? item : { kind: "type", type };
  }

  items(items: ReadonlyMap<string, Item>): ReadonlyMap<string, Item> {
    let changed = false;
    const result = new Map<string, Item>();
    for (const [name, item] of items) {
      const replaced = this.item(item);
      changed ||= replaced !== item;
      result.set(name, replaced);
    }
    return changed ? result : items;
  }

  definition(definition: Definition): Definition {
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
        return this.#world(definition);
    }
  }

  #value(type: ValueDefinition): ValueDefinition {
    return this.#once(type, () => {
      const seen = { changed: false };
      const shape = mapShape(
        type.shape,
        (use) => noting(seen, use, this.#use(use)),
        (resource) => noting(seen, resource, this.#resource(resource)),
      );
      const of = type.of && this.#value(type.of);
      return seen.changed || of !== type.of ? { kind: "value", shape, of } : type;
    });
  }

  #use(use: ValueUse): ValueUse {
    return typeof use === "string" ? use : this.#value(use);
  }

  #resource(type: ResourceDefinition): ResourceDefinition {
    return this.#once(type, () => {
      const of = type.of && this.#resource(type.of);
      return of === type.of ? type : { ...type, of };
    });
  }

  #func(type: FuncDefinition): FuncDefinition {
    return this.#once(type, () => {
      const seen = { changed: false };
      const use = (each: ValueUse): ValueUse => noting(seen, each, this.#use(each));
      const params = mapLabelled(type.params, use);
      const result = mapOptional(type.result, use);
      return seen.changed ? { kind: "func", params, result } : type;
    });
  }

  #interface(type: Interface): Interface {
    return this.#once(type, () => {
      const exports = this.items(type.exports);
      return exports === type.exports ? type : { ...type, exports, uses: new Map() };
    });
  }

  #world(type: World): World {
    return this.#once(type, () => {
      const imports = this.items(type.imports);
      const exports = this.items(type.exports);
      const same = imports === type.imports && exports === type.exports;
      return same ? type : { ...type, imports, exports, uses: new Map() };
    });
  }

  #once<T extends object>(type: T, make: () => T): T {
    const known = this.#done.get(type);
    if (known !== undefined) return known as T;
    const made = make();
    this.#done.set(type, made);
    return made;
  }
}

function noting<T>(seen: { changed: boolean }, before: T, after: T): T {
  seen.changed ||= before !== after;
  return after;
}

/** An instance's own copy of its type: the resource types that it brings along are new. */
export function openInterface(type: Interface): {
  readonly type: Interface;
  readonly introduced: readonly ResourceDefinition[];
} {
  if (type.brings.length === 0) return { type, introduced: [] };
  const fresh = new Map(type.brings.map((resource) => [resource, { ...resource }]));
  const exports = new Replacement(fresh).items(type.exports);
  return { type: { ...type, exports, uses: new Map(), brings: [] }, introduced: [...fresh.values()] };
}

/** The type of an instance of a component that is given arguments. */
export function instanceOf(
  world: World,
  args: ReadonlyMap<string, Item>,
): { readonly type: Interface; readonly introduced: readonly ResourceDefinition[] } {
  const definitions = new Map<Definition, Definition>();
  for (const [name, expected] of world.imports) {
    const given = args.get(name);
    if (given !== undefined) match(expected, given, definitions);
  }
  const introduced = world.brings.map((resource) => ({ ...resource }));
  for (const [index, resource] of world.brings.entries()) {
    const own = introduced[index];
    if (own !== undefined) definitions.set(resource, own);
  }
  const exports = new Replacement(definitions).items(world.exports);
  return { type: { kind: "instance", id: undefined, exports, uses: new Map(), brings: [] }, introduced };
}

/** Each type that is imported becomes the one that is given for it. */
function match(expected: Item, given: Item, definitions: Map<Definition, Definition>): void {
  if (expected.kind === "type" && given.kind === "type" && expected.type.kind === given.type.kind) {
    definitions.set(expected.type, given.type);
  }
  if (expected.kind !== "instance" || given.kind !== "instance") return;
  for (const [name, item] of expected.exports) {
    const found = given.exports.get(name);
    if (found !== undefined) match(item, found, definitions);
  }
}
