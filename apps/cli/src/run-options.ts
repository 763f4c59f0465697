import { type Command, Option } from "commander";
import type { RunRequest } from "./open-run.ts";
import { addSourceOptions, type SourceArguments, sourceOptions } from "./source-options.ts";

/** The options of every command that runs a composition over a recording. */
export interface RunOptions extends SourceArguments {
  readonly composition?: string;
  readonly config?: string;
  readonly overlay?: string[];
  readonly depsDir?: string[];
  readonly from?: string;
  readonly to?: string;
  readonly follow?: boolean;
}

/** `--deps-dir`: one folder each time, so that it takes no other argument with it. */
export function depsDirOption(): Option {
  return new Option(
    "--deps-dir <folder>",
    "where the composition's packages lie; may be given several times (default: deps/ and build/ beside it)",
  ).argParser((folder: string, before: string[] | undefined) => [...(before ?? []), folder]);
}

export function addRunOptions(command: Command): Command {
  return addSourceOptions(command)
    .option("--composition <file>", "WAC file, or a composed component (default: the ADAS pipeline)")
    .option("--config <file>", "configuration in YAML (default: the file beside the composition)")
    .addOption(
      new Option(
        "--overlay <file>",
        "configuration in YAML to lay over that; may be given several times",
      ).argParser((file: string, before: string[] | undefined) => [...(before ?? []), file]),
    )
    .addOption(depsDirOption())
    .option(
      "--from <time>",
      "start: seconds from the recording's start, or a time such as 2026-01-31T12:00:00Z",
    )
    .option("--to <time>", "end, inclusive");
}

/** `--follow` of the commands that can run a recording while it is still being written. */
export function followOption(): Option {
  return new Option(
    "--follow",
    "run an MCAP file while it is being written, from when it has 2 s to its end; samples are refused, as what is ahead may not be there yet",
  ).conflicts("state");
}

export function runRequest(recording: string, options: RunOptions): RunRequest {
  // A request goes to threads and other processes: it is plain data.
  const { openMcap: _, ...reading } = sourceOptions(options);
  return {
    recording,
    reading,
    composition: options.composition,
    config: options.config,
    overlays: options.overlay ?? [],
    depsDirs: options.depsDir ?? [],
    from: options.from,
    to: options.to,
    follow: options.follow,
  };
}
