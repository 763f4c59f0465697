import type { Command } from "commander";
import { compressionOption } from "../compression-option.ts";
import { type ImportTarget, importFile, importJson, importText } from "../import-file.ts";
import {
  addSourceOptions,
  RECORDING_ARGUMENT,
  type SourceArguments,
  sourceOptions,
} from "../source-options.ts";

interface Options extends SourceArguments, ImportTarget {
  readonly json?: boolean;
}

const EXAMPLES = `
What the file or folder is, is told by its content. What is damaged is left out and listed. Sensors take their intrinsics and places in the vehicle
from the calibrations and static transforms in the recording, which an MCAP file that is opened as it is does not have.

Examples:
  playhead import drive.bag -o drive.mcap
  playhead import rosbag2_folder/ -o drive.mcap --compression zstd
  playhead import candump.log -o drive.mcap --dbc car.dbc
  playhead import replayed.mcap -o drive.mcap --time header
`;

export function addImport(program: Command): void {
  addSourceOptions(
    program
      .command("import")
      .description("Write a recording in another format (ROS bag, CAN log, NMEA, CSV, …) as MCAP")
      .argument("<recording>", RECORDING_ARGUMENT)
      .requiredOption("-o, --out <file>", "MCAP file to write"),
  )
    .option("--force", "replace a file that is there already")
    .addOption(compressionOption())
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", EXAMPLES)
    .action(importAnything);
}

async function importAnything(file: string, options: Options): Promise<void> {
  const summary = await importFile(file, sourceOptions(options), options);
  if (summary === undefined) return;
  const show = options.json === true ? importJson : importText;
  process.stdout.write(show(options.out, summary));
}
