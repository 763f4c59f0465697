import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { openVault, type SimulationHandle, startInThread, type ThreadOptions } from "@playhead/simulator";
import { cacheFolder } from "@playhead/store";
import type { RunRequest } from "./open-run.ts";

interface StartOptions extends Omit<ThreadOptions, "module" | "cacheFolder" | "vault"> {
  /** Folder in which checkpoints stay; without, they go with the simulation. */
  readonly state?: string | undefined;
}

/** Opens what is asked for and starts a simulation of it, in a thread of its own; its checkpoints are kept by another one. */
export function startSimulation(
  request: RunRequest,
  { state, ...options }: StartOptions,
): Promise<SimulationHandle> {
  return startInThread(request, {
    ...options,
    vault: options.checkpoints === false ? undefined : openVault({ folder: state }),
    cacheFolder: cacheFolder(),
    module: threadModule(),
  });
}

/** The built module, also where sources are run. */
function threadModule(): URL {
  return pathToFileURL(createRequire(import.meta.url).resolve("playhead/simulation-thread"));
}
