import { ComponentError } from "@playhead/component-model";
import { type FaultPlace, messageOf, SimulationError } from "../errors.ts";

/**
 * What a call of a unit failed with, as the run's error: the unit, the call, the virtual time since the start of the run, and what was wrong.
 *
 * @param lastWords what the unit logged as an error just then, if anything
 */
export function faultOf(
  error: unknown,
  place: FaultPlace,
  startUs: number,
  lastWords: string | undefined,
): SimulationError {
  const { unit, call, timeUs } = place;
  const when = timeUs === undefined ? "" : ` at ${((timeUs - startUs) / 1e6).toFixed(6)} s`;
  const what =
    error instanceof ComponentError
      ? `answered with an error: ${payloadText(error.payload)}`
      : messageOf(error);
  const more = lastWords === undefined ? "" : ` (${lastWords})`;
  return new SimulationError("component-fault", `${unit}: ${call}${when}: ${what}${more}`, {
    cause: error,
    place,
  });
}

function payloadText(payload: unknown): string {
  if (typeof payload === "string") return payload;
  const text = JSON.stringify(payload, (_key, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  return text ?? String(payload);
}
