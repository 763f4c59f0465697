import type { McapChannel, McapSchema } from "./records.ts";
import type { McapIndex } from "./segment.ts";

/** A sensor before its kind is known: all channels of one topic with one schema. */
export interface ChannelSensor {
  readonly topic: string;
  readonly messageEncoding: string;
  readonly schema: McapSchema | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly channelIds: readonly number[];
}

/**
 * The sensors of a file, sorted by the bytes of the topic, then of the schema's name, then by the number of their first channel. Channels of one topic
 * are one sensor when their schemas and encodings are equal: several publishers write to it.
 */
export function sensorsOfChannels(index: McapIndex): ChannelSensor[] {
  const byContent = new Map<string, { first: McapChannel; channelIds: number[] }>();
  const channels = [...index.channels.values()].sort((a, b) => a.id - b.id);
  for (const channel of channels) {
    const key = contentKey(channel, index.schemas.get(channel.schemaId));
    const known = byContent.get(key);
    if (known === undefined) byContent.set(key, { first: channel, channelIds: [channel.id] });
    else known.channelIds.push(channel.id);
  }
  const sensors = Array.from(byContent.values(), ({ first, channelIds }) => ({
    topic: first.topic,
    messageEncoding: first.messageEncoding,
    schema: index.schemas.get(first.schemaId),
    metadata: Object.fromEntries(first.metadata),
    channelIds,
  }));
  return sensors.sort(
    (a, b) =>
      compareBytes(a.topic, b.topic) ||
      compareBytes(a.schema?.name ?? "", b.schema?.name ?? "") ||
      (a.channelIds[0] as number) - (b.channelIds[0] as number),
  );
}

/** The handle of each channel's sensor; −1 for channels that the file does not define. */
export function handlesOfChannels(sensors: readonly ChannelSensor[]): Int32Array {
  const handles = new Int32Array(65_536).fill(-1);
  for (const [handle, sensor] of sensors.entries()) {
    for (const channelId of sensor.channelIds) handles[channelId] = handle;
  }
  return handles;
}

function contentKey(channel: McapChannel, schema: McapSchema | undefined): string {
  const data = schema === undefined ? "" : Buffer.from(schema.data).toString("latin1");
  return JSON.stringify([channel.topic, channel.messageEncoding, schema?.name, schema?.encoding, data]);
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
