/** Packages from files, for Node. Other surroundings bring a `PackageResolver` of their own. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PackageAnswer, PackageReference, PackageResolver } from "../packages.ts";

export interface FilePackagesOptions {
  /** Folders to look in, in this order: for `ns/name.wasm`, or `ns/name/version.wasm` where a version is asked for. */
  readonly directories?: readonly string[] | undefined;
  /** Files to use for packages, before any folder: `adas:video-decoder` or `adas:video-decoder@1.0.0` → path. */
  readonly overrides?: ReadonlyMap<string, string> | undefined;
}

/** How many packages the hint of an error may choose from. */
const AVAILABLE_LIMIT = 1000;

/** Finds packages as `.wasm` files. */
export class FilePackages implements PackageResolver {
  readonly #directories: readonly string[];
  readonly #overrides: ReadonlyMap<string, string>;

  constructor({ directories = [], overrides = new Map() }: FilePackagesOptions) {
    this.#directories = directories;
    this.#overrides = overrides;
  }

  /** @throws the file system's error where a file is there but can't be read. */
  async find(reference: PackageReference): Promise<PackageAnswer> {
    const lookedAt: string[] = [];
    for (const path of this.#candidates(reference)) {
      lookedAt.push(path);
      const bytes = await readIfThere(path);
      if (bytes !== undefined) {
        return { bytes, from: path };
      }
    }
    return { bytes: undefined, lookedAt, available: await this.#available() };
  }

  #candidates({ name, version }: PackageReference): readonly string[] {
    const override = (version && this.#overrides.get(`${name}@${version}`)) ?? this.#overrides.get(name);
    if (override !== undefined) {
      return [override];
    }
    const segments = name.split(":");
    return this.#directories.map((directory) => {
      const base = join(directory, ...segments);
      return version === undefined ? `${base}.wasm` : join(base, `${version}.wasm`);
    });
  }

  /** The names of the packages in the folders, for a hint. */
  async #available(): Promise<readonly string[]> {
    const names = [...this.#overrides.keys()];
    for (const directory of this.#directories) {
      names.push(...(await packagesBelow(directory, "")));
    }
    return names.sort().slice(0, AVAILABLE_LIMIT);
  }
}

/** `ns:name` for `ns/name.wasm`, `ns:name@version` for `ns/name/version.wasm`. */
async function packagesBelow(directory: string, prefix: string): Promise<readonly string[]> {
  const depth = prefix.split(":").length;
  const names: string[] = [];
  for (const entry of await list(directory)) {
    const name = entry.replace(/\.wasm$/, "");
    if (name !== entry && prefix !== "") {
      names.push(/^\d/.test(name) ? `${prefix.slice(0, -1)}@${name}` : prefix + name);
    } else if (name === entry && depth <= 3) {
      names.push(...(await packagesBelow(join(directory, entry), `${prefix}${entry}:`)));
    }
  }
  return names;
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

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isAbsence(error)) {
      return undefined;
    }
    throw error;
  }
}

async function list(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch {
    return [];
  }
}

/** No file, or a folder or file where the path has the other. */
function isAbsence(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR";
}
