import type { Sensor, SensorKind } from "@playhead/recording";
import type { SensorConfig, SimulationConfig } from "../config/config.ts";
import { isOffered } from "./offered.ts";

/** How the value of a sensor between two readings is made. */
export type Interpolation = NonNullable<SensorConfig["interpolation"]>;

/** How `sample` treats a sensor. */
export interface SensorSettings {
  readonly toleranceUs: number;
  readonly lookAheadUs: number;
  readonly interpolation: Interpolation;
  /** The last reading before the start of the run counts as arrived at its first event. */
  readonly latched: boolean;
}

/** What can be made of a kind; the first where nothing is said. All kinds can be held. */
const POSSIBLE: Partial<Record<SensorKind, readonly Interpolation[]>> = {
  imu: ["slerp", "linear"],
  gps: ["geodetic", "linear"],
  ultrasonic: ["linear"],
};

/** Of each sensor, by handle. */
export function sensorSettings(
  sensors: readonly Pick<Sensor, "name" | "kind">[],
  config: Pick<SimulationConfig, "toleranceUs" | "lookAheadUs" | "sensors">,
): SensorSettings[] {
  return sensors.map(({ name, kind }) => {
    const [byName, byKind] = [own(config.sensors, name), own(config.sensors, kind)];
    return {
      toleranceUs: byName?.toleranceUs ?? byKind?.toleranceUs ?? config.toleranceUs,
      lookAheadUs: byName?.lookAheadUs ?? byKind?.lookAheadUs ?? config.lookAheadUs,
      interpolation: byName?.interpolation ?? byKind?.interpolation ?? POSSIBLE[kind]?.[0] ?? "hold",
      latched: byName?.latched ?? byKind?.latched ?? false,
    };
  });
}

/** Handles of the sensors whose last reading before the start is there at the first event. */
export function latchedSensors(
  sensors: readonly Sensor[],
  config: Pick<SimulationConfig, "toleranceUs" | "lookAheadUs" | "sensors">,
): number[] {
  const settings = sensorSettings(sensors, config);
  return sensors
    .filter((sensor) => isOffered(sensor) && settings[sensor.handle]?.latched)
    .map(({ handle }) => handle);
}

/** The interpolations that a kind can have, where the one wished for is none of them. */
export function impossible(kind: SensorKind, wished: Interpolation): readonly Interpolation[] | undefined {
  const possible: readonly Interpolation[] = [...(POSSIBLE[kind] ?? []), "hold"];
  return possible.includes(wished) ? undefined : possible;
}

function own<T>(values: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}
