import { type StartRequest, serveMcp } from "@playhead/server";
import type { Command } from "commander";
import { startSimulation } from "../start-simulation.ts";
import { VERSION } from "../version.ts";

export function addMcp(program: Command): void {
  program
    .command("mcp")
    .description("Serve the Model Context Protocol on standard input and output, for agents")
    .addHelpText("after", "\nTools: start_simulation, simulation_control\n")
    .action(() => serveMcp(VERSION, start));
}

function start({ recording, composition, config, fromS, toS, speed }: StartRequest) {
  const [from, to] = [fromS?.toString(), toS?.toString()];
  return startSimulation({ recording, composition, config, depsDirs: [], from, to }, { speed });
}
