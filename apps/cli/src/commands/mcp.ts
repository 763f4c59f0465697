import { type StartRequest, serveMcp } from "@playhead/server";
import type { Command } from "commander";
import { maskPasswords } from "../mask-passwords.ts";
import { startSimulation } from "../start-simulation.ts";
import { VERSION } from "../version.ts";

export function addMcp(program: Command): void {
  program
    .command("mcp")
    .description("Serve the Model Context Protocol on standard input and output, for agents")
    .addHelpText("after", "\nTools: start_simulation, simulation_control\n")
    .action(() => serveMcp(VERSION, start));
}

/** Errors come to the agent without passwords. */
async function start({ recording, composition, config, fromS, toS, speed }: StartRequest) {
  const [from, to] = [fromS?.toString(), toS?.toString()];
  try {
    return await startSimulation({ recording, composition, config, depsDirs: [], from, to }, { speed });
  } catch (error) {
    if (error instanceof Error) error.message = maskPasswords(error.message);
    throw error;
  }
}
