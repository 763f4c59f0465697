import type { ProblemList } from "./problem-list.ts";
import type { Segment } from "./segment.ts";
import type { SourceMessage } from "./source.ts";

const BATCH_MESSAGES = 1024;
const BATCH_BYTES = 4 * 1024 * 1024;
/** Segments that overlap in time are kept in memory up to this; beyond it they are read again when their turn comes. */
const KEPT_BYTES = 128 * 1024 * 1024;

/**
 * All messages of the segments in order of log time; equal times in the order of the segments, then of the messages in each. A segment is read
 * when its first message is due and let go behind its last, so memory follows how many overlap in time.
 */
export async function* mergeSegments(
  segments: readonly Segment[],
  problems: ProblemList,
  signal?: AbortSignal,
  keptBytes = KEPT_BYTES,
): AsyncGenerator<readonly SourceMessage[]> {
  const waiting = segments.map((segment, rank) => new Cursor(segment, rank)).sort(byTime);
  const active = new Active(keptBytes);
  let batch: SourceMessage[] = [];
  let batchBytes = 0;
  let lastNs: bigint | undefined;
  for (let next = 0; next < waiting.length || active.size > 0; ) {
    signal?.throwIfAborted();
    const opening = waiting[next];
    const first = active.first();
    if (opening !== undefined && (first === undefined || byTime(opening, first) < 0)) {
      await active.open(opening);
      next++;
      continue;
    }
    if (!active.isReady) await active.prepare();
    const message = active.take();
    if (message === undefined) continue;
    if (lastNs !== undefined && message.logTimeNs < lastNs) {
      const expected = `expected no message before ${lastNs} ns here, as the file's index says`;
      problems.add("out-of-order", `${expected}, found one at ${message.logTimeNs} ns; it is left out`);
      continue;
    }
    lastNs = message.logTimeNs;
    batch.push(message);
    batchBytes += message.data.byteLength;
    if (batch.length >= BATCH_MESSAGES || batchBytes >= BATCH_BYTES) {
      yield batch;
      batch = [];
      batchBytes = 0;
    }
  }
  if (batch.length > 0) yield batch;
}

/** A place in a segment. */
class Cursor {
  readonly rank: number;
  /** Of the next message; before the segment was read, what the segment says. */
  timeNs: bigint;
  sizeBytes = 0;
  readonly #segment: Segment;
  #messages: readonly SourceMessage[] | undefined;
  #next = 0;

  constructor(segment: Segment, rank: number) {
    this.#segment = segment;
    this.rank = rank;
    this.timeNs = segment.firstNs;
  }

  get isKept(): boolean {
    return this.#messages !== undefined;
  }

  /** Makes sure that the messages are in memory; false when none is left. */
  async keep(): Promise<boolean> {
    if (this.#messages === undefined) {
      const messages = await this.#segment.read();
      this.#messages = isSorted(messages) ? messages : [...messages].sort(byLogTime);
      this.sizeBytes = messages.reduce((sum, { data }) => sum + data.byteLength + MESSAGE_BYTES, 0);
    }
    const message = this.#messages[this.#next];
    if (message !== undefined) this.timeNs = message.logTimeNs;
    return message !== undefined;
  }

  /** The next message, of those that are in memory; the cursor goes behind it. */
  take(): SourceMessage | undefined {
    const message = this.#messages?.[this.#next++];
    const following = this.#messages?.[this.#next];
    if (following !== undefined) this.timeNs = following.logTimeNs;
    return message;
  }

  get isAtEnd(): boolean {
    return this.#messages !== undefined && this.#next >= this.#messages.length;
  }

  letGo(): void {
    this.#messages = undefined;
    this.sizeBytes = 0;
  }
}

/** About what an object takes beside its bytes. */
const MESSAGE_BYTES = 100;

/** The cursors whose segments have begun, as a binary heap by the time of their next message. */
class Active {
  readonly #heap: Cursor[] = [];
  readonly #keptBytes: number;
  #bytes = 0;

  constructor(keptBytes: number) {
    this.#keptBytes = keptBytes;
  }

  get size(): number {
    return this.#heap.length;
  }

  first(): Cursor | undefined {
    return this.#heap[0];
  }

  async open(cursor: Cursor): Promise<void> {
    const hasMessages = await cursor.keep();
    if (!hasMessages) return;
    this.#bytes += cursor.sizeBytes;
    this.#heap.push(cursor);
    this.#rise(this.#heap.length - 1);
    this.#makeRoom(cursor);
  }

  /** Whether the first message in time is in memory. */
  get isReady(): boolean {
    return (this.#heap[0] as Cursor).isKept;
  }

  async prepare(): Promise<void> {
    const cursor = this.#heap[0] as Cursor;
    await cursor.keep();
    this.#bytes += cursor.sizeBytes;
    this.#makeRoom(cursor);
  }

  /** The first message in time; undefined where there was none after all. */
  take(): SourceMessage | undefined {
    const cursor = this.#heap[0] as Cursor;
    const message = cursor.take();
    if (cursor.isAtEnd) {
      this.#bytes -= cursor.sizeBytes;
      cursor.letGo();
      const last = this.#heap.pop() as Cursor;
      if (last !== cursor) this.#heap[0] = last;
    }
    if (this.#heap.length > 0) this.#sink();
    return message;
  }

  /** Lets go of what is needed last, as far as the heap tells, but never of the one at hand. */
  #makeRoom(atHand: Cursor): void {
    for (let place = this.#heap.length - 1; place > 0 && this.#bytes > this.#keptBytes; place--) {
      const cursor = this.#heap[place] as Cursor;
      if (cursor === atHand || !cursor.isKept) continue;
      this.#bytes -= cursor.sizeBytes;
      cursor.letGo();
    }
  }

  #rise(from: number): void {
    const heap = this.#heap;
    const cursor = heap[from] as Cursor;
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (byTime(heap[above] as Cursor, cursor) <= 0) break;
      heap[place] = heap[above] as Cursor;
      place = above;
    }
    heap[place] = cursor;
  }

  #sink(): void {
    const heap = this.#heap;
    const cursor = heap[0] as Cursor;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && byTime(heap[below + 1] as Cursor, heap[below] as Cursor) < 0) below++;
      if (byTime(cursor, heap[below] as Cursor) <= 0) break;
      heap[place] = heap[below] as Cursor;
      place = below;
    }
    heap[place] = cursor;
  }
}

function byTime(a: Cursor, b: Cursor): number {
  if (a.timeNs !== b.timeNs) return a.timeNs < b.timeNs ? -1 : 1;
  return a.rank - b.rank;
}

function byLogTime(a: SourceMessage, b: SourceMessage): number {
  if (a.logTimeNs === b.logTimeNs) return 0;
  return a.logTimeNs < b.logTimeNs ? -1 : 1;
}

function isSorted(messages: readonly SourceMessage[]): boolean {
  for (let index = 1; index < messages.length; index++) {
    if ((messages[index] as SourceMessage).logTimeNs < (messages[index - 1] as SourceMessage).logTimeNs)
      return false;
  }
  return true;
}
