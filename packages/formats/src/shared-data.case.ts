import { existsSync } from "node:fs";
import { join } from "node:path";

const root = new URL("../../../", import.meta.url).pathname;
const folder = process.env.PLAYHEAD_DATA ?? join(root, "../shared/data");

/** A real recording that lies beside the project on some machines; undefined where it does not: tests that need it are skipped. */
export function sharedData(name: string): string | undefined {
  const path = join(folder, name);
  return existsSync(path) ? path : undefined;
}
