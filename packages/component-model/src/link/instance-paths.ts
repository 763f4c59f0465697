import type { ComponentNames } from "../decode/steps.ts";

/** Gives the instances inside one component instance their paths. */
export class InstancePaths {
  readonly #path: string;
  readonly #names: ComponentNames;
  readonly #taken = new Set<string>();

  constructor(path: string, names: ComponentNames) {
    this.#path = path;
    this.#names = names;
  }

  /** The path of the instance of that index: by its own name, else that of its component, else its index; unique here. */
  next(index: number, componentName: string | undefined): string {
    const name = this.#names.instances.get(index) ?? componentName ?? String(index);
    let unique = name;
    for (let count = 2; this.#taken.has(unique); count++) unique = `${name}-${count}`;
    this.#taken.add(unique);
    return `${this.#path}/${unique}`;
  }
}

/** The one place that all functions come from, if it is one (undefined stands for the host and does not count), else `path`. */
export function commonOrigin(
  origins: Iterable<string | undefined>,
  path: string | undefined,
): string | undefined {
  let common: string | undefined;
  for (const origin of origins) {
    if (origin === undefined) continue;
    if (common !== undefined && common !== origin) return path;
    common = origin;
  }
  return common ?? path;
}
