import { ComponentModelError } from "../errors.ts";
import type { ComponentInstance } from "../instantiate.ts";
import { Capture } from "./capture.ts";
import { type MemoryImage, readImage } from "./memory-image.ts";
import type { PageStore } from "./page-store.ts";
import { type ImageSource, memoriesOf, restoreTree, tooLarge } from "./restore.ts";
import type { SavedState, Snapshot } from "./snapshot.ts";

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
export function fits(instance: ComponentInstance, snapshot: SavedState): boolean {
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
  return restoreTree(instance.tree, snapshot, stored(store), false);
}

/**
 * The same with contents of memories that are at hand: the state and the images of a `Capture`, or images made of the same pages. What is
 * the same page as in the last capture or restore of the instance is not copied.
 */
export function restoreImages(
  instance: ComponentInstance,
  state: SavedState,
  images: readonly MemoryImage[],
): object[] {
  return restoreTree(instance.tree, state, checked(images), false);
}

/** Contents from a store. */
export function stored(store: PageStore): ImageSource<Snapshot> {
  return ({ cores }, tree) => {
    const saved = cores.flatMap(({ memories }) => memories);
    return memoriesOf(tree).map((memory, at) => {
      const { key = "", pages = 0 } = saved[at] ?? {};
      return readImage(store, key, pages, memory.last);
    });
  };
}

function checked(images: readonly MemoryImage[]): ImageSource<SavedState> {
  return ({ cores }) => {
    const expected = cores.flatMap(({ memories }) => memories.map(({ pages }) => pages)).join();
    const found = images.map((image) => image.parts.reduce((sum, { parts }) => sum + parts.length, 0)).join();
    if (expected === found) return images;
    throw new ComponentModelError(
      "wrong-snapshot",
      `expected images of memories with ${expected || "no"} pages, found ${found || "none"}`,
    );
  };
}

/** Gives the contents of a snapshot back to the store. It cannot be restored after that. */
export function release(snapshot: Snapshot, store: PageStore): void {
  for (const { memories } of snapshot.cores) for (const { key } of memories) store.release(key);
}
