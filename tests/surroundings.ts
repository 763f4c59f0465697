import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Folder with real recordings, or undefined: see CONTRIBUTING.md. */
export const DATA = [process.env.PLAYHEAD_DATA, join(ROOT, "..", "shared", "data")].find(
  (folder): folder is string => folder !== undefined && existsSync(folder),
);

/** A second Node to compare with, or undefined. */
export const NODE24 = process.env.PLAYHEAD_NODE24;

/** Chromium's program, or undefined. With `PLAYHEAD_REQUIRE_SERVERS` set, a machine without it fails. */
export const CHROMIUM = required(
  "Chromium",
  [
    process.env.PLAYHEAD_CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ].find((file): file is string => file !== undefined && existsSync(file)),
);

function required(what: string, found: string | undefined): string | undefined {
  if (found === undefined && process.env.PLAYHEAD_REQUIRE_SERVERS)
    throw new Error(`${what} is needed here, and there is none: see .ci/run`);
  return found;
}
