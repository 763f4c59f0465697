import { access, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import type { Variant } from "@playhead/simulator";
import { loadComposition } from "@playhead/simulator";
import { encodeComposition } from "@playhead/wac";
import { inputFiles, type RunRequest } from "../open-run.ts";
import { packageFolders } from "../package-folders.ts";
import type { VariantSetup } from "./child-runs.ts";

/**
 * How each variant is run: as asked for, with the composition encoded into one component (where it is a WAC file), and by another Node
 * (where there is one).
 *
 * @param folder where the encoded component is written
 */
export async function makeSetups(
  request: RunRequest,
  node: string | undefined,
  folder: string,
): Promise<Map<Variant, VariantSetup>> {
  const setups = new Map<Variant, VariantSetup>([["linked", { request, node: process.execPath }]]);
  const [, composition = "", config = ""] = inputFiles(request);
  if (extname(composition) === ".wac") {
    const encoded = join(folder, `${basename(composition, ".wac")}.wasm`);
    const depsDirs = packageFolders(composition, request.depsDirs);
    await writeFile(encoded, encodeComposition(await loadComposition(composition, { depsDirs })));
    const itsConfig = (await exists(config)) ? config : undefined;
    const encodedRequest = { ...request, composition: encoded, config: itsConfig };
    setups.set("encoded", { request: encodedRequest, node: process.execPath });
  }
  if (node !== undefined) setups.set("other Node", { request, node });
  return setups;
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
