import type { ChannelDeclaration } from "@playhead/recording";
import { ProblemList } from "./problem-list.ts";
import { profileOf } from "./profile.ts";
import type { MessageSource, SourceMessage } from "./source.ts";

/** A source whose messages are changed on their way. What it says of itself, but for the channels, is what the other says. */
export class WrappedSource implements MessageSource {
  readonly channels: readonly ChannelDeclaration[];
  /** Those of the change. */
  readonly #problems: ProblemList;
  readonly #source: MessageSource;
  readonly #change: () => (message: SourceMessage) => SourceMessage | undefined;

  /** `change` is asked for anew whenever the messages are read from the start; it gives undefined for what is left out. */
  constructor(
    source: MessageSource,
    change: () => (message: SourceMessage) => SourceMessage | undefined,
    channels = source.channels,
    problems = new ProblemList(),
  ) {
    this.#source = source;
    this.#change = change;
    this.channels = channels;
    this.#problems = problems;
  }

  get name(): string {
    return this.#source.name;
  }

  get format(): string {
    return this.#source.format;
  }

  get profile(): string {
    return profileOf(this.#source, this.channels);
  }

  get metadata(): MessageSource["metadata"] {
    return this.#source.metadata;
  }

  get namedMetadata(): NonNullable<MessageSource["namedMetadata"]> {
    return this.#source.namedMetadata ?? [];
  }

  get problems(): MessageSource["problems"] {
    return [...this.#source.problems, ...this.#problems.problems];
  }

  get share(): number | undefined {
    return this.#source.share;
  }

  async *messages(signal?: AbortSignal): AsyncGenerator<readonly SourceMessage[]> {
    const change = this.#change();
    for await (const batch of this.#source.messages(signal)) {
      const changed: SourceMessage[] = [];
      for (const message of batch) {
        const result = change(message);
        if (result !== undefined) changed.push(result);
      }
      if (changed.length > 0) yield changed;
    }
  }

  /** Closes the other source too. */
  close(): Promise<void> {
    return this.#source.close();
  }
}
