import { ComponentModelError } from "../errors.ts";
import type { ComponentInstance } from "../instantiate.ts";
import type { Frame } from "../link/frame.ts";
import { GuestResource } from "../link/guest-resource.ts";
import type { MemoryImage } from "./memory-image.ts";
import { changedTables } from "./references.ts";
import { resourcesOf, type SavedHandle, type SavedHandles } from "./saved-handles.ts";
import type { SavedInstance, SavedState } from "./snapshot.ts";

/** A state of a tree with the contents of its memories. */
export interface WholeState {
  readonly state: SavedState;
  readonly images: readonly MemoryImage[];
}

/**
 * One state made of two of the same tree: the instance at a path, and all inside it, as in `one`, everything else as in `others`.
 *
 * @param path of any instance, also of one in another tree: then only the check is made
 * @throws ComponentModelError `not-saveable` where an instance outside holds resources of those inside, which would not know them any
 * more, or those inside would hold resources of others that they have given back
 */
export function mixed(
  { tree }: ComponentInstance,
  others: WholeState,
  one: WholeState,
  path: string,
): WholeState {
  const isInside = (of: string): boolean => of === path || of.startsWith(`${path}/`);
  const inside = tree.frames.map((frame) => isInside(frame.state.path));
  checkHandles(tree.frames, others.state, one.state, isInside);
  if (!inside.includes(true)) return others;
  const pick = <T>(isOne: boolean, of: (whole: WholeState) => readonly T[], index: number): T =>
    of(isOne ? one : others)[index] as T;
  const offset = others.state.objects.length;
  const instances = tree.frames.map((frame, index) => {
    const isOne = inside[index] === true;
    const saved = pick(isOne, ({ state }) => state.instances, index);
    return isOne ? { ...saved, handles: renumbered(saved.handles, frame, offset) } : saved;
  });
  const memories = tree.cores.flatMap(({ frame, memories }) =>
    memories.map(() => isInside(frame.state.path)),
  );
  const state: SavedState = {
    ...others.state,
    objects: [...others.state.objects, ...one.state.objects],
    instances,
    cores: tree.cores.map(({ frame }, index) =>
      pick(isInside(frame.state.path), ({ state }) => state.cores, index),
    ),
    tables: changedTables(tree.cores).map((table, index) =>
      pick(isInside(table.path), ({ state }) => state.tables, index),
    ),
  };
  return { state, images: memories.map((isOne, index) => pick(isOne, ({ images }) => images, index)) };
}

function checkHandles(
  frames: readonly Frame[],
  others: SavedState,
  one: SavedState,
  isInside: (path: string) => boolean,
): void {
  for (const [index, frame] of frames.entries()) {
    const [now, then] = [others, one].map(({ instances }) => (instances[index] as SavedInstance).handles);
    if (now === undefined || then === undefined) throw new Error("Invariant: a state has every instance");
    if (isInside(frame.state.path)) checkGivenBack(frame, now, then, isInside);
    else checkHeld(frame, now, isInside);
  }
}

/** The same handles, where the objects of the host that they stand for come behind others. */
function renumbered(handles: SavedHandles, frame: Frame, offset: number): SavedHandles {
  const resources = resourcesOf(frame);
  return {
    ...handles,
    entries: handles.entries.map((entry) =>
      entry === null || resources[entry.resource] instanceof GuestResource
        ? entry
        : { ...entry, rep: entry.rep + offset },
    ),
  };
}

function checkHeld(frame: Frame, { entries }: SavedHandles, isInside: (path: string) => boolean): void {
  const held = entries.find((entry) => isInside(definerOf(frame, entry) ?? ""));
  if (held === undefined || held === null) return;
  throw refusal(frame, `holds a resource of "${definerOf(frame, held)}"`);
}

function checkGivenBack(
  frame: Frame,
  now: SavedHandles,
  then: SavedHandles,
  isInside: (path: string) => boolean,
): void {
  for (const [index, entry] of then.entries.entries()) {
    const definer = definerOf(frame, entry);
    if (definer === undefined || isInside(definer)) continue;
    const { resource, rep } = now.entries[index] ?? {};
    if (resource !== entry?.resource || rep !== entry?.rep)
      throw refusal(frame, `held a resource of "${definer}" that it has given back`);
  }
}

/** Path of the instance whose resource a handle is; undefined where it is the host's. */
function definerOf(frame: Frame, entry: SavedHandle | null): string | undefined {
  const resource = entry === null ? undefined : resourcesOf(frame)[entry.resource];
  return resource instanceof GuestResource ? resource.definedBy.path : undefined;
}

function refusal({ state: { path } }: Frame, why: string): ComponentModelError {
  return new ComponentModelError("not-saveable", `component instance "${path}" ${why}`, { where: path });
}
