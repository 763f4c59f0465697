import type { Reading } from "@playhead/recording";
import type { SensorBridge } from "./sensor-bridge.ts";

/** The last picture of each camera, by the sensor's name. */
export function latestPictures(bridge: SensorBridge): Map<string, Reading> {
  const result = new Map<string, Reading>();
  for (const { kind, handle, name } of bridge.sensors) {
    const reading = kind === "camera" ? bridge.latest(handle) : undefined;
    if (reading !== undefined) result.set(name, reading);
  }
  return result;
}
