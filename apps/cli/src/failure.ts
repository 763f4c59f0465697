import { readFileSync } from "node:fs";
import { formatWacError, WacError } from "@playhead/wac";
import { ExitCode } from "./exit-code.ts";

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly code = "usage";
}

/** What is told of an error: a stable word, a text for people, the exit code. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly exitCode: number;
}

const EXIT_CODE_OF: Readonly<Record<string, number>> = {
  usage: ExitCode.usage,
  "component-fault": ExitCode.runFailed,
  "output-failed": ExitCode.outputFailed,
  "write-failed": ExitCode.outputFailed,
  "synth-option": ExitCode.usage,
  internal: ExitCode.internal,
};

/** System errors that are the input's or the machine's fault, with words for them. */
const SYSTEM: Readonly<Record<string, readonly [text: string, exitCode: number]>> = {
  ENOENT: ["no such file", ExitCode.badInput],
  EISDIR: ["expected a file, found a folder", ExitCode.badInput],
  ENOTDIR: ["expected a folder, found a file", ExitCode.badInput],
  EACCES: ["not allowed to open it", ExitCode.badInput],
  EPERM: ["not allowed to open it", ExitCode.badInput],
  ENOSPC: ["no space left on the disk", ExitCode.outputFailed],
  EDQUOT: ["no space left on the disk", ExitCode.outputFailed],
  EROFS: ["the file system is read-only", ExitCode.outputFailed],
  EADDRINUSE: ["the port is in use", ExitCode.usage],
};

/** Turns anything thrown into what is told of it. Errors with a `code` are for people; others are defects. */
export function failureOf(error: unknown): Failure {
  if (error instanceof WacError)
    return { code: error.code, message: formatWacError(error, sourceOf(error)), exitCode: ExitCode.badInput };
  if (!(error instanceof Error))
    return { code: "internal", message: String(error), exitCode: ExitCode.internal };
  const code = (error as { code?: unknown }).code;
  if (typeof code !== "string")
    return { code: "internal", message: error.message, exitCode: ExitCode.internal };
  const system = SYSTEM[code];
  if (system !== undefined) {
    const path = (error as NodeJS.ErrnoException).path;
    return {
      code,
      message: path === undefined ? error.message : `${path}: ${system[0]}`,
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
