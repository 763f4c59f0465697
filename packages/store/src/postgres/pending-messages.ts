import type { RecordedMessage } from "../recording-store.ts";
import type { Slabs } from "./copy-buffer.ts";
import { CopyRows, type RowNumbers } from "./copy-encoding.ts";
import { SMALL_BYTES } from "./layout.ts";
import { SampleRows } from "./sample-rows.ts";

/** What a transaction adds to a channel. */
export interface ChannelAddition {
  count: number;
  firstNs: bigint;
  lastNs: bigint;
}

/** Messages on their way to the database, as rows of the tables, with what they add to the recording. */
export class PendingMessages {
  readonly small: CopyRows;
  readonly large: CopyRows;
  readonly samples: SampleRows;
  /** By number of the channel. */
  readonly additions = new Map<number, ChannelAddition>();
  /** Whether none is earlier than one before it. */
  inOrder = true;
  lastTimeNs: bigint;

  /** `lastTimeNs` is the greatest time so far. */
  constructor(lastTimeNs: bigint, slabs: Slabs) {
    this.small = new CopyRows(slabs);
    this.large = new CopyRows(slabs);
    this.samples = new SampleRows(slabs);
    this.lastTimeNs = lastTimeNs;
  }

  get count(): number {
    return this.small.rowCount + this.large.rowCount;
  }

  get sizeBytes(): number {
    return this.small.sizeBytes + this.large.sizeBytes + this.samples.sizeBytes;
  }

  add(message: RecordedMessage, numbers: RowNumbers): void {
    const { channel, logTimeNs, data } = message;
    (data.length <= SMALL_BYTES ? this.small : this.large).add(message, numbers);
    if (logTimeNs < this.lastTimeNs) this.inOrder = false;
    else this.lastTimeNs = logTimeNs;
    const addition = this.additions.get(channel);
    if (addition === undefined) {
      this.additions.set(channel, { count: 1, firstNs: logTimeNs, lastNs: logTimeNs });
      return;
    }
    addition.count++;
    if (logTimeNs < addition.firstNs) addition.firstNs = logTimeNs;
    if (logTimeNs > addition.lastNs) addition.lastNs = logTimeNs;
  }
}
