import type { Guest, ResourceState } from "./guest.ts";

/** What a guest's handle stands for: a number of the guest's own table. All state lies in that table, as plain data. */
export abstract class Resource<S extends ResourceState> {
  abstract readonly kind: S["kind"];
  readonly guest: Guest;
  readonly id: number;

  constructor(guest: Guest, id: number) {
    this.guest = guest;
    this.id = id;
  }

  protected get state(): S {
    const state = this.guest.resource(this.id);
    if (state?.kind !== this.kind)
      throw new Error(`Invariant: resource ${this.id} of ${this.guest.name} is an open ${this.kind}`);
    return state as S;
  }

  [Symbol.dispose](): void {
    this.guest.close(this.id);
  }
}

export type StateOf<K extends ResourceState["kind"]> = Extract<ResourceState, { readonly kind: K }>;
