import { decoderOf } from "../decoded-message.ts";
import type { ProblemList } from "../problem-list.ts";
import { headerAt } from "../recorded-header.ts";
import type { MessageSource, SourceMessage } from "../source.ts";
import { WrappedSource } from "../wrapped-source.ts";
import type { AddedChannel, Say, SeenSensor } from "./added-channel.ts";
import { startOf } from "./start-of.ts";

/** The first messages of a sensor may be damaged: so many are looked at. */
const MOST_LOOKS = 8;

/** A recording with channels behind its own, whose messages come before the first of the sensors that they are about. Closing it closes the source. */
export class AddedMessages extends WrappedSource {
  readonly #begin: () => FirstMessages;

  constructor(source: MessageSource, added: readonly AddedChannel[], problems: ProblemList) {
    const channels = [...source.channels, ...added.map(({ declaration }) => declaration)];
    super(source, () => (message) => message, channels, problems);
    this.#begin = () => new FirstMessages(source, added, problems);
  }

  override async *messages(signal?: AbortSignal): AsyncGenerator<readonly SourceMessage[]> {
    const first = this.#begin();
    for await (const batch of super.messages(signal)) {
      if (first.isDone) yield batch;
      else yield batch.flatMap((message) => [...first.before(message), message]);
    }
  }
}

/** Those of the channels that say something at a recording's start, or whose sensors come later. */
export async function whatIsSaid(
  source: MessageSource,
  added: readonly AddedChannel[],
  problems: ProblemList,
  signal?: AbortSignal,
): Promise<AddedChannel[]> {
  const first = new FirstMessages(source, added, problems);
  const spoke = new Set<number>();
  if (!first.isDone)
    for await (const message of startOf(source, signal)) {
      for (const { channel } of first.before(message)) spoke.add(channel - source.channels.length);
      if (first.isDone) break;
    }
  return added.filter((_, index) => spoke.has(index) || first.awaits(index));
}

/** Goes through a recording from its start, and has the channels speak when their sensors are seen. */
class FirstMessages {
  readonly #source: MessageSource;
  readonly #speakers: readonly Speaker[];

  constructor(source: MessageSource, added: readonly AddedChannel[], problems: ProblemList) {
    const { channels } = source;
    this.#source = source;
    this.#speakers = added.map((one, index) => new Speaker(one, channels.length + index, channels, problems));
  }

  get isDone(): boolean {
    return this.#speakers.every(({ isDone }) => isDone);
  }

  /** Whether one of the channels has not come to all of its sensors. */
  awaits(index: number): boolean {
    return this.#speakers[index]?.isDone === false;
  }

  /** The messages to come before this one. */
  before(message: SourceMessage): SourceMessage[] {
    const speakers = this.#speakers.filter((speaker) => speaker.awaits(message.channel));
    if (speakers.length === 0) return [];
    const sensor = seenIn(this.#source, message);
    return speakers.flatMap((speaker) => speaker.hear(sensor, message));
  }
}

/** What is seen of a sensor in a message, or why nothing is. */
function seenIn(
  { channels }: MessageSource,
  { channel, data, logTimeNs }: SourceMessage,
): SeenSensor | Error {
  try {
    const declared = channels[channel];
    const decoded = declared === undefined ? undefined : decoderOf(declared)?.(data);
    if (decoded !== undefined) return { channel, decoded, header: headerAt(decoded, logTimeNs) };
    return new Error("expected a definition of its messages, found none that can be used");
  } catch (error) {
    return error as Error;
  }
}

/** One of the channels, on its way through a recording. */
class Speaker {
  readonly #say: Say;
  readonly #number: number;
  readonly #channels: MessageSource["channels"];
  readonly #problems: ProblemList;
  /** Sensors that have to be seen yet, with how often they were looked at. */
  readonly #looks: Map<number, number>;

  constructor(
    added: AddedChannel,
    number: number,
    channels: MessageSource["channels"],
    problems: ProblemList,
  ) {
    this.#say = added.begin();
    this.#number = number;
    this.#channels = channels;
    this.#problems = problems;
    this.#looks = new Map([...added.sensors].map((sensor) => [sensor, 0]));
  }

  get isDone(): boolean {
    return this.#looks.size === 0;
  }

  awaits(sensor: number): boolean {
    return this.#looks.has(sensor);
  }

  hear(sensor: SeenSensor | Error, { channel, logTimeNs, publishTimeNs }: SourceMessage): SourceMessage[] {
    try {
      if (sensor instanceof Error) throw sensor;
      const data = this.#say(sensor);
      this.#looks.delete(channel);
      return data === undefined ? [] : [{ channel: this.#number, logTimeNs, publishTimeNs, data }];
    } catch (error) {
      const looks = (this.#looks.get(channel) ?? 0) + 1;
      if (looks < MOST_LOOKS) this.#looks.set(channel, looks);
      else this.#giveUp(channel, (error as Error).message);
      return [];
    }
  }

  #giveUp(channel: number, reason: string): void {
    const topic = this.#channels[channel]?.topic ?? "";
    this.#looks.delete(channel);
    this.#problems.add("not-converted", `${topic}: ${reason}; it is left to the channel's metadata`, topic);
  }
}
