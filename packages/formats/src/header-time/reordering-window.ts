import type { SourceMessage } from "../source.ts";
import type { Timed } from "./header-clock.ts";

export interface WindowOptions {
  /** Messages are held until others are so much later, ns. */
  readonly windowNs: bigint;
  /** The most bytes of messages that are held. */
  readonly mostBytes: number;
  /** Told of a message that comes when a later time has been given out: by how much, ns. */
  readonly onLate: (message: SourceMessage, byNs: bigint) => void;
}

/** What a held message takes beside its data, about. */
const MESSAGE_BYTES = 600;

/**
 * Puts messages that come nearly in order into the order of their times; equal times keep the order in which they came. What comes too late for the window has
 * the time that was reached.
 */
export class ReorderingWindow {
  readonly #options: WindowOptions;
  /** In order from `#start` on. */
  #held: Timed<SourceMessage>[] = [];
  #start = 0;
  #bytes = 0;
  #greatestNs = 0n;
  #reachedNs = 0n;

  constructor(options: WindowOptions) {
    this.#options = options;
  }

  /** Adds to `ready` the messages that nothing can come before any more. */
  push(timed: Timed<SourceMessage>, ready: SourceMessage[]): void {
    const { message, timeNs } = timed;
    if (timeNs < this.#reachedNs) {
      this.#options.onLate(message, this.#reachedNs - timeNs);
      ready.push({ ...message, logTimeNs: this.#reachedNs });
      return;
    }
    this.#held.splice(this.#placeFor(timed), 0, timed);
    this.#bytes += message.data.byteLength + MESSAGE_BYTES;
    if (timeNs > this.#greatestNs) this.#greatestNs = timeNs;
    this.#release(ready, this.#greatestNs - this.#options.windowNs);
  }

  /** Gives out all that is held. */
  finish(ready: SourceMessage[]): void {
    this.#release(ready, this.#greatestNs);
  }

  #release(ready: SourceMessage[], toNs: bigint): void {
    for (;;) {
      const first = this.#held[this.#start];
      if (first === undefined) break;
      if (first.timeNs > toNs && this.#bytes <= this.#options.mostBytes) break;
      this.#start++;
      this.#bytes -= first.message.data.byteLength + MESSAGE_BYTES;
      this.#reachedNs = first.timeNs;
      ready.push({ ...first.message, logTimeNs: first.timeNs });
    }
    if (this.#start < 4096 && this.#start < this.#held.length) return;
    this.#held = this.#held.slice(this.#start);
    this.#start = 0;
  }

  /** Behind all that come before it: from the end, where it mostly belongs. */
  #placeFor({ timeNs, place }: Timed<SourceMessage>): number {
    let [from, to] = [this.#start, this.#held.length];
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      const other = this.#held[middle] as Timed<SourceMessage>;
      const isBehind = timeNs > other.timeNs || (timeNs === other.timeNs && place > other.place);
      if (isBehind) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
