import {
  type ChannelDeclaration,
  GREATEST_TIME_US,
  type Problem,
  type RecordingWriter,
} from "@playhead/recording";
import { TIME_KEY } from "./header-time/time-key.ts";
import type { MessageSource, SourceMessage } from "./source.ts";

export interface ImportOptions {
  /** Told after each batch: the share of the source that has been read (undefined where it cannot tell), and the messages so far. */
  readonly onProgress?: (share: number | undefined, messages: number) => void;
  readonly signal?: AbortSignal;
}

/** What an import has written. */
export interface ImportSummary {
  readonly format: string;
  /** Which clock the log times are by: the recorder's, or the sensors' own. */
  readonly time: "log" | "header";
  readonly messages: number;
  /** ns since the Unix epoch, of the first and the last message; undefined where there is none. */
  readonly startNs: bigint | undefined;
  readonly endNs: bigint | undefined;
  /** In the order of the source. */
  readonly channels: readonly ImportedChannel[];
  readonly problems: readonly Problem[];
}

export interface ImportedChannel {
  readonly topic: string;
  readonly messageEncoding: string;
  /** Empty where there is none. */
  readonly schema: string;
  readonly messages: number;
}

/** Times that a recording can hold. */
const GREATEST_TIME_NS = BigInt(GREATEST_TIME_US) * 1000n;

/**
 * Writes all messages of a source into a recording, which stays open. Neither source nor writer is closed. Throws what the writer throws, a
 * RecordingError where the source cannot be read on, and the signal's reason.
 */
export async function importInto(
  writer: RecordingWriter,
  source: MessageSource,
  { onProgress, signal }: ImportOptions = {},
): Promise<ImportSummary> {
  const problems: Problem[] = [];
  const topics = distinctTopics(source.channels, problems);
  const numbers: number[] = [];
  for (const [index, channel] of source.channels.entries())
    numbers.push(await writer.addChannel({ ...channel, topic: topics[index] as string }));
  await writer.addMetadata(SOURCE, { ...source.metadata, name: source.name, format: source.format });
  for (const { name, entries } of numberedSources(source.namedMetadata ?? []))
    await writer.addMetadata(name, entries);
  const counts = new Array<number>(numbers.length).fill(0);
  let messages = 0;
  let startNs: bigint | undefined;
  let endNs: bigint | undefined;
  for await (const batch of source.messages(signal)) {
    for (const message of batch) {
      const { channel, logTimeNs, publishTimeNs, sequence, data } = message;
      if (!isTime(message)) {
        if (problems.length < MOST_PROBLEMS) problems.push(badTime(message, topics[channel] as string));
        continue;
      }
      await writer.write(numbers[channel] as number, logTimeNs, publishTimeNs, data, sequence);
      counts[channel] = (counts[channel] as number) + 1;
      messages++;
      startNs ??= logTimeNs;
      endNs = logTimeNs;
    }
    onProgress?.(source.share, messages);
    signal?.throwIfAborted();
  }
  const channels = source.channels.map(({ messageEncoding, schema }, index) => ({
    topic: topics[index] as string,
    messageEncoding,
    schema: schema?.name ?? "",
    messages: counts[index] as number,
  }));
  return {
    format: source.format,
    time: source.channels.some(({ metadata }) => metadata?.[TIME_KEY] === "header") ? "header" : "log",
    messages,
    startNs,
    endNs,
    channels,
    problems: [...problems, ...source.problems],
  };
}

/** Metadata of ours: what the recording was imported from. */
const SOURCE = "source";

/** What a recording that is imported again was imported from before is kept by numbers: `source.1` is the oldest. */
function numberedSources(named: NonNullable<MessageSource["namedMetadata"]>): typeof named {
  const used = new Set(named.map(({ name }) => name));
  let number = 1;
  return named.map(({ name, entries }) => {
    if (name !== SOURCE) return { name, entries };
    while (used.has(`${SOURCE}.${number}`)) number++;
    used.add(`${SOURCE}.${number}`);
    return { name: `${SOURCE}.${number}`, entries };
  });
}

const MOST_PROBLEMS = 1_000;

function isTime({ logTimeNs, publishTimeNs }: SourceMessage): boolean {
  return logTimeNs >= 0n && logTimeNs <= GREATEST_TIME_NS && publishTimeNs >= 0n && publishTimeNs < 1n << 64n;
}

function badTime({ logTimeNs, publishTimeNs }: SourceMessage, topic: string): Problem {
  const message = `${topic}: expected times from 1970 to 2255, found log time ${logTimeNs} and publish time ${publishTimeNs} ns; the message is left out`;
  return { code: "bad-time", message, sensor: topic, timeUs: undefined };
}

/** A recording has a topic once: further channels of a topic, which differ in what their messages are, get a number. */
function distinctTopics(channels: readonly ChannelDeclaration[], problems: Problem[]): string[] {
  const used = new Set(channels.map(({ topic }) => topic));
  const seen = new Set<string>();
  return channels.map(({ topic, schema }) => {
    if (!seen.has(topic)) {
      seen.add(topic);
      return topic;
    }
    let number = 2;
    while (used.has(`${topic}#${number}`)) number++;
    const name = `${topic}#${number}`;
    used.add(name);
    const message = `${topic}: expected messages of one type, found others (${schema?.name ?? "no schema"}); those are on ${name}`;
    problems.push({ code: "duplicate-topic", message, sensor: name, timeUs: undefined });
    return name;
  });
}
