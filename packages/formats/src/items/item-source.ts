import type { ChannelDeclaration, Problem } from "@playhead/recording";
import type { ProblemList } from "../problem-list.ts";
import type { MessageSource, SourceMessage } from "../source.ts";

/** A message that lies somewhere by itself: in a file of its own, or at a place of one. */
export interface TimedItem {
  readonly channel: number;
  /** ns since the Unix epoch. */
  readonly timeNs: bigint;
  /** For people: the file, the byte. */
  readonly where: string;
  /** The message. Throws an Error whose message says what is wrong with it. */
  read(): Promise<Uint8Array>;
}

export interface ItemSourceOptions {
  readonly name: string;
  readonly format: string;
  readonly channels: readonly ChannelDeclaration[];
  readonly problems: ProblemList;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly close?: () => Promise<void>;
}

const BATCH_BYTES = 4 * 1024 * 1024;
const BATCH_MESSAGES = 256;

/** A source whose messages are read one by one when they are due; those that cannot be read become problems. */
export class ItemSource implements MessageSource {
  readonly name: string;
  readonly format: string;
  readonly channels: readonly ChannelDeclaration[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly #items: readonly TimedItem[];
  readonly #problems: ProblemList;
  readonly #close: () => Promise<void>;
  #itemsRead = 0;

  /** `items` in any order: those of equal time keep theirs. */
  constructor(items: readonly TimedItem[], options: ItemSourceOptions) {
    this.#items = items.toSorted((a, b) => (a.timeNs === b.timeNs ? 0 : a.timeNs < b.timeNs ? -1 : 1));
    this.#problems = options.problems;
    this.name = options.name;
    this.format = options.format;
    this.channels = options.channels;
    this.metadata = options.metadata ?? {};
    this.#close = options.close ?? (() => Promise.resolve());
  }

  get problems(): readonly Problem[] {
    return this.#problems.problems;
  }

  get share(): number {
    return Math.min(1, this.#itemsRead / Math.max(1, this.#items.length));
  }

  async *messages(signal?: AbortSignal): AsyncGenerator<readonly SourceMessage[]> {
    this.#itemsRead = 0;
    let batch: SourceMessage[] = [];
    let bytes = 0;
    for (const item of this.#items) {
      signal?.throwIfAborted();
      this.#itemsRead++;
      const data = await this.#read(item);
      if (data === undefined) continue;
      const { channel, timeNs } = item;
      batch.push({ channel, logTimeNs: timeNs, publishTimeNs: timeNs, data });
      bytes += data.byteLength;
      if (bytes < BATCH_BYTES && batch.length < BATCH_MESSAGES) continue;
      yield batch;
      batch = [];
      bytes = 0;
    }
    if (batch.length > 0) yield batch;
  }

  close(): Promise<void> {
    return this.#close();
  }

  async #read(item: TimedItem): Promise<Uint8Array | undefined> {
    try {
      return await item.read();
    } catch (error) {
      const topic = this.channels[item.channel]?.topic;
      const reason = (error as Error).message;
      this.#problems.add("malformed-message", `${item.where}: ${reason}; it is left out`, topic);
      return undefined;
    }
  }
}
