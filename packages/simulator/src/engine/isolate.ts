import type { Unit } from "./unit.ts";

/**
 * Takes a unit out of the run, with all units that call it, directly or through others: the first runs no more because it failed,
 * the others because what they would get from it is not there. Units that share only the bus with them go on.
 *
 * @returns the units that call it
 */
export function isolate(blamed: Unit, units: readonly Unit[]): Unit[] {
  blamed.standing = "isolated";
  blamed.health = { state: "failed", reason: "isolated after a fault" };
  const stale = consumersOf(blamed, units).filter((unit) => unit.standing === "running");
  for (const unit of stale) {
    unit.standing = "stale";
    unit.health = { state: "degraded", reason: `stale: it calls ${blamed.name}, which is isolated` };
  }
  return stale;
}

/** Units with a wire to one, directly or through other units. */
function consumersOf(provider: Unit, units: readonly Unit[]): Unit[] {
  const found = new Set([provider.name]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const unit of units) if (unit.linked.providers.some((name) => found.has(name))) found.add(unit.name);
  }
  return units.filter((unit) => unit !== provider && found.has(unit.name));
}
