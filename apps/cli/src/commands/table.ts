import { open } from "node:fs/promises";
import { extname } from "node:path";
import {
  type SourceOptions,
  selectTopics,
  type TableFormat,
  type TableSummary,
  writeTable,
} from "@playhead/formats";
import { type Command, Option } from "commander";
import { OutputError, UsageError } from "../failure.ts";
import { interruptible } from "../interruptible.ts";
import { openAnySource } from "../open-any-source.ts";
import { printable } from "../printable.ts";
import { Progress } from "../progress.ts";
import { refuseOverwriting } from "../refuse-overwriting.ts";
import {
  addSourceOptions,
  RECORDING_ARGUMENT,
  type SourceArguments,
  sourceOptions,
} from "../source-options.ts";
import { problemLines } from "../summary.ts";
import { table } from "../table.ts";
import { putWhole, refuseReplacing } from "../write-whole.ts";

interface Options extends SourceArguments {
  readonly out: string;
  readonly topics?: string;
  readonly format?: TableFormat;
  readonly points?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

const HELP = `
A row for each message, in order of time: time_ns (log time, ns since 1970), then the message's fields, such as acceleration.x.
Sensors have frame_id, stamp_ns and the fields of their canonical payload, positions their covariance too, other messages the fields of
their definition, with times as integers (header.stamp_ns). Of several topics each row names its own, and columns begin with the topic.
Lists of up to 16 values have a column for each; longer ones are JSON in one column. With --points each point of a cloud has a
row: the canonical fields, then what else was recorded of it, such as ring or track_id.

Examples:
  playhead table drive.mcap --topics /imu -o imu.csv
  playhead table drive.mcap --topics /imu,/gps/fix -o motion.parquet
  playhead table drive.mcap --topics /can/0/WHEEL_SPEEDS --dbc car.dbc -o wheels.csv
  playhead table drive.mcap --topics /lidar/points --points -o points.parquet
`;

export function addTable(program: Command): void {
  addSourceOptions(
    program
      .command("table")
      .description("Write the messages of chosen topics as a table: CSV or Parquet")
      .argument("<recording>", RECORDING_ARGUMENT)
      .requiredOption("-o, --out <file>", "file to write: .csv or .parquet"),
  )
    .option("--topics <list>", "only these topics, with commas between them (default: all)")
    .addOption(
      new Option("--format <name>", "what to write (default: as the file's name ends)").choices([
        "csv",
        "parquet",
      ]),
    )
    .option("--points", "a row for each point of lidars and radars, with all that was recorded of it")
    .option("--force", "replace a file that is there already")
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", HELP)
    .action(tableOf);
}

async function tableOf(recording: string, options: Options): Promise<void> {
  const { out, json } = options;
  const reading = sourceOptions(options);
  const format = options.format ?? formatOf(out);
  await refuseOverwriting([out], [recording, ...(reading.dbc ?? []).map(({ path }) => path)]);
  await refuseReplacing(out, options.force === true);
  const summary = await interruptible((signal) =>
    writeWhole(recording, format, options, { ...reading, signal }),
  );
  if (summary === undefined) return;
  process.stdout.write(
    json === true ? `${JSON.stringify({ file: out, format, ...summary })}\n` : text(out, summary),
  );
}

function formatOf(out: string): TableFormat {
  const ending = extname(out).toLowerCase();
  if (ending === ".csv") return "csv";
  if (ending === ".parquet") return "parquet";
  throw new UsageError(
    `${out}: expected a name that ends in .csv or .parquet, or --format, found "${ending}"`,
  );
}

/** Writes beside the place, and puts the file there when it is whole. Undefined when it was ended early. */
async function writeWhole(
  recording: string,
  format: TableFormat,
  { out, topics, points = false }: Options,
  reading: SourceOptions & { readonly signal: AbortSignal },
): Promise<TableSummary | undefined> {
  const { signal } = reading;
  const source = await openAnySource(recording, reading);
  const progress = new Progress();
  const onProgress = (share: number | undefined, rows: number): void =>
    progress.show(share ?? 0, `${rows} rows of ${printable(source.name)}`);
  try {
    const names = topics?.split(",").map((topic) => topic.trim());
    const selected = names === undefined ? source : selectTopics(source, names);
    return await putWhole(out, signal, (partial) =>
      toFile(partial, out, (append) => writeTable(selected, append, { format, points, onProgress, signal })),
    );
  } finally {
    progress.clear();
    await source.close();
  }
}

type Append = (bytes: Uint8Array) => Promise<void>;

/** Errors name the file that was asked for. */
async function toFile<T>(path: string, out: string, write: (append: Append) => Promise<T>): Promise<T> {
  const file = await open(path, "w").catch((cause: unknown) => {
    throw new OutputError(out, cause);
  });
  try {
    return await write(async (bytes) => {
      await file.appendFile(bytes).catch((cause: unknown) => {
        throw new OutputError(out, cause);
      });
    });
  } finally {
    await file.close();
  }
}

function text(out: string, { rows, columns, topics, problems }: TableSummary): string {
  const counts = topics.map(({ topic, rows: count }) => [topic, count]);
  return [
    `${printable(out)}: ${rows} rows, ${columns.length} columns\n`,
    `Topics\n${table([["topic", "rows"], ...counts])}`,
    problems.length === 0 ? "" : `Problems\n${problemLines(problems, "  ")}`,
  ].join("");
}
