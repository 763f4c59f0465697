import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The folder of the components that come with Playhead. */
export function ownComponents(): string {
  return dirname(createRequire(import.meta.url).resolve("@playhead/components/package.json"));
}

/** Where the packages of a composition are looked for, in this order; at last among the components that come with Playhead. */
export function packageFolders(composition: string, given: readonly string[]): string[] {
  const folder = dirname(composition);
  const folders = given.length > 0 ? given : [join(folder, "deps"), join(folder, "build")];
  return [...new Set([...folders, join(ownComponents(), "build")])];
}
