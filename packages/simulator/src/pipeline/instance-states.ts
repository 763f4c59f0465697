import {
  type ComponentInstance,
  capture,
  fits,
  type MemoryImage,
  mixed,
  restoreImages,
  type SavedState,
} from "@playhead/component-model";
import type { InstanceStates, SavedInstances } from "./pipeline.ts";

/** States of a composition's instances, in the order in which they were made. */
export function instanceStates(byPath: ReadonlyMap<string, ComponentInstance>): InstanceStates {
  const instances = [...byPath.values()];
  return {
    parts: (saved) =>
      trees(instances, saved).map(({ instance, state, images }) => [
        pathOf(byPath, instance),
        [state, images.map(({ key }) => key)],
      ]),
    save: () => {
      const captures = instances.map((instance) => capture(instance));
      return {
        data: captures.map(({ state }) => state),
        memories: captures.flatMap(({ images }) => images),
      };
    },
    fits: (saved) => trees(instances, saved).every(({ instance, state }) => fits(instance, state)),
    mixed: (others, one, path) => {
      const saved = trees(instances, one);
      const parts = trees(instances, others).map((tree, at) => {
        const { state, images } = saved[at] ?? tree;
        return mixed(tree.instance, tree, { state, images }, path);
      });
      return { data: parts.map(({ state }) => state), memories: parts.flatMap(({ images }) => images) };
    },
    restore: (saved) => {
      for (const { instance, state, images } of trees(instances, saved))
        restoreImages(instance, state, images);
    },
  };
}

function pathOf(byPath: ReadonlyMap<string, ComponentInstance>, wanted: ComponentInstance): string {
  for (const [path, instance] of byPath) if (instance === wanted) return path;
  throw new Error("Invariant: every instance has a path");
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
