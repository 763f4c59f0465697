import { hash } from "node:crypto";

export const PAGE_BYTES = 4096;
/** What a page takes beside its bytes. */
const SLOT_BYTES = 40;
/** Bytes of SHA-256 that pages are told apart by. */
const KEY_BYTES = 16;
const SLAB_PAGES = 256;

/** A page of zeros: in slot 0, never kept anywhere. */
export const ZERO_SLOT = 0;
const zeros = Buffer.alloc(PAGE_BYTES);
const NOWHERE = -1;

/**
 * Pages of all checkpoints, each once: found by the SHA-256 of its bytes, and named by a slot, which is used again when nothing refers to the page
 * any more. The bytes are in memory, or in an extent on disk, or both.
 */
export class PageTable {
  /** First slot of each chain of equal hash buckets. */
  #buckets = new Int32Array(1024).fill(NOWHERE);
  #next = new Int32Array(0);
  #keys = new Uint32Array(0);
  #references = new Uint32Array(0);
  /** References of checkpoints that are to stay in memory. */
  #holds = new Uint32Array(0);
  #ram = new Int32Array(0);
  #extents = new Float64Array(0);
  #places = new Uint8Array(0);
  readonly #slabs: Buffer[] = [];
  readonly #freeRam: number[] = [];
  readonly #freeSlots: number[] = [];
  #slots = 1;
  #pages = 0;
  #pagesInRam = 0;
  /** Is told of pages on disk that nothing refers to any more. */
  readonly #onGone: (extent: number) => void;

  constructor(onGone: (extent: number) => void) {
    this.#onGone = onGone;
    this.#grow(1024);
  }

  /** Different pages that are kept, that of zeros aside. */
  get pages(): number {
    return this.#pages;
  }

  /** What the table and the pages in memory take. */
  get ramBytes(): number {
    return this.#pages * SLOT_BYTES + this.#pagesInRam * PAGE_BYTES;
  }

  /** The slot of a page with these bytes, with one more reference; what is new is copied. */
  keep(bytes: Uint8Array): number {
    if (zeros.equals(bytes)) return ZERO_SLOT;
    const key = keyOf(bytes);
    let slot = this.#find(key);
    if (slot === NOWHERE) slot = this.#add(key);
    if (!this.isInRam(slot)) this.#putInRam(slot, bytes);
    this.#references[slot] = (this.#references[slot] ?? 0) + 1;
    return slot;
  }

  /** A page that is on disk, as it was written down; without references. */
  recover(slot: number, key: Buffer, extent: number, place: number): void {
    while (slot >= this.#next.length) this.#grow(this.#next.length * 2);
    while (this.#slots <= slot) this.#freeSlots.push(this.#slots++);
    this.#keys.set(wordsOf(key), slot * 4);
    this.#references[slot] = 0;
    this.stored(slot, extent, place);
  }

  /** After all are recovered and referred to: those that nothing refers to are free. */
  recovered(): void {
    this.#freeSlots.length = 0;
    for (let slot = this.#slots - 1; slot > 0; slot--) {
      if (this.#references[slot] === 0) {
        this.#extents[slot] = NOWHERE;
        this.#freeSlots.push(slot);
        continue;
      }
      this.#link(slot);
      this.#pages++;
    }
  }

  /** The extents of all pages on disk, once for each page. */
  *extents(): Generator<number> {
    for (let slot = 1; slot < this.#slots; slot++) {
      const extent = this.extentOf(slot);
      if (extent !== undefined) yield extent;
    }
  }

  retain(slot: number): void {
    if (slot !== ZERO_SLOT) this.#references[slot] = (this.#references[slot] ?? 0) + 1;
  }

  release(slot: number): void {
    if (slot === ZERO_SLOT) return;
    const left = (this.#references[slot] ?? 0) - 1;
    if (left < 0) throw new Error(`Invariant: page ${slot} is released as often as it was kept`);
    this.#references[slot] = left;
    if (left === 0) this.#remove(slot);
  }

  /** Keeps the page in memory until `unhold`. */
  hold(slot: number): void {
    if (slot !== ZERO_SLOT) this.#holds[slot] = (this.#holds[slot] ?? 0) + 1;
  }

  /** Pages on disk that nobody holds leave memory. */
  unhold(slot: number): void {
    if (slot === ZERO_SLOT) return;
    const left = (this.#holds[slot] ?? 0) - 1;
    this.#holds[slot] = left;
    if (left === 0 && this.extentOf(slot) !== undefined) this.#dropFromRam(slot);
  }

  isInRam(slot: number): boolean {
    return slot === ZERO_SLOT || this.#ram[slot] !== NOWHERE;
  }

  /** A view of a page in memory, valid until the table changes. */
  borrow(slot: number): Uint8Array {
    if (slot === ZERO_SLOT) return zeros;
    const at = this.#ram[slot] ?? NOWHERE;
    if (at === NOWHERE) throw new Error(`Invariant: page ${slot} is in memory`);
    return this.#ramAt(at);
  }

  /** The bytes by which the page is found. */
  key(slot: number): Buffer {
    return Buffer.from(this.#keys.slice(slot * 4, slot * 4 + 4).buffer);
  }

  /** Whether these are the bytes of the page. */
  matches(slot: number, bytes: Uint8Array): boolean {
    return slot === ZERO_SLOT || this.key(slot).equals(keyOf(bytes));
  }

  /** The extent on disk that the page is part of. */
  extentOf(slot: number): number | undefined {
    const extent = this.#extents[slot] ?? NOWHERE;
    return extent === NOWHERE ? undefined : extent;
  }

  /** Which page of its extent it is. */
  placeOf(slot: number): number {
    return this.#places[slot] ?? 0;
  }

  stored(slot: number, extent: number, place: number): void {
    this.#extents[slot] = extent;
    this.#places[slot] = place;
  }

  #add(key: Buffer): number {
    let slot = this.#freeSlots.pop();
    if (slot === undefined) {
      slot = this.#slots++;
      if (slot >= this.#next.length) this.#grow(this.#next.length * 2);
    }
    this.#keys.set(wordsOf(key), slot * 4);
    this.#references[slot] = 0;
    this.#holds[slot] = 0;
    this.#extents[slot] = NOWHERE;
    this.#link(slot);
    this.#pages++;
    return slot;
  }

  #remove(slot: number): void {
    this.#unlink(slot);
    this.#dropFromRam(slot);
    const extent = this.extentOf(slot);
    this.#extents[slot] = NOWHERE;
    this.#freeSlots.push(slot);
    this.#pages--;
    if (extent !== undefined) this.#onGone(extent);
  }

  #putInRam(slot: number, bytes: Uint8Array): void {
    if (this.#freeRam.length === 0) {
      const first = this.#slabs.length * SLAB_PAGES;
      this.#slabs.push(Buffer.allocUnsafeSlow(SLAB_PAGES * PAGE_BYTES));
      for (let at = SLAB_PAGES - 1; at >= 0; at--) this.#freeRam.push(first + at);
    }
    const at = this.#freeRam.pop() as number;
    this.#ramAt(at).set(bytes);
    this.#ram[slot] = at;
    this.#pagesInRam++;
  }

  #dropFromRam(slot: number): void {
    const at = this.#ram[slot] ?? NOWHERE;
    if (at === NOWHERE) return;
    this.#freeRam.push(at);
    this.#ram[slot] = NOWHERE;
    this.#pagesInRam--;
  }

  #ramAt(at: number): Uint8Array {
    const start = (at % SLAB_PAGES) * PAGE_BYTES;
    return (this.#slabs[Math.floor(at / SLAB_PAGES)] as Buffer).subarray(start, start + PAGE_BYTES);
  }

  #find(key: Buffer): number {
    const [a, b, c, d] = wordsOf(key) as unknown as [number, number, number, number];
    let slot = this.#buckets[a & (this.#buckets.length - 1)] ?? NOWHERE;
    for (; slot !== NOWHERE; slot = this.#next[slot] ?? NOWHERE) {
      const at = slot * 4;
      const keys = this.#keys;
      if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d) return slot;
    }
    return NOWHERE;
  }

  #link(slot: number): void {
    const bucket = this.#bucketOf(slot);
    this.#next[slot] = this.#buckets[bucket] ?? NOWHERE;
    this.#buckets[bucket] = slot;
  }

  #unlink(slot: number): void {
    const bucket = this.#bucketOf(slot);
    const after = this.#next[slot] ?? NOWHERE;
    let at = this.#buckets[bucket] ?? NOWHERE;
    if (at === slot) {
      this.#buckets[bucket] = after;
      return;
    }
    while (at !== NOWHERE && this.#next[at] !== slot) at = this.#next[at] ?? NOWHERE;
    if (at === NOWHERE) throw new Error(`Invariant: page ${slot} is found by its key`);
    this.#next[at] = after;
  }

  #bucketOf(slot: number): number {
    return (this.#keys[slot * 4] ?? 0) & (this.#buckets.length - 1);
  }

  #grow(slots: number): void {
    const before = this.#next.length;
    this.#next = larger(this.#next, new Int32Array(slots).fill(NOWHERE));
    this.#keys = larger(this.#keys, new Uint32Array(slots * 4));
    this.#references = larger(this.#references, new Uint32Array(slots));
    this.#holds = larger(this.#holds, new Uint32Array(slots));
    this.#ram = larger(this.#ram, new Int32Array(slots).fill(NOWHERE));
    this.#extents = larger(this.#extents, new Float64Array(slots).fill(NOWHERE));
    this.#places = larger(this.#places, new Uint8Array(slots));
    const linked = before === 0 ? [] : this.#linked();
    this.#buckets = new Int32Array(slots).fill(NOWHERE);
    for (const slot of linked) this.#link(slot);
  }

  #linked(): number[] {
    const slots: number[] = [];
    for (let slot of this.#buckets)
      for (; slot !== NOWHERE; slot = this.#next[slot] ?? NOWHERE) slots.push(slot);
    return slots;
  }
}

function keyOf(bytes: Uint8Array): Buffer {
  return hash("sha256", bytes, "buffer").subarray(0, KEY_BYTES);
}

function wordsOf(key: Buffer): Uint32Array {
  const words = new Uint32Array(4);
  for (let at = 0; at < 4; at++) words[at] = key.readUInt32LE(at * 4);
  return words;
}

function larger<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
