import type { HostClass } from "../abi/resources.ts";

/** How objects of a host class are saved with the instances that hold handles to them. */
export interface HostState<T extends object = object, D = unknown> {
  /** What there is to know of an object: plain data (null, booleans, numbers, bigints, strings, bytes, arrays and objects of such). */
  save(object: T): D;
  /** An object that goes on where the saved one was. */
  restore(data: D): T;
}

const hostState = Symbol("how objects are saved");

/**
 * Marks a host class whose objects can be part of a snapshot. Without this mark, a snapshot is refused while a guest holds a
 * handle to such an object.
 */
export function withState<T extends object, D>(
  hostClass: abstract new (...args: never[]) => T,
  state: HostState<T, D>,
): void {
  Object.defineProperty(hostClass, hostState, { value: state });
}

/** What `withState` said of a class or one that it extends. */
export function hostStateOf(hostClass: HostClass | undefined): HostState | undefined {
  return (hostClass as { [hostState]?: HostState } | undefined)?.[hostState];
}
