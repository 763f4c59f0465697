import { rm } from "node:fs/promises";
import { createMcapWriter } from "@playhead/store";
import { type Scenario, type SynthOptions, writeDrive } from "@playhead/synth";
import type { Command } from "commander";
import { UsageError } from "../failure.ts";
import { Progress } from "../progress.ts";
import { table } from "../table.ts";

interface Options {
  readonly out: string;
  readonly seed: string;
  readonly duration: string;
  readonly scenario: string;
  readonly json?: boolean;
}

export function addSynth(program: Command): void {
  program
    .command("synth")
    .description(
      "Make a drive from a seed: camera, lidar, radar, IMU, GPS, CAN, ultrasonic, and the ground truth",
    )
    .requiredOption("-o, --out <file>", "MCAP file to write")
    .option("--seed <n>", "equal seeds and options give equal bytes", "1")
    .option("--duration <seconds>", "length of the drive", "30")
    .option(
      "--scenario <name>",
      "braking (the lead vehicle brakes hard, a pedestrian crosses) or cruising",
      "braking",
    )
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", "\nExample:\n  playhead synth -o drive.mcap --seed 7 --duration 60\n")
    .action(synth);
}

async function synth(options: Options): Promise<void> {
  const wanted: SynthOptions = {
    seed: numberOption("--seed", options.seed),
    durationS: numberOption("--duration", options.duration),
    scenario: options.scenario as Scenario,
  };
  const progress = new Progress();
  const writer = await createMcapWriter(options.out);
  try {
    const summary = await writeDrive(writer, wanted, {
      onProgress: (share) => progress.show(share, options.out),
    });
    await writer.close();
    progress.clear();
    if (options.json === true) process.stdout.write(`${JSON.stringify({ file: options.out, ...summary })}\n`);
    else
      process.stdout.write(
        `${options.out}: ${options.duration} s, seed ${options.seed}, ${options.scenario}\n${table([["topic", "messages"], ...Object.entries(summary.messages)])}`,
      );
  } catch (error) {
    progress.clear();
    await writer.close().catch(() => undefined);
    await rm(options.out, { force: true });
    throw error;
  }
}

function numberOption(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new UsageError(`${option}: expected a number, found ${JSON.stringify(text)}`);
}
