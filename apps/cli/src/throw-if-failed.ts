import type { RunReport, SimulationHandle } from "@playhead/simulator";
import { printable } from "./printable.ts";

const LAST_LINES = 5;

/**
 * Throws what made a run fail. Where a unit did, its last warnings are shown before: they often tell the cause.
 * @throws SimulationError
 */
export function throwIfFailed({ failure }: SimulationHandle, { startUs, log }: RunReport): void {
  if (failure === undefined) return;
  const lines = log
    .filter(({ unit, level }) => unit === failure.place?.unit && (level === "warning" || level === "error"))
    .slice(-LAST_LINES);
  for (const { timeUs, unit, level, message } of lines)
    process.stderr.write(
      `${((timeUs - startUs) / 1e6).toFixed(3)} s ${unit} ${level}: ${printable(message)}\n`,
    );
  throw failure;
}
