import { decoderOf } from "../decoded-message.ts";
import type { ProblemList } from "../problem-list.ts";
import { headerAt } from "../recorded-header.ts";
import type { MessageSource, SourceMessage } from "../source.ts";
import { WrappedSource } from "../wrapped-source.ts";
import type { AddedChannel, Say } from "./added-channel.ts";
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
  return added.filter(
    ({ sensors }, index) => spoke.has(index) || [...sensors].some((one) => first.awaits(one)),
  );
}

/** Goes through a recording from its start, and has the channels speak when their sensors are seen. */
class FirstMessages {
  readonly #source: MessageSource;
  readonly #added: readonly (AddedChannel & { readonly say: Say })[];
  readonly #problems: ProblemList;
  /** Sensors that have to be seen yet, with how often they were looked at. */
  readonly #looks: Map<number, number>;

  constructor(source: MessageSource, added: readonly AddedChannel[], problems: ProblemList) {
    this.#source = source;
    this.#added = added.map((channel) => ({ ...channel, say: channel.begin() }));
    this.#problems = problems;
    this.#looks = new Map(added.flatMap(({ sensors }) => [...sensors].map((sensor) => [sensor, 0] as const)));
  }

  get isDone(): boolean {
    return this.#looks.size === 0;
  }

  awaits(sensor: number): boolean {
    return this.#looks.has(sensor);
  }

  /** The messages to come before this one. */
  before(message: SourceMessage): SourceMessage[] {
    const { channel } = message;
    const looks = this.#looks.get(channel);
    if (looks === undefined) return [];
    try {
      const said = this.#said(message);
      this.#looks.delete(channel);
      return said;
    } catch (error) {
      if (looks + 1 < MOST_LOOKS) this.#looks.set(channel, looks + 1);
      else this.#giveUp(channel, (error as Error).message);
      return [];
    }
  }

  #said(message: SourceMessage): SourceMessage[] {
    const { channel, logTimeNs, publishTimeNs, data } = message;
    const { channels } = this.#source;
    const declared = channels[channel];
    const decode = declared === undefined ? undefined : decoderOf(declared);
    if (decode === undefined)
      throw new Error("expected a definition of its messages, found none that can be used");
    const decoded = decode(data);
    const sensor = { channel, decoded, header: headerAt(decoded, logTimeNs) };
    return this.#added.flatMap(({ sensors, say }, index) => {
      const said = sensors.has(channel) ? say(sensor) : undefined;
      return said === undefined
        ? []
        : [{ channel: channels.length + index, logTimeNs, publishTimeNs, data: said }];
    });
  }

  #giveUp(channel: number, reason: string): void {
    const topic = this.#source.channels[channel]?.topic ?? "";
    this.#looks.delete(channel);
    this.#problems.add(
      "not-converted",
      `${topic}: ${reason}; what the recording says of this sensor is left to its metadata`,
      topic,
    );
  }
}
