import {
  type ChannelDeclaration,
  createMessageConverter,
  isPointCloud,
  MalformedMessage,
  type MessageConverter,
  microsecondsOf,
  type Problem,
  sensorKindOf,
} from "@playhead/recording";
import { ProblemList } from "../problem-list.ts";
import type { MessageSource, SourceMessage } from "../source.ts";
import { ENCODERS, type Header } from "./foxglove-messages.ts";
import { type FoxgloveSchema, foxgloveDefinition } from "./foxglove-schemas.ts";

/**
 * The same recording with cameras, lidars, radars and positions in Foxglove's schemas (Protocol Buffers); all else, and what is in these schemas already,
 * is passed on as it is. Closing it closes the source.
 */
export function inFoxgloveSchemas(source: MessageSource): MessageSource {
  return new FoxgloveSource(source);
}

class FoxgloveSource implements MessageSource {
  readonly channels: readonly ChannelDeclaration[];
  readonly #source: MessageSource;
  readonly #problems = new ProblemList();
  /** By channel; undefined for those that are passed on. */
  readonly #targets: readonly (FoxgloveSchema | undefined)[];

  constructor(source: MessageSource) {
    this.#source = source;
    this.#targets = source.channels.map(targetOf);
    this.channels = source.channels.map((channel, index) => {
      const target = this.#targets[index];
      if (target === undefined) return channel;
      const schema = { name: `foxglove.${target}`, encoding: "protobuf", data: foxgloveDefinition(target) };
      return { ...channel, messageEncoding: "protobuf", schema };
    });
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

  get problems(): readonly Problem[] {
    return [...this.#source.problems, ...this.#problems.problems];
  }

  get share(): number | undefined {
    return this.#source.share;
  }

  async *messages(signal?: AbortSignal): AsyncGenerator<readonly SourceMessage[]> {
    const converters: (MessageConverter | undefined)[] = [];
    for await (const batch of this.#source.messages(signal)) {
      const converted = batch.flatMap((message) => this.#convert(message, converters));
      if (converted.length > 0) yield converted;
    }
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  /** None where the message is malformed, which is a problem. */
  #convert(message: SourceMessage, converters: (MessageConverter | undefined)[]): SourceMessage[] {
    const { channel, logTimeNs, data } = message;
    const target = this.#targets[channel];
    if (target === undefined) return [message];
    const declared = this.#source.channels[channel] as ChannelDeclaration;
    const converter = converters[channel] ?? createMessageConverter(declared, data);
    converters[channel] = converter;
    const payload = converter.kind === "other" ? undefined : converter.convert(data);
    if (payload === undefined || payload instanceof MalformedMessage) {
      const reason = converter.problem ?? payload?.reason ?? "its definition says something else";
      const text = `${declared.topic}, message at ${logTimeNs} ns: ${reason}; it is left out`;
      this.#problems.add("not-converted", text, declared.topic);
      return [];
    }
    const header = headerOf(converter.metadata(data), logTimeNs);
    return [{ ...message, data: encode(target, converter.kind, payload, header) }];
  }
}

function encode(target: FoxgloveSchema, kind: string, payload: Uint8Array, header: Header): Uint8Array {
  if (target !== "PointCloud") return ENCODERS[target](payload, header);
  return kind === "radar" ? ENCODERS.RadarPoints(payload, header) : ENCODERS.LidarPoints(payload, header);
}

/** Undefined for a channel that is passed on. */
function targetOf({ schema, messageEncoding, topic }: ChannelDeclaration): FoxgloveSchema | undefined {
  if (schema === undefined || schema.name.startsWith("foxglove.")) return undefined;
  if (isPointCloud(schema.name, messageEncoding)) return "PointCloud";
  const kind = sensorKindOf(schema.name, messageEncoding, topic);
  if (kind === "gps") return "LocationFix";
  if (kind !== "camera") return undefined;
  return schema.name.endsWith("CompressedImage") ? "CompressedImage" : "RawImage";
}

/** The log time stands in where a message has no time. */
function headerOf(metadata: string | undefined, logTimeNs: bigint): Header {
  const said =
    metadata === undefined ? {} : (JSON.parse(metadata) as { frame_id?: string; stamp_us?: number });
  const stampUs = said.stamp_us ?? -1;
  return { frameId: said.frame_id ?? "", stampUs: stampUs >= 0 ? stampUs : microsecondsOf(logTimeNs) };
}
