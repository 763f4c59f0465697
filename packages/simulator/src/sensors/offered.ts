import type { Sensor } from "@playhead/recording";

/** Ground truth never reaches a component. */
export function isOffered(sensor: Pick<Sensor, "role">): boolean {
  return sensor.role === "input";
}
