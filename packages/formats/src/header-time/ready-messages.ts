import type { SourceMessage } from "../source.ts";
import type { HeldMessages } from "./held-messages.ts";

// So few that most die between two collections: V8 allocates what outlives them as long-lived, which is 100 MB of garbage before it looks again.
const BATCH_MESSAGES = 128;
const BATCH_BYTES = 4 * 1024 * 1024;

/** Held messages whose turn it is. */
export class ReadyMessages {
  /** What is added to. */
  numbers: number[] = [];
  readonly #held: HeldMessages;
  /** Of the first so many. */
  #countedBytes = 0;
  #counted = 0;

  constructor(held: HeldMessages) {
    this.#held = held;
  }

  /** Whether there are enough for a batch. */
  get isBatch(): boolean {
    for (; this.#counted < this.numbers.length; this.#counted++)
      this.#countedBytes += this.#held.sizeOf(this.numbers[this.#counted] as number);
    return this.numbers.length >= BATCH_MESSAGES || this.#countedBytes >= BATCH_BYTES;
  }

  /** All of them, in batches of bounded size. What a batch has is let go of when the next is asked for. */
  *take(): Generator<readonly SourceMessage[], void, undefined> {
    const { numbers } = this;
    this.numbers = [];
    this.#counted = 0;
    this.#countedBytes = 0;
    for (let from = 0; from < numbers.length; ) {
      let to = from;
      for (let bytes = 0; to < numbers.length && to - from < BATCH_MESSAGES && bytes < BATCH_BYTES; to++)
        bytes += this.#held.sizeOf(numbers[to] as number);
      const batch = numbers.slice(from, to);
      yield batch.map((number) => this.#held.borrow(number));
      for (const number of batch) this.#held.letGo(number);
      from = to;
    }
  }
}
