import type { Caller } from "../abi/instance-state.ts";
import { camelCase } from "../abi/names.ts";
import { isLabel } from "../names.ts";
import { type Extern, type FuncExtern, type InstanceExtern, isHostFunction } from "./externs.ts";

// biome-ignore lint/complexity/noBannedTypes: functions of any signature, in jco's mapping
type JsFunction = Function;

/**
 * What JavaScript sees of an instance: functions under their camelCase names, called with and returning values in jco's mapping.
 * An `error` result is thrown as a `ComponentError`.
 */
export function exportsOf(instance: InstanceExtern): Record<string, JsFunction> {
  const functions: Record<string, JsFunction> = {};
  const caller = { path: instance.origin ?? "" };
  for (const name of instance.type.exports.keys()) {
    const extern = instance.exports.get(name);
    if (extern?.kind === "func") functions[jsName(name)] = jsFunction(extern, caller);
  }
  return functions;
}

/** What JavaScript sees of the exports of a whole component: functions, and instances under their full names. */
export function rootExports(externs: ReadonlyMap<string, Extern>, path: string): Record<string, unknown> {
  const exports: Record<string, unknown> = {};
  for (const [name, extern] of externs) {
    if (extern.kind === "func") exports[jsName(name)] = jsFunction(extern, { path });
    else if (extern.kind === "instance") exports[name] = exportsOf(extern);
  }
  return exports;
}

/** Names with an annotation (`[method]r.f`) have no place in an object of functions: they stay as they are. */
function jsName(name: string): string {
  return isLabel(name) ? camelCase(name) : name;
}

function jsFunction({ target }: FuncExtern, caller: Caller): JsFunction {
  const call: JsFunction = target.call;
  return isHostFunction(target) && target.withCaller ? call.bind(undefined, caller) : call;
}
