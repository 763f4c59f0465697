import type { SourceMessage } from "../source.ts";
import { HeldData } from "./held-data.ts";

/** Messages that are held, by numbers. Their data are copied, as the chunk that they lie in is not held. */
export class HeldMessages {
  readonly #data = new HeldData();
  // By number.
  readonly #channel: number[] = [];
  readonly #logTimeNs: bigint[] = [];
  readonly #sequence: (number | undefined)[] = [];
  readonly #place: number[] = [];
  #timeNs = new BigInt64Array(1024);

  hold({ channel, logTimeNs, sequence, data }: SourceMessage): number {
    const number = this.#data.hold(data);
    this.#channel[number] = channel;
    this.#logTimeNs[number] = logTimeNs;
    this.#sequence[number] = sequence;
    return number;
  }

  sizeOf(number: number): number {
    return this.#data.lengthOf(number);
  }

  channelOf(number: number): number {
    return this.#channel[number] as number;
  }

  /** Its time, ns, and its place in the order that messages came in. Times that no recording can hold are held as the nearest of 64 bits. */
  setTime(number: number, timeNs: bigint, place: number): void {
    if (number >= this.#timeNs.length) this.#grow(number);
    this.#timeNs[number] = timeNs > GREATEST_NS ? GREATEST_NS : timeNs < LEAST_NS ? LEAST_NS : timeNs;
    this.#place[number] = place;
  }

  timeNs(number: number): bigint {
    return this.#timeNs[number] as bigint;
  }

  placeOf(number: number): number {
    return this.#place[number] as number;
  }

  /** The message with its time as its log time, and the log time as its publish time. Its data are valid until the next call of `hold`. */
  borrow(number: number): SourceMessage {
    return {
      channel: this.channelOf(number),
      logTimeNs: this.timeNs(number),
      publishTimeNs: this.#logTimeNs[number] as bigint,
      sequence: this.#sequence[number],
      data: this.#data.borrow(number),
    };
  }

  letGo(number: number): void {
    this.#data.letGo(number);
  }

  #grow(number: number): void {
    const larger = new BigInt64Array(2 * number);
    larger.set(this.#timeNs);
    this.#timeNs = larger;
  }
}

const GREATEST_NS = 2n ** 63n - 1n;
const LEAST_NS = -(2n ** 63n);
