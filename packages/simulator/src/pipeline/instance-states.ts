import {
  type ComponentInstance,
  capture,
  fits,
  type MemoryImage,
  restoreImages,
  type SavedState,
} from "@playhead/component-model";
import type { InstanceStates, SavedInstances } from "./pipeline.ts";

/** States of a composition's instances, in the order in which they were made. */
export function instanceStates(instances: readonly ComponentInstance[]): InstanceStates {
  return {
    save: () => {
      const captures = instances.map((instance) => capture(instance));
      return {
        data: captures.map(({ state }) => state),
        memories: captures.flatMap(({ images }) => images),
      };
    },
    fits: (saved) => trees(instances, saved).every(({ instance, state }) => fits(instance, state)),
    restore: (saved) => {
      for (const { instance, state, images } of trees(instances, saved))
        restoreImages(instance, state, images);
    },
  };
}

interface Tree {
  readonly instance: ComponentInstance;
  readonly state: SavedState;
  readonly images: readonly MemoryImage[];
}

function trees(instances: readonly ComponentInstance[], { data, memories }: SavedInstances): Tree[] {
  const states = data as readonly SavedState[];
  let from = 0;
  return instances.map((instance, at) => {
    const state = states[at];
    if (state === undefined) throw new Error("Invariant: a state was saved for each instance");
    const count = state.cores.reduce((sum, core) => sum + core.memories.length, 0);
    from += count;
    return { instance, state, images: memories.slice(from - count, from) };
  });
}
