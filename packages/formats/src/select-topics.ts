import { RecordingError } from "@playhead/recording";
import type { MessageSource } from "./source.ts";
import { WrappedSource } from "./wrapped-source.ts";

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
  const wanted = new Set(topics);
  const selected = source.channels.filter(({ topic }) => wanted.has(topic));
  const numbers = source.channels.map((channel) => selected.indexOf(channel));
  return new WrappedSource(
    source,
    () => (message) => {
      const channel = numbers[message.channel] ?? -1;
      return channel < 0 ? undefined : { ...message, channel };
    },
    selected,
  );
}
