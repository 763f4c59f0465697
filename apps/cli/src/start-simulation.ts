import { Simulation, type SimulationHandle, type SimulationOptions } from "@playhead/simulator";
import { openRun, type RunRequest } from "./open-run.ts";

/** Opens what is asked for and starts a simulation of it, which closes all of it when it is closed. */
export async function startSimulation(
  request: RunRequest,
  options: SimulationOptions,
): Promise<SimulationHandle> {
  return Simulation.start(await openRun(request), { ...options, closesRecording: true });
}
