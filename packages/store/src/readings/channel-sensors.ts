/** A schema and a channel as a recording has them. */
export interface RecordedSchema {
  readonly id: number;
  readonly name: string;
  readonly encoding: string;
  readonly data: Uint8Array;
}

export interface RecordedChannel {
  readonly id: number;
  /** 0 for none. */
  readonly schemaId: number;
  readonly topic: string;
  readonly messageEncoding: string;
  readonly metadata: ReadonlyMap<string, string>;
}

/** All that a recording's messages belong to, by id. */
export interface RecordedChannels {
  readonly schemas: ReadonlyMap<number, RecordedSchema>;
  readonly channels: ReadonlyMap<number, RecordedChannel>;
}

/** A sensor before its kind is known: all channels of one topic with one schema. */
export interface ChannelSensor {
  readonly topic: string;
  readonly messageEncoding: string;
  readonly schema: RecordedSchema | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly channelIds: readonly number[];
}

/**
 * The sensors of a recording, sorted by the bytes of the topic, then of the schema's name, then by the number of their first channel. Channels of one topic
 * are one sensor when their schemas and encodings are equal: several publishers write to it.
 */
export function sensorsOfChannels(recorded: RecordedChannels): ChannelSensor[] {
  const byContent = new Map<string, { first: RecordedChannel; channelIds: number[] }>();
  const channels = [...recorded.channels.values()].sort((a, b) => a.id - b.id);
  for (const channel of channels) {
    const key = contentKey(channel, recorded.schemas.get(channel.schemaId));
    const known = byContent.get(key);
    if (known === undefined) byContent.set(key, { first: channel, channelIds: [channel.id] });
    else known.channelIds.push(channel.id);
  }
  const sensors = Array.from(byContent.values(), ({ first, channelIds }) => ({
    topic: first.topic,
    messageEncoding: first.messageEncoding,
    schema: recorded.schemas.get(first.schemaId),
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

/** The handle of each channel's sensor; −1 for channels that the recording does not define. */
export function handlesOfChannels(sensors: readonly ChannelSensor[]): Int32Array {
  const handles = new Int32Array(65_536).fill(-1);
  for (const [handle, sensor] of sensors.entries()) {
    for (const channelId of sensor.channelIds) handles[channelId] = handle;
  }
  return handles;
}

/** Channels with equal ones are one sensor. */
export function contentKey(channel: RecordedChannel, schema: RecordedSchema | undefined): string {
  const data = schema === undefined ? "" : Buffer.from(schema.data).toString("latin1");
  return JSON.stringify([channel.topic, channel.messageEncoding, schema?.name, schema?.encoding, data]);
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
