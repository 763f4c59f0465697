import { createHash } from "node:crypto";
import { identityOf } from "../engine/run-identity.ts";
import type { RunPlan } from "../engine/run-plan.ts";

/**
 * Names the run that checkpoints are of: the components, the configuration, what was decided beforehand, the range, and the recording.
 * @returns 64 hexadecimal digits
 */
export function vaultKey(plan: RunPlan): string {
  const { recording, startUs, endUs } = plan;
  const decisions = JSON.stringify(plan.decisions ?? []);
  const parts = [identityOf(plan), recording.name, recording.fingerprint ?? "", startUs, endUs, decisions];
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}
