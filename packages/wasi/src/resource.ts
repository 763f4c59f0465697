import type { Guest } from "./guest.ts";

/** What a guest's handle stands for. All that there is to know of it is plain data. */
export abstract class Resource<S extends object> {
  readonly guest: Guest;
  protected readonly state: S;

  constructor(guest: Guest, state: S) {
    this.guest = guest;
    this.state = state;
  }

  saved(): S {
    return { ...this.state };
  }

  [Symbol.dispose](): void {
    this.guest.close();
  }
}
