import {
  type ChannelDeclaration,
  createMessageConverter,
  type MessageConverter,
  type Problem,
} from "@playhead/recording";
import type { ProblemList } from "../problem-list.ts";
import { jsonBytes, jsonChannel } from "../ros2/json-channel.ts";
import type { MessageSource, SourceMessage } from "../source.ts";
import { frameDecoder, type SignalValues } from "./frame-decoder.ts";
import type { DbcMessage } from "./signal.ts";

interface Decoder {
  readonly message: DbcMessage;
  readonly decode: (data: Uint8Array) => SignalValues;
}

/** A frame's identifier, as it is looked up. */
type FrameKey = number;
const EXTENDED_KEY = 0x80000000;

/**
 * A source with its CAN frames decoded as extra channels, one for each bus and message that occurs; a decoded message follows its frame and has its
 * times. The frames stay. It is read through once before, to see which messages occur.
 */
export class DecodedSource implements MessageSource {
  readonly #source: MessageSource;
  readonly #problems: ProblemList;
  readonly #decoders = new Map<FrameKey, Decoder>();
  readonly #buses = new Map<number, MessageConverter>();
  readonly #extra: ChannelDeclaration[] = [];
  /** By bus and frame: the number of the channel. */
  readonly #numbers = new Map<string, number>();

  constructor(source: MessageSource, messages: readonly DbcMessage[], problems: ProblemList) {
    this.#source = source;
    this.#problems = problems;
    for (const message of messages) {
      const key = message.isExtended ? message.id + EXTENDED_KEY : message.id;
      const first = this.#decoders.get(key)?.message.name;
      if (first === undefined) this.#decoders.set(key, { message, decode: frameDecoder(message) });
      else {
        const reason = `expected one message with identifier 0x${message.id.toString(16)}, found ${first} and ${message.name}`;
        problems.add("duplicate-message", `DBC: ${reason}; ${first} is taken`);
      }
    }
    for (const [number, channel] of source.channels.entries()) {
      const converter = createMessageConverter(channel);
      if (converter.kind === "can") this.#buses.set(number, converter);
    }
  }

  /** Looks which messages occur. */
  async scan(signal: AbortSignal | undefined): Promise<void> {
    if (this.#buses.size === 0) {
      this.#problems.add("no-can-frames", `${this.name}: expected CAN frames to decode, found none`);
      return;
    }
    for await (const batch of this.#source.messages(signal)) {
      for (const message of batch) this.#declare(message);
      signal?.throwIfAborted();
    }
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

  get channels(): readonly ChannelDeclaration[] {
    return [...this.#source.channels, ...this.#extra];
  }

  get problems(): readonly Problem[] {
    return [...this.#source.problems, ...this.#problems.problems];
  }

  get share(): number | undefined {
    return this.#source.share;
  }

  async *messages(signal?: AbortSignal): AsyncGenerator<readonly SourceMessage[]> {
    for await (const batch of this.#source.messages(signal)) {
      const all: SourceMessage[] = [];
      for (const message of batch) {
        all.push(message);
        const decoded = this.#decoded(message);
        if (decoded !== undefined) all.push(decoded);
      }
      yield all;
    }
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  #declare(message: SourceMessage): void {
    const frame = this.#frameOf(message);
    if (frame === undefined || this.#numbers.has(frame.place)) return;
    this.#numbers.set(frame.place, this.#source.channels.length + this.#extra.length);
    const bus = this.#source.channels[message.channel] as ChannelDeclaration;
    this.#extra.push(channelOf(bus, frame.decoder.message));
  }

  #decoded(message: SourceMessage): SourceMessage | undefined {
    const frame = this.#frameOf(message);
    const channel = frame === undefined ? undefined : this.#numbers.get(frame.place);
    if (frame === undefined || channel === undefined) return undefined;
    return { ...message, channel, data: jsonBytes(frame.decoder.decode(frame.data)) };
  }

  /** Undefined for what is no frame with data, or one that no DBC file knows. */
  #frameOf(message: SourceMessage): { place: string; decoder: Decoder; data: Uint8Array } | undefined {
    const payload = this.#buses.get(message.channel)?.convert(message.data);
    if (!(payload instanceof Uint8Array)) return undefined;
    const view = new DataView(payload.buffer, payload.byteOffset);
    const flags = view.getUint8(FLAGS_PLACE);
    if ((flags & (REMOTE_BIT | ERROR_BIT)) !== 0) return undefined;
    const id = view.getUint32(0, true);
    const key = (flags & EXTENDED_BIT) === 0 ? id : id + EXTENDED_KEY;
    const decoder = this.#decoders.get(key);
    if (decoder === undefined) return undefined;
    return { place: `${message.channel} ${key}`, decoder, data: payload.subarray(DATA_PLACE) };
  }
}

// The canonical payload of CAN (wit/PAYLOADS.md).
const FLAGS_PLACE = 4;
const DATA_PLACE = 8;
const EXTENDED_BIT = 1;
const REMOTE_BIT = 2;
const ERROR_BIT = 4;

function channelOf(bus: ChannelDeclaration, { name, id, signals }: DbcMessage): ChannelDeclaration {
  const properties: Record<string, object> = {};
  for (const signal of signals) {
    const { unit, texts } = signal;
    properties[signal.name] = { type: "number", ...(unit === "" ? {} : { description: unit }) };
    if (texts.size > 0) properties[`${signal.name}_text`] = { type: "string" };
  }
  const metadata = { ...bus.metadata, "can.id": `0x${id.toString(16)}` };
  return jsonChannel(`${bus.topic}/${name}`, name, properties, metadata);
}
