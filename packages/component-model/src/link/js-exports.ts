import type { Caller } from "../abi/instance-state.ts";
import { camelCase, upperCamelCase } from "../abi/names.ts";
import { parseName } from "../names.ts";
import { type Extern, type FuncExtern, type InstanceExtern, isHostFunction } from "./externs.ts";
import { GuestResource } from "./guest-resource.ts";

// biome-ignore lint/complexity/noBannedTypes: functions of any signature, in jco's mapping
type JsFunction = Function;

/**
 * What JavaScript sees of an instance: functions under their camelCase names, called with and returning values in jco's mapping,
 * and classes for the resources that guests define, under their UpperCamelCase names. An `error` result is thrown as a
 * `ComponentError`.
 */
export function exportsOf(instance: InstanceExtern): Record<string, JsFunction> {
  const members = new Members({ path: instance.origin ?? "" });
  for (const name of instance.type.exports.keys()) members.add(name, instance.exports.get(name));
  return members.all;
}

/** What JavaScript sees of the exports of a whole component: functions and classes, and instances under their full names. */
export function rootExports(externs: ReadonlyMap<string, Extern>, path: string): Record<string, unknown> {
  const members = new Members({ path });
  const exports: Record<string, unknown> = members.all;
  for (const [name, extern] of externs) {
    if (extern.kind === "instance") exports[name] = exportsOf(extern);
    else members.add(name, extern);
  }
  return exports;
}

/** The functions and classes of one instance. */
class Members {
  readonly all: Record<string, JsFunction> = {};
  readonly #caller: Caller;
  readonly #resources = new Map<string, GuestResource>();

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  add(name: string, extern: Extern | undefined): void {
    if (extern?.kind === "type" && extern.resource instanceof GuestResource) {
      this.#resources.set(name, extern.resource);
      this.all[upperCamelCase(name)] = extern.resource.guestClass.exportedAs(name);
    }
    if (extern?.kind !== "func") return;
    const call = jsFunction(extern, this.#caller);
    if (!joinsClass(name, call, this.#resources)) this.all[jsName(name)] = call;
  }
}

/** Whether a function became part of a class. */
function joinsClass(name: string, call: JsFunction, resources: ReadonlyMap<string, GuestResource>): boolean {
  const parsed = parseName(name);
  if (parsed?.kind !== "constructor" && parsed?.kind !== "method" && parsed?.kind !== "static") return false;
  const resource = resources.get(parsed.resource);
  return resource?.guestClass.add(parsed, call as (...args: unknown[]) => unknown) === true;
}

/** Functions with an annotation (`[method]r.f`) whose resource is the host's stay as they are. */
function jsName(name: string): string {
  return parseName(name)?.kind === "label" ? camelCase(name) : name;
}

function jsFunction({ target }: FuncExtern, caller: Caller): JsFunction {
  const call: JsFunction = target.call;
  return isHostFunction(target) && target.withCaller ? call.bind(undefined, caller) : call;
}
