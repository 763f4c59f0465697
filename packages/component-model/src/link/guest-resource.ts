import { bad } from "../abi/bad-value.ts";
import type { CallScope, Expiring } from "../abi/call-scope.ts";
import type { InstanceState } from "../abi/instance-state.ts";
import { liftFunction } from "../abi/lift.ts";
import { lowerFunction } from "../abi/lower.ts";
import { disposeSymbol, type Representation, type RuntimeResource } from "../abi/resources.ts";
import type { FuncType } from "../types.ts";
import type { CoreFunction } from "./frame.ts";

const destructorType: FuncType = { params: [{ name: "rep", type: { kind: "u32" } }], result: undefined };
const noResources = (): never => {
  throw new Error("Invariant: destructors take no resources");
};

/** A resource that a component defines: the representation is an i32 that only its own instance understands. */
export class GuestResource implements RuntimeResource {
  readonly name: string;
  readonly definedBy: InstanceState;
  readonly #destructor: CoreFunction | undefined;

  constructor(name: string, definedBy: InstanceState, destructor: CoreFunction | undefined) {
    this.name = name;
    this.definedBy = definedBy;
    this.#destructor = destructor;
  }

  toHost(rep: Representation, scope: CallScope | undefined): GuestHandle {
    const handle = new GuestHandle(this, rep as number);
    scope?.expire(handle);
    return handle;
  }

  fromHost(value: unknown, scope: CallScope | undefined): Representation {
    if (!(value instanceof GuestHandle) || value.resource !== this)
      return bad(`a resource ${this.name}`, value);
    if (!value.live) return bad(`a live resource ${this.name}`, "one that was dropped or given away");
    if (scope !== undefined) scope.lend(value);
    else value.giveAway();
    return value.rep;
  }

  accepts(value: unknown): boolean {
    return value instanceof GuestHandle && value.resource === this && value.live;
  }

  destroy(rep: Representation, owner: InstanceState | undefined): void {
    if (this.#destructor === undefined) return;
    if (owner === this.definedBy) {
      this.#destructor.call(...([rep] as never[]));
      return;
    }
    const { call, name } = this.#destructor;
    const options = { encoding: "utf8" } as const;
    const lifted = liftFunction(destructorType, call, options, this.definedBy, noResources, name);
    if (owner === undefined) lifted.call(rep);
    else lowerFunction(destructorType, lifted, options, owner, noResources, name)(rep);
  }
}

/** What JavaScript holds of a guest's resource. */
export class GuestHandle implements Expiring {
  readonly resource: GuestResource;
  readonly rep: number;
  /** False once it was dropped, given away, or, if it was only lent, the call is over. */
  live = true;
  lends = 0;

  constructor(resource: GuestResource, rep: number) {
    this.resource = resource;
    this.rep = rep;
  }

  giveAway(): void {
    if (this.lends > 0) bad(`a resource ${this.resource.name} that is not lent to a call`, this);
    this.live = false;
  }

  /** Drops the resource: its destructor runs in the guest. */
  dispose(): void {
    if (!this.live) return;
    this.giveAway();
    this.resource.destroy(this.rep, undefined);
  }
}

Object.defineProperty(GuestHandle.prototype, disposeSymbol, { value: GuestHandle.prototype.dispose });
