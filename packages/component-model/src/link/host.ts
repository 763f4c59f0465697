import type { HostFunction } from "../abi/lower.ts";
import { camelCase, upperCamelCase } from "../abi/names.ts";
import { type HostClass, HostResource, type RuntimeResource } from "../abi/resources.ts";
import { ComponentModelError } from "../errors.ts";
import { parseName } from "../names.ts";
import type { ExternType, InstanceType, ResourceType } from "../types.ts";
import { printExtern } from "../typing/print-type.ts";
import { borrowerOf } from "./borrowing.ts";
import { callerTarget } from "./caller.ts";
import { type Extern, type FuncExtern, type InstanceExtern, isExtern } from "./externs.ts";

/**
 * What JavaScript gives for an import, in jco's mapping: a function, a class for a resource, or for an instance an object of
 * functions (camelCase), classes (UpperCamelCase) and objects.
 */
// biome-ignore lint/complexity/noBannedTypes: functions and classes of any shape
export type HostImport = Function | { readonly [name: string]: unknown };

/** Where an import is looked for, and what resource types that are known already stand for. */
export interface HostPlace {
  readonly host: object;
  /** Name of the import, for messages. */
  readonly where: string;
  readonly resources: ReadonlyMap<ResourceType, RuntimeResource>;
}

/** Makes an instance of a JavaScript object. Everything that the type asks for must be there, of the right kind. */
export function hostInstance(type: InstanceType, place: HostPlace): InstanceExtern {
  const exports = new Map<string, Extern>();
  const resources = new Map(place.resources);
  for (const [name, item] of type.exports) {
    const extern = hostExport(name, item, { ...place, resources });
    if (item.kind === "type" && item.type.kind === "resource" && extern.kind === "type" && extern.resource) {
      resources.set(item.type.type, extern.resource);
    }
    exports.set(name, extern);
  }
  return { kind: "instance", type, exports, origin: undefined };
}

/** One export of a host's instance, or one import at the root of a component. */
function hostExport(name: string, type: ExternType, place: HostPlace): Extern {
  switch (type.kind) {
    case "func":
      return hostFunction(name, type, place);
    case "type": {
      const resource = type.type.kind === "resource" ? hostResource(name, type.type.type, place) : undefined;
      return { kind: "type", type: type.type, resource };
    }
    case "instance": {
      const host = lookUp(place.host, [name, camelCase(name)]);
      if (isObject(host) || (host === undefined && needsNothing(type))) {
        return hostInstance(type.type, { ...place, host: host ?? {}, where: `${place.where}#${name}` });
      }
      throw missing(name, type, host, place);
    }
    default: {
      const given = lookUp(place.host, [name]);
      if (isExtern(given)) return given;
      throw missing(name, type, given, place);
    }
  }
}

export function hostFunction(
  name: string,
  type: ExternType & { kind: "func" },
  place: HostPlace,
): FuncExtern {
  const parsed = parseName(name);
  const fullName = place.where === name ? name : `${place.where}#${name}`;
  const extern = (target: HostFunction): FuncExtern => ({
    kind: "func",
    type: type.type,
    name: fullName,
    target,
  });
  if (parsed?.kind === "method")
    return extern(method(camelCase(parsed.label), hostClass(parsed.resource, place)));
  if (parsed?.kind === "constructor" || parsed?.kind === "static") {
    const owner = hostClass(parsed.resource, place);
    if (owner === undefined) throw missing(upperCamelCase(parsed.resource), type, undefined, place);
    if (parsed.kind === "constructor") return extern(constructorOf(owner));
    return extern(plain(requireFunction(owner, camelCase(parsed.label), type, place), owner));
  }
  return extern(plain(requireFunction(place.host, camelCase(name), type, place), place.host));
}

type Callable = (...args: unknown[]) => unknown;

export function plain(fn: Callable, self: object | undefined): HostFunction {
  const target = callerTarget(fn);
  const { fn: called, lists } = borrowerOf(target ?? fn);
  return { call: called.bind(self), withCaller: target !== undefined, lists };
}

function constructorOf(owner: HostClass): HostFunction {
  const Class = owner as unknown as new (...args: unknown[]) => object;
  return { call: (...args) => new Class(...args), withCaller: callerTarget(Class) !== undefined };
}

/** A method is found on the class, or, when it is a field or there is no class, on the object that it is called on. */
function method(name: string, owner: HostClass | undefined): HostFunction {
  const shared = owner === undefined ? undefined : lookUp(owner.prototype as object, [name]);
  if (typeof shared === "function" && callerTarget(shared) === undefined) {
    return {
      call: (self, ...args) => (self as Record<string, Callable>)[name]?.(...args),
      withCaller: false,
      lists: borrowerOf(shared).lists,
    };
  }
  const call = (caller: unknown, self: unknown, ...args: unknown[]): unknown => {
    const fn = lookUp(self as object, [name]);
    if (typeof fn !== "function") throw new TypeError(`the host object has no method ${name}`);
    const target = callerTarget(fn);
    return target === undefined ? fn.apply(self, args) : target.call(self, caller, ...args);
  };
  const lists = typeof shared === "function" ? borrowerOf(callerTarget(shared) ?? shared).lists : "copied";
  return { call, withCaller: true, lists };
}

function requireFunction(host: object, name: string, type: ExternType, place: HostPlace): Callable {
  const found = lookUp(host, [name]);
  if (typeof found === "function") return found as Callable;
  throw missing(name, type, found, place);
}

/** The resource that a type stands for: one that is bound already, else that of the class which the host gives. */
export function hostResource(name: string, type: ResourceType, place: HostPlace): RuntimeResource {
  const bound = place.resources.get(type);
  const given = hostClass(name, place);
  if (bound === undefined) return resourceOf(given ?? place.host, name);
  if (given !== undefined && bound instanceof HostResource && bound.hostClass !== given) {
    const where = `${place.where} / ${name}`;
    throw new ComponentModelError(
      "type-mismatch",
      `import ${place.where}: ${name}: expected the same resource ${bound.name} as elsewhere, found another class`,
      { where },
    );
  }
  return bound;
}

function hostClass(resource: string, place: HostPlace): HostClass | undefined {
  const found = lookUp(place.host, [upperCamelCase(resource), resource]);
  return typeof found === "function" ? (found as unknown as HostClass) : undefined;
}

const ofClasses = new WeakMap<HostClass, HostResource>();
const ofObjects = new WeakMap<object, Map<string, HostResource>>();

/** One resource per class, whatever it is called, or, without a class, per host object and name. */
function resourceOf(host: HostClass | object, name: string): HostResource {
  if (typeof host === "function")
    return once(ofClasses, host as HostClass, (type) => new HostResource(name, type));
  const resources = once(ofObjects, host, () => new Map<string, HostResource>());
  const resource = resources.get(name) ?? new HostResource(name);
  resources.set(name, resource);
  return resource;
}

function once<K extends object, V>(known: WeakMap<K, V>, key: K, make: (key: K) => V): V {
  const value = known.get(key) ?? make(key);
  known.set(key, value);
  return value;
}

/** An interface of types only asks for nothing at run time, unless they are resources. */
export function needsNothing(type: ExternType): boolean {
  if (type.kind === "type") return type.type.kind !== "resource";
  return type.kind === "instance" && [...type.type.exports.values()].every(needsNothing);
}

export function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** The first of the names that the object or its class has; what every object or function inherits does not count. */
function lookUp(host: object, names: readonly string[]): unknown {
  for (const name of names) {
    let holder: unknown = host;
    while (isObject(holder) && !Object.hasOwn(holder, name)) holder = Object.getPrototypeOf(holder);
    if (!isObject(holder) || holder === Object.prototype || holder === Function.prototype) continue;
    return (host as Record<string, unknown>)[name];
  }
  return undefined;
}

function missing(name: string, type: ExternType, found: unknown, place: HostPlace): ComponentModelError {
  const what = found === undefined ? "nothing" : found === null ? "null" : `a value of type ${typeof found}`;
  const code = found === undefined ? "missing-import" : "type-mismatch";
  const where = `${place.where} / ${name}`;
  return new ComponentModelError(
    code,
    `import ${place.where}: ${name}: expected ${printExtern(type)}, found ${what}`,
    {
      where,
    },
  );
}
