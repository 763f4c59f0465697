import {
  BLOCK_PAGES,
  type MemoryImage,
  PAGE_BYTES,
  Page,
  PageList,
  zeroPage,
} from "@playhead/component-model";
import type { EngineState } from "../engine/engine-state.ts";
import type { PackedState } from "./messages.ts";
import { decodePlain, encodePlain } from "./plain-data.ts";

/** Arrays of bytes from this length on are cut into pages, so that what does not change is sent once. */
const BLOB_BYTES = PAGE_BYTES;
const ZERO = 0;

interface PackedBody {
  readonly state: Omit<EngineState, "instances">;
  readonly data: unknown;
}

/** A memory and the numbers of its pages. */
interface SentMemory {
  readonly image: MemoryImage;
  readonly numbers: Float64Array;
}

/**
 * Turns states into what a keeper takes, and back. Remembers the last state that went either way: pages that are the same object as in there
 * are not sent again, and what is loaded shares pages with it.
 */
export class StatePacker {
  #memories: readonly SentMemory[] = [];
  #blobs = new Map<Uint8Array, Float64Array>();
  /** Odd numbers are given here, even ones by the keeper. */
  #next = 1;

  pack({ instances, ...state }: EngineState): PackedState {
    const outgoing = new Outgoing(() => this.#number());
    const memories = instances.memories.map((image, at) =>
      this.#packMemory(image, this.#memories[at], outgoing),
    );
    const blobs = new Map<Uint8Array, Float64Array>();
    const blobIndex = new Map<Uint8Array, number>();
    const body = encodePlain({ state, data: instances.data } satisfies PackedBody, (bytes) => {
      if (bytes.length < BLOB_BYTES) return undefined;
      let index = blobIndex.get(bytes);
      if (index === undefined) {
        index = blobIndex.size;
        blobIndex.set(bytes, index);
        blobs.set(bytes, this.#blobs.get(bytes) ?? outgoing.addBlob(bytes));
      }
      return index;
    });
    [this.#memories, this.#blobs] = [memories, blobs];
    const tables = [...memories.map(({ numbers }) => numbers), ...blobs.values()];
    const sizes = [
      ...memories.map(({ numbers }) => numbers.length * PAGE_BYTES),
      ...[...blobs.keys()].map(({ length }) => length),
    ];
    return {
      body,
      sizes: Float64Array.from(sizes),
      memories: memories.length,
      numbers: concatenated(tables),
      ...outgoing.take(),
    };
  }

  unpack(packed: PackedState): EngineState {
    const pages = this.#knownPages();
    for (const [at, number] of packed.fresh.entries())
      pages.set(number, new Page(packed.pages.subarray(at * PAGE_BYTES, (at + 1) * PAGE_BYTES)));
    const tables = tablesOf(packed);
    const memories = tables
      .slice(0, packed.memories)
      .map(({ numbers }, index) => ({ image: imageOf(numbers, pages, this.#memories[index]), numbers }));
    const blobs = tables
      .slice(packed.memories)
      .map(({ bytes, numbers }) => ({ blob: joined(bytes, numbers, pages), numbers }));
    const body = decodePlain(packed.body, (index) => blobs[index]?.blob ?? missing()) as PackedBody;
    this.#memories = memories;
    this.#blobs = new Map(blobs.map(({ blob, numbers }) => [blob, numbers]));
    return { ...body.state, instances: { data: body.data, memories: memories.map(({ image }) => image) } };
  }

  #packMemory(image: MemoryImage, last: SentMemory | undefined, outgoing: Outgoing): SentMemory {
    if (last?.image === image) return last;
    const numbers = new Float64Array(image.parts.reduce((sum, { parts }) => sum + parts.length, 0));
    for (const [index, block] of image.parts.entries()) {
      const first = index * BLOCK_PAGES;
      const before = last?.image.parts[index];
      if (before === block) {
        numbers.set(last?.numbers.subarray(first, first + block.parts.length) ?? [], first);
        continue;
      }
      for (const [place, page] of block.parts.entries()) {
        if (page === zeroPage) numbers[first + place] = ZERO;
        else if (page === before?.parts[place]) numbers[first + place] = last?.numbers[first + place] ?? ZERO;
        else numbers[first + place] = outgoing.addPage(page.bytes);
      }
    }
    return { image, numbers };
  }

  #knownPages(): Map<number, Page> {
    const pages = new Map<number, Page>([[ZERO, zeroPage]]);
    for (const { image, numbers } of this.#memories) {
      let at = 0;
      for (const { parts } of image.parts) for (const page of parts) pages.set(numbers[at++] ?? ZERO, page);
    }
    for (const [bytes, numbers] of this.#blobs)
      for (const [at, number] of numbers.entries()) pages.set(number, new Page(pageOfBlob(bytes, at)));
    return pages;
  }

  #number(): number {
    this.#next += 2;
    return this.#next;
  }
}

/** Pages that are sent for the first time. */
class Outgoing {
  readonly #numbers: number[] = [];
  readonly #pages: Uint8Array[] = [];
  readonly #number: () => number;

  constructor(number: () => number) {
    this.#number = number;
  }

  addPage(bytes: Uint8Array): number {
    const number = this.#number();
    this.#numbers.push(number);
    this.#pages.push(bytes);
    return number;
  }

  addBlob(bytes: Uint8Array): Float64Array {
    const count = Math.ceil(bytes.length / PAGE_BYTES);
    return Float64Array.from({ length: count }, (_, at) => this.addPage(pageOfBlob(bytes, at)));
  }

  take(): Pick<PackedState, "fresh" | "pages"> {
    const pages = new Uint8Array(this.#pages.length * PAGE_BYTES);
    this.#pages.forEach((bytes, at) => {
      pages.set(bytes, at * PAGE_BYTES);
    });
    return { fresh: Float64Array.from(this.#numbers), pages };
  }
}

function tablesOf({ sizes, numbers }: PackedState): { bytes: number; numbers: Float64Array }[] {
  let at = 0;
  return Array.from(sizes, (bytes) => {
    const count = Math.ceil(bytes / PAGE_BYTES);
    at += count;
    return { bytes, numbers: numbers.slice(at - count, at) };
  });
}

/** The last page of a blob is filled up with zeros. */
function pageOfBlob(bytes: Uint8Array, at: number): Uint8Array {
  const part = bytes.subarray(at * PAGE_BYTES, (at + 1) * PAGE_BYTES);
  if (part.length === PAGE_BYTES) return part;
  const page = new Uint8Array(PAGE_BYTES);
  page.set(part);
  return page;
}

function joined(length: number, numbers: Float64Array, pages: ReadonlyMap<number, Page>): Uint8Array {
  const bytes = new Uint8Array(numbers.length * PAGE_BYTES);
  for (const [at, number] of numbers.entries())
    bytes.set((pages.get(number) ?? missing()).bytes, at * PAGE_BYTES);
  return bytes.subarray(0, length);
}

/** The image of a memory; blocks that the last one has as well are taken from there. */
function imageOf(
  numbers: Float64Array,
  pages: ReadonlyMap<number, Page>,
  last: SentMemory | undefined,
): MemoryImage {
  const blocks: PageList<Page>[] = [];
  for (let first = 0; first < numbers.length; first += BLOCK_PAGES) {
    const parts = Array.from(
      numbers.subarray(first, first + BLOCK_PAGES),
      (number) => pages.get(number) ?? missing(),
    );
    const known = last?.image.parts[first / BLOCK_PAGES];
    const same = known?.parts.length === parts.length && parts.every((page, at) => page === known.parts[at]);
    blocks.push(known !== undefined && same ? known : new PageList("block", parts));
  }
  return new PageList("memory", blocks);
}

function concatenated(tables: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(tables.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const table of tables) {
    all.set(table, at);
    at += table.length;
  }
  return all;
}

function missing(): never {
  throw new Error("Invariant: a state comes with its pages");
}
