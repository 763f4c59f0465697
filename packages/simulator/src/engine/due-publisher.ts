import { mayPublish } from "./host-services.ts";
import type { Unit } from "./unit.ts";

/**
 * Whom a blocking read waits for: the first unit, in total order, that publishes on the topic, is due at this instant, is not on the
 * call stack, and has no wire to one that is: it would be entered again.
 *
 * @param stack units whose steps run now
 */
export function duePublisher(
  topic: string,
  units: readonly Unit[],
  stack: readonly Unit[],
  isDue: (unit: Unit) => boolean,
): Unit | undefined {
  const running = new Set(stack.map(({ name }) => name));
  return units.find(
    (unit) =>
      unit.standing === "running" &&
      mayPublish(unit, topic) &&
      !running.has(unit.name) &&
      isDue(unit) &&
      !reaches(unit, running, units),
  );
}

function reaches(unit: Unit, wanted: ReadonlySet<string>, units: readonly Unit[]): boolean {
  return unit.linked.providers.some((name) => {
    if (wanted.has(name)) return true;
    const provider = units.find((candidate) => candidate.name === name);
    return provider !== undefined && reaches(provider, wanted, units);
  });
}
