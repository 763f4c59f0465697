import { bad } from "../abi/bad-value.ts";
import type { Expiring, Lender } from "../abi/call-scope.ts";
import { disposeSymbol, type RuntimeResource } from "../abi/resources.ts";
import type { Ledger } from "./ledger.ts";

/** What JavaScript has of one resource of a guest: owned, or borrowed until a call ends. */
export class Holding implements Lender, Expiring {
  readonly resource: RuntimeResource;
  readonly rep: number;
  /** Counts it, when JavaScript owns the resource; undefined while it is only lent. */
  readonly ledger: Ledger | undefined;
  /** False once it was dropped, given away, or, if it was only lent, the call is over. */
  live = true;
  lends = 0;

  constructor(resource: RuntimeResource, rep: number, ledger: Ledger | undefined) {
    this.resource = resource;
    this.rep = rep;
    this.ledger = ledger;
    if (ledger !== undefined) ledger.held++;
  }

  get usable(): boolean {
    return this.live && this.ledger?.closed !== true;
  }

  /** Ends it for JavaScript: the resource goes to a guest, or is dropped. */
  giveAway(): void {
    if (this.lends > 0) bad(`a resource ${this.resource.name} that is not lent to a call`, this);
    if (this.ledger === undefined) bad(`an owned resource ${this.resource.name}`, "one that was only lent");
    this.live = false;
    this.ledger.held--;
  }

  /** Drops the resource: its destructor runs in the guest. What was only lent is the guest's to drop. */
  drop(): void {
    if (!this.usable || this.ledger === undefined) return;
    this.giveAway();
    this.resource.destroy(this.rep, undefined);
  }
}

/**
 * A guest's resource in the hands of JavaScript. Its class has what the guest exports for the resource; everything that is
 * the handle's own is private, so that no method of a guest can be in its way.
 */
export class GuestHandle {
  readonly #holding: Holding;

  constructor(holding: Holding) {
    this.#holding = holding;
  }

  static holdingOf(value: unknown): Holding | undefined {
    return typeof value === "object" && value !== null && #holding in value ? value.#holding : undefined;
  }

  static {
    const dispose = function (this: GuestHandle): void {
      this.#holding.drop();
    };
    Object.defineProperty(GuestHandle.prototype, disposeSymbol, { value: dispose, configurable: true });
  }
}
