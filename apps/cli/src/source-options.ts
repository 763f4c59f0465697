import type { DbcFile, SourceOptions } from "@playhead/formats";

import { type Command, Option } from "commander";
import { UsageError } from "./failure.ts";

/** What every command that takes a recording says of that argument. */
export const RECORDING_ARGUMENT =
  "MCAP file, a file or folder in another format, or postgres://user@host/database/recording";

/** How a recording in another format is to be read: options of every command that takes one. */
export interface SourceArguments {
  readonly dbc?: readonly string[];
  readonly csvMap?: string;
  readonly rate?: string;
  readonly time?: "log" | "header";
}

export function addSourceOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--dbc <file>",
        "decode CAN frames by this DBC file, as extra topics; of one bus only: can0=car.dbc; may be given several times",
      ).argParser((file: string, before: string[] | undefined) => [...(before ?? []), file]),
    )
    .option("--csv-map <file>", "what the columns of a CSV file mean (YAML or JSON)")
    .option("--rate <hz>", "pictures or clouds per second where they carry no times")
    .addOption(
      new Option(
        "--time <clock>",
        "which clock gives messages their time and order: the recorder's (log) or the sensors' (header), where messages carry a stamp",
      ).choices(["log", "header"]),
    );
}

export function sourceOptions({ dbc, csvMap, rate, time }: SourceArguments): SourceOptions {
  return {
    ...(dbc === undefined ? {} : { dbc: dbc.map(dbcFile) }),
    ...(csvMap === undefined ? {} : { csvMap }),
    ...(rate === undefined ? {} : { rateHz: parseRate(rate) }),
    ...(time === undefined ? {} : { time }),
  };
}

function parseRate(text: string): number {
  const rateHz = Number(text);
  if (text.trim() !== "" && Number.isFinite(rateHz) && rateHz > 0) return rateHz;
  throw new UsageError(`--rate: expected a number above 0, found ${JSON.stringify(text)}`);
}

/** `can0=car.dbc`, or a file for all buses. A name with `=` in it is one behind `./`. */
function dbcFile(text: string): DbcFile {
  const [, bus, path] = /^([\w/]+)=(.+)$/.exec(text) ?? [];
  return bus === undefined || path === undefined ? { path: text } : { path, bus };
}
