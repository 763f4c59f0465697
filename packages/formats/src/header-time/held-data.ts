const SLAB_BYTES = 256 * 1024;
/** What may be free beside what is held, and how much of a slab has to be held for it to stay as it is. */
const MOST_FREE_BYTES = 4 * 1024 * 1024;
const LEAST_SHARE = 2 / 3;
/** Slabs that are free are kept for what comes, up to this. */
const MOST_KEPT_BYTES = 32 * 1024 * 1024;

/** A piece of memory with data side by side. */
interface Slab {
  readonly bytes: Uint8Array;
  end: number;
  heldBytes: number;
  /** The numbers of the data in it, also of those that were let go of. */
  readonly numbers: number[];
}

/**
 * Holds copies of data side by side in pieces of memory that are used again, by numbers that are used again: as objects, what is held for seconds would be as
 * much garbage, several times over. What is left of pieces from which most was let go of is gathered, so the memory is at most about half as much again as what is held.
 */
export class HeldData {
  /** The last one is being filled. */
  #slabs: Slab[] = [newSlab(SLAB_BYTES)];
  readonly #freeSlabs: Uint8Array[] = [];
  #heldBytes = 0;
  readonly #freeNumbers: number[] = [];
  // By number.
  readonly #slabOf: (Slab | undefined)[] = [];
  readonly #start: number[] = [];
  readonly #length: number[] = [];

  /** Copies the data. Returns their number: the least that is free, or nearly. */
  hold(data: Uint8Array): number {
    const number = this.#freeNumbers.pop() ?? this.#slabOf.length;
    this.#put(number, this.#slabWithRoom(data.byteLength), data);
    this.#heldBytes += data.byteLength;
    return number;
  }

  /** Memory that is taken, for what is held and for what will be. */
  get memoryBytes(): number {
    return sizeOf(this.#slabs) + this.#freeSlabs.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  lengthOf(number: number): number {
    return this.#length[number] as number;
  }

  /** A view, valid until the next call of `hold`. */
  borrow(number: number): Uint8Array {
    const start = this.#start[number] as number;
    return (this.#slabOf[number] as Slab).bytes.subarray(start, start + this.lengthOf(number));
  }

  letGo(number: number): void {
    const slab = this.#slabOf[number] as Slab;
    slab.heldBytes -= this.lengthOf(number);
    this.#heldBytes -= this.lengthOf(number);
    this.#slabOf[number] = undefined;
    this.#freeNumbers.push(number);
  }

  #put(number: number, slab: Slab, data: Uint8Array): void {
    slab.bytes.set(data, slab.end);
    slab.numbers.push(number);
    this.#slabOf[number] = slab;
    this.#start[number] = slab.end;
    this.#length[number] = data.byteLength;
    slab.end += data.byteLength;
    slab.heldBytes += data.byteLength;
  }

  #slabWithRoom(length: number): Slab {
    const last = this.#slabs.at(-1) as Slab;
    if (last.end + length <= last.bytes.byteLength) return last;
    this.#setFree(({ heldBytes }) => heldBytes === 0);
    if (LEAST_SHARE * sizeOf(this.#slabs) > this.#heldBytes + MOST_FREE_BYTES) this.#gather();
    return this.#addSlab(length);
  }

  /** Moves what is left of slabs that are mostly free. */
  #gather(): void {
    const isSparse = ({ heldBytes, bytes }: Slab): boolean => heldBytes < LEAST_SHARE * bytes.byteLength;
    const sparse = this.#slabs.filter(isSparse);
    let target = newSlab(0);
    for (const slab of sparse)
      for (const number of slab.numbers) {
        if (this.#slabOf[number] !== slab) continue;
        const data = this.borrow(number);
        if (target.end + data.byteLength > target.bytes.byteLength) target = this.#addSlab(data.byteLength);
        this.#put(number, target, data);
      }
    this.#setFree((slab) => sparse.includes(slab));
  }

  #addSlab(length: number): Slab {
    const slab = newSlab(Math.max(length, SLAB_BYTES), this.#takeFree(length));
    this.#slabs.push(slab);
    return slab;
  }

  /** The smallest that is large enough, and not much too large. */
  #takeFree(length: number): Uint8Array | undefined {
    const most = Math.max(2 * length, SLAB_BYTES);
    const fitting = this.#freeSlabs.filter(({ byteLength }) => byteLength >= length && byteLength <= most);
    const [least] = fitting.sort((a, b) => a.byteLength - b.byteLength);
    if (least !== undefined) this.#freeSlabs.splice(this.#freeSlabs.indexOf(least), 1);
    return least;
  }

  /** Takes the slabs away. */
  #setFree(isFree: (slab: Slab) => boolean): void {
    for (const slab of this.#slabs) if (isFree(slab)) this.#freeSlabs.push(slab.bytes);
    this.#slabs = this.#slabs.filter((slab) => !isFree(slab));
    let bytes = this.#freeSlabs.reduce((sum, { byteLength }) => sum + byteLength, 0);
    while (bytes > MOST_KEPT_BYTES) bytes -= this.#freeSlabs.shift()?.byteLength ?? bytes;
  }
}

function sizeOf(slabs: readonly Slab[]): number {
  return slabs.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
}

function newSlab(sizeBytes: number, bytes: Uint8Array = new Uint8Array(sizeBytes)): Slab {
  return { bytes, end: 0, heldBytes: 0, numbers: [] };
}
