import type {
  ComponentType,
  DefinedType,
  ExternType,
  FuncType,
  InstanceType,
  NamedType,
  ResourceType,
  ValueType,
} from "../types.ts";
import { handleType, type ResourceName, resourceNameOf, rootType, setRoot } from "./named-types.ts";

/**
 * Replaces resource types inside a type. Parts without any of them are returned as they are, so that identity (and what
 * is cached by it) survives; a part that occurs twice is visited once.
 *
 * `names` tells what named types become: objects that stand for a name (value types, and resources as `ResourceName`) by
 * those of the name that takes its place.
 */
export class Substitution {
  readonly #resources: ReadonlyMap<ResourceType, ResourceType>;
  readonly #done: Map<object, object>;

  constructor(
    resources: ReadonlyMap<ResourceType, ResourceType>,
    names: ReadonlyMap<object, object> = new Map(),
  ) {
    this.#resources = resources;
    this.#done = new Map(names);
  }

  resource(type: ResourceType): ResourceType {
    return this.#resources.get(type) ?? type;
  }

  value(type: ValueType): ValueType {
    return this.#once(type, () => {
      const replaced = this.#value(type);
      const root = rootType(type);
      if (replaced !== type && root !== type) setRoot(replaced, this.value(root));
      return replaced;
    });
  }

  func(type: FuncType): FuncType {
    return this.#once(type, () => {
      const params = this.#named(type.params);
      const result = type.result && this.value(type.result);
      return params === type.params && result === type.result ? type : { params, result };
    });
  }

  instance(type: InstanceType): InstanceType {
    return this.#once(type, () => {
      const exports = this.#externs(type.exports);
      return exports === type.exports ? type : { ...type, exports };
    });
  }

  component(type: ComponentType): ComponentType {
    return this.#once(type, () => {
      const imports = this.#externs(type.imports);
      const exports = this.#externs(type.exports);
      return imports === type.imports && exports === type.exports ? type : { ...type, imports, exports };
    });
  }

  defined(type: DefinedType): DefinedType {
    switch (type.kind) {
      case "value":
        return rewrap(type, this.value(type.type));
      case "resource":
        return this.#resourceName(type);
      case "func":
        return rewrap(type, this.func(type.type));
      case "instance":
        return rewrap(type, this.instance(type.type));
      case "component":
        return rewrap(type, this.component(type.type));
    }
  }

  #resourceName(name: ResourceName): ResourceName {
    return this.#once(name, () => rewrap(name, this.resource(name.type)));
  }

  extern(type: ExternType): ExternType {
    switch (type.kind) {
      case "func":
        return rewrap(type, this.func(type.type));
      case "instance":
        return rewrap(type, this.instance(type.type));
      case "component":
        return rewrap(type, this.component(type.type));
      case "type":
        return rewrap(type, this.defined(type.type));
      case "module":
        return type;
    }
  }

  #once<T extends object>(type: T, make: () => T): T {
    const known = this.#done.get(type);
    if (known !== undefined) return known as T;
    const made = make();
    this.#done.set(type, made);
    return made;
  }

  #externs(types: ReadonlyMap<string, ExternType>): ReadonlyMap<string, ExternType> {
    let changed = false;
    const result = new Map<string, ExternType>();
    for (const [name, type] of types) {
      const replaced = this.extern(type);
      changed ||= replaced !== type;
      result.set(name, replaced);
    }
    return changed ? result : types;
  }

  #named(types: readonly NamedType[]): readonly NamedType[] {
    return sameOr(types, (item) => rewrap(item, this.value(item.type)));
  }

  #value(type: ValueType): ValueType {
    switch (type.kind) {
      case "record": {
        const fields = this.#named(type.fields);
        return fields === type.fields ? type : { ...type, fields };
      }
      case "tuple": {
        const types = sameOr(type.types, (item) => this.value(item));
        return types === type.types ? type : { ...type, types };
      }
      case "variant": {
        const cases = sameOr(type.cases, (item) => rewrap(item, item.type && this.value(item.type)));
        return cases === type.cases ? type : { ...type, cases };
      }
      case "option":
        return rewrap(type, this.value(type.type));
      case "result": {
        const ok = type.ok && this.value(type.ok);
        const err = type.err && this.value(type.err);
        return ok === type.ok && err === type.err ? type : { ...type, ok, err };
      }
      case "list": {
        const element = this.value(type.element);
        return element === type.element ? type : { ...type, element };
      }
      case "own":
      case "borrow": {
        const name = resourceNameOf(type) ?? { kind: "resource", type: type.resource };
        const replaced = this.#resourceName(name);
        return replaced === name ? type : handleType(type.kind, replaced);
      }
      default:
        return type;
    }
  }
}

function rewrap<W extends { readonly type: unknown }>(wrapper: W, type: W["type"]): W {
  return wrapper.type === type ? wrapper : { ...wrapper, type };
}

function sameOr<T>(items: readonly T[], map: (item: T) => T): readonly T[] {
  const mapped = items.map(map);
  return mapped.every((item, index) => item === items[index]) ? items : mapped;
}

/** An instance's own copy of a type: the resource types that it brings along are new. */
export function openInstance(type: InstanceType): {
  type: InstanceType;
  introduced: readonly ResourceType[];
} {
  const brought = type.resources ?? [];
  if (brought.length === 0) return { type, introduced: [] };
  const fresh = freshResources(brought);
  const opened = new Substitution(fresh).instance({ ...type, resources: undefined });
  return { type: { exports: opened.exports }, introduced: [...fresh.values()] };
}

export function freshResources(resources: readonly ResourceType[]): Map<ResourceType, ResourceType> {
  return new Map(resources.map((resource) => [resource, { kind: "resource", name: resource.name }]));
}
