import { ComponentModelError } from "../errors.ts";
import type { CoreState } from "./core-state.ts";

/** A function reference: which core instance, and which of its functions that may be passed around. */
export type SavedReference = readonly [core: number, index: number] | null;

/** The functions of a tree's core instances that references may stand for. */
export class ReferenceNames {
  readonly #cores: readonly CoreState[];
  #names: Map<unknown, readonly [core: number, index: number]> | undefined;

  constructor(cores: readonly CoreState[]) {
    this.#cores = cores;
  }

  /**
   * @param where what holds the reference, for the error
   * @throws ComponentModelError `not-saveable`
   */
  save(reference: unknown, where: string): SavedReference {
    if (reference === null) return null;
    const name = this.#all().get(reference);
    if (name !== undefined) return name;
    const what = typeof reference === "function" ? "a function of somebody else" : "an external reference";
    throw new ComponentModelError("not-saveable", `${where} holds ${what}, which cannot be saved`, { where });
  }

  restore(saved: SavedReference): unknown {
    if (saved === null) return null;
    const found = this.#cores[saved[0]]?.functions()[saved[1]];
    if (found !== undefined) return found;
    throw new ComponentModelError("wrong-snapshot", `there is no function ${saved.join(".")} to refer to`);
  }

  #all(): Map<unknown, readonly [core: number, index: number]> {
    if (this.#names !== undefined) return this.#names;
    const names = new Map<unknown, readonly [core: number, index: number]>();
    for (const [core, state] of this.#cores.entries()) {
      for (const [index, fn] of state.functions().entries()) {
        if (!names.has(fn)) names.set(fn, [core, index]);
      }
    }
    this.#names = names;
    return names;
  }
}

/** The tables of a tree that code may change, each once. */
export function changedTables(cores: readonly CoreState[]): { table: WebAssembly.Table; path: string }[] {
  const found = new Map<WebAssembly.Table, string>();
  for (const core of cores) {
    for (const table of core.changedTables()) {
      if (!found.has(table)) found.set(table, core.frame.state.path);
    }
  }
  return [...found].map(([table, path]) => ({ table, path }));
}
