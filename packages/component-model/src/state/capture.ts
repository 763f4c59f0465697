import { ComponentModelError, type TrapError } from "../errors.ts";
import { GuestHandle } from "../link/guest-handle.ts";
import { GuestResource } from "../link/guest-resource.ts";
import type { MemoryImage } from "./memory-image.ts";
import type { PageStore } from "./page-store.ts";
import { canonicalText } from "./plain-data.ts";
import { changedTables, ReferenceNames } from "./references.ts";
import { resourcesOf, SavedObjects, saveHandles } from "./saved-handles.ts";
import { sha256 } from "./sha256.ts";
import type { SavedHeld, SavedInstance, SavedState, SavedTrap, Snapshot } from "./snapshot.ts";
import type { InstanceTree } from "./tree.ts";

const text = new TextEncoder();

/**
 * The state of a tree, copied but neither hashed nor stored yet: that can wait until there is time for it, while the instance goes
 * on. Captures may be stored in any order, or not at all.
 */
export class Capture {
  /** All but the contents of memories: plain data. */
  readonly state: SavedState;
  /** The contents of memories, in the order of core instances and of the memories of each. */
  readonly images: readonly MemoryImage[];
  #snapshot: Snapshot | undefined;

  constructor(tree: InstanceTree, held: readonly object[]) {
    refuseBusy(tree);
    const names = new ReferenceNames(tree.cores);
    const objects = new SavedObjects();
    this.images = tree.cores.flatMap((core) => core.memories.map((memory) => memory.capture()));
    const cores = tree.cores.map((core) => ({
      memories: core.memories.map(({ pages }) => ({ pages })),
      words: core.words,
      references: core
        .referenceGlobals()
        .map((global) => names.save(global.value, globalIn(core.frame.state.path))),
    }));
    const instances = tree.frames.map(
      (frame): SavedInstance => ({
        handles: saveHandles(frame, objects),
        trapped: saveTrap(frame.state.trapped),
      }),
    );
    const tables = changedTables(tree.cores).map(({ table, path }) =>
      Array.from({ length: table.length }, (_, index) => names.save(table.get(index), `a table of ${path}`)),
    );
    this.state = {
      format: 1,
      component: tree.component(),
      instances,
      cores,
      tables,
      objects: objects.data,
      held: saveHeld(tree, held),
    };
  }

  /** Hashes what is new and keeps it in the store. The snapshot holds a reference to its contents until it is released. */
  keep(store: PageStore): Snapshot {
    for (const image of this.images) image.keep(store);
    return this.#described();
  }

  /** SHA-256 of the state: equal for equal states, whatever the process, the version of Node.js or the machine. */
  hash(): string {
    return sha256(text.encode(canonicalText(this.#described())));
  }

  #described(): Snapshot {
    let at = 0;
    this.#snapshot ??= {
      ...this.state,
      cores: this.state.cores.map((core) => ({
        ...core,
        memories: core.memories.map(({ pages }) => ({ pages, key: (this.images[at++] as MemoryImage).key })),
      })),
    };
    return this.#snapshot;
  }
}

function globalIn(path: string): string {
  return `a global of component instance "${path}"`;
}

export function refuseBusy({ frames, options }: InstanceTree): void {
  const path = frames[0]?.state.path ?? "";
  if (!options.snapshots) {
    throw new ComponentModelError("not-saveable", `"${path}" was instantiated with \`snapshots: false\``, {
      where: path,
    });
  }
  const busy = frames.find(({ state }) => !state.mayEnter && state.trapped === undefined);
  if (busy === undefined) return;
  throw new ComponentModelError(
    "busy",
    `a call into component instance "${busy.state.path}" is not finished`,
    {
      where: busy.state.path,
    },
  );
}

function saveTrap(trap: TrapError | undefined): SavedTrap | null {
  if (trap === undefined) return null;
  const { code, message, instance, where } = trap;
  return { code: code as SavedTrap["code"], message, instance, where: where ?? instance };
}

/** All that the host holds has to be named, so that it can have it back. */
function saveHeld({ frames }: InstanceTree, handles: readonly object[]): SavedHeld[] {
  const places = new Map<unknown, Omit<SavedHeld, "rep">>();
  for (const [instance, frame] of frames.entries()) {
    for (const [resource, type] of resourcesOf(frame).entries()) {
      if (type instanceof GuestResource && type.definedBy === frame.state)
        places.set(type, { instance, resource });
    }
  }
  const saved = handles.map((handle): SavedHeld => {
    const holding = GuestHandle.holdingOf(handle);
    const place = places.get(holding?.resource);
    if (holding === undefined || place === undefined || !holding.usable || holding.ledger === undefined) {
      throw new ComponentModelError(
        "not-saveable",
        "expected live handles to resources of this instance's guests",
      );
    }
    return { ...place, rep: holding.rep };
  });
  for (const [type, { instance, resource }] of places) {
    if (!(type instanceof GuestResource)) continue;
    const given = saved.filter((each) => each.instance === instance && each.resource === resource).length;
    if (given === type.ledger.held) continue;
    const where = `resource "${type.name}" of component instance "${type.definedBy.path}"`;
    throw new ComponentModelError(
      "not-saveable",
      `the host holds ${type.ledger.held} handles to ${where}, and gave ${given} of them to be saved`,
      { where },
    );
  }
  return saved;
}
