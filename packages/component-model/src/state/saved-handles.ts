import { CallScope } from "../abi/call-scope.ts";
import { type Handle, HandleTable } from "../abi/handle-table.ts";
import { HostResource, type RuntimeResource } from "../abi/resources.ts";
import { ComponentModelError } from "../errors.ts";
import type { Frame } from "../link/frame.ts";
import { hostStateOf } from "../link/host-state.ts";

/** A resource type, by its place among those that an instance speaks of. */
type ResourceIndex = number;

/** A handle in the table of an instance. */
export interface SavedHandle {
  readonly resource: ResourceIndex;
  /** The representation of a guest's resource, or the number of a host's object among those saved. */
  readonly rep: number;
  readonly borrowed: boolean;
  readonly lends: number;
}

export interface SavedHandles {
  /** From index 1 on; null where there is none. */
  readonly entries: readonly (SavedHandle | null)[];
  /** Indices that are free, the one that is used next last. */
  readonly free: readonly number[];
}

/** Different resources that an instance speaks of, in the order in which it came to know them. */
export function resourcesOf(frame: Frame): RuntimeResource[] {
  return [...new Set(frame.resources.values())];
}

/** Host objects that guests of a tree hold handles to, each once, with what their class says of them. */
export class SavedObjects {
  readonly #numbers = new Map<object, number>();
  readonly data: unknown[] = [];

  /** @throws ComponentModelError `not-saveable` when the class does not say how */
  save(object: object, resource: RuntimeResource, where: string): number {
    let number = this.#numbers.get(object);
    if (number === undefined) {
      const state = codecOf(resource);
      if (state === undefined) {
        const why = "nothing says how it is saved (see withState)";
        throw new ComponentModelError(
          "not-saveable",
          `${where} is a host resource "${resource.name}": ${why}`,
          {
            where,
          },
        );
      }
      number = this.data.push(state.save(object)) - 1;
      this.#numbers.set(object, number);
    }
    return number;
  }
}

/** Host objects made of what was saved, each once. */
export class RestoredObjects {
  readonly #data: readonly unknown[];
  readonly #objects = new Map<number, object>();

  constructor(data: readonly unknown[]) {
    this.#data = data;
  }

  restore(number: number, resource: RuntimeResource): object {
    let object = this.#objects.get(number);
    if (object === undefined) {
      const state = codecOf(resource);
      if (state === undefined || number >= this.#data.length) {
        throw new ComponentModelError(
          "wrong-snapshot",
          `host resource "${resource.name}" cannot be restored`,
        );
      }
      object = state.restore(this.#data[number]);
      this.#objects.set(number, object);
    }
    return object;
  }
}

function codecOf(resource: RuntimeResource): ReturnType<typeof hostStateOf> {
  return resource instanceof HostResource ? hostStateOf(resource.hostClass) : undefined;
}

export function saveHandles(frame: Frame, objects: SavedObjects): SavedHandles {
  const { entries, free } = frame.state.handles;
  if (entries.length === 1) return { entries: [], free: [] };
  const indices = new Map(resourcesOf(frame).map((resource, index) => [resource, index]));
  const save = (handle: Handle | undefined, index: number): SavedHandle | null => {
    if (handle === undefined) return null;
    const { resource, rep, lends, scope } = handle;
    const where = `handle ${index + 1} of component instance "${frame.state.path}"`;
    const known = indices.get(resource);
    if (known === undefined) {
      throw new ComponentModelError("not-saveable", `${where} is of a resource that it does not know`, {
        where,
      });
    }
    const number = typeof rep === "number" ? rep : objects.save(rep, resource, where);
    return { resource: known, rep: number, borrowed: scope !== undefined, lends };
  };
  return { entries: entries.slice(1).map(save), free: [...free] };
}

/** A table of handles as it was. Nothing of the instance changes yet. */
export function restoreHandles(frame: Frame, saved: SavedHandles, objects: RestoredObjects): HandleTable {
  const table = new HandleTable(frame.tree.maxHandles);
  const resources = resourcesOf(frame);
  for (const entry of saved.entries) {
    if (entry === null) {
      table.entries.push(undefined);
      continue;
    }
    const resource = resources[entry.resource];
    if (resource === undefined) {
      throw new ComponentModelError(
        "wrong-snapshot",
        `a handle is of resource ${entry.resource}, which is not there`,
      );
    }
    const rep = resource instanceof HostResource ? objects.restore(entry.rep, resource) : entry.rep;
    const scope = entry.borrowed ? new CallScope() : undefined;
    table.entries.push({ resource, rep, scope, lends: entry.lends });
  }
  table.free.push(...saved.free);
  return table;
}
