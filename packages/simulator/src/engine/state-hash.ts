import { createHash } from "node:crypto";
import { encodePlain } from "../checkpoints/plain-data.ts";
import type { EngineState } from "./engine-state.ts";

/**
 * SHA-256 over everything that decides how a run goes on: instances with their memories, bus, schedule, bridge, WASI, counts, what views
 * show, and the run hash. Equal for equal states, whichever way the run got there.
 *
 * @returns 64 hexadecimal digits
 */
export function stateHash({ instances, bridge, ...rest }: EngineState): string {
  // Which readings are kept longer than they must be depends on how often the run was looked at.
  const { recent: _, ...decisive } = bridge;
  const memories = instances.memories.map(({ key }) => key);
  const bytes = encodePlain({ ...rest, bridge: decisive, instances: { data: instances.data, memories } });
  return createHash("sha256").update(bytes).digest("hex");
}
