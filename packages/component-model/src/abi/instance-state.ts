/**
 * What the canonical ABI remembers about one component instance (CanonicalABI.md, "Component Instances").
 */
import { TrapError } from "../errors.ts";
import type { Meter } from "../state/meter.ts";
import { HandleTable } from "./handle-table.ts";

/** What a host function is told about who calls it. */
export interface Caller {
  /** Path of the component instance whose `canon lower` the call goes through. */
  readonly path: string;
}

export class InstanceState {
  readonly path: string;
  /** The instance that contains this one: entering a child enters its parents as well, unless the caller is already inside. */
  readonly parent: InstanceState | undefined;
  /** The same object for every call, so that host functions may key a map with it. */
  readonly caller: Caller;
  handles = new HandleTable();
  /** False while a call is inside, and for ever after a trap. */
  mayEnter = true;
  /** False while `realloc` or `post-return` run: these must not call imports. */
  mayLeave = true;
  /** The trap that locked the instance. */
  trapped: TrapError | undefined = undefined;
  /** Counts what calls into the instance take. */
  meter: Meter | undefined = undefined;
  /** Says, as a number, why guest code stopped itself; undefined where it never does. */
  reason: WebAssembly.Global | undefined = undefined;

  constructor(path: string, parent?: InstanceState) {
    this.path = path;
    this.parent = parent;
    this.caller = { path };
  }

  /** The instances that a call from `from` (undefined: the host) enters: this one and its parents that `from` is not in. */
  enteredFrom(from: InstanceState | undefined): InstanceState[] {
    const entered: InstanceState[] = [];
    let instance: InstanceState | undefined = this;
    while (instance !== undefined && !from?.isWithin(instance)) {
      entered.push(instance);
      instance = instance.parent;
    }
    return entered;
  }

  /** Whether this is an instance or one that it contains. */
  isWithin(other: InstanceState): boolean {
    return this === other || this.parent?.isWithin(other) === true;
  }

  /** Locks the instance. The first trap stays. */
  lock(error: TrapError): void {
    this.trapped ??= error;
    this.mayEnter = false;
    this.mayLeave = false;
  }
}

/** Throws the trap that a call into one of these instances is, when not all of them may be entered. */
export function refuseEntry(entering: readonly InstanceState[], name: string): never {
  const locked = entering.find((instance) => instance.trapped !== undefined);
  if (locked !== undefined) {
    throw new TrapError(`cannot call ${name}: instance "${locked.path}" trapped earlier`, locked.path, {
      code: "locked",
      where: name,
      cause: locked.trapped,
    });
  }
  const busy = entering.find((instance) => !instance.mayEnter);
  const path = busy?.path ?? "";
  throw new TrapError(
    `cannot enter component instance "${path}" again: a call into it is not finished`,
    path,
    {
      where: name,
    },
  );
}

/** Throws the trap that a call out of an instance is while `realloc` or `post-return` run, or after it trapped. */
export function refuseLeave(state: InstanceState, name: string): never {
  const error =
    state.trapped ??
    new TrapError(
      `cannot leave component instance "${state.path}" during realloc or post-return`,
      state.path,
      {
        where: name,
      },
    );
  state.lock(error);
  throw error;
}
