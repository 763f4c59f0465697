import { RecordingError } from "@playhead/recording";

/** Where a store or one of its recordings is. */
export interface PostgresAddress {
  /** What the client connects with: has the password where the URL has one. Never shown. */
  readonly connectionString: string;
  readonly database: string;
  /** The recording, where the URL names one. */
  readonly recording: string | undefined;
  /** The store's address for people, with the password masked. */
  readonly shown: string;
}

const FORM = "postgres://user@host:5432/database/recording";

/** Whether a text is meant as the address of a PostgreSQL server. */
export function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//i.test(text);
}

/**
 * Reads `postgres://user:password@host:port/database/recording?sslmode=…`: the last segment of the path is the recording, the one before it the
 * database. Both are percent-decoded, so that a name with a slash is written with `%2F`. A store's address has no last segment. What the URL leaves out
 * comes from PGHOST, PGPORT, PGUSER, PGPASSWORD and ~/.pgpass; `?host=/run/postgresql` is the folder of a unix socket.
 */
export function parsePostgresUrl(text: string): PostgresAddress {
  const shown = maskPassword(text);
  const refuse = (expected: string, found: string) =>
    new RecordingError("invalid-argument", { expected, found, where: shown });
  const parts = /^(postgres(?:ql)?:\/\/)([^/?#]*)((?:\/[^?#]*)?)((?:\?[^#]*)?)(#.*)?$/is.exec(text);
  if (parts === null) throw refuse(`an address such as ${FORM}`, "another one");
  const [, scheme = "", authority = "", path = "", query = "", rest] = parts;
  // A password with such a character in it would be taken for a host or a database, and shown as one.
  if (rest !== undefined || `${path}${query}`.includes("@"))
    throw refuse("a password whose / ? # and @ are written as %2F %3F %23 and %40", "one of them");
  const [database, recording, ...more] = path
    .split("/")
    .slice(1)
    .filter((segment) => segment !== "");
  if (database === undefined) throw refuse(`a database in the path: ${FORM}`, "none");
  if (more.length > 0)
    throw refuse(
      "a path of a database and a recording, whose slashes are written as %2F",
      `${more.length + 2} segments`,
    );
  return {
    connectionString: `${scheme}${authority}/${database}${query}`,
    database: decoded(database, refuse),
    recording: recording === undefined ? undefined : decoded(recording, refuse),
    shown: maskPassword(`${scheme}${authority}/${database}${query}`),
  };
}

/** A URL as it may be shown: without the password, wherever in it one stands. Any other text stays as it is. */
export function maskPassword(text: string): string {
  if (!isPostgresUrl(text)) return text;
  return text
    .replace(/^([a-z]+:\/\/[^:/?#]*):.*@/is, "$1:***@")
    .replace(/([?&](?:password|sslpassword)=)[^&#]*/gi, "$1***");
}

function decoded(segment: string, refuse: (expected: string, found: string) => RecordingError): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw refuse("percent signs followed by two hexadecimal digits", segment);
  }
}
