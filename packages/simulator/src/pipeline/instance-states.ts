import {
  type ComponentInstance,
  fits,
  type MemoryPageStore,
  release,
  restore,
  type Snapshot,
  snapshot,
} from "@playhead/component-model";
import type { InstanceStates, SavedInstances } from "./pipeline.ts";

/** The states of the instances of a composition, in the order in which they were made. */
class SavedTrees implements SavedInstances {
  readonly bytes: number;
  readonly snapshots: readonly Snapshot[];
  readonly #store: MemoryPageStore;

  constructor(instances: readonly ComponentInstance[], store: MemoryPageStore) {
    const before = store.bytes;
    this.#store = store;
    this.snapshots = instances.map((instance) => snapshot(instance, store));
    this.bytes = store.bytes - before;
  }

  release(): number {
    const before = this.#store.bytes;
    for (const saved of this.snapshots) release(saved, this.#store);
    return before - this.#store.bytes;
  }
}

/** @param store where the pages of memories are kept: shared by all instances of a pipeline, so that equal pages are kept once */
export function instanceStates(
  instances: readonly ComponentInstance[],
  store: MemoryPageStore,
): InstanceStates {
  return {
    save: () => new SavedTrees(instances, store),
    fits: (saved) => pairs(instances, saved).every(([instance, state]) => fits(instance, state)),
    restore: (saved) => {
      for (const [instance, state] of pairs(instances, saved)) restore(instance, state, store);
    },
  };
}

function pairs(
  instances: readonly ComponentInstance[],
  saved: SavedInstances,
): [ComponentInstance, Snapshot][] {
  if (!(saved instanceof SavedTrees))
    throw new Error("Invariant: a pipeline is given the states that it saved");
  return instances.map((instance, at) => {
    const state = saved.snapshots[at];
    if (state === undefined) throw new Error("Invariant: a state was saved for each instance");
    return [instance, state];
  });
}
