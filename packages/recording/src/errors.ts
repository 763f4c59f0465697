/**
 * - `not-found`, `unreadable`: the file cannot be opened or read.
 * - `empty`, `unknown-format`: the file is no recording that can be opened.
 * - `damaged`: the file is a recording, but nothing of it can be read.
 * - `write-failed`: the recording could not be written; what is on disk is incomplete.
 * - `not-resumable`: a file that cannot be written on as asked.
 * - `out-of-order`, `duplicate-topic`, `unknown-channel`, `unsupported`, `invalid-argument`: a call that cannot be served.
 * - `closed`: a call after `close()`.
 * - `sealed`: the recording is finished, nothing can be appended.
 * - `conflict`: another recording of that name, or another writer, is in the way.
 * - `unreachable`: a server does not answer, refuses, or the connection to it is lost.
 */
export type RecordingErrorCode =
  | "not-found"
  | "unreadable"
  | "empty"
  | "unknown-format"
  | "damaged"
  | "write-failed"
  | "not-resumable"
  | "out-of-order"
  | "duplicate-topic"
  | "unknown-channel"
  | "unsupported"
  | "invalid-argument"
  | "closed"
  | "sealed"
  | "conflict"
  | "unreachable";

export interface RecordingErrorDetails {
  /** What would have been right. */
  readonly expected: string;
  /** What was there instead. */
  readonly found: string;
  /** File, byte offset, topic: whatever tells the place. */
  readonly where: string;
  readonly cause?: unknown;
}

/** A recording cannot be opened, read or written. Damage that leaves the rest readable is a `Problem` instead. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
  readonly code: RecordingErrorCode;
  readonly expected: string;
  readonly found: string;
  readonly where: string;

  constructor(code: RecordingErrorCode, details: RecordingErrorDetails) {
    super(
      `${details.where}: expected ${details.expected}, found ${details.found}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.expected = details.expected;
    this.found = details.found;
    this.where = details.where;
  }
}
