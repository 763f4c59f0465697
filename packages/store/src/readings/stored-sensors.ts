import { sensorRoleOf } from "@playhead/recording";
import type { StoredSensor } from "../recording-store.ts";
import type { ChannelSensor } from "./channel-sensors.ts";
import { rateHz, type SensorRange } from "./sensor-range.ts";

/** Sensors as far as they are known without looking into their messages. `ranges` goes by place and leaves out sensors without messages. */
export function storedSensors(
  sensors: readonly ChannelSensor[],
  ranges: ReadonlyMap<number, SensorRange>,
): StoredSensor[] {
  return sensors.map(({ topic, messageEncoding, schema, metadata }, place) => {
    const range = ranges.get(place);
    return {
      name: topic,
      messageEncoding,
      role: sensorRoleOf(topic, metadata),
      schema: schema?.name ?? "",
      count: range?.count ?? 0,
      firstUs: range?.first.timeUs,
      lastUs: range?.last.timeUs,
      rateHz: range === undefined ? 0 : rateHz(range),
      metadata,
    };
  });
}
