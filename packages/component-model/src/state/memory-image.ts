import { ComponentModelError } from "../errors.ts";
import type { PageStore } from "./page-store.ts";
import { sha256 } from "./sha256.ts";

/** Bytes of one page of a snapshot. A page of WebAssembly is 16 of them. */
export const PAGE_BYTES = 4096;
/** Pages in one block: the list that a block is stored as. */
export const BLOCK_PAGES = 64;

/** A page as it was; never changed. Keys are made when they are asked for. */
export class Page {
  bytes: Uint8Array;
  #key: string | undefined;

  constructor(bytes: Uint8Array, key?: string) {
    this.bytes = bytes;
    this.#key = key;
  }

  get key(): string {
    this.#key ??= sha256(this.bytes);
    return this.#key;
  }

  /** Keeps the page with one more reference. */
  keep(store: PageStore): void {
    if (store.retain(this.key)) return;
    const kept = store.putPage(this.key, this.bytes);
    // The page of zeros belongs to all stores.
    if (this !== zeroPage) this.bytes = kept;
  }
}

const text = new TextEncoder();

/** A list as it was, of pages or of lists of such. */
export class PageList<T extends Page | PageList<Page>> {
  readonly parts: readonly T[];
  readonly #kind: "block" | "memory";
  #key: string | undefined;

  constructor(kind: "block" | "memory", parts: readonly T[], key?: string) {
    this.#kind = kind;
    this.parts = parts;
    this.#key = key;
  }

  get key(): string {
    this.#key ??= sha256(text.encode([this.#kind, ...this.parts.map(({ key }) => key)].join(" ")));
    return this.#key;
  }

  keep(store: PageStore): void {
    if (store.retain(this.key)) return;
    for (const part of this.parts) part.keep(store);
    store.putList(
      this.key,
      this.parts.map(({ key }) => key),
    );
  }
}

export type Block = PageList<Page>;
/** A whole memory as it was. */
export type MemoryImage = PageList<Block>;

const zeros = new Uint8Array(PAGE_BYTES);
export const zeroPage = new Page(zeros);

/** Reads the image of a memory of `pages` pages of snapshots. Blocks of `known` that it has as well are taken from there. */
export function readImage(
  store: PageStore,
  key: string,
  pages: number,
  known: MemoryImage | undefined,
): MemoryImage {
  if (known?.key === key) return known;
  const blocks = listOf(store, key).map((blockKey, index) => {
    const block = known?.parts[index];
    if (block?.key === blockKey) return block;
    const parts = listOf(store, blockKey).map((pageKey) => pageOf(store, pageKey));
    return new PageList("block", parts, blockKey);
  });
  const found = blocks.reduce((sum, { parts }) => sum + parts.length, 0);
  if (found !== pages) throw notInStore(`${pages} pages of a memory`, `${found}`);
  return new PageList("memory", blocks, key);
}

function pageOf(store: PageStore, key: string): Page {
  if (key === zeroPage.key) return zeroPage;
  const bytes = store.page(key);
  if (bytes?.length !== PAGE_BYTES) throw notInStore(`page ${key}`, "nothing");
  return new Page(bytes, key);
}

function listOf(store: PageStore, key: string): readonly string[] {
  const parts = store.list(key);
  if (parts === undefined) throw notInStore(`list ${key}`, "nothing");
  return parts;
}

function notInStore(expected: string, found: string): ComponentModelError {
  return new ComponentModelError(
    "wrong-snapshot",
    `the store does not have what the snapshot refers to: expected ${expected}, found ${found}`,
  );
}
