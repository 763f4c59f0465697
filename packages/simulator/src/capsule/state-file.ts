import { promisify } from "node:util";
import { deflate, inflate } from "node:zlib";
import {
  BLOCK_PAGES,
  type MemoryImage,
  PAGE_BYTES,
  Page,
  PageList,
  zeroPage,
} from "@playhead/component-model";
import { decodePlain, encodePlain } from "../checkpoints/plain-data.ts";
import type { EngineState } from "../engine/engine-state.ts";

const compress = promisify(deflate);
const decompress = promisify(inflate);

/** What a state may take when it is unpacked, bytes. */
const LARGEST_STATE = 4 * 1024 ** 3 - 1;
const ZERO = -1;

interface StateFile {
  /** But for the contents of memories. */
  readonly state: EngineState;
  /** For each memory its pages, by their number in `pages`; −1 for a page of zeros. */
  readonly memories: readonly Int32Array[];
  readonly pages: Uint8Array;
}

/** A state as bytes: plain data and pages, each once, compressed. */
export async function encodeState(state: EngineState): Promise<Uint8Array> {
  const numbers = new Map<Page, number>([[zeroPage, ZERO]]);
  const pages: Page[] = [];
  const memories = state.instances.memories.map(({ parts }) =>
    Int32Array.from(
      parts.flatMap((block) => block.parts),
      (page) => {
        const known = numbers.get(page);
        if (known !== undefined) return known;
        numbers.set(page, pages.length);
        return pages.push(page) - 1;
      },
    ),
  );
  const bytes = new Uint8Array(pages.length * PAGE_BYTES);
  pages.forEach((page, at) => {
    bytes.set(page.bytes, at * PAGE_BYTES);
  });
  const { instances, ...rest } = state;
  const bare = { ...rest, instances: { data: instances.data, memories: [] } };
  return await compress(encodePlain({ state: bare, memories, pages: bytes }), { level: 1 });
}

/** @throws Error where the bytes are not what `encodeState` wrote */
export async function decodeState(file: Uint8Array): Promise<EngineState> {
  const plain = await decompress(file, { maxOutputLength: LARGEST_STATE });
  const { state, memories, pages } = decodePlain(plain) as StateFile;
  const page = (number: number): Page => {
    if (number === ZERO) return zeroPage;
    const bytes = pages.slice(number * PAGE_BYTES, (number + 1) * PAGE_BYTES);
    if (bytes.length !== PAGE_BYTES) throw new Error(`expected page ${number} of a memory`);
    return new Page(bytes);
  };
  const images = memories.map((numbers): MemoryImage => {
    const all = Array.from(numbers, page);
    const blocks = Array.from({ length: Math.ceil(all.length / BLOCK_PAGES) }, (_, at) =>
      all.slice(at * BLOCK_PAGES, (at + 1) * BLOCK_PAGES),
    );
    return new PageList(
      "memory",
      blocks.map((block) => new PageList("block", block)),
    );
  });
  return { ...state, instances: { data: state.instances.data, memories: images } };
}
