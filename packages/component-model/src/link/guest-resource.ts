import { bad } from "../abi/bad-value.ts";
import type { CallScope } from "../abi/call-scope.ts";
import type { InstanceState } from "../abi/instance-state.ts";
import { liftFunction } from "../abi/lift.ts";
import { lowerFunction } from "../abi/lower.ts";
import type { Representation, RuntimeResource } from "../abi/resources.ts";
import type { FuncType } from "../types.ts";
import type { CoreFunction } from "./frame.ts";
import { GuestClass } from "./guest-class.ts";
import { GuestHandle, Holding } from "./guest-handle.ts";
import { Ledger } from "./ledger.ts";

const destructorType: FuncType = { params: [{ name: "rep", type: { kind: "u32" } }], result: undefined };
const noResources = (): never => {
  throw new Error("Invariant: destructors take no resources");
};

/** A resource that a component defines: the representation is an i32 that only its own instance understands. */
export class GuestResource implements RuntimeResource {
  readonly name: string;
  readonly definedBy: InstanceState;
  readonly #destructor: CoreFunction | undefined;
  #class: GuestClass | undefined;
  /** Of the handles that the host owns. */
  ledger = new Ledger();

  constructor(name: string, definedBy: InstanceState, destructor: CoreFunction | undefined) {
    this.name = name;
    this.definedBy = definedBy;
    this.#destructor = destructor;
  }

  /** What JavaScript sees of it. */
  get guestClass(): GuestClass {
    this.#class ??= new GuestClass(this.name);
    return this.#class;
  }

  toHost(rep: Representation, scope: CallScope | undefined): GuestHandle {
    const holding = new Holding(this, rep as number, scope === undefined ? this.ledger : undefined);
    scope?.expire(holding);
    return this.guestClass.make(holding);
  }

  fromHost(value: unknown, scope: CallScope | undefined): Representation {
    const holding = GuestHandle.holdingOf(value);
    if (holding === undefined || holding.resource !== this) return bad(`a resource ${this.name}`, value);
    if (!holding.usable) return bad(`a live resource ${this.name}`, "one that was dropped or given away");
    if (scope !== undefined) scope.lend(holding);
    else holding.giveAway();
    return holding.rep;
  }

  accepts(value: unknown): boolean {
    const holding = GuestHandle.holdingOf(value);
    return holding !== undefined && holding.resource === this && holding.usable;
  }

  /** The state of the instance is another: handles from before are dead. */
  forgetHandles(): void {
    this.ledger.closed = true;
    this.ledger = new Ledger();
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
