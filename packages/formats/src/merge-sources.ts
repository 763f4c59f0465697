import type { MessageSource, SourceMessage } from "./source.ts";

/** A source among others: `channelOf` gives the common number of each of its channels. */
export interface MergedPart {
  readonly source: MessageSource;
  readonly channelOf: readonly number[];
}

const BATCH_MESSAGES = 1024;

/**
 * The messages of several sources in order of log time; equal times in the order of the sources. A source is read when its first message is due, so
 * parts that follow each other are in memory one at a time.
 */
export async function* mergeSources(
  parts: readonly MergedPart[],
  signal?: AbortSignal,
): AsyncGenerator<readonly SourceMessage[]> {
  const waiting: Reader[] = [];
  for (const [rank, part] of parts.entries()) {
    const firstNs = await firstTimeOf(part.source, signal);
    if (firstNs !== undefined) waiting.push(new Reader(part, rank, firstNs, signal));
  }
  waiting.sort(byTime);
  const active: Reader[] = [];
  let batch: SourceMessage[] = [];
  try {
    while (waiting.length > 0 || active.length > 0) {
      const first = active.length === 0 ? undefined : active.reduce((a, b) => (byTime(b, a) < 0 ? b : a));
      const next = waiting[0];
      if (next !== undefined && (first === undefined || byTime(next, first) < 0)) {
        waiting.shift();
        if (await next.fill()) active.push(next);
        continue;
      }
      const reader = first as Reader;
      batch.push(reader.take());
      if (batch.length >= BATCH_MESSAGES || reader.isEmpty) {
        // The reader's data last until it is filled again.
        yield batch;
        batch = [];
      }
      if (reader.isEmpty && !(await reader.fill())) active.splice(active.indexOf(reader), 1);
    }
    if (batch.length > 0) yield batch;
  } finally {
    for (const reader of active) await reader.close();
  }
}

async function firstTimeOf(source: MessageSource, signal?: AbortSignal): Promise<bigint | undefined> {
  for await (const batch of source.messages(signal)) {
    const first = batch[0];
    if (first !== undefined) return first.logTimeNs;
  }
  return undefined;
}

/** A place in a source. */
class Reader {
  readonly rank: number;
  /** Of the next message. */
  timeNs: bigint;
  readonly #channelOf: readonly number[];
  readonly #batches: AsyncIterator<readonly SourceMessage[]>;
  #batch: readonly SourceMessage[] = [];
  #next = 0;

  constructor({ source, channelOf }: MergedPart, rank: number, firstNs: bigint, signal?: AbortSignal) {
    this.rank = rank;
    this.timeNs = firstNs;
    this.#channelOf = channelOf;
    this.#batches = source.messages(signal)[Symbol.asyncIterator]();
  }

  get isEmpty(): boolean {
    return this.#next >= this.#batch.length;
  }

  /** Reads on; false at the end. */
  async fill(): Promise<boolean> {
    while (this.isEmpty) {
      const { done, value } = await this.#batches.next();
      if (done === true) return false;
      this.#batch = value;
      this.#next = 0;
    }
    this.timeNs = (this.#batch[this.#next] as SourceMessage).logTimeNs;
    return true;
  }

  take(): SourceMessage {
    const message = this.#batch[this.#next++] as SourceMessage;
    const following = this.#batch[this.#next];
    if (following !== undefined) this.timeNs = following.logTimeNs;
    return { ...message, channel: this.#channelOf[message.channel] as number };
  }

  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}

function byTime(a: Reader, b: Reader): number {
  if (a.timeNs !== b.timeNs) return a.timeNs < b.timeNs ? -1 : 1;
  return a.rank - b.rank;
}
