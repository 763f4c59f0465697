import type { UnitConfig } from "../config/config.ts";

interface NamedUnit {
  readonly name: string;
  readonly config: Pick<UnitConfig, "publishes" | "triggers">;
}

/**
 * In which order units react to messages of one instant: publishers before those whom their topics trigger, ties by the order given. So each of
 * them is stepped once, with all messages of the instant there.
 *
 * @returns the place of each unit by its name, or a cycle as `unit, topic, unit, …`, where there is no such order
 */
export function reactionOrder(units: readonly NamedUnit[]): {
  readonly order: ReadonlyMap<string, number>;
  readonly cycle: readonly string[] | undefined;
} {
  const order = new Map<string, number>();
  let cycle: readonly string[] | undefined;
  const visit = (unit: NamedUnit, path: readonly string[]): void => {
    if (order.has(unit.name)) return;
    const at = path.indexOf(unit.name);
    if (at >= 0) {
      cycle ??= [unit.name, ...path.slice(0, at + 1)];
      return;
    }
    for (const { publisher, topic } of triggersOf(unit, units)) visit(publisher, [topic, unit.name, ...path]);
    order.set(unit.name, order.size);
  };
  for (const unit of units) visit(unit, []);
  return { order, cycle };
}

function triggersOf(
  { config }: NamedUnit,
  units: readonly NamedUnit[],
): { readonly publisher: NamedUnit; readonly topic: string }[] {
  return (config.triggers?.topics ?? []).flatMap((topic) =>
    units
      .filter((publisher) => Object.hasOwn(publisher.config.publishes, topic))
      .map((publisher) => ({ publisher, topic })),
  );
}
