/**
 * What a call keeps of borrowed handles until it ends (CanonicalABI.md: the `Task` of the callee and the `Subtask` of the caller;
 * calls are synchronous here, so one object does for both).
 */

/** Something that must not be dropped while it is lent to a call. */
export interface Lender {
  /** How many calls that are under way were lent this. */
  lends: number;
}

/** A JavaScript object that stands for a borrowed resource and is dead after the call. */
export interface Expiring {
  live: boolean;
}

export class CallScope {
  /** Borrowed handles that the callee has received and not yet dropped. */
  borrows = 0;
  readonly #lenders: Lender[] = [];
  readonly #expiring: Expiring[] = [];

  lend(lender: Lender): void {
    lender.lends++;
    this.#lenders.push(lender);
  }

  expire(object: Expiring): void {
    this.#expiring.push(object);
  }

  /** Gives back everything that was lent. */
  end(): void {
    for (const lender of this.#lenders) lender.lends--;
    for (const object of this.#expiring) object.live = false;
  }
}
