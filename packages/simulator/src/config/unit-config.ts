import type { SimulationConfig, UnitConfig } from "./config.ts";

/** A value under a key of its own: names from outside may be those that every object has. */
export function ownValue<T>(values: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

/** How often a unit is stepped by its rate, Hz; 0 for one that only what triggers it steps. */
export function rateOf({ rateHz, triggers }: UnitConfig, { defaultRateHz }: SimulationConfig): number {
  return rateHz ?? (triggers === undefined ? defaultRateHz : 0);
}

/** Whether a unit that fails may be given a fresh instance. */
export function mayRestart({ onFault, units }: SimulationConfig): boolean {
  return onFault === "restart" || Object.values(units).some((unit) => unit.onFault === "restart");
}
