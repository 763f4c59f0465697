import { type StartRequest, serveMcp } from "@playhead/server";
import { Simulation } from "@playhead/simulator";
import type { Command } from "commander";
import { openRun } from "../open-run.ts";
import { VERSION } from "../version.ts";

export function addMcp(program: Command): void {
  program
    .command("mcp")
    .description("Serve the Model Context Protocol on standard input and output, for agents")
    .addHelpText("after", "\nTools: start_simulation, simulation_control\n")
    .action(() => serveMcp(VERSION, start));
}

async function start(request: StartRequest) {
  const plan = await openRun({
    recording: request.recording,
    composition: request.composition,
    config: request.config,
    depsDirs: [],
    from: request.fromS?.toString(),
    to: request.toS?.toString(),
  });
  try {
    const simulation = await Simulation.start(plan, { speed: request.speed });
    return {
      plan,
      simulation,
      close: async () => {
        await simulation.close();
        await plan.recording.close();
      },
    };
  } catch (error) {
    await plan.recording.close();
    throw error;
  }
}
