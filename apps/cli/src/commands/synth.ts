import {
  type Scenario,
  SynthOptionError,
  type SynthOptions,
  type SynthSummary,
  writeDrive,
} from "@playhead/synth";
import type { Command } from "commander";
import { UsageError } from "../failure.ts";
import { interruptible } from "../interruptible.ts";
import { printable } from "../printable.ts";
import { Progress } from "../progress.ts";
import { refuseReplacingOthers } from "../refuse-replacing-others.ts";
import { table } from "../table.ts";
import { writeWhole } from "../write-whole.ts";

interface Options {
  readonly out: string;
  readonly seed: string;
  readonly duration: string;
  readonly scenario: string;
  readonly force?: boolean;
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
    .option("--force", "replace a file that is no drive of synth")
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
  await refuseReplacingOthers(options.out, "a drive of synth", options.force === true);
  const summary = await interruptible((signal) => makeDrive(options.out, wanted, signal));
  if (summary === undefined) return;
  if (options.json === true) process.stdout.write(`${JSON.stringify({ file: options.out, ...summary })}\n`);
  else
    process.stdout.write(
      `${options.out}: ${options.duration} s, seed ${options.seed}, ${options.scenario}\n${table([["topic", "messages"], ...Object.entries(summary.messages)])}`,
    );
}

/** Undefined when it was ended early. */
async function makeDrive(
  out: string,
  wanted: SynthOptions,
  signal: AbortSignal,
): Promise<SynthSummary | undefined> {
  const progress = new Progress();
  const onProgress = (share: number): void => progress.show(share, printable(out));
  try {
    return await writeWhole(out, { signal }, (writer) => writeDrive(writer, wanted, { onProgress, signal }));
  } catch (error) {
    if (!(error instanceof SynthOptionError)) throw error;
    const option = `--${error.option.replace(/S$/, "")}`;
    throw new UsageError(error.message.replace(/^Option \w+/, option).replace(/\.$/, ""), { cause: error });
  } finally {
    progress.clear();
  }
}

function numberOption(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new UsageError(`${option}: expected a number, found ${JSON.stringify(text)}`);
}
