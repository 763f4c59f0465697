import { type ChannelDeclaration, RecordingError } from "@playhead/recording";
import type { MessageSource, SourceMessage } from "./source.ts";

/**
 * The same recording with some of its topics. Closing it closes the source. Throws a RecordingError `invalid-argument` for a topic that the source lacks.
 */
export function selectTopics(source: MessageSource, topics: readonly string[]): MessageSource {
  const has = new Set(source.channels.map(({ topic }) => topic));
  const unknown = topics.find((topic) => !has.has(topic));
  if (unknown !== undefined) {
    const expected = `topics of ${[...has].slice(0, 20).join(", ")}`;
    throw new RecordingError("invalid-argument", { expected, found: unknown, where: source.name });
  }
  return new SelectedTopics(source, new Set(topics));
}

class SelectedTopics implements MessageSource {
  readonly channels: readonly ChannelDeclaration[];
  readonly #source: MessageSource;
  /** By the channel of the source; undefined for those that are left out. */
  readonly #numbers: readonly (number | undefined)[];

  constructor(source: MessageSource, topics: ReadonlySet<string>) {
    this.#source = source;
    this.channels = source.channels.filter(({ topic }) => topics.has(topic));
    let next = 0;
    this.#numbers = source.channels.map(({ topic }) => (topics.has(topic) ? next++ : undefined));
  }

  get name(): string {
    return this.#source.name;
  }

  get format(): string {
    return this.#source.format;
  }

  get metadata(): Readonly<Record<string, string>> {
    return this.#source.metadata;
  }

  get namedMetadata(): NonNullable<MessageSource["namedMetadata"]> {
    return this.#source.namedMetadata ?? [];
  }

  get problems(): MessageSource["problems"] {
    return this.#source.problems;
  }

  get share(): number | undefined {
    return this.#source.share;
  }

  async *messages(signal?: AbortSignal): AsyncGenerator<readonly SourceMessage[]> {
    for await (const batch of this.#source.messages(signal)) {
      const selected = batch.flatMap((message) => {
        const channel = this.#numbers[message.channel];
        return channel === undefined ? [] : [{ ...message, channel }];
      });
      if (selected.length > 0) yield selected;
    }
  }

  close(): Promise<void> {
    return this.#source.close();
  }
}
