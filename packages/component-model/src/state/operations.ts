import type { ComponentInstance } from "../instantiate.ts";
import { Capture } from "./capture.ts";
import type { PageStore } from "./page-store.ts";
import { restoreTree, tooLarge } from "./restore.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * Copies the state of an instance, with all instances nested inside, between two calls. What has changed since the last capture of
 * the same instance is copied, nothing is hashed yet: see `Capture.keep`.
 *
 * @param held handles to resources of its guests that the host owns: all there are
 * @throws ComponentModelError `busy` during a call, `not-saveable` for what cannot be saved, by name
 */
export function capture(instance: ComponentInstance, held: readonly object[] = []): Capture {
  return new Capture(instance.tree, held);
}

/** `capture` and `Capture.keep` in one. */
export function snapshot(
  instance: ComponentInstance,
  store: PageStore,
  held: readonly object[] = [],
): Snapshot {
  return capture(instance, held).keep(store);
}

/** SHA-256 of the state of an instance: equal for equal states of the same component, in every process. */
export function stateHash(instance: ComponentInstance, held: readonly object[] = []): string {
  return capture(instance, held).hash();
}

/**
 * Whether an instance can be given the state of a snapshot: not when one of its memories or tables has grown since, because these
 * cannot shrink. Then a fresh one has to be made, by `instantiate` with `from`.
 */
export function fits(instance: ComponentInstance, snapshot: Snapshot): boolean {
  return tooLarge(instance.tree, snapshot) === undefined;
}

/**
 * Gives an instance the state of a snapshot, in place, also after it trapped. No guest code runs, and host objects whose handles
 * disappear are not disposed of.
 *
 * @returns the handles to resources of its guests that the host held, in the order of `held`; those from before are dead
 * @throws ComponentModelError `fresh-instance-needed` (see `fits`), `wrong-snapshot`, `busy`; nothing has changed then
 */
export function restore(instance: ComponentInstance, snapshot: Snapshot, store: PageStore): object[] {
  return restoreTree(instance.tree, snapshot, store, false);
}

/** Gives the contents of a snapshot back to the store. It cannot be restored after that. */
export function release(snapshot: Snapshot, store: PageStore): void {
  for (const { memories } of snapshot.cores) for (const { key } of memories) store.release(key);
}
