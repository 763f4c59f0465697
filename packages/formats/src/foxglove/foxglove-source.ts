import {
  type ChannelDeclaration,
  createMessageConverter,
  isPointCloud,
  MalformedMessage,
  type MessageConverter,
  microsecondsOf,
  sensorKindOf,
} from "@playhead/recording";
import { ProblemList } from "../problem-list.ts";
import type { MessageSource, SourceMessage } from "../source.ts";
import { WrappedSource } from "../wrapped-source.ts";
import { ENCODERS, type Header } from "./foxglove-messages.ts";
import { type FoxgloveSchema, foxgloveDefinition } from "./foxglove-schemas.ts";

/**
 * The same recording with cameras, lidars, radars and positions in Foxglove's schemas (Protocol Buffers); all else, and what is in these schemas already,
 * is passed on as it is. A message that cannot be converted is left out, which is a problem. Closing it closes the source.
 */
export function inFoxgloveSchemas(source: MessageSource): MessageSource {
  const targets = source.channels.map(targetOf);
  const channels = source.channels.map((channel, index) => {
    const target = targets[index];
    if (target === undefined) return channel;
    const schema = { name: `foxglove.${target}`, encoding: "protobuf", data: foxgloveDefinition(target) };
    return { ...channel, messageEncoding: "protobuf", schema };
  });
  const problems = new ProblemList();
  const change = (): ((message: SourceMessage) => SourceMessage | undefined) => {
    const converters: (MessageConverter | undefined)[] = [];
    return (message) => {
      const { channel, data } = message;
      const declared = source.channels[channel];
      const target = targets[channel];
      if (target === undefined || declared === undefined) return message;
      converters[channel] ??= createMessageConverter(declared, data);
      return converted(message, declared, target, converters[channel], problems);
    };
  };
  return new WrappedSource(source, change, channels, problems);
}

function converted(
  message: SourceMessage,
  { topic }: ChannelDeclaration,
  target: FoxgloveSchema,
  converter: MessageConverter,
  problems: ProblemList,
): SourceMessage | undefined {
  const { logTimeNs, data } = message;
  const payload = converter.kind === "other" ? undefined : converter.convert(data);
  if (payload === undefined || payload instanceof MalformedMessage) {
    const reason = converter.problem ?? payload?.reason ?? "its definition says something else";
    problems.add("not-converted", `${topic}, message at ${logTimeNs} ns: ${reason}; it is left out`, topic);
    return undefined;
  }
  const header = headerOf(converter.metadata(data), logTimeNs);
  return { ...message, data: encode(target, converter.kind, payload, header) };
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
