import { createHash } from "node:crypto";
import type { RunPlan } from "./run-plan.ts";

/**
 * What a run is made of beside its recording, as SHA-256: the components and how they are composed, the configuration with its seed,
 * and the files that it gives to units. Equal identities and equal input hashes give equal run hashes.
 *
 * @returns 64 hexadecimal digits
 */
export function identityOf({
  pipeline,
  config,
  files,
}: Pick<RunPlan, "pipeline" | "config" | "files">): string {
  const hash = createHash("sha256").update(pipeline.identity).update(JSON.stringify(config));
  for (const [name, content] of files) hash.update(`${name}\0${content.length}\0`).update(content);
  return hash.digest("hex");
}
