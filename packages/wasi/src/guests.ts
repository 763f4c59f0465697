import { type Caller, withCaller } from "@playhead/component-model";
import { Guest } from "./guest.ts";
import type { WasiOptions } from "./options.ts";
import { type ResourceClasses, resourceClasses } from "./resource-classes.ts";

/** The guests of one virtual WASI, made when they first call. */
export class Guests {
  readonly classes: ResourceClasses = resourceClasses((name) => this.named(name));
  readonly #options: WasiOptions;
  readonly #byName = new Map<string, Guest>();

  constructor(options: WasiOptions) {
    this.#options = options;
  }

  named(name: string): Guest {
    let guest = this.#byName.get(name);
    if (guest === undefined) {
      guest = new Guest(name, this.#options, this.classes);
      this.#byName.set(name, guest);
    }
    return guest;
  }

  /** A host function that is told which guest calls. */
  serve<A extends unknown[], R>(fn: (guest: Guest, ...args: A) => R): (...args: A) => R {
    return withCaller((caller: Caller, ...args: A) =>
      fn(this.named(this.#options.guestAt?.(caller.path) ?? caller.path), ...args),
    );
  }

  get all(): readonly Guest[] {
    return [...this.#byName.values()];
  }

  forget(name: string): void {
    this.#byName.delete(name);
  }
}
