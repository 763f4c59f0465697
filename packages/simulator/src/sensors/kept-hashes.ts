import { randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolders } from "@playhead/store";

const MOST_KEPT = 2000;
const HASH = /^[0-9a-f]{64}$/;

/**
 * Hashes that were computed before, in a file of a cache folder: two thousand, those that were asked for last. Another process may write at the
 * same time; then one of both forgets. A file that cannot be read or written is as good as none.
 */
export class KeptHashes {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = join(folder, "input-hashes.json");
  }

  async get(key: string): Promise<string | undefined> {
    const hash = (await this.#read()).get(key);
    if (hash !== undefined) await this.put(key, hash);
    return hash;
  }

  async put(key: string, hash: string): Promise<void> {
    const known = await this.#read();
    known.delete(key);
    known.set(key, hash);
    const kept = [...known].slice(-MOST_KEPT);
    const draft = `${this.#file}.${randomUUID()}`;
    try {
      makeFolders(dirname(this.#file), 0o700);
      await writeFile(draft, JSON.stringify(kept), { mode: 0o600 });
      await rename(draft, this.#file);
    } catch {
      // A cache that cannot be written is none.
    }
  }

  async #read(): Promise<Map<string, string>> {
    try {
      const entries: unknown = JSON.parse(await readFile(this.#file, "utf8"));
      return new Map(Array.isArray(entries) ? entries.filter(isEntry) : []);
    } catch {
      return new Map();
    }
  }
}

function isEntry(entry: unknown): entry is [string, string] {
  return Array.isArray(entry) && typeof entry[0] === "string" && HASH.test(String(entry[1]));
}
