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
const zeroChunk = new Uint8Array(CHUNK_BYTES);

const noImage: MemoryImage = new PageList("memory", []);

/**
 * Tells what of a memory has changed since it was last looked at. It has a copy of the memory to compare with, from the first time
 * on that it is asked.
 */
export class MemoryTracker {
  readonly memory: WebAssembly.Memory;
  #shadow = new Uint8Array(0);
  /**
   * For each chunk of the copy, 1 where it is all zeros for certain: what a memory holds there is compared with zeros that are always at hand,
   * which reads half as much.
   */
  #zeros = new Uint8Array(0);
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
    const changed = this.#changedPages(current);
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
    if (fresh) this.#clear(current.length);
    else this.#undo(current);
    for (const [index, block] of image.parts.entries()) {
      const before = last.parts[index];
      if (block === before) continue;
      for (const [place, page] of block.parts.entries()) {
        if (page === (before?.parts[place] ?? zeroPage)) continue;
        const at = (index * BLOCK_PAGES + place) * PAGE_BYTES;
        current.set(page.bytes, at);
        this.#keep(page.bytes, at);
      }
    }
    this.#image = image;
  }

  /** Makes the memory what it was when it was captured or restored last; what is new in it becomes zero. */
  #undo(current: Uint8Array): void {
    if (this.#shadow.length !== current.length) this.#resize(current.length);
    for (const page of this.#changedPages(current)) {
      const start = page * PAGE_BYTES;
      current.set(this.#shadow.subarray(start, start + PAGE_BYTES), start);
    }
  }

  /** The copy gets the size of the memory; what is new in it is zero, as memory is that has just grown. */
  #resize(length: number): void {
    const [shadow, zeros] = [this.#shadow, this.#zeros];
    this.#clear(length);
    this.#shadow.set(shadow.subarray(0, length));
    this.#zeros.set(zeros.subarray(0, this.#zeros.length));
  }

  #clear(length: number): void {
    this.#shadow = new Uint8Array(length);
    this.#zeros = new Uint8Array(length / CHUNK_BYTES).fill(1);
  }

  #keep(page: Uint8Array, at: number): void {
    this.#shadow.set(page, at);
    this.#zeros[Math.floor(at / CHUNK_BYTES)] = 0;
  }

  #changedPages(current: Uint8Array): number[] {
    const changed: number[] = [];
    for (let chunk = 0, at = 0; at < current.length; chunk++, at += CHUNK_BYTES) {
      const isZero = this.#zeros[chunk] === 1;
      const [same, from] = isZero ? [zeroChunk, 0] : [this.#shadow, at];
      if (compare(current, at, same, from, CHUNK_BYTES) === 0) continue;
      for (let page = 0; page < CHUNK_BYTES; page += PAGE_BYTES)
        if (compare(current, at + page, same, from + page, PAGE_BYTES) !== 0)
          changed.push((at + page) / PAGE_BYTES);
    }
    return changed;
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
      this.#keep(bytes, start);
      const isZero = compare(bytes, 0, zeroPage.bytes, 0, PAGE_BYTES) === 0;
      block(Math.floor(page / BLOCK_PAGES))[page % BLOCK_PAGES] = isZero ? zeroPage : new Page(bytes);
    }
    for (const [index, parts] of touched) blocks[index] = new PageList("block", parts);
    return new PageList("memory", blocks as Block[]);
  }
}

type Compare = (a: Uint8Array, aStart: number, b: Uint8Array, bStart: number, length: number) => number;

/** 0 when a part of one equals a part of the other. Node's comparison is that of the C library. */
const compare: Compare =
  typeof globalThis.Buffer?.prototype.compare === "function"
    ? (a, aStart, b, bStart, length) =>
        Buffer.prototype.compare.call(a as Buffer, b, bStart, bStart + length, aStart, aStart + length)
    : compareWords;

function compareWords(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number, length: number): number {
  const count = length / 4;
  const left = new Int32Array(a.buffer, a.byteOffset + aStart, count);
  const right = new Int32Array(b.buffer, b.byteOffset + bStart, count);
  for (let index = 0; index < count; index++) if (left[index] !== right[index]) return 1;
  return 0;
}
