import type { Problem, Reading } from "./reading.ts";
import type { Sensor } from "./sensor.ts";

/** Which readings to iterate over. */
export interface ReadOptions {
  /** First time, inclusive, µs; the recording's start without. */
  readonly fromUs?: number;
  /** Last time, inclusive, µs; the recording's end without. */
  readonly toUs?: number;
  /** Handles of the sensors; all without. */
  readonly sensors?: readonly number[];
  /**
   * Whether readings are needed only until the next batch is asked for: a store may use their bytes again then, which makes reading through a recording
   * faster. Without, a reading is valid as long as it is kept.
   */
  readonly borrow?: boolean;
  readonly signal?: AbortSignal;
}

/** A recording that can be read: what every store serves. */
export interface Recording {
  /** For people: a file's name. */
  readonly name: string;
  /** Time of the first and the last reading, µs, both inclusive. Equal (0) where there is none. */
  readonly startUs: number;
  readonly endUs: number;
  /** Sorted by name; `sensors[i].handle === i`. */
  readonly sensors: readonly Sensor[];
  /** What is wrong with the recording, as far as it is known: grows while it is read. */
  readonly problems: readonly Problem[];
  /**
   * Whether it is still being written: `endUs`, and the counts and last times of the sensors, say what there is so far, and `read` without an end waits
   * for more until it is finished.
   */
  readonly growing?: boolean;
  /**
   * Changes whenever the content may have changed, so that what was computed of it can be kept: a file's place, size and times.
   * Undefined where that cannot be told.
   */
  readonly fingerprint?: string | undefined;

  /**
   * Readings in total order (time, then the order of the recording), in batches of bounded size. Pull: no more is read ahead of what is
   * asked for than some megabytes.
   */
  read(options?: ReadOptions): AsyncIterable<readonly Reading[]>;

  /** For each sensor (all without `sensors`) the last reading at or before the time, where there is one. */
  latestAtOrBefore(timeUs: number, sensors?: readonly number[]): Promise<Map<number, Reading>>;

  close(): Promise<void>;
}

/** A channel of a recording that is being written. */
export interface ChannelDeclaration {
  readonly topic: string;
  /** Of the messages: `cdr`, `json`, `protobuf`, or an encoding of ours. */
  readonly messageEncoding: string;
  readonly schema:
    | { readonly name: string; readonly encoding: string; readonly data: Uint8Array }
    | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Writes a recording. Messages must come in order of their log times. */
export interface RecordingWriter {
  /** Returns the number to write with. The same topic may be declared once. */
  addChannel(channel: ChannelDeclaration): Promise<number>;
  /**
   * Log and publish time in ns since the Unix epoch; `sequence` is the recorder's own number, of 32 bits, the message's place in its channel without. Waits
   * while the sink is behind.
   */
  write(
    channel: number,
    logTimeNs: bigint,
    publishTimeNs: bigint,
    data: Uint8Array,
    sequence?: number,
  ): Promise<void>;
  /** A named set of strings kept with the recording. */
  addMetadata(name: string, entries: Readonly<Record<string, string>>): Promise<void>;
  /** Makes sure that all that was written so far survives the end of this process. */
  flush(): Promise<void>;
  /** Writes what is left and the index, and closes. */
  close(): Promise<void>;
}
