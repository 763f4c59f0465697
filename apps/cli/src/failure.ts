import { SYSTEM_ERRORS } from "./system-errors.ts";

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly code = "usage";
}

/** A file or folder that cannot be written; the cause is the file system's error. */
export class OutputError extends Error {
  override readonly name = "OutputError";
  readonly code = "output-failed";

  constructor(path: string, cause: unknown) {
    super(`${path}: ${isMissing(cause) ? NO_FOLDER : wordsOf(cause)}`, { cause });
  }
}

const NO_FOLDER = "expected a file that can be written, found that its folder does not exist";

function isMissing(cause: unknown): boolean {
  return (cause as { code?: unknown } | undefined)?.code === "ENOENT";
}

/** A file system's error in words. */
function wordsOf(error: unknown): string {
  const text = SYSTEM_ERRORS[String((error as { code?: unknown }).code)]?.[0];
  return text ?? (error instanceof Error ? error.message : String(error));
}
