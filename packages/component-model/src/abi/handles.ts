/**
 * Lifting and lowering of `own` and `borrow` (CanonicalABI.md, "Loading" and "Storing"). Indices are as core code gives them:
 * signed 32-bit.
 */
import type { CallScope } from "./call-scope.ts";
import type { Handle } from "./handle-table.ts";
import type { InstanceState } from "./instance-state.ts";
import type { Representation, RuntimeResource } from "./resources.ts";
import { trap } from "./traps.ts";

/** The handle at an index of the instance's table. Traps when there is none or when it is of another resource. */
export function findHandle(
  state: InstanceState,
  resource: RuntimeResource,
  index: number,
  name: string,
): Handle {
  const handle = state.handles.get(index >>> 0);
  if (handle === undefined) trap(state, name, `unknown handle index ${index >>> 0}`);
  if (handle.resource !== resource) {
    const found = `expected ${kindOf(resource)} "${resource.name}" but found a different ${kindOf(handle.resource)} "${handle.resource.name}"`;
    trap(state, name, `handle index ${index >>> 0} used with the wrong type, ${found}`);
  }
  return handle;
}

function kindOf(resource: RuntimeResource): string {
  return resource.definedBy === undefined ? "host-defined resource" : "guest-defined resource";
}

/** Takes an owned handle out of the table. */
export function liftOwn(
  state: InstanceState,
  resource: RuntimeResource,
  index: number,
  name: string,
): Representation {
  const handle = findHandle(state, resource, index, name);
  if (handle.lends !== 0) trap(state, name, "cannot remove owned resource while borrowed");
  if (handle.scope !== undefined)
    trap(state, name, `handle index ${index >>> 0} is borrowed, expected an owned one`);
  state.handles.remove(index);
  return handle.rep;
}

/** Lends a handle to the call of `scope`; it stays in the table. */
export function liftBorrow(
  state: InstanceState,
  resource: RuntimeResource,
  index: number,
  scope: CallScope,
  name: string,
): Representation {
  const handle = findHandle(state, resource, index, name);
  scope.lend(handle);
  return handle.rep;
}

/** Puts an owned handle into the table and returns its index. */
export function lowerOwn(
  state: InstanceState,
  resource: RuntimeResource,
  rep: Representation,
  name: string,
): number {
  return addHandle(state, { resource, rep, scope: undefined, lends: 0 }, name);
}

/**
 * Puts a borrowed handle into the table, to be dropped before the call of `scope` ends, and returns its index. The instance that
 * defines the resource gets the representation itself.
 */
export function lowerBorrow(
  state: InstanceState,
  resource: RuntimeResource,
  rep: Representation,
  scope: CallScope,
  name: string,
): number {
  if (resource.definedBy === state) return rep as number;
  scope.borrows++;
  return addHandle(state, { resource, rep, scope, lends: 0 }, name);
}

function addHandle(state: InstanceState, handle: Handle, name: string): number {
  const index = state.handles.add(handle);
  if (index === 0) trap(state, name, "the table of handles is full");
  return index;
}
