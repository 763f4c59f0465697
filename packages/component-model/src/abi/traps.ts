/**
 * Turns what was thrown while a call crossed a boundary into the error that its caller sees.
 */
import { ComponentModelError, FuelError, TrapError } from "../errors.ts";
import { Reason } from "../rewrite/meter-layout.ts";
import type { FuncType, ResourceType, ValueType } from "../types.ts";
import type { BadValue } from "./bad-value.ts";
import type { InstanceState } from "./instance-state.ts";
import { findMismatch } from "./mismatch.ts";
import type { RuntimeResource } from "./resources.ts";

/** Throws a trap of the canonical ABI in `state`, while `name` is called. */
export function trap(state: InstanceState, name: string, reason: string): never {
  throw new TrapError(`${reason} (in ${name}, component instance "${state.path}")`, state.path, {
    where: name,
  });
}

/** The trap that something thrown by guest code is. A trap of an instance further in stays what it is. */
export function asGuestTrap(error: unknown, state: InstanceState, name: string): TrapError {
  if (error instanceof TrapError) return error;
  const limit = limitOf(error, state, name);
  if (limit !== undefined) return limit;
  const message = `component instance "${state.path}" trapped in ${name}: ${messageOf(error)}`;
  return new TrapError(message, state.path, { where: name, cause: error });
}

/** The error for a limit that guest code ran into; undefined when it trapped for another reason. */
function limitOf(error: unknown, state: InstanceState, name: string): TrapError | undefined {
  const details = { where: name, cause: error };
  const at = `component instance "${state.path}", in ${name}`;
  if (error instanceof RangeError && /call stack/i.test(error.message)) {
    const message = `the engine's own stack overflowed in ${at}: ${error.message}`;
    return new TrapError(message, state.path, { ...details, code: "engine-limit" });
  }
  const { reason } = state;
  if (reason === undefined || !(error instanceof WebAssembly.RuntimeError)) return undefined;
  const why: unknown = reason.value;
  reason.value = Reason.none;
  switch (why) {
    case Reason.fuel:
      return new FuelError(`the fuel of the call ran out in ${at}`, state.path, { ...details, code: "fuel" });
    case Reason.stack: {
      const message = `calls are nested deeper than the limit in ${at}`;
      return new FuelError(message, state.path, { ...details, code: "stack-depth" });
    }
    case Reason.memory: {
      const message = `the engine refused memory within the limits of ${at}`;
      return new TrapError(message, state.path, { ...details, code: "engine-limit" });
    }
    case Reason.refused: {
      // Without a meter nobody says where a call begins: the refusal may be that of an earlier one.
      if (state.meter === undefined) return undefined;
      const message = `component instance "${state.path}" trapped in ${name} after memory beyond the limit was refused: ${messageOf(error)}`;
      return new TrapError(message, state.path, { ...details, code: "memory-limit" });
    }
    default:
      return undefined;
  }
}

/** The trap that something thrown by a host function is. It blames the instance that called. */
export function asHostTrap(error: unknown, state: InstanceState, name: string): TrapError {
  if (error instanceof TrapError) return error;
  const message = `host function ${name}, called by component instance "${state.path}", threw: ${messageOf(error)}`;
  return new TrapError(message, state.path, { where: name, cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** The error for an argument that does not fit its type: says which argument, and which part of it. */
export function badArgument(
  error: BadValue,
  type: FuncType,
  args: readonly unknown[],
  resources: (type: ResourceType) => RuntimeResource,
  name: string,
): ComponentModelError {
  for (const [index, param] of type.params.entries()) {
    const found = findMismatch(param.type, args[index], param.name, resources);
    if (found !== undefined) return badValue(name, `argument ${found.path}`, found.problem);
  }
  return badValue(name, "an argument", error);
}

/** The error for a result of a host function that does not fit its type. */
export function badResult(
  error: BadValue,
  type: ValueType | undefined,
  result: unknown,
  resources: (type: ResourceType) => RuntimeResource,
  name: string,
): ComponentModelError {
  const found = type === undefined ? undefined : findMismatch(type, result, "result", resources);
  return badValue(name, found?.path ?? "result", found?.problem ?? error);
}

function badValue(name: string, place: string, problem: BadValue): ComponentModelError {
  return new ComponentModelError("bad-value", `${name}: ${place}: ${problem.message}`, {
    where: `${name}, ${place}`,
  });
}
