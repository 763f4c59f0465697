import {
  BLOCK_PAGES,
  type Block,
  type MemoryImage,
  PAGE_BYTES,
  Page,
  PageList,
  zeroPage,
} from "./memory-image.ts";

/** How much is compared at a time: an unchanged memory costs little more than one comparison of all of it. */
const CHUNK_BYTES = 65_536;

const noImage: MemoryImage = new PageList("memory", []);

/**
 * Tells what of a memory has changed since it was last looked at. It has a copy of the memory to compare with, from the first time
 * on that it is asked.
 */
export class MemoryTracker {
  readonly memory: WebAssembly.Memory;
  #shadow = new Uint8Array(0);
  #image: MemoryImage = noImage;

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
  }

  get pages(): number {
    return this.memory.buffer.byteLength / PAGE_BYTES;
  }

  /** What was captured or restored last. */
  get last(): MemoryImage {
    return this.#image;
  }

  /** The memory as it is. The same image as before when nothing has changed. */
  capture(): MemoryImage {
    const current = new Uint8Array(this.memory.buffer);
    const old = this.#shadow;
    if (current.length !== old.length) this.#resize(current.length);
    const changed = changedPages(current, this.#shadow);
    if (changed.length > 0 || current.length !== old.length) {
      this.#image = this.#imageOf(current, changed, old.length / PAGE_BYTES);
    }
    return this.#image;
  }

  /**
   * Makes the memory what it was, which must not be less than it is. `fresh` says that it is all zeros. Only what differs from the last
   * image, and what has changed since then, is copied.
   */
  restore(image: MemoryImage, pages: number, fresh: boolean): void {
    const missing = (pages - this.pages) / (CHUNK_BYTES / PAGE_BYTES);
    if (missing > 0) this.memory.grow(missing);
    const current = new Uint8Array(this.memory.buffer);
    const last = fresh ? noImage : this.#image;
    if (fresh) this.#shadow = new Uint8Array(current.length);
    else this.#undo(current);
    for (const [index, block] of image.parts.entries()) {
      const before = last.parts[index];
      if (block === before) continue;
      for (const [place, page] of block.parts.entries()) {
        if (page === (before?.parts[place] ?? zeroPage)) continue;
        const at = (index * BLOCK_PAGES + place) * PAGE_BYTES;
        current.set(page.bytes, at);
        this.#shadow.set(page.bytes, at);
      }
    }
    this.#image = image;
  }

  /** Makes the memory what it was when it was captured or restored last; what is new in it becomes zero. */
  #undo(current: Uint8Array): void {
    if (this.#shadow.length !== current.length) this.#resize(current.length);
    for (const page of changedPages(current, this.#shadow)) {
      const start = page * PAGE_BYTES;
      current.set(this.#shadow.subarray(start, start + PAGE_BYTES), start);
    }
  }

  /** The copy gets the size of the memory; what is new in it is zero, as memory is that has just grown. */
  #resize(length: number): void {
    const shadow = new Uint8Array(length);
    shadow.set(this.#shadow.subarray(0, length));
    this.#shadow = shadow;
  }

  #imageOf(current: Uint8Array, changed: readonly number[], oldPages: number): MemoryImage {
    const pages = current.length / PAGE_BYTES;
    const blocks: (Block | undefined)[] = [...this.#image.parts];
    const touched = new Map<number, Page[]>();
    const block = (index: number): Page[] => {
      let parts = touched.get(index);
      if (parts === undefined) {
        parts = [...(blocks[index]?.parts ?? [])];
        const length = Math.min(pages - index * BLOCK_PAGES, BLOCK_PAGES);
        while (parts.length < length) parts.push(zeroPage);
        touched.set(index, parts);
      }
      return parts;
    };
    for (let page = oldPages; page < pages; page += BLOCK_PAGES) block(Math.floor(page / BLOCK_PAGES));
    if (pages > oldPages) block(Math.floor((pages - 1) / BLOCK_PAGES));
    for (const page of changed) {
      const start = page * PAGE_BYTES;
      const bytes = current.slice(start, start + PAGE_BYTES);
      this.#shadow.set(bytes, start);
      const isZero = compare(bytes, zeroPage.bytes, 0, PAGE_BYTES) === 0;
      block(Math.floor(page / BLOCK_PAGES))[page % BLOCK_PAGES] = isZero ? zeroPage : new Page(bytes);
    }
    for (const [index, parts] of touched) blocks[index] = new PageList("block", parts);
    return new PageList("memory", blocks as Block[]);
  }
}

function changedPages(current: Uint8Array, shadow: Uint8Array): number[] {
  const changed: number[] = [];
  for (let chunk = 0; chunk < current.length; chunk += CHUNK_BYTES) {
    if (compare(current, shadow, chunk, chunk + CHUNK_BYTES) === 0) continue;
    for (let at = chunk; at < chunk + CHUNK_BYTES; at += PAGE_BYTES) {
      if (compare(current, shadow, at, at + PAGE_BYTES) !== 0) changed.push(at / PAGE_BYTES);
    }
  }
  return changed;
}

type Compare = (a: Uint8Array, b: Uint8Array, start: number, end: number) => number;

/** 0 when the same part of both is equal. Node's comparison is that of the C library. */
const compare: Compare =
  typeof globalThis.Buffer?.prototype.compare === "function"
    ? (a, b, start, end) => Buffer.prototype.compare.call(a as Buffer, b, start, end, start, end)
    : compareWords;

function compareWords(a: Uint8Array, b: Uint8Array, start: number, end: number): number {
  const count = (end - start) / 4;
  const left = new Int32Array(a.buffer, a.byteOffset + start, count);
  const right = new Int32Array(b.buffer, b.byteOffset + start, count);
  for (let index = 0; index < count; index++) if (left[index] !== right[index]) return 1;
  return 0;
}
