import { readFileSync } from "node:fs";
import { formatWacError, WacError } from "@playhead/wac";
import { ExitCode } from "./exit-code.ts";
import { maskPasswords } from "./mask-passwords.ts";
import { printable, printableLines } from "./printable.ts";
import { SYSTEM_ERRORS } from "./system-errors.ts";

const LONGEST_MESSAGE = 2000;

/** What is told of an error: a stable word, a text for people, the exit code. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly exitCode: number;
}

const EXIT_CODE_OF: Readonly<Record<string, number>> = {
  usage: ExitCode.usage,
  "component-fault": ExitCode.runFailed,
  "timed-out": ExitCode.runFailed,
  "out-of-memory": ExitCode.runFailed,
  "output-failed": ExitCode.outputFailed,
  "write-failed": ExitCode.outputFailed,
  "synth-option": ExitCode.usage,
  internal: ExitCode.internal,
};

/** What to do about it, where an option helps. */
const HINTS: Readonly<Record<string, string>> = {
  "no-known-sensor": " (--composition names another pipeline)",
};

/**
 * Turns anything thrown into what is told of it, without passwords, in one line but for errors that show a source text. Errors with a `code` are for
 * people; others are defects.
 */
export function failureOf(error: unknown): Failure {
  const raw = rawFailureOf(error);
  const failure = { ...raw, message: raw.message + (HINTS[raw.code] ?? "") };
  // Masked before anything is cut off: what is left of an address may not be known as one.
  const message = maskPasswords(failure.message);
  return {
    ...failure,
    message: error instanceof WacError ? printableLines(message) : printable(message, LONGEST_MESSAGE),
  };
}

function rawFailureOf(error: unknown): Failure {
  if (error instanceof WacError)
    return {
      code: error.code,
      message: formatWacError(error, sourceOf(error)),
      exitCode: ExitCode.badInput,
    };
  if (!(error instanceof Error))
    return { code: "internal", message: String(error), exitCode: ExitCode.internal };
  const code = (error as { code?: unknown }).code;
  if (typeof code !== "string")
    return { code: "internal", message: error.message, exitCode: ExitCode.internal };
  const system = SYSTEM_ERRORS[code];
  if (system !== undefined) {
    const { path, port } = error as NodeJS.ErrnoException & { port?: number };
    const place = path ?? (port === undefined ? undefined : `port ${port}`);
    return {
      code,
      message: place === undefined ? error.message : `${place}: ${system[0]}`,
      exitCode: system[1],
    };
  }
  return { code, message: error.message, exitCode: EXIT_CODE_OF[code] ?? ExitCode.badInput };
}

/** The text that a WAC error is about, for the marked line. */
function sourceOf(error: WacError): string {
  try {
    return readFileSync(error.file, "utf8");
  } catch {
    return "";
  }
}
