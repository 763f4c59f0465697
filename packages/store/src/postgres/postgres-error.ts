import { RecordingError, type RecordingErrorCode } from "@playhead/recording";

interface ServerError {
  readonly code?: string;
  readonly message?: string;
}

/** Of SQLSTATE: connection exceptions, the server shuts down, crashed, or starts, or has no connection left. */
const LOST_STATE = /^(08...|57P0[1-3]|53300)$/;
const LOST_SYSTEM: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
]);
const LOST_TEXT = /connection (was )?(terminated|ended|closed|timed? ?out)|not queryable|timeout expired/i;

/** Whether an error says that the connection is gone rather than that a statement is wrong: trying again may help. */
export function isLostConnection(error: unknown): boolean {
  const { code = "", message = "" } = error as ServerError;
  if (error instanceof RecordingError)
    return error.code === "unreachable" && isLostConnection(error.cause ?? {});
  return LOST_STATE.test(code) || LOST_SYSTEM.has(code) || LOST_TEXT.test(message);
}

const UNREACHABLE: Readonly<Record<string, string>> = {
  ENOTFOUND: "that there is no host of that name",
  ENOENT: "that there is no socket",
  ECONNREFUSED: "that nothing listens there",
  "28P01": "a wrong password",
  "28000": "that the user is not let in",
  "3D000": "that there is no such database",
};

const CODES: Readonly<Record<string, RecordingErrorCode>> = {
  "53100": "write-failed",
  "25006": "write-failed",
  "3F000": "not-found",
  "42P01": "not-found",
};

/** What a server or its client threw, as an error for people, `otherwise` where nothing better is known. An error that is one already stays as it is. */
export function postgresError(
  error: unknown,
  where: string,
  expected: string,
  otherwise: RecordingErrorCode = "unreadable",
): RecordingError {
  if (error instanceof RecordingError) return error;
  const { code = "", message = String(error) } = error as ServerError;
  const unreachable = UNREACHABLE[code] ?? (isLostConnection(error) ? message : undefined);
  const kind = unreachable === undefined ? (CODES[code] ?? otherwise) : "unreachable";
  return new RecordingError(kind, { expected, found: unreachable ?? message, where, cause: error });
}
