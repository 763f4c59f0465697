import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Component, decodeComponent } from "@playhead/component-model";
import { buildGuest } from "../build/build-guest.ts";
import { MANIFEST, readManifest } from "../manifest.ts";

/** Builds the guest of a folder, unless nothing has changed since it was built, and decodes it. */
export async function loadGuest(folder: string | URL): Promise<Component> {
  const path = typeof folder === "string" ? folder : fileURLToPath(folder);
  const built = await buildGuest(readManifest(join(path, MANIFEST)));
  return decodeComponent(readFileSync(built.path), { name: built.name });
}
