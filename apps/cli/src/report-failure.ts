import type { SimulationError } from "@playhead/simulator";
import { failureOf } from "./failure-of.ts";
import { maskPasswords } from "./mask-passwords.ts";
import { printable } from "./printable.ts";

export interface FailureStyle {
  /** Prints one JSON object on standard output. */
  readonly json: boolean;
  /** Adds the stack, and the causes behind the error. */
  readonly debug: boolean;
}

/** Tells of an error and sets the exit code. */
export function reportFailure(error: unknown, { json, debug }: FailureStyle): void {
  const failure = failureOf(error);
  process.exitCode = failure.exitCode;
  const { code, message } = failure;
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message, ...placeOf(error) } })}\n`);
  if (isOfRun(error) && error.capsule !== undefined)
    process.stderr.write(
      `Capsule     ${printable(maskPasswords(error.capsule))}: \`playhead replay-fault\` runs to the fault again\n`,
    );
  process.stderr.write(`playhead: ${message}\n`);
  if (code === "internal" && !debug) process.stderr.write("This is a defect; --debug shows where.\n");
  for (let at: unknown = error; debug && at instanceof Error; at = at.cause)
    process.stderr.write(`${maskPasswords(at.stack ?? at.message)}\n`);
}

/** Where in a run a component failed, and what it could see. */
function placeOf(error: unknown): object {
  return isOfRun(error) && error.place !== undefined ? { place: error.place } : {};
}

/** Known by its name: where no simulation was needed, none is loaded to tell of a failure. */
function isOfRun(error: unknown): error is SimulationError {
  return error instanceof Error && error.name === "SimulationError";
}
