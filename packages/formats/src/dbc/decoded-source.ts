import {
  type ChannelDeclaration,
  createMessageConverter,
  type MessageConverter,
  type Problem,
} from "@playhead/recording";
import type { ProblemList } from "../problem-list.ts";
import { profileOf } from "../profile.ts";
import { jsonBytes, jsonChannel } from "../ros2/json-channel.ts";
import type { MessageSource, SourceMessage } from "../source.ts";
import { frameDecoder, type SignalValues } from "./frame-decoder.ts";
import type { DbcMessage } from "./signal.ts";

/** What a file defines, and for which bus: all without. */
export interface BusMessages {
  /** Of the file, for people. */
  readonly path: string;
  readonly bus: string | undefined;
  readonly messages: readonly DbcMessage[];
}

interface Decoder {
  readonly message: DbcMessage;
  readonly decode: (data: Uint8Array) => SignalValues;
}

/** A channel of CAN frames. */
interface Bus {
  readonly converter: MessageConverter;
  readonly decoders: ReadonlyMap<FrameKey, Decoder>;
}

/** A frame's identifier, as it is looked up. */
type FrameKey = number;
const EXTENDED_KEY = 0x80000000;

function keyOf({ id, isExtended }: DbcMessage): FrameKey {
  return isExtended ? id + EXTENDED_KEY : id;
}

/** Tells the messages of all buses apart. */
function placeOf(channel: number, key: FrameKey): string {
  return `${channel} ${key}`;
}

const MOST_NAMES = 10;

/** For people: the buses by their topics. */
function namesOf(buses: readonly (readonly [number, ChannelDeclaration])[]): string {
  const names = buses.map(([, { topic }]) => topic);
  const more = names.length > MOST_NAMES ? `, and ${names.length - MOST_NAMES} more` : "";
  return names.length === 0 ? "none" : `${names.slice(0, MOST_NAMES).join(", ")}${more}`;
}

/**
 * A source with its CAN frames decoded as extra channels, one for each bus and message that occurs; a decoded message follows its frame and has its
 * times. The frames stay. It is read through once before, to see which messages occur.
 */
export class DecodedSource implements MessageSource {
  readonly #source: MessageSource;
  readonly #definitions: readonly BusMessages[];
  readonly #problems: ProblemList;
  readonly #buses = new Map<number, Bus>();
  readonly #extra: ChannelDeclaration[] = [];
  /** By channel and frame: the number of the extra channel. */
  readonly #numbers = new Map<string, number>();

  constructor(source: MessageSource, definitions: readonly BusMessages[], problems: ProblemList) {
    this.#source = source;
    this.#definitions = definitions;
    this.#problems = problems;
    const decoders = definitions.map(({ bus, messages }) => ({
      bus,
      decoders: messages.map((message): Decoder => ({ message, decode: frameDecoder(message) })),
    }));
    for (const [number, channel] of source.channels.entries()) {
      const converter = createMessageConverter(channel);
      if (converter.kind !== "can") continue;
      const own = decoders.filter(({ bus }) => bus === undefined || isBus(channel, bus));
      const all = own.flatMap((file) => file.decoders);
      this.#buses.set(number, { converter, decoders: this.#byFrame(all) });
    }
    for (const { bus } of definitions) {
      if (bus === undefined || this.#busesOf(bus).length > 0) continue;
      const found = namesOf(this.#busesOf(undefined));
      problems.add(
        "unknown-bus",
        `${this.name}: expected a CAN bus ${bus}, found ${found}; its DBC file decodes nothing`,
      );
    }
  }

  /** The channels of CAN frames that a file is for. */
  #busesOf(bus: string | undefined): readonly (readonly [number: number, channel: ChannelDeclaration])[] {
    const buses = [...this.#buses.keys()].map(
      (number) => [number, this.#source.channels[number] as ChannelDeclaration] as const,
    );
    return bus === undefined ? buses : buses.filter(([, channel]) => isBus(channel, bus));
  }

  /** Of several definitions of a frame the first counts. */
  #byFrame(decoders: readonly Decoder[]): ReadonlyMap<FrameKey, Decoder> {
    const found = new Map<FrameKey, Decoder>();
    for (const decoder of decoders) {
      const { id, name } = decoder.message;
      const key = keyOf(decoder.message);
      const first = found.get(key)?.message.name;
      if (first === undefined) {
        found.set(key, decoder);
        continue;
      }
      const reason = `expected one message with identifier 0x${id.toString(16)} on a bus, found ${first} and ${name}`;
      this.#problems.add("duplicate-message", `DBC: ${reason}; ${first} is taken`);
    }
    return found;
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
    for (const definition of this.#definitions) this.#reportUnused(definition);
  }

  #reportUnused({ path, bus, messages }: BusMessages): void {
    const buses = this.#busesOf(bus);
    const occurs = (message: DbcMessage): boolean =>
      buses.some(([number]) => this.#numbers.has(placeOf(number, keyOf(message))));
    if (buses.length === 0 || messages.some(occurs)) return;
    const expected = `expected frames of the ${messages.length} messages of ${path} on ${namesOf(buses)}`;
    this.#problems.add("nothing-decoded", `${this.name}: ${expected}, found none; it decodes nothing`);
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
    const { logTimeNs, publishTimeNs } = message;
    return { channel, logTimeNs, publishTimeNs, data: jsonBytes(frame.decoder.decode(frame.data)) };
  }

  /** Undefined for what is no frame with data, or one that no DBC file knows. */
  #frameOf(message: SourceMessage): { place: string; decoder: Decoder; data: Uint8Array } | undefined {
    const bus = this.#buses.get(message.channel);
    const payload = bus?.converter.convert(message.data);
    if (bus === undefined || !(payload instanceof Uint8Array)) return undefined;
    const view = new DataView(payload.buffer, payload.byteOffset);
    const flags = view.getUint8(FLAGS_PLACE);
    if ((flags & (REMOTE_BIT | ERROR_BIT)) !== 0) return undefined;
    const id = view.getUint32(0, true);
    const key = (flags & EXTENDED_BIT) === 0 ? id : id + EXTENDED_KEY;
    const decoder = bus.decoders.get(key);
    if (decoder === undefined) return undefined;
    return { place: placeOf(message.channel, key), decoder, data: payload.subarray(DATA_PLACE) };
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

/** By its topic, the last part of that, or its number. */
function isBus({ topic, metadata }: ChannelDeclaration, bus: string): boolean {
  const last = topic.replace(/\/fd$/, "").split("/").at(-1);
  return topic === bus || last === bus || metadata?.["can.bus"] === bus;
}
