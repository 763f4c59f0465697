import type { HandleTable } from "../abi/handle-table.ts";
import { ComponentModelError, FuelError, TrapError } from "../errors.ts";
import { GuestResource } from "../link/guest-resource.ts";
import { refuseBusy } from "./capture.ts";
import type { MemoryImage } from "./memory-image.ts";
import type { MemoryTracker } from "./memory-tracker.ts";
import { changedTables, ReferenceNames } from "./references.ts";
import { RestoredObjects, resourcesOf, restoreHandles } from "./saved-handles.ts";
import type { SavedState, SavedTrap } from "./snapshot.ts";
import type { InstanceTree } from "./tree.ts";

/**
 * Why a tree cannot be given the state of a snapshot where it is: a memory or a table is larger than it was then, and neither can
 * shrink. Undefined when it can.
 *
 * @throws ComponentModelError `wrong-snapshot` when it is a snapshot of something else
 */
export function tooLarge(tree: InstanceTree, snapshot: SavedState): string | undefined {
  checkSame(tree, snapshot);
  for (const [index, core] of tree.cores.entries()) {
    const { path } = core.frame.state;
    for (const [memory, { pages }] of (snapshot.cores[index]?.memories ?? []).entries()) {
      if ((core.memories[memory]?.pages ?? 0) > pages) return `a memory of component instance "${path}"`;
    }
  }
  for (const [index, { table, path }] of changedTables(tree.cores).entries()) {
    if (table.length > (snapshot.tables[index]?.length ?? 0))
      return `a table of component instance "${path}"`;
  }
  return undefined;
}

/** The contents of the memories of a tree in a state, in the order of core instances and of the memories of each. */
export type ImageSource<S extends SavedState> = (state: S, tree: InstanceTree) => readonly MemoryImage[];

/** The memories of a tree, in the order in which images of them are listed. */
export function memoriesOf({ cores }: InstanceTree): MemoryTracker[] {
  return cores.flatMap(({ memories }) => memories);
}

/**
 * Gives a tree the state of a snapshot, without running any of its code. `fresh` says that its memories are all zeros. Whatever is
 * wrong is found before anything changes.
 *
 * @returns the handles that the host held
 */
export function restoreTree<S extends SavedState>(
  tree: InstanceTree,
  snapshot: S,
  images: ImageSource<S>,
  fresh: boolean,
): object[] {
  refuseBusy(tree);
  const large = tooLarge(tree, snapshot);
  if (large !== undefined) {
    throw new ComponentModelError("fresh-instance-needed", `${large} is larger than in the snapshot`, {
      where: large,
    });
  }
  const contents = images(snapshot, tree);
  const objects = new RestoredObjects(snapshot.objects);
  const handles = tree.frames.map((frame, index) => {
    const { handles: saved } = snapshot.instances[index] as SavedState["instances"][number];
    return restoreHandles(frame, saved, objects);
  });
  restoreCores(tree, snapshot, contents, fresh);
  restoreInstances(tree, snapshot, handles);
  return restoreHeld(tree, snapshot);
}

function checkSame(tree: InstanceTree, snapshot: SavedState): void {
  const same =
    snapshot.format === 1 &&
    snapshot.component === tree.component() &&
    snapshot.instances.length === tree.frames.length &&
    snapshot.cores.length === tree.cores.length &&
    tree.cores.every(({ memories, layout }, index) => {
      const core = snapshot.cores[index];
      return (
        core?.memories.length === memories.length &&
        core.words.length === layout.words &&
        core.references.length === layout.referenceGlobals.length
      );
    }) &&
    snapshot.tables.length === changedTables(tree.cores).length;
  if (same) return;
  const path = tree.frames[0]?.state.path ?? "";
  throw new ComponentModelError("wrong-snapshot", `the snapshot is of something else than "${path}"`, {
    where: path,
  });
}

function restoreCores(
  { cores }: InstanceTree,
  snapshot: SavedState,
  images: readonly MemoryImage[],
  fresh: boolean,
): void {
  const names = new ReferenceNames(cores);
  let at = 0;
  for (const [index, core] of cores.entries()) {
    const saved = snapshot.cores[index] as SavedState["cores"][number];
    for (const [place, memory] of core.memories.entries()) {
      const { pages } = saved.memories[place] as { pages: number };
      memory.restore(images[at++] as MemoryImage, pages, fresh);
    }
    core.words = saved.words;
    for (const [place, global] of core.referenceGlobals().entries()) {
      global.value = names.restore(saved.references[place] ?? null);
    }
  }
  for (const [index, { table }] of changedTables(cores).entries()) {
    const saved = snapshot.tables[index] ?? [];
    if (saved.length > table.length) table.grow(saved.length - table.length);
    for (const [place, reference] of saved.entries()) table.set(place, names.restore(reference));
  }
}

function restoreInstances(tree: InstanceTree, snapshot: SavedState, handles: readonly HandleTable[]): void {
  const bytes = new Map<unknown, number>();
  for (const core of tree.cores) bytes.set(core.frame, (bytes.get(core.frame) ?? 0) + core.ownBytes);
  for (const [index, frame] of tree.frames.entries()) {
    const { state, memoryBudget } = frame;
    const trapped = restoreTrap(snapshot.instances[index]?.trapped ?? null);
    state.handles = handles[index] as HandleTable;
    state.trapped = trapped;
    state.mayEnter = trapped === undefined;
    state.mayLeave = trapped === undefined;
    const { maxMemoryBytes } = tree.options;
    if (memoryBudget === undefined || maxMemoryBytes === undefined) continue;
    memoryBudget.value = BigInt(Math.max(0, maxMemoryBytes - (bytes.get(frame) ?? 0)));
  }
}

function restoreTrap(saved: SavedTrap | null): TrapError | undefined {
  if (saved === null) return undefined;
  const { code, message, instance, where } = saved;
  const Trap = code === "fuel" || code === "stack-depth" ? FuelError : TrapError;
  return new Trap(message, instance, { code, where });
}

function restoreHeld({ frames }: InstanceTree, { held }: SavedState): object[] {
  for (const frame of frames) {
    for (const type of resourcesOf(frame)) {
      if (type instanceof GuestResource && type.definedBy === frame.state) type.forgetHandles();
    }
  }
  return held.map(({ instance, resource, rep }) => {
    const frame = frames[instance];
    const type = frame === undefined ? undefined : resourcesOf(frame)[resource];
    if (type instanceof GuestResource) return type.toHost(rep, undefined);
    throw new ComponentModelError(
      "wrong-snapshot",
      `the host held a resource ${resource}, which is not there`,
    );
  });
}
