import { element, make } from "./element.ts";
import type { RecordingInfo, UnitStatus } from "./messages.ts";

export function showSensors(recording: RecordingInfo): void {
  element("sensors").replaceChildren(
    ...recording.sensors.map(({ name, kind, count, rateHz }) => {
      const item = make("li");
      item.title = `${name}: ${kind}, ${count} readings`;
      item.append(make("span", name), make("span", rateHz > 0 ? `${rateHz.toFixed(1)} Hz` : String(count)));
      return item;
    }),
  );
}

function healthText({ health, healthReason }: UnitStatus): string {
  return healthReason === "" ? health : `${health}: ${healthReason}`;
}

export function showUnits(units: readonly UnitStatus[]): void {
  const body = element("units").querySelector("tbody");
  body?.replaceChildren(
    ...units.map((unit) => {
      const row = make("tr");
      row.dataset.health = unit.health;
      const name = make("td", unit.name);
      if (unit.health !== "ok") name.append(make("small", healthText(unit)));
      row.append(name, make("td", String(unit.steps)), make("td", unit.meanMs.toFixed(2)));
      return row;
    }),
  );
}
