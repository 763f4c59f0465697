import type { ChannelDeclaration, Problem } from "@playhead/recording";
import type { MessageSource, SourceMessage } from "../source.ts";

/** The messages of a recording as it was recorded: of an MCAP file, or of one in a database. */
export interface RecordedMessages {
  readonly problems: readonly Problem[];
  readonly channels: readonly ChannelDeclaration[];
  readonly messageCount: number;
  /** What the channels have in common, such as `ros2`; empty for nothing. */
  readonly profile: string;
  /** Named sets of strings. */
  readonly metadata: readonly { readonly name: string; readonly entries: Readonly<Record<string, string>> }[];
  /** All messages in order of log time, equal times in the order of the recording; `channel` is the place in `channels`. */
  messages(signal?: AbortSignal): AsyncIterable<readonly SourceMessage[]>;
  close(): Promise<void>;
}

/** Its messages as a source. `format` is what it is called: `MCAP`. Closing it closes the recording. */
export function recordedSource(name: string, format: string, recorded: RecordedMessages): MessageSource {
  return new RecordedSource(name, format, recorded);
}

class RecordedSource implements MessageSource {
  readonly name: string;
  readonly format: string;
  readonly metadata = {};
  readonly #recorded: RecordedMessages;
  #messagesRead = 0;

  constructor(name: string, format: string, recorded: RecordedMessages) {
    this.name = name;
    this.format = format;
    this.#recorded = recorded;
  }

  get profile(): string {
    return this.#recorded.profile;
  }

  get channels(): readonly ChannelDeclaration[] {
    return this.#recorded.channels;
  }

  get namedMetadata(): RecordedMessages["metadata"] {
    return this.#recorded.metadata;
  }

  get problems(): readonly Problem[] {
    return this.#recorded.problems;
  }

  get share(): number {
    return Math.min(1, this.#messagesRead / Math.max(1, this.#recorded.messageCount));
  }

  async *messages(signal?: AbortSignal): AsyncGenerator<readonly SourceMessage[]> {
    this.#messagesRead = 0;
    for await (const batch of this.#recorded.messages(signal)) {
      signal?.throwIfAborted();
      this.#messagesRead += batch.length;
      yield batch;
    }
  }

  close(): Promise<void> {
    return this.#recorded.close();
  }
}
