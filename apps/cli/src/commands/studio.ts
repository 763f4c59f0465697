import { serveStudio } from "@playhead/server";
import type { Command } from "commander";
import { capsulesFolder } from "../capsules-folder.ts";
import { UsageError } from "../failure.ts";
import { printable } from "../printable.ts";
import { wholeRun } from "../run-file.ts";
import { addRunOptions, followOption, type RunOptions, runRequest } from "../run-options.ts";
import { RECORDING_ARGUMENT } from "../source-options.ts";
import { parseSpeed } from "../speed-argument.ts";
import { startSimulation } from "../start-simulation.ts";
import { untilInterrupted } from "../until-interrupted.ts";

interface Options extends RunOptions {
  readonly port: string;
  readonly speed?: string;
  readonly state?: string;
  readonly capsules?: string;
  readonly verifySeek?: boolean;
}

export function addStudio(program: Command): void {
  addRunOptions(
    program
      .command("studio")
      .description("Serve a page on 127.0.0.1 that shows the replay and moves its playhead")
      .argument("<recording>", RECORDING_ARGUMENT),
  )
    .addOption(followOption())
    .option("--port <n>", "port; 0 picks a free one", "8420")
    .option("--speed <n|max>", "virtual seconds per second (default: 1)")
    .option("--state <folder>", "keep checkpoints there: opened again, every seek is fast at once")
    .option(
      "--capsules <folder>",
      "keep what is needed to run to a component's fault again, for `replay-fault`",
    )
    .option(
      "--verify-seek",
      "hold every seek against a run straight from the start; its result says how they compare",
    )
    .addHelpText("after", "\nExample:\n  playhead studio drive.mcap --port 0\n")
    .action(studio);
}

async function studio(given: string, givenOptions: Options): Promise<void> {
  const { recording, options, checkpoints } = await wholeRun(given, givenOptions);
  const port = parsePort(options.port);
  const speed = parseSpeed(options.speed ?? "1");
  const simulation = await startSimulation(runRequest(recording, options), {
    speed,
    state: options.state,
    checkpoints,
    verifySeeks: options.verifySeek,
    capsules: capsulesFolder({ capsules: options.capsules, out: undefined, state: options.state }),
  });
  try {
    const server = await serveStudio(simulation, port);
    const { name } = simulation.description.recording;
    // The page opens with the first pictures.
    void simulation.apply({ type: "seek", timeUs: simulation.status.startUs });
    process.stdout.write(`Studio of ${printable(name)}: ${server.url} (Ctrl+C ends it)\n`);
    await untilInterrupted();
    await server.close();
  } finally {
    await simulation.close();
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port: expected 0 to 65535, found ${JSON.stringify(text)}`);
}
