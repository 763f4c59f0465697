import type { FaultInput, RunReport, SimulationHandle } from "@playhead/simulator";
import { printable } from "./printable.ts";

const LAST_LINES = 5;
const MOST_INPUTS = 12;

/**
 * Throws what made a run fail. Where a unit did, its last warnings and what it could see are shown before: they often tell the cause.
 * @throws SimulationError
 */
export function throwIfFailed({ failure }: SimulationHandle, report: RunReport): void {
  if (failure === undefined) return;
  const { startUs, log, capsules } = report;
  const lines = log
    .filter(({ unit, level }) => unit === failure.place?.unit && (level === "warning" || level === "error"))
    .slice(-LAST_LINES);
  for (const { timeUs, unit, level, message } of lines)
    process.stderr.write(
      `${((timeUs - startUs) / 1e6).toFixed(3)} s ${unit} ${level}: ${printable(message)}\n`,
    );
  if (failure.place !== undefined) process.stderr.write(inputsText(failure.place.inputs, startUs));
  process.stderr.write(capsulesText(capsules));
  throw failure;
}

/** Where what is needed to run to faults again lies. */
export function capsulesText(capsules: RunReport["capsules"]): string {
  return capsules
    .map(({ folder, unit, problem }) =>
      problem === undefined
        ? `Capsule     ${printable(folder)}: \`playhead replay-fault\` runs to the fault of ${printable(unit)} again\n`
        : `Capsule     ${printable(folder)}: it could not be kept: ${printable(problem)}\n`,
    )
    .join("");
}

/** What of the recording a call that failed could see. */
export function inputsText(inputs: readonly FaultInput[], startUs: number): string {
  if (inputs.length === 0) return "";
  const shown = inputs.slice(0, MOST_INPUTS).map(({ sensor, count, arrived, lastUs }) => {
    const readings = count === 1 ? "1 reading" : `${count} readings`;
    const fresh = arrived === 0 ? "" : ` (${arrived} since its last step)`;
    return `${printable(sensor)}: ${readings}${fresh}, the last at ${((lastUs - startUs) / 1e6).toFixed(6)} s`;
  });
  const more = inputs.length > MOST_INPUTS ? `; and ${inputs.length - MOST_INPUTS} sensors more` : "";
  return `it could see ${shown.join("; ")}${more}\n`;
}
