import { compareTimes, type LogTime } from "../readings/log-time.ts";
import type { ProblemLog } from "../readings/problem-log.ts";
import { joinRanges, type SensorRange } from "../readings/sensor-range.ts";
import { decodeGroups, encodeGroup } from "./group-codec.ts";
import { type Groups, hasSensor, hasSensorUpTo } from "./group-index.ts";
import { type Group, GroupMaker } from "./groups.ts";
import { RecordBuffer } from "./record-buffer.ts";
import type { SegmentSink } from "./scan.ts";
import type { Segment } from "./segment.ts";

/** So many groups are packed together once there are more. */
const BLOCK_GROUPS = 256;

interface Block {
  readonly bytes: Uint8Array;
  readonly position: number;
  readonly sequences: readonly number[];
}

/** The groups of a file that is still being written: each new segment is one, and whoever asks for more than there is waits. */
export class GrowingGroups implements Groups, SegmentSink {
  /** By sensor handle; only those that have messages. */
  readonly ranges = new Map<number, SensorRange>();
  readonly #problems: ProblemLog;
  readonly #early: Segment[] = [];
  #earlyFirstUs = Number.POSITIVE_INFINITY;
  #earlyLastUs = 0;
  readonly #blocks: Block[] = [];
  #tail: Group[] = [];
  #maker: GroupMaker | undefined;
  #last: LogTime = { timeUs: 0, remainderNs: 0 };
  #places = 0;
  #finished = false;
  #failure: unknown;
  #wake: (() => void)[] = [];
  #unpacked: { readonly block: number; readonly groups: readonly Group[] } | undefined;

  constructor(problems: ProblemLog) {
    this.#problems = problems;
  }

  /** How much time the segments have that are put by, µs; undefined where there are none. */
  get earlyUs(): number | undefined {
    return this.#early.length === 0 ? undefined : this.#earlyLastUs - this.#earlyFirstUs;
  }

  get isFinished(): boolean {
    return this.#finished;
  }

  /** Tells what the channels are. Before that, segments are put by. */
  begin(handles: Int32Array, sensorCount: number): void {
    this.#maker = new GroupMaker(handles, sensorCount);
    for (const segment of this.#early.splice(0)) this.#append(this.#maker, segment);
  }

  add(segment: Segment): void {
    if (this.#maker === undefined) this.#putBy(segment);
    else this.#append(this.#maker, segment);
  }

  #putBy(segment: Segment): void {
    this.#early.push(segment);
    this.#earlyFirstUs = Math.min(this.#earlyFirstUs, segment.first.timeUs);
    this.#earlyLastUs = Math.max(this.#earlyLastUs, segment.last.timeUs);
  }

  /** No more segments come: all of them are there, or with a failure, it is not known. */
  finish(failure?: unknown): void {
    this.#finished = true;
    this.#failure = failure;
    this.wake();
  }

  /** Has those who wait look again. */
  wake(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  async *between(
    fromUs: number,
    toUs: number,
    wanted: Uint8Array,
    signal?: AbortSignal,
  ): AsyncGenerator<Group> {
    for (let number = 0; this.#last.timeUs <= toUs || number < this.#count; ) {
      const group = this.#groupAt(number);
      if (group === undefined) {
        if (this.#failure !== undefined) throw this.#failure;
        if (this.#finished) return;
        await this.#more(signal);
        continue;
      }
      number++;
      if (group.first.timeUs > toUs) return;
      if (group.last.timeUs >= fromUs && hasSensor(group, wanted)) yield group;
    }
  }

  async *backFrom(timeUs: number, wanted: Uint8Array): AsyncGenerator<Group> {
    for (let number = this.#count - 1; number >= 0 && wanted.includes(1); number--) {
      const group = this.#groupAt(number);
      if (group !== undefined && hasSensorUpTo(group, timeUs, wanted)) yield group;
    }
  }

  get #count(): number {
    return this.#blocks.length * BLOCK_GROUPS + this.#tail.length;
  }

  #append(maker: GroupMaker, segment: Segment): void {
    const place = this.#places++;
    if (compareTimes(segment.first, this.#last) < 0) {
      this.#problems.add(`${segment.offset}`, {
        code: "out-of-order",
        message: `the segment at byte ${segment.offset}: expected messages that are no earlier than those before them, found earlier ones; they are left out until the recording is opened again`,
        sensor: undefined,
        timeUs: segment.first.timeUs,
      });
      return;
    }
    this.#last = segment.last;
    for (const group of maker.groups([{ segment, place }])) {
      for (const [handle, range] of group.sensors)
        this.ranges.set(handle, joinRanges(this.ranges.get(handle), range));
      this.#tail.push(group);
    }
    if (this.#tail.length === BLOCK_GROUPS) this.#pack();
  }

  #pack(): void {
    const out = new RecordBuffer();
    const { position, sequences } = this.#tail[0] as Group;
    for (const group of this.#tail) encodeGroup(group, out);
    this.#blocks.push({ bytes: out.borrow(), position, sequences: Array.from(sequences) });
    this.#tail = [];
  }

  #groupAt(number: number): Group | undefined {
    const block = Math.floor(number / BLOCK_GROUPS);
    const packed = this.#blocks[block];
    if (packed === undefined) return this.#tail[number - this.#blocks.length * BLOCK_GROUPS];
    if (this.#unpacked?.block !== block)
      this.#unpacked = { block, groups: decodeGroups(packed.bytes, packed.position, packed.sequences) };
    return this.#unpacked.groups[number - block * BLOCK_GROUPS];
  }

  #more(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(signal?.reason);
      signal?.addEventListener("abort", stop, { once: true });
      this.#wake.push(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      });
    });
  }
}
