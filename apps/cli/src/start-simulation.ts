import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { type SimulationHandle, startInThread, type ThreadOptions } from "@playhead/simulator";
import { cacheFolder } from "@playhead/store";
import type { RunRequest } from "./open-run.ts";

/** Opens what is asked for and starts a simulation of it, in a thread of its own. */
export function startSimulation(
  request: RunRequest,
  options: Omit<ThreadOptions, "module" | "cacheFolder">,
): Promise<SimulationHandle> {
  return startInThread(request, {
    ...options,
    cacheFolder: cacheFolder(),
    module: threadModule(),
  });
}

/** The built module, also where sources are run. */
function threadModule(): URL {
  return pathToFileURL(createRequire(import.meta.url).resolve("playhead/simulation-thread"));
}
