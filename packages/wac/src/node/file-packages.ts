/** Packages from files, for Node. Other surroundings bring a `PackageResolver` of their own. */
import { join } from "node:path";
import type { PackageAnswer, PackageReference, PackageResolver } from "../packages.ts";
import { NPM_PREFIX, npmNameOf, npmPath } from "./npm-packages.ts";
import { list, PACKAGE_ENDINGS, readPackage } from "./read-package.ts";

export interface FilePackagesOptions {
  /**
   * Folders to look in, in this order. `ns:name` is `ns/name.wat`, `ns/name.wasm`, `ns/name.wit` or the folder `ns/name`
   * with WIT files; where a version is asked for, the same with `ns/name/version`.
   */
  readonly directories?: readonly string[] | undefined;
  /**
   * What to use for packages, before any folder: `adas:video-decoder` or `adas:video-decoder@1.0.0` → path of a file, of a
   * folder with WIT files, or `npm:name` for the component of an npm package.
   */
  readonly overrides?: ReadonlyMap<string, string> | undefined;
  /** Folder above which `node_modules` are looked for. Without, there are no npm packages. */
  readonly npmFrom?: string | undefined;
  /** Told of every path at which something is looked for, whether there is anything or not. */
  readonly onLookAt?: ((path: string) => void) | undefined;
}

/** How many packages the hint of an error may choose from. */
const AVAILABLE_LIMIT = 1000;

/** Finds packages as files: components in binary or text form, WIT, and the components of npm packages. */
export class FilePackages implements PackageResolver {
  readonly #directories: readonly string[];
  readonly #overrides: ReadonlyMap<string, string>;
  readonly #npmFrom: string | undefined;
  readonly #onLookAt: (path: string) => void;

  constructor({ directories = [], overrides = new Map(), npmFrom, onLookAt }: FilePackagesOptions) {
    this.#directories = directories;
    this.#overrides = overrides;
    this.#npmFrom = npmFrom;
    this.#onLookAt = onLookAt ?? (() => {});
  }

  async find(reference: PackageReference): Promise<PackageAnswer> {
    const { name, version } = reference;
    const override = (version && this.#overrides.get(`${name}@${version}`)) ?? this.#overrides.get(name);
    if (override !== undefined) {
      return override.startsWith(NPM_PREFIX)
        ? this.#explained(await this.#fromNpm(override, reference))
        : this.#onlyAt(override);
    }
    const bases = this.#directories.map((directory) =>
      join(directory, ...name.split(":"), ...(version === undefined ? [] : [version])),
    );
    const found = await this.#firstOf(
      bases.flatMap((base) => [base, ...PACKAGE_ENDINGS.map((ending) => base + ending)]),
    );
    const npmName = this.#npmFrom === undefined ? undefined : npmNameOf(reference);
    if (found.bytes !== undefined || found.problem !== undefined) {
      return found;
    }
    const lookedAt = bases.map((base) => `${base}.wasm (or .wat, .wit, or a folder of WIT)`);
    if (npmName === undefined) {
      return this.#explained({ bytes: undefined, lookedAt });
    }
    const fromNpm = await this.#fromNpm(npmName, reference);
    return fromNpm.bytes !== undefined || fromNpm.problem !== undefined
      ? fromNpm
      : this.#explained({
          bytes: undefined,
          lookedAt: [...lookedAt, `the npm package ${npmName.slice(NPM_PREFIX.length)}`],
        });
  }

  async #fromNpm(specifier: string, reference: PackageReference): Promise<PackageAnswer> {
    if (this.#npmFrom === undefined) {
      return { bytes: undefined, lookedAt: [specifier] };
    }
    const found = await npmPath(specifier, this.#npmFrom, reference);
    for (const manifest of found.lookedAt) {
      this.#onLookAt(manifest);
    }
    switch (found.kind) {
      case "found":
        return this.#firstOf([found.path]);
      case "missing":
        return { bytes: undefined, lookedAt: found.lookedAt };
      case "unusable": {
        const { from, problem } = found;
        return { bytes: undefined, lookedAt: [from], problem: { from, cause: new Error(problem) } };
      }
    }
  }

  /** What the first of several paths has at which there is something. */
  async #firstOf(paths: readonly string[]): Promise<PackageAnswer> {
    for (const path of paths) {
      this.#onLookAt(path);
      try {
        const bytes = await readPackage(path);
        if (bytes !== undefined) {
          return { bytes, from: path };
        }
      } catch (cause) {
        return { bytes: undefined, lookedAt: paths, problem: { from: path, cause } };
      }
    }
    return { bytes: undefined, lookedAt: paths };
  }

  /** What a path that is given by hand leads to. */
  async #onlyAt(path: string): Promise<PackageAnswer> {
    const found = await this.#firstOf([path]);
    const cause = new Error("there is no such file, and no folder with .wit files");
    return found.bytes === undefined && found.problem === undefined
      ? { ...found, problem: { from: path, cause } }
      : found;
  }

  /** An answer that nothing was found, with the names of what there is. */
  async #explained(answer: PackageAnswer): Promise<PackageAnswer> {
    return answer.bytes === undefined ? { ...answer, available: await this.#available() } : answer;
  }

  /** The names of the packages in the folders, for a hint. */
  async #available(): Promise<readonly string[]> {
    const names = new Set(this.#overrides.keys());
    for (const directory of this.#directories) {
      for (const name of await packagesBelow(directory, [])) {
        names.add(name);
      }
    }
    return [...names].sort().slice(0, AVAILABLE_LIMIT);
  }
}

/** How deep in folders packages are looked for, to name what there is. */
const DEEPEST = 3;

/**
 * The names of what lies below a folder: `ns:name` for `ns/name.wasm` and its like and for a folder of WIT, with a version
 * for `ns/name/version.wasm`.
 */
async function packagesBelow(folder: string, words: readonly string[]): Promise<readonly string[]> {
  const entries = await list(folder);
  const isWitFolder = words.length > 1 && entries.some(isPartOfFolder);
  const names = isWitFolder ? [nameOf(words)] : [];
  for (const entry of entries) {
    const ending = PACKAGE_ENDINGS.find((each) => entry.endsWith(each));
    if (ending === undefined) {
      if (words.length < DEEPEST && !isWitFolder) {
        names.push(...(await packagesBelow(join(folder, entry), [...words, entry])));
      }
    } else if (words.length > 0 && !(isWitFolder && isPartOfFolder(entry))) {
      names.push(nameOf([...words, entry.slice(0, -ending.length)]));
    }
  }
  return names;
}

/** Whether a file is one of those that are a package together. */
function isPartOfFolder(entry: string): boolean {
  return entry.endsWith(".wit") && !startsLikeVersion(entry);
}

function nameOf(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length > 2 && startsLikeVersion(last)
    ? `${words.slice(0, -1).join(":")}@${last}`
    : words.join(":");
}

function startsLikeVersion(word: string): boolean {
  return /^\d/.test(word);
}

/**
 * Reads the form that command lines use, `ns:name=path`.
 *
 * @throws Error where there is no `=` or no package name before it.
 */
export function parsePackageOverride(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  const name = text.slice(0, Math.max(at, 0));
  if (!/^[^:=\s]+(?::[^:=\s]+)+$/.test(name) || at === text.length - 1) {
    throw new Error(
      `\`${text}\` does not say which file to use for which package: expected \`namespace:name=path\``,
    );
  }
  return [name, text.slice(at + 1)];
}
