/** Whether something was made of the same inputs before. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What something was made of: by path, the hash of the file, or `null` for one that did not exist. */
export interface Fingerprint {
  /** Hash of everything that is no file: options and the tools themselves. */
  readonly tool: string;
  readonly files: Readonly<Record<string, string | null>>;
}

export function hashOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("hex");
}

function hashOfFile(path: string): string | null {
  return existsSync(path) ? hashOf(readFileSync(path)) : null;
}

/** Hash of all files in the folders but tests, with their names. */
export function hashOfFolders(folders: readonly string[]): string {
  return hashOf(
    ...folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !/\.(tsbuildinfo|test\.ts)$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
        .flatMap((path) => [path.slice(folder.length), readFileSync(path)]),
    ),
  );
}

export function fingerprint(tool: string, paths: readonly string[]): Fingerprint {
  return {
    tool,
    files: Object.fromEntries([...new Set(paths)].sort().map((path) => [path, hashOfFile(path)])),
  };
}

/** Whether the record says the same tool, and every file in it is as it was. */
export function isCurrent(recordPath: string, tool: string): boolean {
  if (!existsSync(recordPath)) return false;
  let record: Partial<Fingerprint>;
  try {
    record = JSON.parse(readFileSync(recordPath, "utf8"));
  } catch {
    return false;
  }
  return (
    record.tool === tool &&
    typeof record.files === "object" &&
    Object.entries(record.files).every(([path, hash]) => hashOfFile(path) === hash)
  );
}

export function writeRecord(recordPath: string, record: Fingerprint): void {
  mkdirSync(dirname(recordPath), { recursive: true });
  writeFileSync(recordPath, `${JSON.stringify(record, undefined, 1)}\n`);
}
