import type { ChannelDeclaration, Problem } from "@playhead/recording";

/** A message of a recording in another format, ready to be written into a recording of ours. */
export interface SourceMessage {
  /** Index of its channel in `MessageSource.channels`. */
  readonly channel: number;
  /** ns since the Unix epoch. */
  readonly logTimeNs: bigint;
  /** ns since the Unix epoch; the log time where the format has no other. */
  readonly publishTimeNs: bigint;
  /** The recorder's own number, of 32 bits, where the format has one. */
  readonly sequence?: number | undefined;
  readonly data: Uint8Array;
}

/**
 * A recording in another format: its channels, and its messages in order of log time, equal times in the order of the source. Pull: a
 * source holds a bounded part of the file in memory, and says so where its format does not allow that.
 */
export interface MessageSource {
  /** For people: a file's name. */
  readonly name: string;
  /** What the format is called: `ROS 1 bag`. */
  readonly format: string;
  /** What the channels have in common, as MCAP files call it: `ros1`, `ros2`; none without. */
  readonly profile?: string;
  /** What messages look like: known before the first message. */
  readonly channels: readonly ChannelDeclaration[];
  /** Strings that the source says of itself, kept with the recording. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Named sets of strings beside those, kept with the recording too. */
  readonly namedMetadata?: readonly {
    readonly name: string;
    readonly entries: Readonly<Record<string, string>>;
  }[];
  /** What is wrong with the source, as far as it is known: grows while it is read. */
  readonly problems: readonly Problem[];
  /** How much of the source has been read, 0 … 1, where it can tell. */
  readonly share?: number | undefined;
  /** Batches of bounded size. Can be asked for once at a time. The data of a batch may be used again once the next is asked for. */
  messages(signal?: AbortSignal): AsyncIterable<readonly SourceMessage[]>;
  close(): Promise<void>;
}
