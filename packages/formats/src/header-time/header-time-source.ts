import type { ChannelDeclaration, Problem } from "@playhead/recording";
import { profileOf } from "../profile.ts";
import type { MessageSource, SourceMessage } from "../source.ts";
import { HeaderClock, type Timed } from "./header-clock.ts";
import { HeldMessages } from "./held-messages.ts";
import { ReadyMessages } from "./ready-messages.ts";
import { ReorderingWindow } from "./reordering-window.ts";
import { StampReader } from "./stamp-reader.ts";
import { TIME_KEY } from "./time-key.ts";

export interface HeaderTimeOptions {
  /** How much later than its order a message may come, ns. */
  readonly windowNs?: bigint;
  /** The most bytes of messages that are held for it. */
  readonly mostBytes?: number;
}

const WINDOW_NS = 10_000_000_000n;
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_WAITING = 100_000;

/** What is wrong with the times of a channel. */
interface Faults {
  late: number;
  latestNs: bigint;
  departed: number;
}

/** A recording with the stamps of its messages as their log times: see `withHeaderTime`. */
export class HeaderTimeSource implements MessageSource {
  readonly channels: readonly ChannelDeclaration[];
  readonly #source: MessageSource;
  readonly #offsetNs: bigint;
  readonly #windowNs: bigint;
  readonly #mostBytes: number;
  /** Of the last reading, by channel. */
  #faults = new Map<number, Faults>();

  constructor(
    source: MessageSource,
    offsetNs: bigint,
    { windowNs = WINDOW_NS, mostBytes = MOST_BYTES }: HeaderTimeOptions,
  ) {
    this.#source = source;
    this.#offsetNs = offsetNs;
    this.#windowNs = windowNs;
    this.#mostBytes = mostBytes;
    this.channels = source.channels.map((channel) => ({
      ...channel,
      metadata: { ...channel.metadata, [TIME_KEY]: "header" },
    }));
  }

  get name(): string {
    return this.#source.name;
  }

  get format(): string {
    return this.#source.format;
  }

  get profile(): string {
    return profileOf(this.#source, this.channels);
  }

  get metadata(): MessageSource["metadata"] {
    return { ...this.#source.metadata, [TIME_KEY]: "header" };
  }

  get namedMetadata(): NonNullable<MessageSource["namedMetadata"]> {
    return this.#source.namedMetadata ?? [];
  }

  get share(): number | undefined {
    return this.#source.share;
  }

  get problems(): readonly Problem[] {
    const own = [...this.#faults].toSorted(([a], [b]) => a - b);
    return [
      ...this.#source.problems,
      ...own.flatMap(([channel, faults]) => this.#described(channel, faults)),
    ];
  }

  async *messages(signal?: AbortSignal): AsyncGenerator<readonly SourceMessage[]> {
    this.#faults = new Map();
    const readers = this.#source.channels.map((channel) => new StampReader(channel));
    const [windowNs, mostBytes] = [this.#windowNs, this.#mostBytes];
    const held = new HeldMessages();
    const clock = new HeaderClock<number>({
      ...{ offsetNs: this.#offsetNs, windowNs, mostBytes: mostBytes / 2, mostWaiting: MOST_WAITING },
      sizeOf: (message) => held.sizeOf(message),
    });
    const onLate = (message: number, byNs: bigint): void => this.#countLate(held.channelOf(message), byNs);
    const window = new ReorderingWindow(held, { windowNs, mostBytes, onLate });
    const ready = new ReadyMessages(held);
    const settled: Timed<number>[] = [];
    const order = (): void => {
      for (const timed of settled) window.push(timed, ready.numbers);
      settled.length = 0;
    };
    for await (const batch of this.#source.messages(signal)) {
      for (const message of batch) {
        const { channel, logTimeNs, data } = message;
        const stampNs = readers[channel]?.stampNs(data);
        const isBelieved = clock.push(held.hold(message), logTimeNs, stampNs, settled);
        if (stampNs !== undefined && !isBelieved) this.#faultsOf(channel).departed++;
        order();
        if (ready.isBatch) for (const given of ready.take()) yield given;
      }
    }
    clock.finish(settled);
    order();
    window.finish(ready.numbers);
    for (const given of ready.take()) yield given;
  }

  /** Closes the other source too. */
  close(): Promise<void> {
    return this.#source.close();
  }

  #faultsOf(channel: number): Faults {
    const found = this.#faults.get(channel);
    if (found !== undefined) return found;
    const faults = { late: 0, latestNs: 0n, departed: 0 };
    this.#faults.set(channel, faults);
    return faults;
  }

  #countLate(channel: number, byNs: bigint): void {
    const faults = this.#faultsOf(channel);
    faults.late++;
    if (byNs > faults.latestNs) faults.latestNs = byNs;
  }

  #described(channel: number, { late, latestNs, departed }: Faults): Problem[] {
    const sensor = this.channels[channel]?.topic ?? "";
    const found: Problem[] = [];
    if (late > 0) {
      const expected = `expected stamps at most ${seconds(this.#windowNs)} s behind those before (with at most ${this.#mostBytes} bytes between them)`;
      const message = `${sensor}: ${expected}, found ${late} up to ${seconds(latestNs)} s too late; those have the time that was reached`;
      found.push({ code: "late-message", message, sensor, timeUs: undefined });
    }
    if (departed > 0) {
      const expected = `expected stamps within ${seconds(this.#windowNs)} s of those of the messages around them`;
      const message = `${sensor}: ${expected}, found ${departed} farther away; those messages keep their places as if they had none`;
      found.push({ code: "stamp-departs", message, sensor, timeUs: undefined });
    }
    return found;
  }
}

function seconds(durationNs: bigint): string {
  return String(Number(durationNs / 1000n) / 1e6);
}
