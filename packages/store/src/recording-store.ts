import type { ChannelDeclaration, Recording, Sensor } from "@playhead/recording";

/** A place where recordings live, by name: a folder of files, a database. The shared suite says what each must do (`recording-store.case.ts`). */
export interface RecordingStore {
  /** For people: a folder or an address, without credentials. */
  readonly location: string;
  /** What there is, sorted by the bytes of the names. */
  list(): Promise<readonly StoredRecording[]>;
  /** Undefined where there is none of that name. */
  find(name: string): Promise<StoredRecording | undefined>;
  /**
   * Opens a recording to read, one that still grows too: then what was flushed until now. Throws a RecordingError `not-found`. The recording is the
   * caller's to close; reading it goes on working when the store is closed.
   */
  open(name: string, options?: { readonly signal?: AbortSignal }): Promise<Recording>;
  /**
   * Makes a recording, or goes on with one that its writer left before sealing it. One writer at a time. Throws a RecordingError: `sealed` where
   * it is finished; `conflict` where it has another origin, or another writer is at it; `invalid-argument` for a name that cannot be one.
   */
  append(name: string, options?: AppendOptions): Promise<RecordingAppender>;
  /** Takes a recording away with all its messages. Returns whether there was one. Throws a RecordingError `conflict` while a writer is at it. */
  delete(name: string): Promise<boolean>;
  /** A second call does nothing. */
  close(): Promise<void>;
}

/** A recording as a store lists it, without reading its messages. */
export interface StoredRecording {
  readonly name: string;
  /** Whether its writer has finished it. */
  readonly sealed: boolean;
  readonly messageCount: number;
  /** Time of the first and the last message, µs since the Unix epoch, both inclusive; 0 where there is none. */
  readonly startUs: number;
  readonly endUs: number;
  /** In the order of `Recording.sensors`. */
  readonly sensors: readonly StoredSensor[];
  /** What was added with `addMetadata`, in that order. */
  readonly metadata: readonly NamedMetadata[];
  /** What the recording was made of: see `AppendOptions.origin`. */
  readonly origin: string | undefined;
}

/** A sensor as far as it is known without looking into its messages. */
export interface StoredSensor
  extends Pick<Sensor, "name" | "role" | "schema" | "count" | "firstUs" | "lastUs" | "rateHz" | "metadata"> {
  /** Encoding of its messages as recorded. */
  readonly messageEncoding: string;
}

/** A named set of strings. */
export interface NamedMetadata {
  readonly name: string;
  readonly entries: Readonly<Record<string, string>>;
}

export interface AppendOptions {
  /**
   * What the recording is made of, such as a file's fingerprint. An unfinished recording is gone on with by the writer that names the same origin;
   * without one, by any.
   */
  readonly origin?: string;
  /** What the channels have in common, such as `ros2`; empty without. */
  readonly profile?: string;
}

/** A message as it is recorded. */
export interface RecordedMessage {
  /** The number that `addChannel` gave. */
  readonly channel: number;
  /** Ns since the Unix epoch; the log time at most 2⁵³ − 1 µs, the publish time an unsigned number of 64 bits. */
  readonly logTimeNs: bigint;
  readonly publishTimeNs: bigint;
  /** The recorder's own number, an unsigned one of 32 bits; the message's place in its channel without. */
  readonly sequence?: number;
  readonly data: Uint8Array;
}

/**
 * Writes a recording. Calls follow each other: each waits for the one before. After a failure every call throws, and what was flushed before it stays.
 */
export interface RecordingAppender {
  /** The channels that there are, by number: where the writer goes on with a recording, those of the writer before. */
  readonly channels: readonly ChannelDeclaration[];
  /** How many messages outlive a crash now. Where the writer goes on with a recording, it goes on behind as many. */
  readonly keptMessages: number;
  /** Returns the number to append with: 0, 1, … */
  addChannel(channel: ChannelDeclaration): Promise<number>;
  /**
   * Appends messages in this order: equal log times keep it, across channels too. Earlier log times than before are taken or refused with a
   * RecordingError `out-of-order`, as the store says. Resolves when the next batch may come; the data may be used again then.
   */
  append(messages: readonly RecordedMessage[]): Promise<void>;
  addMetadata(name: string, entries: Readonly<Record<string, string>>): Promise<void>;
  /** Resolves when all that was appended outlives a crash, and can be read. */
  flush(): Promise<void>;
  /** Finishes the recording: nothing can be appended afterwards. Closes the writer. */
  seal(): Promise<void>;
  /** Closes the writer without finishing the recording; what was appended since the last flush may be lost. A second call does nothing. */
  close(): Promise<void>;
}
