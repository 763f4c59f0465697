/**
 * Resource types at run time, those that the host defines, and the built-in functions that core code uses on handles
 * (CanonicalABI.md, "Resource State" and "Canonical Definitions").
 */
import { bad } from "./bad-value.ts";
import type { CallScope } from "./call-scope.ts";
import { findHandle, liftOwn, lowerOwn } from "./handles.ts";
import { type InstanceState, refuseLeave } from "./instance-state.ts";
import { asHostTrap, trap } from "./traps.ts";

/** What a handle stands for: the JavaScript object of a host's resource, or the i32 that a guest gave to `resource.new`. */
export type Representation = number | object;

/** A resource type, told apart from others by the identity of this object. */
export interface RuntimeResource {
  /** For messages. */
  readonly name: string;
  /** The component instance that defines the resource; undefined when the host does. */
  readonly definedBy: InstanceState | undefined;
  /** What JavaScript gets; a borrowed one lives until `scope` ends. */
  toHost(rep: Representation, scope: CallScope | undefined): unknown;
  /** What JavaScript gives, for good (no scope) or lent to the call of `scope`. Throws `BadValue`. */
  fromHost(value: unknown, scope: CallScope | undefined): Representation;
  /** Whether `fromHost` would take the value. */
  accepts(value: unknown): boolean;
  /** The owner, a component instance or the host, lets go of the resource. */
  destroy(rep: Representation, owner: InstanceState | undefined): void;
}

/** `Symbol.dispose`, which Node 20 has and older engines name like this. */
export const disposeSymbol: symbol = Symbol.dispose ?? Symbol.for("dispose");

/** Any JavaScript class. */
export type HostClass = abstract new (...args: never[]) => object;

/**
 * A resource that the host defines: guests hold handles to instances of a class. When a guest drops an owned handle, the object's
 * `[Symbol.dispose]()` is called if there is one. Without a class, any object is taken.
 */
export class HostResource implements RuntimeResource {
  readonly name: string;
  readonly definedBy = undefined;
  readonly hostClass: HostClass | undefined;

  constructor(name: string, hostClass?: HostClass) {
    this.name = name;
    this.hostClass = hostClass;
  }

  toHost(rep: Representation): unknown {
    return rep;
  }

  fromHost(value: unknown): Representation {
    return this.accepts(value) ? (value as object) : bad(`a resource ${this.name}`, value);
  }

  accepts(value: unknown): boolean {
    if (this.hostClass !== undefined) return value instanceof this.hostClass;
    return typeof value === "object" && value !== null;
  }

  destroy(rep: Representation): void {
    (rep as { [key: symbol]: (() => void) | undefined })[disposeSymbol]?.();
  }
}

/** `canon resource.new`: the representation becomes an owned handle. */
export function canonResourceNew(resource: RuntimeResource, state: InstanceState): (rep: number) => number {
  const name = `resource.new ${resource.name}`;
  return (rep) => {
    if (!state.mayLeave) refuseLeave(state, name);
    return locking(state, name, () => lowerOwn(state, resource, rep, name));
  };
}

/** `canon resource.rep`: the representation of a handle. */
export function canonResourceRep(resource: RuntimeResource, state: InstanceState): (index: number) => number {
  const name = `resource.rep ${resource.name}`;
  return (index) => locking(state, name, () => findHandle(state, resource, index, name).rep as number);
}

/** `canon resource.drop`: removes a handle; an owned one takes the resource with it. */
export function canonResourceDrop(resource: RuntimeResource, state: InstanceState): (index: number) => void {
  const name = `resource.drop ${resource.name}`;
  return (index) => {
    if (!state.mayLeave) refuseLeave(state, name);
    locking(state, name, () => drop(state, resource, index, name));
  };
}

function drop(state: InstanceState, resource: RuntimeResource, index: number, name: string): void {
  const { scope, lends } = findHandle(state, resource, index, name);
  if (scope === undefined) {
    resource.destroy(liftOwn(state, resource, index, name), state);
    return;
  }
  if (lends !== 0) trap(state, name, "cannot remove borrowed resource while it is lent");
  state.handles.remove(index);
  scope.borrows--;
}

/** Runs a built-in: whatever it throws is a trap that locks the instance, so that guest code cannot catch it and go on. */
function locking<T>(state: InstanceState, name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const trapped = asHostTrap(error, state, name);
    state.lock(trapped);
    throw trapped;
  }
}
