import { type SimulationHandle, startInThread, type ThreadOptions } from "@playhead/simulator";
import type { RunRequest } from "./open-run.ts";

/** Opens what is asked for and starts a simulation of it, in a thread of its own. */
export function startSimulation(
  request: RunRequest,
  options: Omit<ThreadOptions, "module">,
): Promise<SimulationHandle> {
  return startInThread(request, { ...options, module: new URL("./simulation-thread.js", import.meta.url) });
}
