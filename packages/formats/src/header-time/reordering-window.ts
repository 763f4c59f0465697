import type { Timed } from "./header-clock.ts";
import type { HeldMessages } from "./held-messages.ts";

export interface WindowOptions {
  /** Messages are held until others are so much later, ns. */
  readonly windowNs: bigint;
  /** The most bytes of messages that are held. */
  readonly mostBytes: number;
  /** Told of a message that comes when a later time has been given out: by how much, ns. */
  readonly onLate: (message: number, byNs: bigint) => void;
}

/** What a held message takes beside its data, about. */
const MESSAGE_BYTES = 600;

/**
 * Puts messages that come nearly in order into the order of their times; equal times keep the order in which they came. What comes too late for the window has
 * the time that was reached.
 */
export class ReorderingWindow {
  readonly #messages: HeldMessages;
  readonly #options: WindowOptions;
  /** In order, from `#start` (inclusive) to `#end` (exclusive). */
  #held = new Uint32Array(1024);
  #start = 0;
  #end = 0;
  #bytes = 0;
  #greatestNs = 0n;
  #reachedNs = 0n;

  /** `messages` are those that are pushed by their numbers. */
  constructor(messages: HeldMessages, options: WindowOptions) {
    this.#messages = messages;
    this.#options = options;
  }

  /** Adds to `ready` the messages that nothing can come before any more, with their times. */
  push({ message, timeNs, place }: Timed<number>, ready: number[]): void {
    if (timeNs < this.#reachedNs) {
      this.#options.onLate(message, this.#reachedNs - timeNs);
      this.#messages.setTime(message, this.#reachedNs, place);
      ready.push(message);
      return;
    }
    this.#messages.setTime(message, timeNs, place);
    this.#insert(message, timeNs, place);
    this.#bytes += this.#messages.sizeOf(message) + MESSAGE_BYTES;
    if (timeNs > this.#greatestNs) this.#greatestNs = timeNs;
    this.#release(ready, this.#greatestNs - this.#options.windowNs);
  }

  /** Gives out all that is held. */
  finish(ready: number[]): void {
    this.#release(ready, this.#greatestNs);
  }

  #release(ready: number[], toNs: bigint): void {
    while (this.#start < this.#end) {
      const first = this.#held[this.#start] as number;
      const timeNs = this.#messages.timeNs(first);
      if (timeNs > toNs && this.#bytes <= this.#options.mostBytes) return;
      this.#start++;
      this.#bytes -= this.#messages.sizeOf(first) + MESSAGE_BYTES;
      this.#reachedNs = timeNs;
      ready.push(first);
    }
  }

  #insert(message: number, timeNs: bigint, place: number): void {
    if (this.#end === this.#held.length) this.#makeRoom();
    const at = this.#placeFor(timeNs, place);
    this.#held.copyWithin(at + 1, at, this.#end);
    this.#held[at] = message;
    this.#end++;
  }

  #makeRoom(): void {
    const from = this.#held;
    const count = this.#end - this.#start;
    if (2 * count > from.length) this.#held = new Uint32Array(2 * from.length);
    this.#held.set(from.subarray(this.#start, this.#end));
    this.#start = 0;
    this.#end = count;
  }

  /** Behind all that come before it: mostly at the end. */
  #placeFor(timeNs: bigint, place: number): number {
    const isBehind = (other: number): boolean => {
      const otherNs = this.#messages.timeNs(other);
      return timeNs > otherNs || (timeNs === otherNs && place > this.#messages.placeOf(other));
    };
    let [from, to] = [this.#start, this.#end];
    if (from < to && isBehind(this.#held[to - 1] as number)) return to;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (isBehind(this.#held[middle] as number)) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
