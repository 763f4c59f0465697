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
import { checkModuleSubtype } from "./core-subtype.ts";
import { rootType } from "./named-types.ts";
import { printExtern, printType } from "./print-type.ts";

/** Why one type does not fit where another is expected. */
export interface Mismatch {
  /** Names from the outside in: an instance's export, `param x`, `field y`, … */
  readonly path: string[];
  readonly expected: string;
  readonly found: string;
  /** True when what is expected is not there at all, rather than of another type. */
  readonly missing?: boolean;
}

/**
 * Checks that `actual` can be used where `expected` is: an instance may export more than is asked for, a component may
 * import less and export more, everything else is equal in structure. Returns undefined when it fits.
 *
 * A resource type of `expected` stands for the one that `actual` has in its place: it is bound where it is first met, and
 * must be the same everywhere after. Pass one `bindings` to several calls (the imports of one component, say) to have
 * them agree; on return it tells what each stands for. Only resource types for which `bindable` holds are bound; all
 * others must be identical.
 */
export function checkSubtype(
  actual: ExternType,
  expected: ExternType,
  bindings: Map<ResourceType, ResourceType> = new Map(),
  bindable: (resource: ResourceType) => boolean = () => true,
): Mismatch | undefined {
  return new SubtypeCheck(bindings, bindable).extern(actual, expected);
}

class SubtypeCheck {
  readonly #bindings: Map<ResourceType, ResourceType>;
  readonly #bindable: (resource: ResourceType) => boolean;
  /** Pairs that fit, so that types that share parts are compared once per part. */
  readonly #fits = new Map<object, Set<object>>();

  constructor(bindings: Map<ResourceType, ResourceType>, bindable: (resource: ResourceType) => boolean) {
    this.#bindings = bindings;
    this.#bindable = bindable;
  }

  extern(actual: ExternType, expected: ExternType): Mismatch | undefined {
    if (actual.kind === "func" && expected.kind === "func") return this.func(actual.type, expected.type);
    if (actual.kind === "instance" && expected.kind === "instance")
      return this.instance(actual.type, expected.type);
    if (actual.kind === "component" && expected.kind === "component")
      return this.component(actual.type, expected.type);
    if (actual.kind === "module" && expected.kind === "module")
      return checkModuleSubtype(actual.type, expected.type);
    if (actual.kind === "type" && expected.kind === "type") return this.defined(actual.type, expected.type);
    return differ(printExtern(expected), printExtern(actual));
  }

  instance(actual: InstanceType, expected: InstanceType): Mismatch | undefined {
    const inner = this.#withBindable(expected.resources);
    // Types first: they bind the resources that the functions mention.
    for (const typesOnly of [true, false]) {
      for (const [name, type] of expected.exports) {
        if ((type.kind === "type") !== typesOnly) continue;
        const found = actual.exports.get(name);
        if (found === undefined) return at(name, absent(printExtern(type)));
        const mismatch = inner.extern(found, type);
        if (mismatch !== undefined) return at(name, mismatch);
      }
    }
    return undefined;
  }

  component(actual: ComponentType, expected: ComponentType): Mismatch | undefined {
    // Imports are compared the other way round: what `expected` is given must do for `actual`.
    const reverse = new Map([...this.#bindings].map(([from, to]) => [to, from]));
    const own = new Set(actual.importedResources);
    const imports = new SubtypeCheck(reverse, (resource) => own.has(resource));
    for (const [name, type] of actual.imports) {
      const given = expected.imports.get(name);
      if (given === undefined) return at(`import ${name}`, differ("no such import", printExtern(type)));
      const mismatch = imports.extern(given, type);
      if (mismatch !== undefined) return at(`import ${name}`, mismatch);
    }
    const bindings = new Map(this.#bindings);
    for (const resource of own) {
      const given = reverse.get(resource);
      if (given !== undefined) bindings.set(given, resource);
    }
    const fresh = new Set(expected.resources);
    const exports = new SubtypeCheck(bindings, (resource) => fresh.has(resource));
    return exports.instance({ exports: actual.exports }, { exports: expected.exports });
  }

  defined(actual: DefinedType, expected: DefinedType): Mismatch | undefined {
    if (actual.kind === "resource" && expected.kind === "resource")
      return this.#resource(actual.type, expected.type);
    if (actual.kind === "value" && expected.kind === "value") return this.value(actual.type, expected.type);
    if (actual.kind === "func" && expected.kind === "func") return this.func(actual.type, expected.type);
    if (actual.kind === "instance" && expected.kind === "instance") {
      return (
        this.instance(actual.type, expected.type) ?? this.#swapped().instance(expected.type, actual.type)
      );
    }
    if (actual.kind === "component" && expected.kind === "component") {
      return (
        this.component(actual.type, expected.type) ?? this.#swapped().component(expected.type, actual.type)
      );
    }
    return differ(printExtern({ kind: "type", type: expected }), printExtern({ kind: "type", type: actual }));
  }

  func(actual: FuncType, expected: FuncType): Mismatch | undefined {
    if (this.#fit(actual, expected)) return undefined;
    const params = this.#named("param", actual.params, expected.params);
    if (params !== undefined) return params;
    const result = this.#optional(actual.result, expected.result);
    return result === undefined ? this.#remember(actual, expected) : at("result", result);
  }

  value(actual: ValueType, expected: ValueType): Mismatch | undefined {
    const [from, to] = [rootType(actual), rootType(expected)];
    if (this.#fit(from, to)) return undefined;
    const mismatch = this.#value(from, to);
    return mismatch ?? this.#remember(from, to);
  }

  #value(actual: ValueType, expected: ValueType): Mismatch | undefined {
    const other = () => differ(printType(expected), printType(actual));
    if (actual.kind === "record" && expected.kind === "record") {
      return this.#named("field", actual.fields, expected.fields);
    }
    if (actual.kind === "tuple" && expected.kind === "tuple") {
      if (actual.types.length !== expected.types.length) return other();
      return firstOf(expected.types, (type, index) => {
        const found = actual.types[index];
        return found && at(`item ${index}`, this.value(found, type));
      });
    }
    if (actual.kind === "variant" && expected.kind === "variant") {
      if (!sameNames(actual.cases, expected.cases)) return other();
      return firstOf(expected.cases, (item, index) =>
        at(`case ${item.name}`, this.#optional(actual.cases[index]?.type, item.type)),
      );
    }
    if (
      (actual.kind === "enum" && expected.kind === "enum") ||
      (actual.kind === "flags" && expected.kind === "flags")
    ) {
      return sameTexts(actual.labels, expected.labels) ? undefined : other();
    }
    if (actual.kind === "option" && expected.kind === "option") return this.value(actual.type, expected.type);
    if (actual.kind === "result" && expected.kind === "result") {
      return (
        at("ok", this.#optional(actual.ok, expected.ok)) ??
        at("error", this.#optional(actual.err, expected.err))
      );
    }
    if (actual.kind === "list" && expected.kind === "list") {
      return actual.length === expected.length && actual.isMap === expected.isMap
        ? at("element", this.value(actual.element, expected.element))
        : other();
    }
    if (
      (actual.kind === "own" && expected.kind === "own") ||
      (actual.kind === "borrow" && expected.kind === "borrow")
    ) {
      return this.#resource(actual.resource, expected.resource);
    }
    return actual.kind === expected.kind ? undefined : other();
  }

  #resource(actual: ResourceType, expected: ResourceType): Mismatch | undefined {
    const bound = this.#bindings.get(expected);
    if (bound === undefined && this.#bindable(expected)) {
      this.#bindings.set(expected, actual);
      return undefined;
    }
    if ((bound ?? expected) === actual) return undefined;
    return differ(`resource ${expected.name}`, `another resource ${actual.name}`);
  }

  #named(what: string, actual: readonly NamedType[], expected: readonly NamedType[]): Mismatch | undefined {
    if (!sameNames(actual, expected)) {
      return differ(`${what}s (${names(expected)})`, `${what}s (${names(actual)})`);
    }
    return firstOf(expected, ({ name, type }, index) => {
      const found = actual[index];
      return found && at(`${what} ${name}`, this.value(found.type, type));
    });
  }

  #optional(actual: ValueType | undefined, expected: ValueType | undefined): Mismatch | undefined {
    if (actual !== undefined && expected !== undefined) return this.value(actual, expected);
    if (actual === expected) return undefined;
    return differ(expected ? printType(expected) : "nothing", actual ? printType(actual) : "nothing");
  }

  #fit(actual: object, expected: object): boolean {
    return this.#fits.get(actual)?.has(expected) === true;
  }

  #remember(actual: object, expected: object): undefined {
    const fits = this.#fits.get(actual);
    if (fits === undefined) this.#fits.set(actual, new Set([expected]));
    else fits.add(expected);
  }

  #withBindable(resources: readonly ResourceType[] | undefined): SubtypeCheck {
    if (resources === undefined || resources.length === 0) return this;
    const own = new Set(resources);
    return new SubtypeCheck(this.#bindings, (resource) => own.has(resource) || this.#bindable(resource));
  }

  #swapped(): SubtypeCheck {
    const reverse = new Map([...this.#bindings].map(([from, to]) => [to, from]));
    return new SubtypeCheck(reverse, () => false);
  }
}

function absent(expected: string): Mismatch {
  return { path: [], expected, found: "nothing: no export of this name", missing: true };
}

function differ(expected: string, found: string): Mismatch {
  return { path: [], expected, found };
}

function at(name: string, mismatch: Mismatch | undefined): Mismatch | undefined {
  return mismatch && { ...mismatch, path: [name, ...mismatch.path] };
}

function firstOf<T>(
  items: readonly T[],
  check: (item: T, index: number) => Mismatch | undefined,
): Mismatch | undefined {
  for (const [index, item] of items.entries()) {
    const mismatch = check(item, index);
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

function names(items: readonly { readonly name: string }[]): string {
  return items.map((item) => item.name).join(", ");
}

function sameNames(
  a: readonly { readonly name: string }[],
  b: readonly { readonly name: string }[],
): boolean {
  return a.length === b.length && a.every((item, index) => item.name === b[index]?.name);
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
