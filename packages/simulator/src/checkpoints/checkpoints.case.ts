import { Page, PageList, zeroPage } from "@playhead/component-model";
import type { EngineState } from "../engine/engine-state.ts";
import { encodePlain } from "./plain-data.ts";

/** Pages of the fake state's memory. */
export const MEMORY_PAGES = 130;

/**
 * The states of a fake run, each made from the one before as a tracker of memory does: what does not change stays the same object.
 * State n has `dirty` pages of its own, some that stay, many zeros, and a message on the bus that stays for ten states.
 */
export class FakeStates {
  readonly #dirty: number;
  #pages: Page[];
  #blocks: PageList<Page>[] = [];
  #payload: Uint8Array = new Uint8Array(0);

  constructor(dirty = 3) {
    this.#dirty = dirty;
    this.#pages = Array.from({ length: MEMORY_PAGES }, (_, at) =>
      at < 20 ? page(1_000_000 + at) : zeroPage,
    );
  }

  state(n: number): EngineState {
    for (let i = 0; i < this.#dirty; i++) this.#pages[30 + i] = page(n * this.#dirty + i);
    const before = this.#blocks;
    this.#blocks = Array.from({ length: Math.ceil(MEMORY_PAGES / 64) }, (_, at) => {
      const parts = this.#pages.slice(at * 64, at * 64 + 64);
      const known = before[at];
      return known?.parts.every((one, place) => one === parts[place]) ? known : new PageList("block", parts);
    });
    if (n % 10 === 0) this.#payload = payloadOf(n);
    const message = { topic: 0, timeUs: n, sequence: n, publisher: "p", payload: this.#payload };
    return {
      nowUs: n * 1000,
      events: n,
      frames: n,
      outputCount: n,
      journal: { lines: [], lineCount: 0, alerts: [] },
      runHash: new Uint8Array(32).fill(n),
      bus: { topics: [], subscriptions: [{ queue: [message] }], nextId: 0 },
      units: [],
      instances: { data: [{ n }], memories: [new PageList("memory", this.#blocks)] },
    } as unknown as EngineState;
  }
}

/** State n as it must come back, without having been sent. */
export function expectedState(n: number, dirty = 3): EngineState {
  const states = new FakeStates(dirty);
  states.state(n - (n % 10));
  return states.state(n);
}

/** All that there is to compare of a state, with the contents of memories; large arrays as text, which is compared quickly. */
export function contentsOf({ instances, ...rest }: EngineState): object {
  const memories = instances.memories.map((memory) =>
    Buffer.concat(memory.parts.flatMap(({ parts }) => parts.map(({ bytes }) => bytes))).toString("latin1"),
  );
  const bytes = encodePlain({ rest, data: instances.data });
  return { events: rest.events, bytes: Buffer.from(bytes).toString("latin1"), memories };
}

function payloadOf(n: number): Uint8Array {
  return new Uint8Array(10_000).fill(n + 1);
}

function page(value: number): Page {
  const bytes = new Uint8Array(4096);
  new DataView(bytes.buffer).setUint32(100, value + 1);
  return new Page(bytes);
}
