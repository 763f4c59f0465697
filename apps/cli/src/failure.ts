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
    super(`${path}: ${WRITING[codeOf(cause)] ?? wordsOf(cause)}`, { cause });
  }
}

const NO_PERMISSION = "expected a place that can be written, found no permission to write";

/** What errors mean where something is to be written. */
const WRITING: Readonly<Record<string, string>> = {
  ENOENT: "expected a file that can be written, found that its folder does not exist",
  EACCES: NO_PERMISSION,
  EPERM: NO_PERMISSION,
};

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | undefined)?.code);
}

/** A file system's error in words. */
function wordsOf(error: unknown): string {
  const text = SYSTEM_ERRORS[codeOf(error)]?.[0];
  return text ?? (error instanceof Error ? error.message : String(error));
}
