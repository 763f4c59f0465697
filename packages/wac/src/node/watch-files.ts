import { type BigIntStats, type FSWatcher, readdirSync, realpathSync, statSync, watch } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** How many folders above a path are watched: whole folders of packages are replaced by tools that build. */
const LEVELS = 4;

/** After how many quiet times changes are told of that never come to an end. */
const PATIENCE = 20;

interface Watch {
  readonly watcher: FSWatcher;
  readonly identity: string;
  names: Names;
}

/** The names in a folder that matter. */
type Names = ReadonlySet<string> | "all";

/**
 * Notices changes of files, whatever becomes of them: written, replaced by another of the same name, removed, made anew,
 * together with their folders or not. What does not exist yet is noticed when it appears.
 */
export class FileChanges {
  readonly #watches = new Map<string, Watch>();
  readonly #quietMs: number;
  #wake: (() => void) | undefined;
  #quiet: NodeJS.Timeout | undefined;
  #latest: NodeJS.Timeout | undefined;
  #happened = false;
  #closed = false;

  /** @param quietMs how long nothing may happen before a change is told: files are written piece by piece */
  constructor(quietMs: number) {
    this.#quietMs = quietMs;
  }

  /**
   * Watches these paths, and no others, from now on. Of a folder, what is directly in it counts, and its `deps`.
   *
   * @returns whether anything is watched now that was not before, and so may have changed unnoticed
   * @throws the file system's error where there can't be more watchers
   */
  watch(paths: Iterable<string>): boolean {
    if (this.#closed) {
      return false;
    }
    const wanted = namesByFolder(paths);
    for (const [folder, { watcher, identity }] of this.#watches) {
      if (!wanted.has(folder) || identityOf(folder) !== identity) {
        watcher.close();
        this.#watches.delete(folder);
      }
    }
    let more = false;
    for (const [folder, names] of wanted) {
      const known = this.#watches.get(folder);
      more = (known === undefined ? this.#open(folder, names) : !holds(known.names, names)) || more;
      if (known !== undefined) {
        known.names = names;
      }
    }
    return more;
  }

  /** Waits for a change since the last one that was told. False once it is closed. */
  async next(): Promise<boolean> {
    while (!this.#happened && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#happened = false;
    return !this.#closed;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#quiet);
    clearTimeout(this.#latest);
    for (const { watcher } of this.#watches.values()) {
      watcher.close();
    }
    this.#wake?.();
  }

  #open(folder: string, names: Names): boolean {
    const identity = identityOf(folder);
    if (identity === undefined) {
      return false;
    }
    try {
      const opened: Watch = { watcher: watch(folder), identity, names };
      // A folder that is removed tells its own name.
      opened.watcher.on("change", (_, name) => {
        if (name === null || name === basename(folder) || holds(opened.names, new Set([String(name)]))) {
          this.#notice();
        }
      });
      opened.watcher.on("error", () => this.#notice());
      this.#watches.set(folder, opened);
      return true;
    } catch (error) {
      if (isLimit(error)) {
        throw error;
      }
      return false;
    }
  }

  #notice(): void {
    if (this.#closed) {
      return;
    }
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#tell(), this.#quietMs);
    this.#latest ??= setTimeout(() => this.#tell(), this.#quietMs * PATIENCE);
  }

  #tell(): void {
    clearTimeout(this.#quiet);
    clearTimeout(this.#latest);
    this.#latest = undefined;
    this.#happened = true;
    this.#wake?.();
  }
}

/** The folders to watch for paths: those above them, and those that they are. */
function namesByFolder(paths: Iterable<string>): ReadonlyMap<string, Names> {
  const folders = new Map<string, Set<string> | "all">();
  const add = (folder: string, name: string): void => {
    const names = folders.get(folder) ?? new Set();
    folders.set(folder, names === "all" ? names : names.add(name));
  };
  for (const path of [...paths].flatMap(withLinked)) {
    let child = path;
    for (let level = 0; level < LEVELS && dirname(child) !== child; child = dirname(child)) {
      if (isFolder(dirname(child))) {
        add(dirname(child), basename(child));
        level++;
      }
    }
    for (const folder of isFolder(path) ? [path, ...foldersOfDeps(path)] : []) {
      folders.set(folder, "all");
    }
  }
  return folders;
}

/** Where links lead, changes are told of there. */
function withLinked(path: string): readonly string[] {
  const own = resolve(path);
  try {
    return [...new Set([own, realpathSync(own)])];
  } catch {
    return [own];
  }
}

function foldersOfDeps(folder: string): readonly string[] {
  const deps = join(folder, "deps");
  return isFolder(deps) ? [deps, ...readdirSync(deps).map((name) => join(deps, name))].filter(isFolder) : [];
}

function holds(names: Names, others: Names): boolean {
  return names === "all" || (others !== "all" && [...others].every((name) => names.has(name)));
}

function isFolder(path: string): boolean {
  return statsOf(path)?.isDirectory() === true;
}

/** Another one for a folder that takes the place of an earlier one. */
function identityOf(folder: string): string | undefined {
  const stats = statsOf(folder);
  return stats?.isDirectory() ? `${stats.dev} ${stats.ino} ${stats.birthtimeNs}` : undefined;
}

function statsOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}

/** The system has no more watchers or files for this process. */
function isLimit(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOSPC" || code === "EMFILE" || code === "ENFILE";
}
