import {
  createMessageConverter,
  isPointCloud,
  type MessageConverter,
  type Sensor,
  sensorRoleOf,
} from "@playhead/recording";
import type { ChannelSensor } from "./channel-sensors.ts";
import { type Group, joinRanges, type SensorRange } from "./groups.ts";
import { mergeSegments } from "./merge.ts";
import type { ProblemLog } from "./problem-log.ts";
import type { SegmentLoader } from "./segment-loader.ts";

export interface DescribedSensors {
  readonly sensors: readonly Sensor[];
  /** By handle. */
  readonly converters: readonly MessageConverter[];
}

/** What the sensors measure, and how many readings they have from when to when. */
export async function describeSensors(
  channelSensors: readonly ChannelSensor[],
  handles: Int32Array,
  groups: readonly Group[],
  loader: SegmentLoader,
  problems: ProblemLog,
): Promise<DescribedSensors> {
  const ranges = rangesOf(groups);
  const sensors: Sensor[] = [];
  const converters: MessageConverter[] = [];
  for (const [handle, channelSensor] of channelSensors.entries()) {
    const { topic, messageEncoding, schema } = channelSensor;
    const needsMessage = schema !== undefined && isPointCloud(schema.name, messageEncoding);
    const first = needsMessage ? await firstMessage(handle, handles, groups, loader) : undefined;
    const converter = createMessageConverter({ topic, messageEncoding, schema }, first);
    if (converter.problem !== undefined) {
      const message = `${converter.problem}; its messages are passed on as they are`;
      problems.add(`schema of ${handle}`, { code: "bad-schema", message, sensor: topic, timeUs: undefined });
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

function rateHz({ count, first, last }: SensorRange): number {
  const spanUs = last.timeUs - first.timeUs + (last.remainderNs - first.remainderNs) / 1000;
  return count < 2 || spanUs === 0 ? 0 : ((count - 1) * 1e6) / spanUs;
}

function rangesOf(groups: readonly Group[]): Map<number, SensorRange> {
  const ranges = new Map<number, SensorRange>();
  for (const group of groups) {
    for (const [handle, range] of group.sensors) ranges.set(handle, joinRanges(ranges.get(handle), range));
  }
  return ranges;
}

/** The first message of a sensor that can be read. */
async function firstMessage(
  handle: number,
  handles: Int32Array,
  groups: readonly Group[],
  loader: SegmentLoader,
): Promise<Uint8Array | undefined> {
  for (const group of groups) {
    if (!group.sensors.has(handle)) continue;
    for await (const { table, from, to } of mergeSegments(group.segments, loader)) {
      for (let row = from; row < to; row++) {
        if (handles[table.channelId[row] as number] === handle) return table.data(row);
      }
    }
  }
  return undefined;
}
