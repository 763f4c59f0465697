/**
 * Where the contents of snapshots are kept: pages of memory, and lists of keys. Both are found by a key made of their contents, so
 * what is equal is kept once, and counted.
 */
export interface PageStore {
  /** Counts one more reference to what has this key; false when there is nothing. */
  retain(key: string): boolean;
  /**
   * Keeps a page that is not there yet (`retain` said so), with one reference. Returns the bytes as kept: nobody changes them, and
   * whoever has them may compare with them later.
   */
  putPage(key: string, bytes: Uint8Array): Uint8Array;
  /** Keeps a list that is not there yet, with one reference. It takes over one reference to each of its parts. */
  putList(key: string, parts: readonly string[]): void;
  page(key: string): Uint8Array | undefined;
  list(key: string): readonly string[] | undefined;
  /** Takes back one reference. With the last one the contents go, and the references that a list holds. */
  release(key: string): void;
}

interface Entry {
  readonly page: Uint8Array | undefined;
  readonly parts: readonly string[];
  references: number;
}

/** A store in memory. */
export class MemoryPageStore implements PageStore {
  readonly #entries = new Map<string, Entry>();
  #pages = 0;
  #bytes = 0;

  /** Pages that are kept. */
  get pages(): number {
    return this.#pages;
  }

  /** Bytes of the pages that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  retain(key: string): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    entry.references++;
    return true;
  }

  putPage(key: string, bytes: Uint8Array): Uint8Array {
    this.#entries.set(key, { page: bytes, parts: [], references: 1 });
    this.#pages++;
    this.#bytes += bytes.length;
    return bytes;
  }

  putList(key: string, parts: readonly string[]): void {
    this.#entries.set(key, { page: undefined, parts, references: 1 });
  }

  page(key: string): Uint8Array | undefined {
    return this.#entries.get(key)?.page;
  }

  list(key: string): readonly string[] | undefined {
    const entry = this.#entries.get(key);
    return entry?.page === undefined ? entry?.parts : undefined;
  }

  release(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) throw new Error(`Invariant: ${key} is released as often as it was kept`);
    if (--entry.references > 0) return;
    this.#entries.delete(key);
    for (const part of entry.parts) this.release(part);
    if (entry.page === undefined) return;
    this.#pages--;
    this.#bytes -= entry.page.length;
  }
}
