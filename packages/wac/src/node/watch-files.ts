import { type FSWatcher, watch } from "node:fs";

/** A folder, with all that is below it, or one file in it. */
export interface Watched {
  readonly folder: string;
  /** Name of the only file or folder in it that matters. */
  readonly only: string | undefined;
}

/** Notices changes of files from the moment it is made until it is closed. Folders that do not exist are left out. */
export class FileChanges {
  readonly #watchers: readonly FSWatcher[];
  readonly #quietMs: number;
  #wake: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #happened = false;
  #closed = false;

  /** @param quietMs how long nothing may happen before a change is told: files are written piece by piece */
  constructor(watched: readonly Watched[], quietMs: number) {
    this.#quietMs = quietMs;
    this.#watchers = watched.flatMap((each) => this.#open(each));
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
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) {
      watcher.close();
    }
    this.#wake?.();
  }

  #open({ folder, only }: Watched): readonly FSWatcher[] {
    try {
      const watcher = watch(folder, { recursive: only === undefined }, (_, name) => {
        if (only === undefined || name === null || name === only) {
          this.#notice();
        }
      });
      watcher.on("error", () => this.#notice());
      return [watcher];
    } catch {
      return [];
    }
  }

  #notice(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#happened = true;
      this.#wake?.();
    }, this.#quietMs);
  }
}
