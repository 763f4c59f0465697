import {
  createMessageConverter,
  isPointCloud,
  kindNeedsMessage,
  type MessageConverter,
  type Sensor,
  sensorRoleOf,
} from "@playhead/recording";
import type { ChannelSensor } from "./channel-sensors.ts";
import type { ProblemLog } from "./problem-log.ts";
import { rateHz, type SensorRange } from "./sensor-range.ts";

export interface DescribedSensors {
  readonly sensors: readonly Sensor[];
  /** By handle. */
  readonly converters: readonly MessageConverter[];
}

/**
 * What the sensors measure, and how many readings they have from when to when. `ranges` goes by handle and leaves out sensors without messages;
 * `firstMessage` gives the first message of a sensor that can be read, and is asked where the kind depends on it.
 */
export async function describeSensors(
  channelSensors: readonly ChannelSensor[],
  ranges: ReadonlyMap<number, SensorRange>,
  firstMessage: (handle: number) => Promise<Uint8Array | undefined>,
  problems: ProblemLog,
): Promise<DescribedSensors> {
  const sensors: Sensor[] = [];
  const converters: MessageConverter[] = [];
  for (const [handle, channelSensor] of channelSensors.entries()) {
    const { topic, messageEncoding, schema } = channelSensor;
    const needsMessage =
      schema !== undefined &&
      kindNeedsMessage(schema.name, messageEncoding) &&
      // A recording that grows is waited for to tell a radar from a lidar, but not for a camera that is silent.
      (ranges.has(handle) || isPointCloud(schema.name, messageEncoding));
    const first = needsMessage ? await firstMessage(handle) : undefined;
    const converter = createMessageConverter({ topic, messageEncoding, schema }, first);
    if (converter.problem !== undefined) {
      const message = `${converter.problem}; its messages are passed on as they are`;
      const { problemCode: code = "bad-schema" } = converter;
      problems.add(`schema of ${handle}`, { code, message, sensor: topic, timeUs: undefined });
    }
    sensors.push(describe(handle, channelSensor, converter, ranges.get(handle)));
    converters.push(converter);
  }
  return { sensors, converters };
}

function describe(
  handle: number,
  { topic, schema, metadata }: ChannelSensor,
  converter: MessageConverter,
  range: SensorRange | undefined,
): Sensor {
  return {
    handle,
    name: topic,
    kind: converter.kind,
    role: sensorRoleOf(topic, metadata),
    encoding: converter.encoding,
    schema: schema?.name ?? "",
    count: range?.count ?? 0,
    firstUs: range?.first.timeUs,
    lastUs: range?.last.timeUs,
    rateHz: range === undefined ? 0 : rateHz(range),
    metadata,
  };
}
