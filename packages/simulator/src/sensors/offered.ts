import type { Sensor } from "@playhead/recording";

/** Ground truth never reaches a component. */
export function isOffered(sensor: Sensor): boolean {
  return sensor.role === "input";
}
