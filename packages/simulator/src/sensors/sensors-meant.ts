import type { Sensor } from "@playhead/recording";
import { isOffered } from "./offered.ts";

export type NamedSensor = Pick<Sensor, "handle" | "name" | "kind" | "role">;

/** Handles of the sensors that names or kinds stand for, in their order; of those only that components may see. */
export function sensorsMeant(sensors: readonly NamedSensor[], namesOrKinds: readonly string[]): number[] {
  return sensors
    .filter((sensor) => isOffered(sensor) && isMeant(sensor, namesOrKinds))
    .map(({ handle }) => handle);
}

function isMeant({ name, kind }: NamedSensor, namesOrKinds: readonly string[]): boolean {
  return namesOrKinds.includes(name) || namesOrKinds.includes(kind);
}
