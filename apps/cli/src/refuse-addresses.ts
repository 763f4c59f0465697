import { UsageError } from "./failure.ts";

const ADDRESS = /^([a-z][a-z0-9+.-]*):\/\//i;

/** Whether it is an address such as `postgres://…`, and not the name of a file. */
export function isAddress(given: string): boolean {
  return ADDRESS.test(given);
}

/** Whether it begins like an address, also like one with a slash too few. A drive of Windows has one letter. */
export function isLikeAddress(given: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\//i.test(given);
}

/**
 * Refuses addresses of what no recording can be read from.
 * @throws UsageError
 */
export function refuseForeignAddress(given: string): void {
  const scheme = ADDRESS.exec(given)?.[1]?.toLowerCase();
  if (scheme === undefined || scheme === "postgres" || scheme === "postgresql") return;
  throw new UsageError(
    `${withoutUser(given)}: expected a file, a folder or postgres://user@host/database/recording, found an address of ${scheme}`,
  );
}

/** What stands before the host may be a password. */
function withoutUser(address: string): string {
  return address.replace(/:\/\/.*@/s, "://***@");
}

/**
 * Refuses every address, for commands that read files alone.
 * @throws UsageError
 */
export function refuseAddress(given: string): void {
  refuseForeignAddress(given);
  if (isAddress(given))
    throw new UsageError(
      "expected a file or folder, found an address: `playhead export` writes a recording from a database as MCAP",
    );
}

/** Options of any command that name a file or folder to write. */
const OUTPUTS = ["out", "output", "frames", "state", "capsules", "svg"] as const;

/**
 * Refuses addresses where files or folders are written: folders of that name would be made.
 * @throws UsageError
 */
export function refuseAddressOutputs(options: Readonly<Record<string, unknown>>): void {
  for (const name of OUTPUTS) {
    const given = options[name];
    if (typeof given === "string" && isLikeAddress(given))
      throw new UsageError(
        `--${name} ${given}: expected a file or folder, found an address: \`playhead ingest\` copies a recording into a database`,
      );
  }
}
