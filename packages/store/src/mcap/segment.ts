import type { LogTime } from "../readings/log-time.ts";

/** What a channel has in a segment. */
export interface ChannelRange {
  readonly channelId: number;
  /** At least 1. */
  readonly count: number;
  /** Least and greatest log time. */
  readonly first: LogTime;
  readonly last: LogTime;
}

/** A part of the file that is read at once: a chunk, or a run of records outside of chunks. It has at least one message. */
export interface Segment {
  readonly kind: "chunk" | "records";
  /** Byte offset and length in the file. */
  readonly offset: number;
  readonly length: number;
  /** Least and greatest log time. */
  readonly first: LogTime;
  readonly last: LogTime;
  readonly channels: readonly ChannelRange[];
}
