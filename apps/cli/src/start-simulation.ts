import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import {
  openVault,
  type RunSettings,
  type SimulationHandle,
  startInThread,
  type ThreadOptions,
} from "@playhead/simulator";
import { cacheFolder } from "@playhead/store";
import type { RunRequest } from "./open-run.ts";

interface StartOptions extends Omit<ThreadOptions, "module" | "cacheFolder" | "vault" | "checkpoints"> {
  /** Where checkpoints are laid and what they may take; `false`: none. */
  readonly checkpoints?: RunSettings["checkpoints"] | false;
  /** Folder in which checkpoints stay; without, they go with the simulation. */
  readonly state?: string | undefined;
}

/** Opens what is asked for and starts a simulation of it, in a thread of its own; its checkpoints are kept by another one. */
export function startSimulation(
  request: RunRequest,
  { state, checkpoints, ...options }: StartOptions,
): Promise<SimulationHandle> {
  return startInThread(request, {
    ...options,
    checkpoints: checkpoints === false ? false : placing(checkpoints),
    vault: checkpoints === false ? undefined : openVault({ folder: state, ...budget(checkpoints) }),
    cacheFolder: cacheFolder(),
    module: threadModule(),
  });
}

function placing({ costMs, intervalUs }: NonNullable<RunSettings["checkpoints"]> = {}) {
  return { ...(costMs === undefined ? {} : { costMs }), ...(intervalUs === undefined ? {} : { intervalUs }) };
}

function budget({ ramBytes, diskBytes }: NonNullable<RunSettings["checkpoints"]> = {}) {
  return { ramBytes, diskBytes };
}

/** The built module, also where sources are run. */
function threadModule(): URL {
  return pathToFileURL(createRequire(import.meta.url).resolve("playhead/simulation-thread"));
}
