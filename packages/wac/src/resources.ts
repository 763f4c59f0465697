import type {
  DefinedType,
  ExternType,
  FuncType,
  InstanceType,
  NamedType,
  ResourceType,
  ValueType,
} from "@playhead/component-model";

/** Which resource type stands for which: from those of a package to those of the composition. */
type ResourceMap = ReadonlyMap<ResourceType, ResourceType>;

/** A type with other resource types in place of its own. Without any to replace, the type itself. */
export function substitute(type: ExternType, resources: ResourceMap): ExternType {
  return resources.size === 0 ? type : new Substitution(resources).extern(type);
}

/** The exports of an instance of a component, with other resource types in place of the component's. */
export function substituteExports(
  exports: ReadonlyMap<string, ExternType>,
  resources: ResourceMap,
): ReadonlyMap<string, ExternType> {
  return resources.size === 0 ? exports : new Substitution(resources).externs(exports);
}

/** Replaces resource types. Parts that occur twice are visited once, so a type that shares parts stays as small as it is. */
class Substitution {
  readonly #resources: ResourceMap;
  readonly #done = new Map<object, object>();

  constructor(resources: ResourceMap) {
    this.#resources = resources;
  }

  externs(types: ReadonlyMap<string, ExternType>): ReadonlyMap<string, ExternType> {
    return new Map([...types].map(([name, type]) => [name, this.extern(type)]));
  }

  extern(type: ExternType): ExternType {
    switch (type.kind) {
      case "func":
        return { ...type, type: this.#func(type.type) };
      case "instance":
        return { ...type, type: this.#instance(type.type) };
      case "component":
        return { ...type, type: this.#component(type.type) };
      case "type":
        return { ...type, type: this.#defined(type.type) };
      case "module":
        return type;
    }
  }

  #defined(type: DefinedType): DefinedType {
    switch (type.kind) {
      case "value":
        return { ...type, type: this.#value(type.type) };
      case "resource":
        return { ...type, type: this.#resource(type.type) };
      case "func":
        return { ...type, type: this.#func(type.type) };
      case "instance":
        return { ...type, type: this.#instance(type.type) };
      case "component":
        return { ...type, type: this.#component(type.type) };
    }
  }

  #instance(type: InstanceType): InstanceType {
    return this.#once(type, () => ({ ...type, exports: this.externs(type.exports) }));
  }

  #component<T extends Extract<DefinedType, { kind: "component" }>["type"]>(type: T): T {
    return this.#once(type, () => ({
      ...type,
      imports: this.externs(type.imports),
      exports: this.externs(type.exports),
    }));
  }

  #func(type: FuncType): FuncType {
    return this.#once(type, () => ({
      params: this.#named(type.params),
      result: type.result && this.#value(type.result),
    }));
  }

  #named(types: readonly NamedType[]): readonly NamedType[] {
    return types.map(({ name, type }) => ({ name, type: this.#value(type) }));
  }

  #resource(type: ResourceType): ResourceType {
    return this.#resources.get(type) ?? type;
  }

  #value(type: ValueType): ValueType {
    return this.#once(type, () => this.#valueOnce(type));
  }

  #valueOnce(type: ValueType): ValueType {
    switch (type.kind) {
      case "record":
        return { ...type, fields: this.#named(type.fields) };
      case "tuple":
        return { ...type, types: type.types.map((item) => this.#value(item)) };
      case "variant":
        return {
          ...type,
          cases: type.cases.map((item) => ({ ...item, type: item.type && this.#value(item.type) })),
        };
      case "option":
        return { ...type, type: this.#value(type.type) };
      case "result":
        return { ...type, ok: type.ok && this.#value(type.ok), err: type.err && this.#value(type.err) };
      case "list":
        return { ...type, element: this.#value(type.element) };
      case "own":
      case "borrow":
        return { ...type, resource: this.#resource(type.resource) };
      default:
        return type;
    }
  }

  #once<T extends object>(type: T, make: () => T): T {
    const known = this.#done.get(type);
    if (known !== undefined) {
      return known as T;
    }
    const made = make();
    this.#done.set(type, made);
    return made;
  }
}
